/*
 * The strict reading and the tree that is made of it: what is let through is
 * taken, and printed it is the same document.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/json.h"
#include "base/json_scan.h"
#include "base/utf8.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static size_t
depth_of(const struct json *j)
{
	size_t most = 0;

	for (const struct json *m = json_first(j); m; m = json_next(m)) {
		size_t d = depth_of(m);

		most = d > most ? d : most;
	}
	return most + 1;
}

/* Each member is found by its name, and no other one. */
static void
look(const struct json *j)
{
	MUST(json_count(j) <= JSON_TOKENS_MAX);
	for (struct json *m = json_first(j); m; m = json_next(m)) {
		if (json_name(m))
			MUST(json_get(j, json_name(m)) == m);
		if (json_text(m))
			MUST(utf8_is_valid(json_text(m), strlen(json_text(m))));
		look(m);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct err scan = ERR_INIT, err = ERR_INIT;
	struct json *j = NULL, *again = NULL;
	struct buf once, twice;
	enum status s = json_scan(text, size, NULL, &scan);

	MUST((s != E_OK) == (scan.msg[0] != '\0'));
	MUST(json_parse(&j, text, size, BUF_RECORD_MAX, &err) == s);
	if (s)
		return 0;
	MUST(utf8_is_valid(text, size));
	MUST(depth_of(j) <= JSON_DEPTH_MAX + 1);
	look(j);
	buf_init(&once, BUF_BATCH_MAX);
	buf_init(&twice, BUF_BATCH_MAX);
	json_print(&once, j);
	MUST(json_parse(&again, once.data, once.len, BUF_BATCH_MAX, &err) ==
	    E_OK);
	json_print(&twice, again);
	MUST(once.len == twice.len &&
	    memcmp(once.data, twice.data, once.len) == 0);
	json_free(j);
	json_free(again);
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
