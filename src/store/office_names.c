/*
 * Offices and their names, as a text in meta.  It is read with the overviews,
 * because lists show names in every row.
 */
#include "store/office_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "store/inside.h"

static const char meta_list[] = "offices", meta_day[] = "offices_on";

static bool
take_text(char *out, size_t size, const struct json *j, const char *name)
{
	const char *text = json_get_text(j, name);

	if (!text || !text[0] || strlen(text) >= size)
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

/* Owned by the caller; NULL: it is no such list. */
static struct office_name *
parse(size_t *count, const char *text, size_t len)
{
	struct office_name *list = NULL;
	struct json *j = NULL;
	struct err none = ERR_INIT;
	const struct json *item;
	size_t n = 0;
	bool good = true;

	if (json_parse(&j, text, len, BUF_RECORD_MAX, &none))
		return NULL;
	list = mem_alloc(OFFICE_NAMES_MAX, sizeof *list);
	for (item = json_first(json_get(j, "offices")); item && good;
	    item = json_next(item)) {
		good = n < OFFICE_NAMES_MAX &&
			take_text(list[n].code, sizeof list[n].code, item,
			"code") && take_text(list[n].name, sizeof list[n].name,
			item, "name");
		n += good;
	}
	good = good && json_get(j, "offices");
	json_free(j);
	if (!good) {
		free(list);
		return NULL;
	}
	*count = n;
	return list;
}

static void
hold(struct store *s, struct office_name *list, size_t count)
{
	free(s->offices);
	s->offices = list;
	s->office_count = count;
}

enum status
office_names_load(struct store *s, struct err *err)
{
	struct err none = ERR_INIT;
	struct office_name *list = NULL;
	size_t count = 0;
	struct buf text;
	enum status st;

	buf_init(&text, BUF_RECORD_MAX);
	st = store_meta_get(&text, s, meta_list, &none);
	if (!st)
		list = parse(&count, text.data, text.len);
	if (list)
		hold(s, list, count);
	buf_release(&text);
	if (st == E_NOTFOUND)
		return E_OK;
	if (st)
		*err = none;
	return st;
}

enum status
office_names_keep(struct store *s, const char *text, size_t len,
	const char *day, struct err *err)
{
	size_t count = 0;
	struct office_name *list = parse(&count, text, len);
	char *copy;
	enum status st;

	if (!list)
		return err_set(err, E_INVALID, tr("The server's answer is "
			"incomplete; nothing was changed."));
	hold(s, list, count);
	copy = mem_strndup(text, len);
	st = store_meta_set(s, meta_list, copy, err);
	free(copy);
	return st ? st : store_meta_set(s, meta_day, day, err);
}

bool
office_names_are_of(struct store *s, const char *day)
{
	struct err none = ERR_INIT;
	struct buf text;
	bool are;

	buf_init(&text, BUF_LINE_MAX);
	are = store_meta_get(&text, s, meta_day, &none) == E_OK &&
		strcmp(text.data, day) == 0;
	buf_release(&text);
	return are;
}

const struct office_name *
office_names(size_t *count, const struct store *s)
{
	*count = s->office_count;
	return s->offices;
}

const char *
office_names_find(const struct store *s, const char *code)
{
	for (size_t i = 0; i < s->office_count; i++)
		if (strcmp(s->offices[i].code, code) == 0)
			return s->offices[i].name;
	return NULL;
}
