/*
 * Values of a script (kit/play_words.h).  Identity numbers lie in a region
 * that was never assigned (990101); nobody is meant.
 */
#include "kit/play_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"

enum { HOUR_MS = 3600000, DAYS_MAX = 40000 };

void
play_words_release(struct play_words *w)
{
	free(w->names);
	*w = (struct play_words){0};
}

void
play_words_name(struct play_words *w, const char *name, const struct uuid *id)
{
	struct play_named *n;

	w->names = mem_grow(w->names, w->count, sizeof *w->names);
	n = &w->names[w->count++];
	(void)snprintf(n->name, sizeof n->name, "%s", name);
	n->id = *id;
}

const struct uuid *
play_words_id(const struct play_words *w, const char *name)
{
	for (size_t i = w->count; i > 0; i--)
		if (strcmp(w->names[i - 1].name, name) == 0)
			return &w->names[i - 1].id;
	return NULL;
}

/* ---- chance ---- */

static unsigned
below(struct play_words *w, unsigned n)
{
	w->chance = w->chance * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(w->chance >> 33) % n;
}

#define ONE_OF(w, list) ((list)[below(w, sizeof (list) / sizeof *(list))])

static void
put_name(struct play_words *w, struct buf *out)
{
	static const char *const family[] = { "白", "柏", "车", "褚", "狄",
		"费", "甘", "古", "郝", "霍", "计", "江", "柯", "匡", "冷",
		"柳", "骆", "梅", "宁", "欧阳", "庞", "祁", "阮", "桑", "商",
		"施", "司马", "汤", "万", "温", "邬", "奚", "晏", "尤", "虞",
		"詹", "邹", "卓" };
	static const char *const first[] = { "安", "伯", "春", "德", "福",
		"桂", "海", "佳", "金", "立", "美", "明", "庆", "瑞", "少",
		"天", "文", "喜", "小", "新", "秀", "永", "玉", "志", "忠" };
	static const char *const second[] = { "彬", "昌", "芳", "刚", "红",
		"华", "娟", "军", "兰", "亮", "龙", "梅", "敏", "平", "强",
		"琴", "涛", "霞", "阳", "英", "云", "珍", "" };

	buf_text(out, ONE_OF(w, family));
	buf_text(out, ONE_OF(w, first));
	buf_text(out, ONE_OF(w, second));
}

/* GB 11643-1999: the check digit by ISO 7064 MOD 11-2. */
static void
put_idno(struct play_words *w, struct buf *out)
{
	static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9,
		10, 5, 8, 4, 2 };
	char digits[40];	/* 17 of them are used */
	int sum = 0, day = (int)(1 + below(w, 28));

	(void)snprintf(digits, sizeof digits, "990101%04d%02d%02d%03u",
		(int)(1952 + below(w, 50)) % 10000, (int)(1 + below(w, 12)),
		day, ++w->person % 1000);
	for (size_t i = 0; i < 17; i++)
		sum += (digits[i] - '0') * weights[i];
	buf_printf(out, "%s%c", digits, "10X98765432"[sum % 11]);
}

/* ---- words ---- */

/* "-3" or "-30..-10": a day from today. */
static const char *
take_day(struct play_words *w, const char *at, int *on)
{
	char *rest = NULL;
	long from = strtol(at, &rest, 10), to = from;

	if (strncmp(rest, "..", 2) == 0)
		to = strtol(rest + 2, &rest, 10);
	if (to < from || labs(from) > DAYS_MAX || labs(to) > DAYS_MAX)
		return NULL;
	if (to > from)
		from += below(w, (unsigned)(to - from + 1));
	*on = clock_today() + (int)from;
	return rest;
}

static const char *
put_day(struct play_words *w, struct buf *out, const char *at, bool with_time)
{
	char text[DATE_TEXT_MAX];
	int on = 0;

	at = take_day(w, at, &on);
	if (!at)
		return NULL;
	date_print(text, on);
	buf_text(out, text);
	if (!with_time)
		return at;
	if (*at != '.' || strspn(at + 1, "0123456789") != 4)
		return NULL;
	buf_printf(out, "T%.2s:%.2s", at + 1, at + 3);
	return at + 5;
}

static const char *
put_hours(struct buf *out, const char *at)
{
	char *rest = NULL, text[CLOCK_TEXT_MAX];
	long hours = strtol(at, &rest, 10);

	if (labs(hours) > DAYS_MAX)
		return NULL;
	clock_print(text, clock_believed_at() + (int64_t)hours * HOUR_MS);
	buf_printf(out, "%.16s", text);
	return rest;
}

/* "(one|of|these)" */
static const char *
put_choice(struct play_words *w, struct buf *out, const char *at)
{
	const char *end = strchr(at, ')');
	unsigned count = 1, chosen;

	for (const char *c = at; end && c < end; c++)
		count += *c == '|';
	if (!end)
		return NULL;
	for (chosen = below(w, count); chosen > 0; chosen--)
		at = strchr(at, '|') + 1;
	buf_printf(out, "%.*s", (int)strcspn(at, "|)"), at);
	return end + 1;
}

static bool
starts(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

/* What follows the '$'; where it ends, NULL: not known. */
static const char *
put_word(struct play_words *w, struct buf *out, const char *at)
{
	static const char *const villages[] = { "青石村", "石桥村", "白鹭村",
		"柳湾村", "东岭村", "南塘村", "枫林社区", "河滨社区" };
	char today[DATE_TEXT_MAX];

	date_print(today, clock_today());
	if (starts(&at, "name"))
		put_name(w, out);
	else if (starts(&at, "village"))
		buf_text(out, ONE_OF(w, villages));
	else if (starts(&at, "id"))
		put_idno(w, out);
	else if (starts(&at, "d"))
		return put_day(w, out, at, false);
	else if (starts(&at, "t"))
		return put_day(w, out, at, true);
	else if (starts(&at, "h"))
		return put_hours(out, at);
	else if (starts(&at, "y"))
		buf_printf(out, "%.4s", today);
	else if (starts(&at, "m"))
		buf_printf(out, "%.7s", today);
	else if (starts(&at, "n"))
		buf_printf(out, "%u", ++w->number);
	else if (starts(&at, "("))
		return put_choice(w, out, at);
	else
		return NULL;
	return at;
}

/* A record, now that its name is whole. */
static bool
put_record(struct play_words *w, struct buf *out, size_t start)
{
	const struct uuid *id = play_words_id(w, out->data + start + 1);
	char text[UUID_TEXT_MAX];

	if (!id)
		return false;
	uuid_print(text, id);
	buf_cut(out, start);
	buf_text(out, text);
	return true;
}

bool
play_words_value(struct play_words *w, struct buf *out, const char *text)
{
	size_t start = out->len;
	bool record = text[0] == '@';

	while (text && *text) {
		if (*text == '$') {
			text = put_word(w, out, text + 1);
		} else {
			buf_char(out, *text == '~' ? ' ' : *text);
			text++;
		}
	}
	return text && (!record || put_record(w, out, start));
}
