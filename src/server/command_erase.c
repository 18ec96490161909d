/*
 * What is due, and erasing for good by two people, each with their password.
 * Records are ids, registers and paper numbers here, never names.
 */
#include "server/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "server/command_desk.h"
#include "server/command_password.h"
#include "server/command_print.h"
#include "server/command_schema.h"
#include "server/ledger_due.h"
#include "server/ledger_erase.h"
#include "server/ledger_names.h"

enum { BACKUP_DAYS = 14 };	/* of the package's timer */

#define DUE "due"

/* The ledger with the definitions. */
struct work {
	struct command_desk desk;
	struct command_files files;
	struct schema *schema;
	struct erasure *said;	/* owned; told when it is so */
	size_t count;		/* of what was worked on */
};

static enum status
work_schema(struct work *w, struct err *err)
{
	return command_schema(&w->schema, &w->files, w->desk.args, err);
}

/* Ends it, and hands s on. */
static enum status
work_close(struct work *w, enum status s, struct err *err)
{
	s = command_desk_close(&w->desk, s, err);
	schema_free(w->schema);
	command_files_release(&w->files);
	free(w->said);
	return s;
}

static void
remember(struct work *w, const struct erasure *e)
{
	w->said = mem_grow(w->said, w->count, sizeof *w->said);
	w->said[w->count++] = *e;
}

static const char *
title_of(const struct work *w, const char *reg)
{
	const struct schema_register *r = w->schema ?
	    schema_register_find(w->schema, reg) : NULL;

	return r ? label_text(&r->title) : reg;
}

static void
put_id(struct json *j, const char *name, const struct uuid *id)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, id);
	json_put_text(j, name, text);
}

static void
print_id(const struct uuid *id)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, id);
	command_print_cell(text, 38);
}

static enum status
take_id(struct uuid *out, const char *text, struct err *err)
{
	return uuid_parse(out, text) ? E_OK : err_set(err, E_INVALID,
	    tr("A record is named by its id, which fengqiao find --json "
	    "prints."));
}

/* ---- what is due ---- */

static enum status
print_due(void *self, const struct due_record *d, struct err *err)
{
	struct work *w = self;
	char day[DATE_TEXT_MAX];
	struct json *j;

	(void)err;
	w->count++;
	date_print(day, d->last_on);
	if (!w->desk.args->json) {
		print_id(&d->id);
		command_print_cell(day, 12);
		command_print_cell(d->office, 14);
		command_print_cell(label_text(&d->reg->title), 18);
		command_print_cell(d->number, d->asked ? 30 : 0);
		puts(d->asked ? tr("(asked for)") : "");
		return E_OK;
	}
	j = json_object();
	put_id(j, "record", &d->id);
	json_put_text(j, "register", d->reg->name);
	json_put_text(j, "office", d->office);
	json_put_text(j, "number", d->number);
	json_put_text(j, "kept_until", day);
	json_put_text(j, "basis", label_text(&d->reg->keeping.basis));
	json_put_bool(j, "local", d->reg->keeping.local);
	json_put_bool(j, "asked", d->asked);
	command_print_json(j);
	return E_OK;
}

enum status
command_retention_list(const struct command_args *a, struct err *err)
{
	struct work w = { .desk.args = a };
	enum status s = work_schema(&w, err);

	if (!s)
		s = command_desk_look(&w.desk, err);
	if (!s)
		s = due_each(w.desk.db, w.schema, clock_today(), print_due, &w,
		    err);
	if (!s && !a->json && w.count == 0)
		puts(tr("Nothing has been kept longer than its term."));
	return work_close(&w, s, err);
}

/* ---- what would go ---- */

