#ifndef CORE_SCHEMA_READ_H
#define CORE_SCHEMA_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "core/schema.h"

/*
 * Reading a definition's JSON member by member.  Nothing here fails: what is
 * missing or of the wrong kind becomes a complaint with its place, and the
 * reader goes on with an empty value, so one run finds every mistake.
 */

enum {
	SCHEMA_COMPLAINTS_MAX = 500,	/* more help nobody */
	SCHEMA_LABEL_BYTES_MAX = 200,
	SCHEMA_TEXT_BYTES_MAX = 600,	/* help, laws, sentences */
	SCHEMA_PATH_MAX = 200,		/* place of a complaint, bytes */
};

struct schema_reader {
	struct complaints *complaints;	/* borrowed */
	const char *file;		/* borrowed; "registers/person.json" */
	char path[SCHEMA_PATH_MAX];	/* where the reader is: "fields[3]" */
	size_t len;			/* of path */
};

/* Complain about the member key of where the reader is; "" means here. */
void schema_complain(struct schema_reader *r, const char *key,
	const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Step into a member (index < 0) or an item of it, and back out to the mark
 * that entering returned. */
size_t schema_read_enter(struct schema_reader *r, const char *key, int index);
void schema_read_leave(struct schema_reader *r, size_t mark);

/* The nearest of the words (NULL at the end) that could have been meant, or
 * NULL when none is near. */
const char *schema_nearest(const char *word, const char *const *words);

/* j must be an object with no other members than keys (NULL at the end);
 * false only when it is no object. */
bool schema_read_keys(struct schema_reader *r, const struct json *j,
	const char *const *keys);

/* A text owned by the caller.  Absent: NULL, with a complaint if required. */
char *schema_read_text(struct schema_reader *r, const struct json *j,
	const char *key, bool required, size_t max_bytes);
/* A name [a-z][a-z0-9_]{0,30}, never NULL: "" stands for one that is missing;
 * a bad one is complained about and returned. */
char *schema_read_name(struct schema_reader *r, const struct json *j,
	const char *key);
/* The same where it may be absent: then NULL. */
char *schema_read_name_if(struct schema_reader *r, const struct json *j,
	const char *key);
bool schema_is_name(const char *text);
/* As the definitions call it: "date". */
const char *schema_type_name(enum value_type type);

bool schema_read_bool(struct schema_reader *r, const struct json *j,
	const char *key, bool otherwise);
/* min..max, both included. */
int schema_read_int(struct schema_reader *r, const struct json *j,
	const char *key, int min, int max, int otherwise);
/* The place of the member's text among words; otherwise when it is absent
 * (required when otherwise < 0; then 0 stands in). */
int schema_read_choice(struct schema_reader *r, const struct json *j,
	const char *key, const char *const *words, int otherwise);
/* One lower-case letter or digit, but not q, which goes back wherever keys are
 * offered; 0 when absent. */
char schema_read_key(struct schema_reader *r, const struct json *j,
	const char *key);
/* {"zh": "...", "en": "..."}, both required. */
void schema_read_label(struct label *out, struct schema_reader *r,
	const struct json *j, const char *key, bool required,
	size_t max_bytes);
/* A list of texts, owned by the caller, each at most a label long. */
char **schema_read_texts(size_t *count, struct schema_reader *r,
	const struct json *j, const char *key, size_t max_count);

/*
 * A list of objects: an array of count zeroed items of size bytes, each filled
 * by read, which finds the reader at the item and ctx as given; items that are
 * no objects are left out.  NULL and 0 when the member is absent or no list.
 */
void *schema_read_items(size_t *count, struct schema_reader *r,
	const struct json *j, const char *key, size_t max_count, size_t size,
	void (*read)(struct schema_reader *r, const struct json *item,
	    void *out, void *ctx),
	void *ctx);

#endif
