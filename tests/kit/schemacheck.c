/* A schema's words, each by a function; see schemacheck.h. */
#include "kit/schemacheck.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

enum { PATH_MAX_BYTES = 200, NAME_MAX_BYTES = 80, PATTERNS_MAX = 32 };

struct look {
	const struct json *document;
	char *why;		/* room for SCHEMACHECK_WHY_MAX */
	char path[PATH_MAX_BYTES];
};

static bool check(struct look *l, const struct json *schema,
	const struct json *value);

static bool
no(struct look *l, const char *what, const char *name)
{
	snprintf(l->why, SCHEMACHECK_WHY_MAX, "%s: %s %s",
		l->path[0] ? l->path : "here", what, name ? name : "");
	return false;
}

const struct json *
schemacheck_part(const struct json *document, const struct json *part)
{
	const char *ref = json_get_text(part, "$ref");

	while (ref) {
		const char *at = ref + strcspn(ref, "/");

		part = document;
		while (*at) {
			char name[NAME_MAX_BYTES] = "";
			size_t len = strcspn(++at, "/");

			if (len < sizeof name)
				memcpy(name, at, len);
			part = json_get(part, name);
			at += len;
		}
		ref = json_get_text(part, "$ref");
	}
	return part;
}

/* ---- one word each ---- */

static bool
is_type(struct look *l, const struct json *word, const struct json *value)
{
	const char *type = json_text(word);
	int64_t n;
	bool good = type &&
		((strcmp(type, "object") == 0 && json_is_object(value)) ||
		(strcmp(type, "array") == 0 && json_is_array(value)) ||
		(strcmp(type, "string") == 0 && json_text(value)) ||
		(strcmp(type, "boolean") == 0 && json_is_bool(value)) ||
		(strcmp(type, "integer") == 0 && json_int(value, &n)));

	return good || no(l, "is no", type);
}

static bool
has_all(struct look *l, const struct json *word, const struct json *value)
{
	for (struct json *n = json_first(word); n; n = json_next(n)) {
		if (!json_get(value, json_text(n)))
			return no(l, "lacks", json_text(n));
	}
	return true;
}

/* Members by their names, and what is to become of others. */
static bool
check_members(struct look *l, const struct json *schema,
	const struct json *value)
{
	const struct json *known = json_get(schema, "properties");
	const struct json *others = json_get(schema, "additionalProperties");
	size_t len = strlen(l->path);

	if (!json_is_object(value) || (!known && !others))
		return true;
	for (struct json *m = json_first(value); m; m = json_next(m)) {
		const struct json *own = json_get(known, json_name(m));

		snprintf(l->path + len, sizeof l->path - len, "/%.60s",
			json_name(m));
		if (!own && json_is_object(others))
			own = others;
		else if (!own && !json_is_true(others))
			return no(l, "is not described", "");
		if (own && !check(l, own, m))
			return false;
		l->path[len] = '\0';
	}
	return true;
}

static bool
check_items(struct look *l, const struct json *word, const struct json *value)
{
	size_t len = strlen(l->path);

	for (struct json *i = json_first(value); i; i = json_next(i)) {
		snprintf(l->path + len, sizeof l->path - len, "[]");
		if (!check(l, word, i))
			return false;
		l->path[len] = '\0';
	}
	return true;
}

static bool
check_limit(struct look *l, const char *name, const struct json *word,
	const struct json *value)
{
	int64_t limit = 0, n = 0;

	if (!json_int(word, &limit))
		return no(l, "is no limit:", name);
	if (strstr(name, "Items"))
		n = (int64_t)json_count(value);
	else if (strstr(name, "Length"))
		n = (int64_t)strlen(json_text(value) ? json_text(value) : "");
	else
		(void)json_int(value, &n);
	if (strncmp(name, "min", 3) == 0 ? n < limit : n > limit)
		return no(l, "is outside of", name);
	return true;
}