static void
print_counts(const struct work *w, const struct erase_counts *c)
{
	printf(tr("Would go: %lld records, %lld versions of them, %lld "
	    "attachments, %lld refused entries.\n"), (long long)c->records,
	    (long long)c->versions, (long long)c->scans,
	    (long long)c->refused);
	for (size_t i = 0; i < c->reg_count; i++) {
		printf("%6lld  ", (long long)c->regs[i].count);
		command_print_cell(title_of(w, c->regs[i].reg), 0);
		putchar('\n');
	}
	if (c->kept > 0)
		printf(tr("Of these %lld must still be kept (%s).\n"),
		    (long long)c->kept, c->kept_until[0] ? c->kept_until :
		    tr("open, or for good"));
	if (c->named_count > 0)
		printf(tr("The name or number stands in %lld records that "
		    "stay; whoever works on them corrects them:\n"),
		    (long long)c->named_count);
	for (int64_t i = 0; i < c->named_count && i < 20; i++) {
		print_id(&c->named[i]);
		putchar('\n');
	}
}

static struct json *
counts_json(const struct erase_counts *c)
{
	struct json *j = json_object(), *regs = json_object();
	struct json *named = json_array();

	for (size_t i = 0; i < c->reg_count; i++)
		json_put_int(regs, c->regs[i].reg, c->regs[i].count);
	for (int64_t i = 0; i < c->named_count && i < 20; i++) {
		char id[UUID_TEXT_MAX];

		uuid_print(id, &c->named[i]);
		json_push(named, json_string(id));
	}
	json_put_int(j, "records", c->records);
	json_put(j, "registers", regs);
	json_put_int(j, "versions", c->versions);
	json_put_int(j, "attachments", c->scans);
	json_put_int(j, "refused", c->refused);
	json_put_int(j, "still_kept", c->kept);
	json_put_text(j, "kept_until", c->kept_until);
	json_put_int(j, "named_elsewhere", c->named_count);
	json_put(j, "named", named);
	return j;
}

enum status
command_erase_look(const struct command_args *a, struct err *err)
{
	struct erase_counts *c = mem_alloc(1, sizeof *c);
	struct work w = { .desk.args = a };
	struct uuid id;
	enum status s = take_id(&id, a->plain[0], err);

	if (!s)
		s = work_schema(&w, err);
	if (!s)
		s = command_desk_look(&w.desk, err);
	if (!s)
		s = erase_count(c, w.desk.db, w.schema, &id, clock_today(),
		    err);
	if (!s && a->json)
		command_print_json(counts_json(c));
	else if (!s)
		print_counts(&w, c);
	free(c);
	return work_close(&w, s, err);
}

/* ---- asking ---- */

static enum status
copy_text(char *out, size_t size, const char *text, struct err *err)
{
	size_t len = strlen(text);

	if (len >= size)
		return err_set(err, E_INVALID, tr("\"%.40s...\" is too long."),
		    text);
	memcpy(out, text, len + 1);
	return E_OK;
}

static enum status
ask_one(struct erasure *e, struct work *w, const struct uuid *id,
    struct err *err)
{
	const struct command_args *a = w->desk.args;
	struct due_record d = {0};
	bool due = false;
	enum status s = due_is(&due, &d, w->desk.db, w->schema, id, clock_today(),
	    err);

	*e = (struct erasure){ .record = *id, .term = due };
	if (!s)
		s = copy_text(e->asked_by, sizeof e->asked_by, a->by, err);
	if (!s)
		s = copy_text(e->why, sizeof e->why, a->why, err);
	if (!s && (a->basis || due))
		s = copy_text(e->basis, sizeof e->basis, a->basis ? a->basis :
		    label_text(&d.reg->keeping.basis), err);
	return s ? s : erase_ask(e, w->desk.db, w->schema, a->before_term,
	    clock_today(), err);
}

static void
say_asked(const struct work *w, const struct erasure *e)
{
	struct json *j;

	if (!w->desk.args->json) {
		printf(tr("Request %lld waits for the second one: fengqiaod "
		    "erase agree.\n"), (long long)e->id);
		return;
	}
	j = json_object();
	json_put_int(j, "erasure", e->id);
	put_id(j, "record", &e->record);
	command_print_json(j);
}

