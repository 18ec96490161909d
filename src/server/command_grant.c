/*
 * The accounts with what waits for them, and the second one's word.
 */
#include "server/command_grant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "server/command_password.h"
#include "server/command_print.h"
#include "server/grant.h"

void
command_say_waits(const struct command_args *a, int64_t waits)
{
	struct json *j;

	if (!waits)
		return;
	if (!a->json) {
		printf(tr("Request %lld waits for the second one: fengqiaod "
		    "user agree.\n"), (long long)waits);
		return;
	}
	j = json_object();
	json_put_int(j, "waits", waits);
	command_print_json(j);
}

/* ---- one or two ---- */

enum status
command_begin_by(struct command_desk *w, struct err *err)
{
	enum status s = command_desk_open(w, err);

	if (!s && w->args->by)
		s = command_prove(w->args->by, w->ledger, err);
	return s ? s : command_desk_change(w, err);
}

enum status
command_user_approvals(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	int64_t waits = 0;
	enum status s = command_begin_by(&w, err);

	if (!s)
		s = grant_set_two(&waits, w.db,
		    strcmp(a->plain[0], "two") == 0, a->by ? a->by : "", err);
	s = command_desk_close(&w, s, err);
	if (!s)
		command_say_waits(a, waits);
	return s;
}

/* ---- deciding ---- */

static enum status
decide(const struct command_args *a, bool agree, struct err *err)
{
	struct command_desk w = { .args = a };
	struct grant g = {0};
	enum status s = command_begin_by(&w, err);

	if (!s)
		s = grant_decide(&g, w.db, strtoll(a->plain[0], NULL, 10),
		    a->by, agree, err);
	return command_desk_close(&w, s, err);
}

enum status
command_user_agree(const struct command_args *a, struct err *err)
{
	return decide(a, true, err);
}

enum status
command_user_refuse(const struct command_args *a, struct err *err)
{
	return decide(a, false, err);
}

/* ---- the list ---- */

/* What waits for each of the accounts; grants[count] is the ledger's own. */
struct people {
	struct account *list;	/* owned */
	struct grant *grants;	/* owned; id 0: nothing */
	size_t count;
};

static enum status
read_people(struct people *p, struct db *db, struct err *err)
{
	bool found;
	enum status s = account_list(&p->list, &p->count, db, err);

	if (s)
		return s;
	p->grants = mem_alloc(p->count + 1, sizeof *p->grants);
	for (size_t i = 0; i <= p->count && !s; i++)
		s = grant_of(&p->grants[i], &found, db, i < p->count ?
		    p->list[i].login : "", err);
	return s;
}

static void
print_waiting(const struct grant *g)
{
	if (!g->id)
		return;
	printf(tr("  waits for a second one (%lld, asked by %s):"),
	    (long long)g->id, g->asked_by);
	if (g->role[0])
		printf(" %s", g->role);
	if (g->office[0])
		printf(" %s", g->office);
	if (g->opens && !g->role[0])
		printf(" %s", tr("to be opened"));
	if (!g->login[0])
		printf(" %s", tr("one person is enough again"));
}

static void
put_waiting(struct json *j, const struct grant *g)
{
	if (!g->id)
		return;
	json_put_int(j, "waits", g->id);
	json_put_text(j, "waits_role", g->role);
	json_put_text(j, "waits_office", g->office);
	json_put_bool(j, "waits_opens", g->opens);
	json_put_text(j, "asked_by", g->asked_by);
}

static void
print_person(const struct command_args *a, const struct account *one,
    const struct grant *g)
{
	struct json *j;

	if (!a->json) {
		command_print_cell(one->login, 16);
		command_print_cell(one->name, 16);
		command_print_cell(one->office, 20);
		command_print_cell(one->role, 18);
		fputs(one->disabled ? tr("disabled") :
		    one->password_on == ACCOUNT_PASSWORD_INITIAL ?
		    tr("initial password") : "", stdout);
		print_waiting(g);
		putchar('\n');
		return;
	}
	j = json_object();
	json_put_text(j, "user", one->login);
	json_put_text(j, "name", one->name);
	json_put_text(j, "office", one->office);
	json_put_text(j, "role", one->role);
	json_put_bool(j, "disabled", one->disabled);
	json_put_int(j, "password_on", one->password_on);
	put_waiting(j, g);
	command_print_json(j);
}

static void
print_people(const struct command_args *a, const struct people *p)
{
	const struct grant *own = &p->grants[p->count];
	struct json *j;

	for (size_t i = 0; i < p->count; i++)
		print_person(a, &p->list[i], &p->grants[i]);
	if (own->id && !a->json) {
		print_waiting(own);
		putchar('\n');
	} else if (own->id) {
		j = json_object();
		json_put_text(j, "approvals", "one");
		put_waiting(j, own);
		command_print_json(j);
	}
}

enum status
command_user_list(const struct command_args *a, struct err *err)
{
	struct command_desk w = { .args = a };
	struct people p = {0};
	enum status s = command_desk_read(&w, err);

	if (!s)
		s = read_people(&p, w.db, err);
	s = command_desk_close(&w, s, err);
	if (!s)
		print_people(a, &p);
	free(p.list);
	free(p.grants);
	return s;
}
