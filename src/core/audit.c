/*
 * One entry of a trace, as text and back.
 */
#include "core/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/member.h"

static const struct {
	const char *word, *label;
} whats[AUDIT_WHAT_COUNT] = {
	[AUDIT_SIGNIN] = { "signin", TR_MARK("signed in") },
	[AUDIT_SIGNIN_BAD] = { "signin_bad", TR_MARK("sign-in failed") },
	[AUDIT_LOCK] = { "lock", TR_MARK("locked") },
	[AUDIT_SIGNOUT] = { "signout", TR_MARK("signed out") },
	[AUDIT_VIEW] = { "view", TR_MARK("looked at") },
	[AUDIT_UNMASK] = { "unmask", TR_MARK("id number shown") },
	[AUDIT_FIND] = { "find", TR_MARK("found") },
	[AUDIT_LIST] = { "list", TR_MARK("listed") },
	[AUDIT_EXPORT] = { "export", TR_MARK("exported") },
	[AUDIT_PRINT] = { "print", TR_MARK("printed") },
	[AUDIT_CLOCK] = { "clock", TR_MARK("clock was set") },
	[AUDIT_PASSWORD] = { "password", TR_MARK("password changed") },
	[AUDIT_ERASE] = { "erase", TR_MARK("access destroyed") },
	[AUDIT_ENROLL] = { "enroll", TR_MARK("computer registered") },
	[AUDIT_REFUSED] = { "refused", TR_MARK("access refused") },
	[AUDIT_BLOB] = { "blob", TR_MARK("attachment fetched") },
	[AUDIT_SNAPSHOT] = { "snapshot", TR_MARK("snapshot given") },
	[AUDIT_COMMAND] = { "command", TR_MARK("administration") },
	[AUDIT_MANAGE] = { "manage", TR_MARK("accounts and computers") },
	[AUDIT_RESTORED] = { "restored", TR_MARK("ledger restored") },
	[AUDIT_HEAD] = { "head", TR_MARK("trace of a computer received") },
	[AUDIT_FORK] = { "fork", TR_MARK("trace of a computer splits") },
	[AUDIT_GAP] = { "gap", TR_MARK("trace of a computer has a gap") },
	[AUDIT_PURGED] = { "purged", TR_MARK("old entries removed") },
	[AUDIT_READ] = { "read", TR_MARK("trace looked at") },
	[AUDIT_REMOVED] = { "removed", TR_MARK("erased for good") },
	[AUDIT_ENTERED] = { "entered", TR_MARK("entries taken in") },
};

const char *
audit_word(enum audit_what what)
{
	return whats[what].word;
}

const char *
audit_label(const char *word)
{
	for (size_t i = 0; i < AUDIT_WHAT_COUNT; i++)
		if (strcmp(whats[i].word, word) == 0)
			return tr(whats[i].label);
	return word;
}

const char *
audit_how(const char *note)
{
	static const struct {
		const char *word, *label;
	} hows[] = {
		{ "form", TR_MARK("as a form") },
		{ "trail", TR_MARK("its trail") },
		{ "show", TR_MARK("by command") },
		{ "attachments", TR_MARK("its attachments") },
		{ "conflicts", TR_MARK("what two entered differently") },
		{ "settle", TR_MARK("to settle it") },
		{ "server", TR_MARK("by the server") },
		{ "due", TR_MARK("what is due") },
		{ "month", TR_MARK("tasks of the month") },
	};

	for (size_t i = 0; i < sizeof hows / sizeof hows[0]; i++)
		if (strcmp(hows[i].word, note) == 0)
			return tr(hows[i].label);
	return note;
}

void
audit_entry_release(struct audit_entry *e)
{
	free(e->ids);
	*e = (struct audit_entry){0};
}

bool
audit_is_cut(const struct audit_entry *e)
{
	return e->id_count == AUDIT_IDS_MAX &&
	    e->count > (int64_t)e->id_count;
}

static void
put_named(struct json *j, const char *name, const char *text)
{
	if (*text)
		json_put_text(j, name, text);
}

