/*
 * Definition files as one text, written by the county's server and read by
 * whoever it sends it to: every number is looked at before it is believed.
 */
#include "core/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"
#include "core/keeping.h"

static const char first_words[] = "fengqiao-definitions 1 ";

void
bundle_release(struct bundle *b)
{
	free(b->text);
	free(b->files);
	*b = (struct bundle){0};
}

void
bundle_print(struct buf *out, const struct def_file *files, size_t count)
{
	size_t sent = 0;

	for (size_t i = 0; i < count; i++)
		sent += !keeping_is_file(files[i].path);
	buf_printf(out, "%s%zu\n", first_words, sent);
	for (size_t i = 0; i < count; i++) {
		if (keeping_is_file(files[i].path))
			continue;
		buf_printf(out, "%s %zu\n", files[i].path, files[i].len);
		buf_add(out, files[i].text, files[i].len);
		buf_char(out, '\n');
	}
}

static enum status
damaged(struct err *err)
{
	return err_set(err, E_INVALID, tr("The definitions are damaged."));
}

/* The line that begins at *at, ended with a NUL in place of its newline. */
static char *
take_line(struct bundle *b, size_t len, size_t *at)
{
	char *line = b->text + *at;
	char *end = *at < len ? memchr(line, '\n', len - *at) : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	*at += (size_t)(end - line) + 1;
	return line;
}

/* Digits to the end of the text, at most max. */
static bool
take_number(size_t *out, const char *text, size_t max)
{
	size_t digits = strspn(text, "0123456789"), n = 0;

	if (digits == 0 || digits > 8 || text[digits])
		return false;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (size_t)(text[i] - '0');
	*out = n;
	return n <= max;
}

/* "registers/person.json 1234" and the bytes behind it. */
static bool
take_file(struct bundle *b, size_t len, size_t *at)
{
	struct def_file *f = &b->files[b->count];
	char *line = take_line(b, len, at);
	char *blank = line ? strchr(line, ' ') : NULL;
	size_t bytes = 0;

	if (!blank || blank == line ||
	    !take_number(&bytes, blank + 1, BUNDLE_BYTES_MAX))
		return false;
	*blank = '\0';
	if (len - *at <= bytes || b->text[*at + bytes] != '\n' ||
	    memchr(b->text + *at, '\0', bytes))
		return false;
	b->text[*at + bytes] = '\0';
	*f = (struct def_file){ line, b->text + *at, bytes };
	b->count++;
	*at += bytes + 1;
	return true;
}

enum status
bundle_parse(struct bundle *out, const char *text, size_t len,
    struct err *err)
{
	struct bundle b = {0};
	size_t at = 0, count = 0;
	const char *line;
	bool good;

	if (len > BUNDLE_BYTES_MAX)
		return err_set(err, E_INVALID,
		    tr("The definitions are larger than is possible."));
	b.text = mem_alloc(len + 1, 1);
	memcpy(b.text, text, len);
	line = take_line(&b, len, &at);
	good = line && strncmp(line, first_words, sizeof first_words - 1) == 0
	    && take_number(&count, line + sizeof first_words - 1,
	    BUNDLE_FILES_MAX);
	b.files = mem_alloc(count + 1, sizeof *b.files);
	while (good && b.count < count)
		good = take_file(&b, len, &at);
	if (!good || at != len) {
		bundle_release(&b);
		return damaged(err);
	}
	*out = b;
	return E_OK;
}

enum status
bundle_load(struct schema **out, const char *text, size_t len,
    const char *version, struct err *err)
{
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct bundle b = {0};
	char is[17];
	enum status st = bundle_parse(&b, text, len, err);

	if (st)
		return st;
	/* before anything of it is believed */
	schema_version(is, b.files, b.count);
	if (strcmp(is, version) != 0)
		st = damaged(err);
	if (!st)
		st = schema_load(&s, b.files, b.count, &complaints, err);
	if (!st)
		*out = s;
	complaints_release(&complaints);
	bundle_release(&b);
	return st;
}
