/*
 * A client that works without a pause, to be killed in the middle.
 *
 *   worker HOME USER save|sync COUNT RUN <PASSWORD
 *
 * Unlocks the cache, writes "ready", then enters COUNT organisations and writes
 * the id and the name of each as soon as it is saved.  With "sync" it syncs
 * after each; a server that is away is not a failure, it is left to the next
 * one.  Names hold RUN, so that no two are called the same.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "client/cli_open.h"
#include "client/newrec.h"
#include "store/save.h"
#include "sync/http_client.h"
#include "sync/session.h"
#include "sync/sync.h"

static enum status
enter(struct cli *cli, const char *run, long i, struct err *err)
{
	const struct schema_register *reg = NULL;
	struct record r = {0};
	struct save save = { .record = &r };
	char name[64], id[UUID_TEXT_MAX];
	enum status s = cli_register(&reg, cli, "person", err);

	snprintf(name, sizeof name, "单位%s之%ld", run, i);
	if (!s) {
		newrec_init(&r, cli->store, reg);
		values_set(&r.values, "kind", "02");
		values_set(&r.values, "name", name);
		values_set(&r.values, "note", name);
		s = save_record(cli->store, &save, err);
	}
	if (!s) {
		uuid_print(id, &r.id);
		printf("{\"id\":\"%s\",\"name\":\"%s\"}\n", id, name);
		fflush(stdout);
	}
	faults_release(&save.faults);
	record_release(&r);
	return s;
}

/* By the kernel's keyring if it holds the key, else by the password. */
static enum status
unlock(struct cli *cli, const char *user, struct err *err)
{
	const char *keyring = getenv("LAB_KEYRING");

	if (!(keyring && strcmp(keyring, "no") == 0) && !cli_unlock(cli, err))
		return E_OK;
	cli->user = user;
	cli->password_stdin = true;
	return cli_unlock(cli, err);
}

static enum status
work(struct cli *cli, const char *user, bool syncing, long count, const char *run,
	struct err *err)
{
	struct http_client *http = NULL;
	enum status s = unlock(cli, user, err);

	if (!s && syncing)
		s = session_connect(&http, cli->store, err);
	if (!s) {
		puts("ready");
		fflush(stdout);
	}
	for (long i = 0; i < count && !s; i++) {
		s = enter(cli, run, i, err);
		if (!s && syncing) {
			struct transport net = http_client_transport(http);
			struct sync_counts counts = {0};

			s = sync_run(&counts, cli->store, &net, NULL, NULL,
				err);
			if (s == E_OFFLINE)
				s = E_OK;
		}
	}
	http_client_free(http);
	return s;
}

int
main(int argc, char **argv)
{
	struct cli cli = {0};
	struct err err = ERR_INIT;
	enum status s;

	if (argc != 6) {
		fprintf(stderr, "usage: worker HOME USER save|sync COUNT RUN "
			"<PASSWORD\n");
		return CLI_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	crypto_init();
	cli.home = mem_strdup(argv[1]);
	s = work(&cli, argv[2], strcmp(argv[3], "sync") == 0,
		strtol(argv[4], NULL, 10), argv[5], &err);
	cli_release(&cli);
	return s ? cli_fail(&err) : CLI_OK;
}