static enum status
ask_due(void *self, const struct due_record *d, struct err *err)
{
	struct work *w = self;
	struct erasure e;
	enum status s = d->asked ? E_OK : ask_one(&e, w, &d->id, err);

	if (!s && !d->asked)
		remember(w, &e);
	return s;
}

static enum status
ask(struct work *w, struct err *err)
{
	struct erasure e;
	struct uuid id;
	enum status s;

	if (strcmp(w->desk.args->plain[0], DUE) == 0)
		return due_each(w->desk.db, w->schema, clock_today(), ask_due, w,
		    err);
	s = take_id(&id, w->desk.args->plain[0], err);
	if (!s)
		s = ask_one(&e, w, &id, err);
	if (!s)
		remember(w, &e);
	return s;
}

/* In one transaction, with its entry in the trace, after the password. */
static enum status
act(struct work *w, enum status (*run)(struct work *w, struct err *err),
    struct err *err)
{
	enum status s = command_desk_open(&w->desk, err);

	if (!s)
		s = command_prove(w->desk.args->by, w->desk.ledger, err);
	if (!s)
		s = command_desk_change(&w->desk, err);
	if (!s)
		s = run(w, err);
	return command_desk_end(&w->desk, s, err);
}

enum status
command_erase_ask(const struct command_args *a, struct err *err)
{
	struct work w = { .desk.args = a };
	enum status s = work_schema(&w, err);

	if (!s)
		s = act(&w, ask, err);
	for (size_t i = 0; i < w.count && !s; i++)
		say_asked(&w, &w.said[i]);
	if (!s && !a->json && w.count == 0)
		puts(tr("Nothing has been kept longer than its term."));
	return work_close(&w, s, err);
}

/* ---- the list ---- */

static const char *
standing(const struct erasure *e)
{
	return e->decided_at == 0 ? tr("waits") : e->done ? tr("erased") :
	    tr("refused");
}

static enum status
print_erasure(void *self, const struct erasure *e, struct err *err)
{
	const struct work *w = self;
	char asked[CLOCK_TEXT_MAX], decided[CLOCK_TEXT_MAX] = "";
	char first[LEDGER_NAME_MAX] = "", second[LEDGER_NAME_MAX] = "";
	struct json *j;
	enum status s;

	if (e->decided_at && !w->desk.args->all)
		return E_OK;
	s = names_of(first, w->desk.db, e->asked_by, err);
	if (!s)
		s = names_of(second, w->desk.db, e->decided_by, err);
	if (s)
		return s;
	clock_print(asked, e->asked_at);
	if (e->decided_at)
		clock_print(decided, e->decided_at);
	if (!w->desk.args->json) {
		printf("%4lld  %.10s  ", (long long)e->id, asked);
		command_print_cell(standing(e), 10);
		command_print_cell(first[0] ? first : e->asked_by, 14);
		command_print_cell(second[0] ? second : e->decided_by, 14);
		print_id(&e->record);
		command_print_cell(e->reg, 22);
		command_print_cell(e->why, 0);
		printf("; ");
		command_print_cell(e->basis, 0);
		putchar('\n');
		return E_OK;
	}
	j = json_object();
	json_put_int(j, "erasure", e->id);
	put_id(j, "record", &e->record);
	json_put_text(j, "register", e->reg);
	json_put_text(j, "office", e->office);
	json_put_bool(j, "term", e->term);
	json_put_text(j, "why", e->why);
	json_put_text(j, "basis", e->basis);
	json_put_text(j, "asked_by", e->asked_by);
	json_put_text(j, "asked_by_name", first);
	json_put_text(j, "asked_at", asked);
	json_put_text(j, "decided_by", e->decided_by);
	json_put_text(j, "decided_by_name", second);
	json_put_text(j, "decided_at", decided);
	json_put_text(j, "standing", e->decided_at == 0 ? "waits" :
	    e->done ? "erased" : "refused");
	json_put_int(j, "records", e->records);
	command_print_json(j);
	return E_OK;
}

