/*
 * Playing presses and comparing pictures.
 */
#include "kit/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/utf8.h"

static void
type(const char *text, void (*press)(void *self, const struct press *p),
    void *self)
{
	size_t len = strlen(text), at = 0;

	while (at < len) {
		struct press p = { .code = (int)utf8_next(text, len, &at) };

		press(self, &p);
	}
}

static void
paste(char *text, void (*press)(void *self, const struct press *p), void *self)
{
	struct press p = { .code = PRESS_PASTE, .text = text,
		.len = strlen(text) };

	for (char *c = text; *c; c++)
		if (*c == '/')
			*c = '\n';
	press(self, &p);
}

void
screen_keys(const char *keys, void (*press)(void *self, const struct press *p),
    void *self)
{
	while (*keys) {
		size_t len = strcspn(keys, " ");
		char *word = mem_strndup(keys, len);
		struct press p = { .code = press_parse(word) };

		if (word[0] == '=' && len > 1)
			type(word + 1, press, self);
		else if (word[0] == '+' && len > 1)
			paste(word + 1, press, self);
		else if (p.code != PRESS_NONE)
			press(self, &p);
		else if (len > 0)
			fail_msg("no such press: %s", word);
		free(word);
		keys += len;
		keys += strspn(keys, " ");
	}
}

static void
press_stack(void *self, const struct press *p)
{
	(void)view_press(self, p);
}

void
screen_play(struct view_stack *s, const char *keys)
{
	screen_keys(keys, press_stack, s);
}

void
screen_expect(const struct canvas *c, const char *name)
{
	char *path = mem_printf("tests/screen/%s.screen", name);
	struct buf now, want;
	struct err err = ERR_INIT;

	buf_init(&now, BUF_RECORD_MAX);
	buf_init(&want, BUF_RECORD_MAX);
	canvas_print(&now, c);
	if (getenv("UPDATE_SCREENS"))
		assert_int_equal(io_write(path, now.data, now.len, &err), E_OK);
	if (io_read(&want, path, &err))
		fail_msg("%s: %s", path, err.msg);
	if (strcmp(now.data, want.data) != 0)
		fail_msg("%s: the screen is now\n%s", path, now.data);
	buf_release(&now);
	buf_release(&want);
	free(path);
}

int
screen_has(const struct canvas *c, const char *text)
{
	struct buf now;
	int found;

	buf_init(&now, BUF_RECORD_MAX);
	canvas_print(&now, c);
	found = strstr(now.data, text) != NULL;
	buf_release(&now);
	return found;
}
