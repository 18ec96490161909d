/*
 * Members of JSON objects from outside.  The sentences name the member, which
 * is a word of ours, and never its value, which may be personal data.
 */
#include "core/member.h"

#include <string.h>

#include "base/tr.h"
#include "core/record.h"

enum status
member_wrong(struct err *err, const char *name)
{
	return err_set(err, E_INVALID,
		tr("The member \"%s\" of the message is not what it must be."),
		name);
}

/* Finds a member; a missing one is a failure only when it is needed. */
static enum status
find(struct json **out, const struct json *object, const char *name,
	enum member_need need, struct err *err)
{
	struct json *j = json_get(object, name);

	if (!j && need == MEMBER_NEEDED)
		return err_set(err, E_INVALID,
			tr("The member \"%s\" of the message is missing."),
			name);
	*out = j;
	return E_OK;
}

enum status
member_text(char *out, size_t size, const struct json *object,
	const char *name, enum member_need need, struct err *err)
{
	struct json *j = NULL;
	const char *text;
	size_t len;
	enum status s;

	s = find(&j, object, name, need, err);
	if (s || !j)
		return s;
	text = json_text(j);
	if (!text)
		return member_wrong(err, name);
	len = strlen(text);
	if (len >= size)
		return err_set(err, E_INVALID,
			tr("The member \"%s\" of the message is too long."),
			name);
	memcpy(out, text, len + 1);
	return E_OK;
}

enum status
member_int(int64_t *out, const struct json *object, const char *name,
	enum member_need need, struct err *err)
{
	struct json *j = NULL;
	int64_t n;
	enum status s;

	s = find(&j, object, name, need, err);
	if (s || !j)
		return s;
	if (!json_int(j, &n) || n < 0)
		return member_wrong(err, name);
	*out = n;
	return E_OK;
}

enum status
member_uuid(struct uuid *out, const struct json *object, const char *name,
	enum member_need need, struct err *err)
{
	struct json *j = NULL;
	struct uuid id;
	const char *text;
	enum status s;

	s = find(&j, object, name, need, err);
	if (s || !j)
		return s;
	text = json_text(j);
	if (!text || !uuid_parse(&id, text))
		return member_wrong(err, name);
	*out = id;
	return E_OK;
}

bool
member_is_name(const char *text)
{
	size_t len = 0;

	if (text[0] < 'a' || text[0] > 'z')
		return false;
	for (; text[len]; len++) {
		char c = text[len];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '_'))
			return false;
		if (len + 1 >= RECORD_NAME_MAX)
			return false;
	}
	return true;
}

bool
member_is_register(const char *text)
{
	return member_is_name(text[0] == '@' ? text + 1 : text) &&
	    strlen(text) < RECORD_NAME_MAX;
}
