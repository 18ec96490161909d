/*
 * Spreadsheets of strangers, up to the saving: the first byte says into which
 * register.  And what we write ourselves no program takes for a formula.
 */
#include "fuzz/fuzz.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "client/importer.h"
#include "kit/cache.h"
#include "store/overview.h"

static struct cache *cache;

static void
away(void)
{
	void *state = cache;

	(void)cache_tear_down(&state);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err err = ERR_INIT;
	void *state = NULL;

	(void)argc;
	(void)argv;
	clock_fix(clock_parse("2026-11-22T10:00:00+08:00"));
	MUST(cache_set_up_builtin(&state) == 0);
	cache = state;
	(void)atexit(away);
	MUST(overview_refresh(cache->s, NULL, &err) == E_OK);
	return 0;
}

/* A cell that a spreadsheet program would run. */
static void
is_no_formula(const char *cell)
{
	static const char *const starts[] = { "=", "+", "-", "@", "\t", "\r",
		"＝", "＋", "－", "＠" };

	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		MUST(strncmp(cell, starts[i], strlen(starts[i])) != 0);
}

/* What came in is printed: every cell in quotes, none a formula. */
static void
print_again(const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->count && i < 20; i++) {
		const struct sheet_row *row = &sheet->rows[i];
		struct buf out;

		buf_init(&out, SHEET_BYTES_MAX);
		sheet_print_row(&out, (const char *const *)row->cells,
		    row->count);
		MUST(utf8_is_valid(out.data, out.len));
		for (const char *at = out.data; *at == '"' || *at == ',';) {
			at += *at == ',';
			MUST(*at == '"');
			is_no_formula(++at);
			while (*at && (*at != '"' || at[1] == '"'))
				at += *at == '"' ? 2 : 1;
			at += *at == '"';
		}
		buf_release(&out);
	}
}

static void
take(const struct sheet *sheet, const struct schema_register *reg)
{
	struct import_result r = {0};
	struct import_map map = {0};
	struct err err = ERR_INIT;

	if (import_map_find(&map, sheet, cache->schema, reg, &err)) {
		MUST(err.msg[0] != '\0');
		return;
	}
	/* some registers are not for the clerk who imports */
	if (import_rows(&r, cache->s, reg, sheet, &map, true, &err))
		MUST(err.code == E_AUTH && err.msg[0] != '\0');
	MUST(r.refused <= sheet->count);
	import_result_release(&r);
	import_map_release(&map);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sheet sheet = {0};
	struct err err = ERR_INIT;

	if (size == 0)
		return 0;
	if (sheet_parse(&sheet, (const char *)data + 1, size - 1, &err)) {
		MUST(err.msg[0] != '\0');
		return 0;
	}
	print_again(&sheet);
	take(&sheet, &cache->schema->registers[data[0] %
	    cache->schema->register_count]);
	sheet_release(&sheet);
	return 0;
}
