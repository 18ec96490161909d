/* Numbered papers; see clerks.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/number.h"
#include "kit/clerk_values.h"
#include "store/save.h"

/* Of those that are given about now, so that people meet. */
static void
type_number(struct clerks *m, struct site *site, struct record *r)
{
	char *text = mem_printf("（2026）%s%s第%u号",
		strcmp(site->office, OFFICE_ONE) == 0 ? "一所" :
		strcmp(site->office, OFFICE_TWO) == 0 ? "二所" : "测试县",
		strcmp(r->reg, "slip") == 0 ? "便笺" : "文书",
		1 + clerks_pick(m, 40));

	assert_true(record_set(r, "no", text));
	buf_printf(&m->typed, "%s\n", text);
	free(text);
}

/* What people saw is on paper now. */
static void
note_number(struct clerks *m, const struct record *r)
{
	const char *no = record_get(r, "no");

	if (!no[0])
		fail_msg("It has no number.");
	if (!number_is_provisional(no, NULL))
		entry_note(m, no, &r->id);
	buf_printf(&m->trace, "    %s\n", no);
}

static void
new_paper(struct clerks *m, struct site *site)
{
	struct record r = {0};
	struct entry e = {0};
	struct err err = ERR_INIT;
	char token[16];
	enum status s;

	memcpy(r.reg, clerks_pick(m, 4) ? "paper" : "slip\0", 6);
	entry_begin(&e);
	entry_token(m, &e, token);
	assert_true(record_set(&r, "text", token));
	if (clerks_pick(m, 6) == 0)
		type_number(m, site, &r);
	s = clerks_save(m, site, &r, NULL, NULL, &err);
	clerks_told(m, site, r.reg, &r.id, s);
	if (!s)
		note_number(m, &r);
	entry_finish(m, &e, s ? NULL : &r);
	record_release(&r);
}

static void
edit_paper(struct clerks *m, struct site *site, const struct uuid *id)
{
	struct record seen = {0}, r = {0};
	struct entry e = {0};
	struct err err = ERR_INIT;
	char token[16];
	enum status s = store_get(&seen, site->s, id, &err);

	clerks_allow(m, site, s, &err);
	if (s)
		return;
	entry_begin(&e);
	record_copy(&r, &seen);
	entry_token(m, &e, token);
	assert_true(record_set(&r, "text", token));
	if (clerks_pick(m, 4) == 0)
		type_number(m, site, &r);
	s = clerks_save(m, site, &r, &seen, NULL, &err);
	clerks_told(m, site, "edits the paper", id, s);
	if (!s)
		note_number(m, &r);
	entry_finish(m, &e, s ? NULL : &r);
	record_release(&r);
	record_release(&seen);
}

void
clerk_paper(struct clerks *m, struct site *site)
{
	struct uuid id;
	struct err err = ERR_INIT;
	enum status s;

	if (clerks_pick(m, 3) || !clerks_record(&id, m, site, "paper")) {
		new_paper(m, site);
	} else if (clerks_pick(m, 4)) {
		edit_paper(m, site, &id);
	} else {
		s = save_remove(site->s, &id, "spoilt", &err);
		clerks_allow(m, site, s, &err);
		clerks_told(m, site, "withdraws the paper", &id, s);
	}
}
