/*
 * Reading definitions.
 */
#include "server/command_schema.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/mem.h"

void
command_files_release(struct command_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free((char *)(uintptr_t)f->items[i].path);
		free((char *)(uintptr_t)f->items[i].text);
	}
	free(f->items);
	*f = (struct command_files){0};
}

static bool
has_folder(const char *dir, const char *folder)
{
	char *path = io_join(dir, folder);
	bool has = io_exists(path);

	free(path);
	return has;
}

/* folder "": the files of dir itself. */
static enum status
read_folder(struct command_files *f, const char *dir, const char *folder,
    struct err *err)
{
	char *path = *folder ? io_join(dir, folder) : mem_strdup(dir);
	char **names = NULL;
	size_t count = 0;
	enum status s = io_list(&names, &count, path, ".json", err);

	for (size_t i = 0; i < count; i++) {
		char *file = io_join(path, names[i]);
		struct buf text;

		buf_init(&text, BUF_RECORD_MAX);
		if (!s)
			s = io_read(&text, file, err);
		if (!s) {
			size_t len = text.len;

			f->items = mem_grow(f->items, f->count,
			    sizeof *f->items);
			f->items[f->count++] = (struct def_file){
			    *folder ? io_join(folder, names[i])
				: mem_strdup(names[i]), buf_take(&text), len };
		}
		buf_release(&text);
		free(file);
		free(names[i]);
	}
	free(names);
	free(path);
	return s;
}

enum status
command_schema(struct schema **out, struct command_files *files,
    const struct command_args *a, struct err *err)
{
	const char *dir = a->screens ? a->screens : getenv("FENGQIAO_SCREENS");
	struct complaints complaints = {0};
	enum status s = E_OK;

	if (!dir || !*dir) {
		s = schema_load(out, builtin_files, builtin_count, &complaints,
		    err);
	} else {
		s = read_folder(files, dir, "codes", err);
		if (!s)
			s = read_folder(files, dir, "registers", err);
		/* a county without rules of its own has no such folder */
		if (!s && has_folder(dir, "rules"))
			s = read_folder(files, dir, "rules", err);
		if (!s)
			s = read_folder(files, dir, "", err);
		if (!s)
			s = schema_load(out, files->items, files->count,
			    &complaints, err);
	}
	for (size_t i = 0; i < complaints.count; i++)
		fprintf(stderr, "%s: %s%s%s\n", complaints.items[i].file,
		    complaints.items[i].path, tr(": "),
		    complaints.items[i].text);
	complaints_release(&complaints);
	return s;
}
