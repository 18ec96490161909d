/*
 * The script of a township (kit/play.h): its lines.  Values are play_words.
 */
#include "kit/play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "client/carry.h"
#include "client/newrec.h"
#include "kit/play_words.h"
#include "store/due.h"
#include "store/overview.h"

enum { WORDS_MAX = 64, NEST_MAX = 4 };

struct play {
	const struct play_host *host;
	struct play_result *result;
	struct store *s;		/* of whoever sits there */
	char role[RECORD_NAME_MAX];
	struct play_words words;	/* names and chance */
	char **lines;			/* lent from text */
	size_t line_count, at;
	struct {
		size_t line;
		long left;
	} nest[NEST_MAX];
	size_t depth;
};

static void fault(struct play *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void
fault(struct play *p, const char *fmt, ...)
{
	char words[ERR_MSG_MAX + 200], all[ERR_MSG_MAX + 260];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(words, sizeof words, fmt, args);
	va_end(args);
	(void)snprintf(all, sizeof all, "%zu: %s", p->at + 1, words);
	p->host->say(p->host->self, all);
	p->result->faults++;
}

static bool
sit(struct play *p, const char *role)
{
	struct err err = ERR_INIT;

	if (p->s && strcmp(p->role, role) == 0)
		return true;
	if (p->host->sit(p->host->self, &p->s, role, &err)) {
		fault(p, "%s: %s", role, err.msg);
		return false;
	}
	(void)snprintf(p->role, sizeof p->role, "%s", role);
	return true;
}

/* FIELD=VALUE words into the record. */
static bool
assign(struct play *p, struct record *r, char **words, size_t count)
{
	const struct schema_register *reg = schema_register_find(
	    store_schema(p->s), r->reg);

	for (size_t i = 0; i < count; i++) {
		char *sign = strchr(words[i], '=');
		struct buf value;

		if (!sign) {
			fault(p, "no value: %s", words[i]);
			return false;
		}
		*sign = '\0';
		buf_init(&value, BUF_RECORD_MAX);
		if (words[i][0] != '@' &&
		    !schema_field_find(reg, words[i]))
			fault(p, "%s has no %s", r->reg, words[i]);
		else if (!play_words_value(&p->words, &value, sign + 1))
			fault(p, "what is %s?", sign + 1);
		else if (!record_set(r, words[i], value.data))
			fault(p, "no %s", words[i]);
		buf_release(&value);
	}
	return true;
}

static void
look_again(struct play *p)
{
	struct err err = ERR_INIT;

	if (overview_refresh(p->s, NULL, &err))
		fault(p, "%s", err.msg);
}

static void
add(struct play *p, const char *office, char **words, size_t count)
{
	const struct schema_register *reg = count
		? schema_register_find(store_schema(p->s), words[0]) : NULL;
	bool named = count > 1 && !strchr(words[1], '=');
	struct record r = {0};
	struct save save = { .record = &r };
	struct err err = ERR_INIT;

	if (!reg) {
		fault(p, "no register %s", count ? words[0] : "");
		return;
	}
	newrec_init_for(&r, p->s, reg, office ? office
	    : store_user(p->s)->office);
	(void)assign(p, &r, words + 1 + named, count - 1 - named);
	if (carry_save(p->s, &save, &err))
		fault(p, "%s by %s: %s (%s)", reg->name, p->role, err.msg,
		    save.faults.count ? save.faults.items[0].field : "");
	else if (named)
		play_words_name(&p->words, words[1], &r.id);
	p->result->entered += err.code == E_OK;
	faults_release(&save.faults);
	record_release(&r);
	look_again(p);
}

static void
change(struct play *p, const char *name, const char *to, char **words,
	size_t count)
{
	const struct uuid *id = play_words_id(&p->words, name);
	struct record seen = {0}, r = {0};
	struct save save = { .record = &r, .seen = &seen };
	struct err err = ERR_INIT;
	enum status st = id ? store_get(&seen, p->s, id, &err)
		: err_set(&err, E_NOTFOUND, "who?");

	if (!st) {
		record_copy(&r, &seen);
		(void)assign(p, &r, words, count);
		st = to ? carry_move(p->s, &save, to, &err)
		    : carry_save(p->s, &save, &err);
	}
	if (st)
		fault(p, "%s %s by %s: %s (%s)", name, to ? to : "", p->role,
		    err.msg, save.faults.count ? save.faults.items[0].field
		    : "");
	p->result->moved += st == E_OK && to;
	faults_release(&save.faults);
	record_release(&seen);
	record_release(&r);
	look_again(p);
}

static void
drop(struct play *p, const char *name, const char *why)
{
	const struct uuid *id = play_words_id(&p->words, name);
	struct err err = ERR_INIT;

	if (!id || save_remove(p->s, id, why, &err))
		fault(p, "%s: %s", name, err.msg);
}

/* ---- what must be so ---- */

static void
expect_state(struct play *p, const char *name, const char *state)
{
	const struct uuid *id = play_words_id(&p->words, name);
	const struct overview *o = id ? overview_find(p->s, id) : NULL;

	if (!o || strcmp(o->state, state) != 0)
		fault(p, "%s is %s, not %s", name, o ? o->state : "not here",
		    state);
}

/* state NULL: it is not due. */
static void
expect_due(struct play *p, const char *name, const char *rule,
	const char *state)
{
	const struct uuid *id = play_words_id(&p->words, name);
	struct due_list list = {0};
	const char *found = NULL;
	struct buf all;

	if (!id) {
		fault(p, "who is %s?", name);
		return;
	}
	buf_init(&all, BUF_LINE_MAX);
	due_of_record(&list, p->s, id, clock_today());
	for (size_t i = 0; i < list.count; i++) {
		const char *is = deadline_state_name(list.items[i].when.state);

		if (strcmp(list.items[i].rule->name, rule) == 0)
			found = is;
		buf_printf(&all, " %s %s", list.items[i].rule->name, is);
	}
	if (state ? !found || strcmp(found, state) != 0 : found != NULL)
		fault(p, "%s: %s is not %s; it has:%s", name, rule,
		    state ? state : "free", all.data);
	due_release(&list);
	buf_release(&all);
}

static void
expect_count(struct play *p, const char *name, size_t want)
{
	size_t found = 0;

	for (size_t i = 0; i < overview_count(p->s); i++) {
		const struct overview *o = overview_at(p->s, i);

		found += o && !o->deleted && strcmp(o->reg_name, name) == 0;
	}
	if (found != want)
		fault(p, "%s: %zu, not %zu", name, found, want);
}

/* ---- lines ---- */

static size_t
split(char **words, char *line)
{
	size_t count = 0;
	char *save = NULL;

	for (char *w = strtok_r(line, " \t", &save); w && count < WORDS_MAX;
	    w = strtok_r(NULL, " \t", &save))
		words[count++] = w;
	return count;
}

static void
repeat(struct play *p, long times)
{
	if (p->depth == NEST_MAX || times < 1) {
		fault(p, "repeat what?");
		return;
	}
	p->nest[p->depth].line = p->at;
	p->nest[p->depth++].left = times - 1;
}

static void
end(struct play *p)
{
	if (p->depth == 0)
		fault(p, "the end of what?");
	else if (p->nest[p->depth - 1].left-- > 0)
		p->at = p->nest[p->depth - 1].line;
	else
		p->depth--;
}

static bool
is(const char *word, const char *what, size_t count, size_t least)
{
	return strcmp(word, what) == 0 && count >= least;
}

static void
obey(struct play *p, char **w, size_t n)
{
	if (is(w[0], "as", n, 2))
		(void)sit(p, w[1]);
	else if (is(w[0], "repeat", n, 2))
		repeat(p, strtol(w[1], NULL, 10));
	else if (is(w[0], "end", n, 1))
		end(p);
	else if (!p->s)
		fault(p, "nobody is there");
	else if (is(w[0], "add", n, 2))
		add(p, NULL, w + 1, n - 1);
	else if (is(w[0], "for", n, 3))
		add(p, w[1], w + 2, n - 2);
	else if (is(w[0], "set", n, 2))
		change(p, w[1], NULL, w + 2, n - 2);
	else if (is(w[0], "move", n, 3))
		change(p, w[1], w[2], w + 3, n - 3);
	else if (is(w[0], "drop", n, 3))
		drop(p, w[1], w[2]);
	else if (is(w[0], "state", n, 3))
		expect_state(p, w[1], w[2]);
	else if (is(w[0], "due", n, 4))
		expect_due(p, w[1], w[2], w[3]);
	else if (is(w[0], "free", n, 3))
		expect_due(p, w[1], w[2], NULL);
	else if (is(w[0], "count", n, 3))
		expect_count(p, w[1], (size_t)strtoul(w[2], NULL, 10));
	else
		fault(p, "what is %s?", w[0]);
}

static void
cut_lines(struct play *p, char *text)
{
	char *at = text;

	while (*at) {
		size_t len = strcspn(at, "\n");
		bool last = at[len] == '\0';

		at[len] = '\0';
		p->lines = mem_grow(p->lines, p->line_count, sizeof *p->lines);
		p->lines[p->line_count++] = at;
		at += len + !last;
	}
}

enum status
play_run(struct play_result *out, const struct play_host *host,
	const char *path, struct err *err)
{
	struct play p = { .host = host, .result = out };
	char *words[WORDS_MAX];
	struct buf text;
	enum status s;

	*out = (struct play_result){0};
	buf_init(&text, BUF_RECORD_MAX);
	s = io_read(&text, path, err);
	if (!s)
		cut_lines(&p, text.data);
	for (p.at = 0; p.at < p.line_count; p.at++) {
		char *line = mem_strndup(p.lines[p.at],
		    strcspn(p.lines[p.at], "#"));
		size_t count = split(words, line);

		if (count)
			obey(&p, words, count);
		free(line);
	}
	play_words_release(&p.words);
	free(p.lines);
	buf_release(&text);
	return s;
}