/* Compiled once: the same few are asked for with every line. */
static const regex_t *
compiled(const char *pattern)
{
	static struct {
		const char *pattern;
		regex_t regex;
	} known[PATTERNS_MAX];
	size_t i = 0;

	while (i < PATTERNS_MAX && known[i].pattern &&
	    strcmp(known[i].pattern, pattern) != 0)
		i++;
	if (i == PATTERNS_MAX || (!known[i].pattern && regcomp(
	    &known[i].regex, pattern, REG_EXTENDED | REG_NOSUB)))
		return NULL;
	known[i].pattern = pattern;
	return &known[i].regex;
}

static bool
check_pattern(struct look *l, const char *pattern, const char *text)
{
	const regex_t *r = pattern ? compiled(pattern) : NULL;

	if (!r)
		return no(l, "has no pattern:", pattern);
	return (text && regexec(r, text, 0, NULL, 0) == 0) ||
	    no(l, "is not like", pattern);
}

static bool
check_enum(struct look *l, const struct json *word, const struct json *value)
{
	const char *text = json_text(value);

	for (struct json *w = json_first(word); w; w = json_next(w)) {
		if (text && strcmp(json_text(w), text) == 0)
			return true;
	}
	return no(l, "is not one of those described:", text);
}

static bool
check_const(struct look *l, const struct json *word, const struct json *value)
{
	const char *is = json_text(value), *wanted = json_text(word);

	return (is && wanted && strcmp(is, wanted) == 0) ||
	    no(l, "is not", wanted);
}

/* The one whose "t" is the value's is the one meant. */
static bool
is_meant(struct look *l, const struct json *schema, const struct json *value)
{
	const char *t = json_get_text(value, "t");
	const char *own = json_get_text(json_get(json_get(
		schemacheck_part(l->document, schema),
		"properties"), "t"), "const");

	return t && own && strcmp(t, own) == 0;
}

static bool
check_one_of(struct look *l, const struct json *word, const struct json *value)
{
	char why[SCHEMACHECK_WHY_MAX] = "", *keep = l->why;
	size_t len = strlen(l->path);
	int fitting = 0;

	for (struct json *s = json_first(word); s; s = json_next(s)) {
		char mine[SCHEMACHECK_WHY_MAX] = "";

		l->why = mine;
		if (check(l, s, value))
			fitting++;
		else if (is_meant(l, s, value) || !why[0])
			memcpy(why, mine, sizeof why);
		l->path[len] = '\0';
	}
	l->why = keep;
	if (fitting != 1)
		memcpy(l->why, why, sizeof why);
	return fitting == 1;
}

/* ---- all of them ---- */

static bool
check_word(struct look *l, const char *name, const struct json *word,
	const struct json *value)
{
	static const char *const silent[] = { "description", "properties",
		"additionalProperties" };

	for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
		if (strcmp(name, silent[i]) == 0)
			return true;
	if (strcmp(name, "type") == 0)
		return is_type(l, word, value);
	if (strcmp(name, "required") == 0)
		return has_all(l, word, value);
	if (strcmp(name, "items") == 0)
		return check_items(l, word, value);
	if (strcmp(name, "pattern") == 0)
		return check_pattern(l, json_text(word), json_text(value));
	if (strcmp(name, "enum") == 0)
		return check_enum(l, word, value);
	if (strcmp(name, "const") == 0)
		return check_const(l, word, value);
	if (strcmp(name, "oneOf") == 0)
		return check_one_of(l, word, value);
	if (strcmp(name, "minItems") == 0 || strcmp(name, "maxItems") == 0 ||
	    strcmp(name, "maxLength") == 0 || strcmp(name, "minLength") == 0 || strcmp(name, "minimum") == 0 ||
	    strcmp(name, "maximum") == 0)
		return check_limit(l, name, word, value);
	return no(l, "a word that nobody looks at:", name);
}

static bool
check(struct look *l, const struct json *schema, const struct json *value)
{
	const struct json *own = schemacheck_part(l->document, schema);

	if (!own)
		return no(l, "is described nowhere:",
			json_get_text(schema, "$ref"));
	for (struct json *w = json_first(own); w; w = json_next(w)) {
		if (!check_word(l, json_name(w), w, value))
			return false;
	}
	return check_members(l, own, value);
}

bool
schemacheck(char why[SCHEMACHECK_WHY_MAX], const struct json *document,
	const struct json *schema, const struct json *value)
{
	struct look l = { .document = document, .why = why };

	return check(&l, schema, value);
}
