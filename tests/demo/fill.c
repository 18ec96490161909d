/*
 * The people of "make demo" at work: plays a script (tests/kit/play.h) on real
 * caches that talk to the demo's server.
 *
 *   fill SCRIPT <people          a line each: ROLE HOME LOGIN PASSWORD
 *
 * Whoever sits down finds what the others entered: what their cache has goes
 * up first, what is new comes down.  Prints what the first cache then holds;
 * exit status 1 when something is not as the script says it must be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "client/cli_open.h"
#include "kit/play.h"
#include "store/due.h"
#include "store/overview.h"
#include "sync/http_client.h"
#include "sync/session.h"
#include "sync/sync.h"

enum { PEOPLE_MAX = 16, COLUMN_CELLS = 26, COLUMNS = 3 };

struct place {			/* a computer */
	struct cli cli;
	struct http_client *http;
};

struct someone {
	char role[32], home[400], login[32], password[64];
	struct place *at;
	struct buf secret;	/* after the first time no password is needed */
};

struct town {
	struct someone people[PEOPLE_MAX];
	size_t count;
	struct place places[PEOPLE_MAX];
	size_t place_count;
	struct place *now;	/* where somebody sits */
};

static enum status
exchange(struct place *at, struct err *err)
{
	struct transport net = http_client_transport(at->http);
	struct sync_counts counts = {0};
	enum status s = sync_run(&counts, at->cli.store, &net, NULL, NULL,
	    err);

	if (!s)
		s = overview_refresh(at->cli.store, NULL, err);
	if (!s && (counts.apply.refused || counts.apply.conflicts))
		s = err_set(err, E_CONFLICT, "%zu refused, %zu conflicts",
		    counts.apply.refused, counts.apply.conflicts);
	return s;
}

/* The first time with the password, at the server. */
static enum status
let_in(struct someone *who, struct err *err)
{
	struct place *at = who->at;
	struct transport net;
	enum status s = at->http ? E_OK
	    : session_connect(&at->http, at->cli.store, err);

	if (s)
		return s;
	store_lock(at->cli.store);
	net = http_client_transport(at->http);
	if (who->secret.len)
		return store_secret_import(at->cli.store, who->secret.data,
		    who->secret.len, err);
	s = session_login(at->cli.store, &net, who->login, who->password, err);
	return s ? s : store_secret_export(&who->secret, at->cli.store, err);
}

static enum status
sit(void *self, struct store **out, const char *role, struct err *err)
{
	struct town *t = self;
	struct someone *who = t->people;
	enum status s = t->now ? exchange(t->now, err) : E_OK;

	while (who < t->people + t->count && strcmp(who->role, role) != 0)
		who++;
	if (who == t->people + t->count)
		return err_set(err, E_NOTFOUND, "nobody is %s", role);
	if (!s)
		s = let_in(who, err);
	if (!s)
		s = overview_refresh(who->at->cli.store, NULL, err);
	if (!s)
		s = exchange(who->at, err);
	t->now = who->at;
	*out = who->at->cli.store;
	return s;
}

static void
say(void *self, const char *words)
{
	(void)self;
	fprintf(stderr, "township.play:%s\n", words);
}

/* ---- who there is ---- */

static struct place *
place_of(struct town *t, const char *home, struct err *err)
{
	struct place *p = &t->places[t->place_count];

	for (size_t i = 0; i < t->place_count; i++)
		if (strcmp(t->places[i].cli.home, home) == 0)
			return &t->places[i];
	p->cli.home = mem_strdup(home);
	if (cli_schema(&p->cli, err) || cli_store(&p->cli, false, err))
		return NULL;
	t->place_count++;
	return p;
}

static enum status
read_people(struct town *t, struct err *err)
{
	char line[800];

	while (t->count < PEOPLE_MAX && fgets(line, sizeof line, stdin)) {
		struct someone *who = &t->people[t->count];

		if (sscanf(line, "%31s %399s %31s %63s", who->role, who->home,
		    who->login, who->password) != 4)
			return err_set(err, E_INVALID, "people: %s", line);
		who->at = place_of(t, who->home, err);
		if (!who->at)
			return err->code;
		buf_init(&who->secret, BUF_LINE_MAX);
		t->count++;
	}
	return E_OK;
}

static void
release(struct town *t)
{
	for (size_t i = 0; i < t->count; i++) {
		crypto_wipe(t->people[i].password,
		    sizeof t->people[i].password);
		if (t->people[i].secret.len)
			crypto_wipe(t->people[i].secret.data,
			    t->people[i].secret.len);
		buf_release(&t->people[i].secret);
	}
	for (size_t i = 0; i < t->place_count; i++) {
		http_client_free(t->places[i].http);
		cli_release(&t->places[i].cli);
	}
}

/* ---- what is there ---- */

static void
print_counts(const struct store *s)
{
	const struct schema *schema = store_schema(s);
	size_t column = 0;

	for (size_t i = 0; i < schema->register_count; i++) {
		const char *title = label_text(&schema->registers[i].title);
		size_t n = 0;

		for (size_t k = 0; k < overview_count(s); k++) {
			const struct overview *o = overview_at(s, k);

			n += o && !o->deleted &&
			    o->reg == &schema->registers[i];
		}
		printf("  %s%*zu%s", title,
		    COLUMN_CELLS - 2 - utf8_cells(title), n,
		    ++column % COLUMNS ? "" : "\n");
	}
	printf("%s", column % COLUMNS ? "\n" : "");
}

static void
print_due(struct store *s)
{
	struct due_list list = {0};
	size_t late = 0, today = 0;

	due_gather(&list, s, clock_today(), DUE_AS_RULED);
	for (size_t i = 0; i < list.count; i++) {
		late += list.items[i].when.state == DEADLINE_LATE;
		today += list.items[i].when.state == DEADLINE_TODAY;
	}
	printf(tr_lang() == TR_EN ? "  late %zu, today %zu, soon %zu\n"
	    : "  逾期 %zu，今日 %zu，临近 %zu\n", late, today,
	    list.count - late - today);
	due_release(&list);
}

int
main(int argc, char **argv)
{
	struct town t = {0};
	struct play_host host = { &t, sit, say };
	struct play_result result = {0};
	struct err err = ERR_INIT;
	struct store *s = NULL;
	enum status st;

	if (argc != 2)
		return 2;
	crypto_init();
	tr_set(tr_parse(getenv("FENGQIAO_LANG")));
	st = read_people(&t, &err);
	if (!st)
		st = play_run(&result, &host, argv[1], &err);
	if (!st && t.count)
		st = sit(&t, &s, t.people[0].role, &err);
	if (st) {
		fprintf(stderr, "fill: %s\n", err.msg);
	} else {
		print_counts(s);
		print_due(s);
		printf(tr_lang() == TR_EN ? "  %zu entered, %zu steps\n"
		    : "  新录入 %zu 条，办理 %zu 步\n", result.entered,
		    result.moved);
	}
	release(&t);
	return st || result.faults ? 1 : 0;
}