enum status
command_erase_list(const struct command_args *a, struct err *err)
{
	struct work w = { .desk.args = a };
	enum status s = command_desk_look(&w.desk, err);

	if (!s)
		s = erase_each(w.desk.db, print_erasure, &w, err);
	return work_close(&w, s, err);
}

/* ---- deciding ---- */

struct numbers {
	int64_t *items;		/* owned */
	size_t count;
	const char *but;	/* not what this one asked for */
};

static enum status
add_term(void *self, const struct erasure *e, struct err *err)
{
	struct numbers *n = self;

	(void)err;
	if (!e->term || e->decided_at || strcmp(e->asked_by, n->but) == 0)
		return E_OK;
	n->items = mem_grow(n->items, n->count, sizeof *n->items);
	n->items[n->count++] = e->id;
	return E_OK;
}

static void
say_erased(const struct work *w, const struct erasure *e)
{
	struct json *j;

	if (!w->desk.args->json) {
		printf(tr("Erased under number %lld: %lld records.\n"),
		    (long long)e->id, (long long)e->records);
		return;
	}
	j = json_object();
	json_put_int(j, "erasure", e->id);
	put_id(j, "record", &e->record);
	json_put_int(j, "records", e->records);
	command_print_json(j);
}

static enum status
agree(struct work *w, struct err *err)
{
	struct numbers n = { .but = w->desk.args->by };
	struct erasure e;
	enum status s = E_OK;

	if (strcmp(w->desk.args->plain[0], DUE) == 0) {
		s = erase_each(w->desk.db, add_term, &n, err);
	} else {
		n.items = mem_grow(NULL, 0, sizeof *n.items);
		n.items[n.count++] = strtoll(w->desk.args->plain[0], NULL, 10);
	}
	for (size_t i = 0; i < n.count && !s; i++) {
		s = erase_decide(&e, w->desk.db, w->desk.args->data, n.items[i],
		    w->desk.args->by, true, err);
		if (!s)
			remember(w, &e);
	}
	free(n.items);
	return s;
}

static enum status
refuse(struct work *w, struct err *err)
{
	struct erasure e;

	return erase_decide(&e, w->desk.db, w->desk.args->data,
	    strtoll(w->desk.args->plain[0], NULL, 10), w->desk.args->by, false, err);
}

/* Older ledgers that a restore has put beside it hold everything still. */
static void
say_elsewhere(const struct command_args *a)
{
	struct err none = ERR_INIT;
	char **names = NULL;
	size_t count = 0;

	if (io_list(&names, &count, a->data, "", &none))
		count = 0;
	printf(tr("Caches drop it at their next sync. Backups hold it until "
	    "they are gone (%d days, by the package's timer); one that is "
	    "restored is erased again by %s/erasures: copy that file with "
	    "each backup. Sticks with a first load: destroy them.\n"),
	    BACKUP_DAYS, a->data);
	for (size_t i = 0; i < count; i++) {
		if (strncmp(names[i], "ledger.before-", 14) == 0)
			printf(tr("An older ledger that still holds it: "
			    "%s/%s\n"), a->data, names[i]);
		free(names[i]);
	}
	free(names);
}

enum status
command_erase_agree(const struct command_args *a, struct err *err)
{
	struct work w = { .desk.args = a };
	enum status s = act(&w, agree, err);

	for (size_t i = 0; i < w.count && !s; i++)
		say_erased(&w, &w.said[i]);
	if (!s && w.count > 0)
		s = erase_after(w.desk.ledger, err);
	if (!s && !a->json && w.count > 0)
		say_elsewhere(a);
	return work_close(&w, s, err);
}

enum status
command_erase_refuse(const struct command_args *a, struct err *err)
{
	struct work w = { .desk.args = a };

	return work_close(&w, act(&w, refuse, err), err);
}
