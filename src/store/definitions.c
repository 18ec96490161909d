/*
 * Files of definitions/.  A new version is whole on disk before "current"
 * names it, so that a kill at any moment leaves one or the other.
 */
#include "store/definitions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "core/bundle.h"

static const char folder[] = "definitions";
static const char current_name[] = "current";

static bool
is_version(const char *text)
{
	return strlen(text) == DEFINITIONS_VERSION_MAX - 1 &&
	    text[strspn(text, "0123456789abcdef")] == '\0';
}

static char *
path_of(const char *home, const char *name)
{
	char *dir = io_join(home, folder);
	char *path = io_join(dir, name);

	free(dir);
	return path;
}

void
definitions_current(char out[DEFINITIONS_VERSION_MAX], const char *home)
{
	char *path = path_of(home, current_name);
	struct err none = ERR_INIT;
	struct buf text;

	out[0] = '\0';
	buf_init(&text, DEFINITIONS_VERSION_MAX);
	if (io_read(&text, path, &none) == E_OK && is_version(text.data))
		memcpy(out, text.data, DEFINITIONS_VERSION_MAX);
	buf_release(&text);
	free(path);
}

enum status
definitions_load(struct schema **out, const char *home, const char *version,
	struct err *err)
{
	char *path = path_of(home, version);
	struct buf text;
	enum status st;

	buf_init(&text, BUNDLE_BYTES_MAX);
	st = io_read(&text, path, err);
	if (!st)
		st = bundle_load(out, text.data, text.len, version, err);
	buf_release(&text);
	free(path);
	return st;
}

/* Neither now nor before in use. */
static void
remove_others(const char *home, const char *now, const char *before)
{
	char *dir = io_join(home, folder);
	struct err none = ERR_INIT;
	char **names = NULL;
	size_t count = 0;

	if (io_list(&names, &count, dir, "", &none))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		if (is_version(names[i]) && strcmp(names[i], now) != 0 &&
		    strcmp(names[i], before) != 0) {
			char *path = io_join(dir, names[i]);

			(void)unlink(path);
			free(path);
		}
		free(names[i]);
	}
	free(names);
	free(dir);
}

enum status
definitions_keep(const char *home, const char *version,
	const struct buf *bundle, struct err *err)
{
	char before[DEFINITIONS_VERSION_MAX];
	char *dir = io_join(home, folder), *path = path_of(home, version);
	char *current = path_of(home, current_name);
	enum status st = io_private_dir(dir, err);

	definitions_current(before, home);
	if (!st)
		st = io_write(path, bundle->data, bundle->len, err);
	if (!st)
		st = io_write(current, version, strlen(version), err);
	if (!st)
		remove_others(home, version, before);
	free(dir);
	free(path);
	free(current);
	return st;
}

void
definitions_drop(const char *home)
{
	char *path = path_of(home, current_name);

	(void)unlink(path);
	free(path);
}
