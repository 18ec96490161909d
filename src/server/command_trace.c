/*
 * One entry a command: its words, and the options that say to whom it gave what.
 * No names of people; a password is in no option.
 */
#include "server/command_trace.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "server/ledger_audit.h"

void
command_trace_who(char out[RECORD_NAME_MAX])
{
	const struct passwd *me = getpwuid(getuid());
	const char *before = getenv("SUDO_USER");
	char name[2 * RECORD_NAME_MAX];

	if (me)
		snprintf(name, sizeof name, "%s", me->pw_name);
	else
		snprintf(name, sizeof name, "%ld", (long)getuid());
	if (before && *before && strspn(before, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(before))
		snprintf(name + strlen(name), sizeof name - strlen(name),
		    "/%s", before);
	name[utf8_valid_len(name, strnlen(name, RECORD_NAME_MAX - 1))] = '\0';
	memcpy(out, name, strlen(name) + 1);
}

static void
print_words(struct buf *out, const struct command_args *a)
{
	const struct {
		const char *name, *value;
	} given[] = {
		{ "role", a->role }, { "office", a->office },
		{ "county", a->county }, { "before", a->before },
		{ "from", a->from }, { "to", a->to }, { "by", a->by },
		{ "password-days", a->password_days },
	};

	buf_text(out, a->command);
	for (size_t i = 0; i < a->plain_count; i++) {
		struct uuid id;
		bool may_be_name = strcmp(a->command, "audit who") == 0 &&
		    !uuid_parse(&id, a->plain[i]);

		buf_char(out, ' ');
		utf8_safe(out, may_be_name ? "(name)" : a->plain[i]);
	}
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
		if (!given[i].value)
			continue;
		buf_printf(out, " %s=", given[i].name);
		utf8_safe(out, given[i].value);
	}
	if (a->at_once)
		buf_text(out, " at-once");
	if (a->before_term)
		buf_text(out, " before-term");
	if (a->lasting)
		buf_text(out, " lasting");
}

enum status
command_trace(struct db *db, const struct command_args *a, struct err *err)
{
	char by[RECORD_NAME_MAX];
	struct buf words;
	enum status s;

	buf_init(&words, BUF_LINE_MAX);
	print_words(&words, a);
	command_trace_who(by);
	s = ledger_audit_put(db, &(struct ledger_audit_note){
		.what = AUDIT_COMMAND, .by = by, .note = words.data }, err);
	buf_release(&words);
	return s;
}

enum status
command_trace_alone(struct ledger *l, const struct command_args *a,
    struct err *err)
{
	struct db *db = NULL;
	enum status s = ledger_begin(&db, l, err);

	if (s)
		return s;
	s = command_trace(db, a, err);
	return ledger_end(l, s, err);
}
