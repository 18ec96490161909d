/*
 * The compact form of records, as sealed rows hold it.
 *
 * A format number, the id, then numbers (7 bits a byte, least first) and texts
 * (length, bytes) in a fixed order.  What is stored by one program is refused,
 * not misread, by another that numbers its format differently.
 */
#include "core/record.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/tr.h"

enum { FORMAT = 1 };

static void
put_number(struct buf *out, uint64_t n)
{
	uint8_t bytes[10];
	size_t len = 0;

	while (n >= 0x80) {
		bytes[len++] = (uint8_t)(n | 0x80);
		n >>= 7;
	}
	bytes[len++] = (uint8_t)n;
	buf_add(out, bytes, len);
}

static void
put_text(struct buf *out, const char *text)
{
	size_t len = strlen(text);

	put_number(out, len);
	buf_add(out, text, len);
}

void
record_encode(struct buf *out, const struct record *r)
{
	assert(r->rev >= 0);
	buf_char(out, FORMAT);
	buf_add(out, r->id.b, sizeof r->id.b);
	put_text(out, r->reg);
	put_text(out, r->office);
	put_text(out, r->state);
	put_text(out, r->deleted ? r->deleted : "");
	put_text(out, r->created_by);
	put_text(out, r->updated_by);
	put_number(out, (uint64_t)r->rev);
	put_number(out, (uint64_t)r->created_at);
	put_number(out, (uint64_t)r->updated_at);
	put_number(out, r->values.count);
	for (size_t i = 0; i < r->values.count; i++) {
		put_text(out, r->values.items[i].name);
		put_text(out, r->values.items[i].text);
	}
}

/* Reading: once bad, always bad, so that one check at the end is enough. */
struct reader {
	const uint8_t *at, *end;
	bool bad;
};

static uint64_t
take_number(struct reader *in)
{
	uint64_t n = 0;

	for (unsigned int shift = 0; shift < 64; shift += 7) {
		uint8_t byte;

		if (in->bad || in->at == in->end)
			break;
		byte = *in->at++;
		n |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return n;
	}
	in->bad = true;
	return 0;
}

/* Bytes of a text of at most max bytes, without a NUL inside; lent. */
static const char *
take_bytes(struct reader *in, size_t max, size_t *len)
{
	uint64_t n = take_number(in);
	const char *text = (const char *)in->at;

	*len = 0;
	if (in->bad || n > max || n > (size_t)(in->end - in->at) ||
	    memchr(text, '\0', (size_t)n)) {
		in->bad = true;
		return "";
	}
	in->at += n;
	*len = (size_t)n;
	return text;
}

static void
take_place(struct reader *in, char *place, size_t size)
{
	size_t len;
	const char *text = take_bytes(in, size - 1, &len);

	memcpy(place, text, len);
	place[len] = '\0';
}

static void
take_values(struct reader *in, struct values *v)
{
	uint64_t count = take_number(in);

	if (count > RECORD_VALUES_MAX)
		in->bad = true;
	if (in->bad || count == 0)
		return;
	/* each text has its length before it here, and a NUL behind it there */
	values_expect(v, (size_t)count, (size_t)(in->end - in->at) + 1);
	while (!in->bad && v->count < count) {
		size_t name_len, len;
		const char *name, *text;

		name = take_bytes(in, RECORD_NAME_MAX - 1, &name_len);
		text = take_bytes(in, RECORD_VALUE_BYTES_MAX, &len);
		if (in->bad || name_len == 0 || len == 0 ||
		    !values_append(v, name, name_len, text, len))
			in->bad = true;
	}
}

enum status
record_decode(struct record *out, const void *bytes, size_t len,
	struct err *err)
{
	struct record r = {0};
	struct reader in = { .at = bytes, .end = (const uint8_t *)bytes + len };
	const char *why;
	size_t why_len = 0;

	if (len < 1 + sizeof r.id.b || *in.at != FORMAT)
		goto bad;
	memcpy(r.id.b, in.at + 1, sizeof r.id.b);
	in.at += 1 + sizeof r.id.b;
	take_place(&in, r.reg, sizeof r.reg);
	take_place(&in, r.office, sizeof r.office);
	take_place(&in, r.state, sizeof r.state);
	why = take_bytes(&in, RECORD_VALUE_BYTES_MAX, &why_len);
	if (why_len > 0)
		r.deleted = mem_strndup(why, why_len);
	take_place(&in, r.created_by, sizeof r.created_by);
	take_place(&in, r.updated_by, sizeof r.updated_by);
	r.rev = (int64_t)take_number(&in);
	r.created_at = (int64_t)take_number(&in);
	r.updated_at = (int64_t)take_number(&in);
	take_values(&in, &r.values);
	if (in.bad || in.at != in.end || r.rev < 0)
		goto bad;
	*out = r;
	return E_OK;
bad:
	record_release(&r);
	return err_set(err, E_INVALID,
		tr("A stored record cannot be read: it is damaged."));
}