void
audit_print(struct buf *out, const struct audit_entry *e)
{
	struct json *j = json_object(), *ids;
	char id[UUID_TEXT_MAX];

	json_put_int(j, "n", e->n);
	json_put_int(j, "at", e->at);
	put_named(j, "by", e->by);
	json_put_text(j, "what", e->what);
	put_named(j, "k", e->reg);
	if (e->id_count > 0) {
		ids = json_array();
		for (size_t i = 0; i < e->id_count; i++) {
			uuid_print(id, &e->ids[i]);
			json_push(ids, json_string(id));
		}
		json_put(j, "ids", ids);
	}
	if (e->count > 0)
		json_put_int(j, "count", e->count);
	if (e->whole)
		json_put_bool(j, "whole", true);
	put_named(j, "note", e->note);
	if (!uuid_is_zero(&e->device)) {
		uuid_print(id, &e->device);
		json_put_text(j, "device", id);
	}
	json_print(out, j);
	json_free(j);
}

static enum status
read_ids(struct audit_entry *e, const struct json *j, struct err *err)
{
	const struct json *ids = json_get(j, "ids");

	if (!ids)
		return E_OK;
	if (!json_is_array(ids) || json_count(ids) > AUDIT_IDS_MAX)
		return member_wrong(err, "ids");
	e->ids = mem_alloc(json_count(ids) + 1, sizeof *e->ids);
	for (struct json *m = json_first(ids); m; m = json_next(m)) {
		const char *text = json_text(m);

		if (!text || !uuid_parse(&e->ids[e->id_count], text))
			return member_wrong(err, "ids");
		e->id_count++;
	}
	return E_OK;
}

static enum status
read_texts(struct audit_entry *e, const struct json *j, struct err *err)
{
	enum status s = member_text(e->what, sizeof e->what, j, "what",
	    MEMBER_NEEDED, err);

	if (!s)
		s = member_text(e->by, sizeof e->by, j, "by",
		    MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(e->reg, sizeof e->reg, j, "k",
		    MEMBER_OPTIONAL, err);
	if (!s)
		s = member_text(e->note, sizeof e->note, j, "note",
		    MEMBER_OPTIONAL, err);
	return s;
}

enum status
audit_parse(struct audit_entry *out, const char *text, size_t len,
    struct err *err)
{
	struct audit_entry e = {0};
	struct json *j = NULL;
	enum status s = json_parse(&j, text, len, AUDIT_LINE_MAX, err);

	if (s)
		return s;
	s = member_int(&e.n, j, "n", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&e.at, j, "at", MEMBER_NEEDED, err);
	if (!s)
		s = member_int(&e.count, j, "count", MEMBER_OPTIONAL, err);
	if (!s)
		s = read_texts(&e, j, err);
	if (!s)
		s = read_ids(&e, j, err);
	if (!s)
		s = member_uuid(&e.device, j, "device", MEMBER_OPTIONAL, err);
	e.whole = json_is_true(json_get(j, "whole"));
	json_free(j);
	if (s)
		audit_entry_release(&e);
	else
		*out = e;
	return s;
}

void
audit_chain(uint8_t hash[AUDIT_HASH], const char *text, size_t len)
{
	struct crypto_sum sum;

	crypto_sum_begin(&sum);
	crypto_sum_add(&sum, hash, AUDIT_HASH);
	crypto_sum_add(&sum, text, len);
	crypto_sum_end(hash, &sum);
}

void
audit_say_fault(char out[ERR_MSG_MAX], enum audit_fault fault, int64_t n)
{
	if (fault == AUDIT_MISSING)
		snprintf(out, ERR_MSG_MAX,
		    tr("Entry %lld of the trace is missing."), (long long)n);
	else
		snprintf(out, ERR_MSG_MAX, tr("Entry %lld of the trace was "
		    "changed or put in another's place."), (long long)n);
}

bool
audit_has_idno(const struct schema_register *reg)
{
	for (size_t i = 0; i < reg->field_count; i++)
		if (reg->fields[i].type == VT_IDNO && reg->fields[i].masked)
			return true;
	return false;
}

bool
audit_is_restricted(const struct schema_register *reg)
{
	return (!schema_may_read(reg, "mediator") &&
	    !schema_may_read(reg, "county_base")) || audit_has_idno(reg);
}
