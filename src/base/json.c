/*
 * JSON.  The only door to cJSON: struct json is never defined, a pointer to
 * one is a pointer to a cJSON node.  Reading is json_scan's, which has to read
 * all of it anyway; printing is ours, because cJSON rounds numbers above 10^15,
 * passes broken UTF-8 on, and is slow.
 *
 * A line of a push makes a hundred nodes and texts, read once and given back:
 * what one reading makes lies in one block, or a few of a large document.
 */
#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"

#define INTEGER_LIMIT 1e15	/* below it a double holds every integer */

/* ---- memory ---- */

enum { BLOCK_MAX = 64 * 1024 };

struct block {
	struct block *next;	/* of one tree, from the first one on */
	struct block *last;	/* of the first: where there is room */
	size_t size, used;
	bool loose;	/* of the first: something of the tree lies elsewhere */
	max_align_t room[];
};

/* Before each piece: the first block of its tree, NULL if it is alone. */
union head {
	struct block *block;
	max_align_t align;
};

static _Thread_local struct block *reading;

static struct block *
block_new(size_t size)
{
	struct block *b = mem_resize(NULL, sizeof *b + size, 1);

	*b = (struct block){ .size = size };
	b->last = b;
	return b;
}

static void
blocks_free(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

static union head *
take_of(struct block *first, size_t need)
{
	struct block *b = first->last;
	union head *h;

	if (need > b->size - b->used) {
		b->next = block_new(need > BLOCK_MAX ? need : BLOCK_MAX);
		first->last = b = b->next;
	}
	h = (union head *)((char *)b->room + b->used);
	b->used += need;
	return h;
}

/* What is read lies together; what is made is alone. */
static void *
take(size_t bytes)
{
	size_t units = (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t);
	size_t need = sizeof(union head) + units * sizeof(max_align_t);
	union head *h = reading ? take_of(reading, need) :
		mem_resize(NULL, need, 1);

	h->block = reading;
	return h + 1;
}

static union head *
head_of(const void *piece)
{
	return (union head *)piece - 1;
}

/* The first piece of the first block is the root of its tree, which cJSON gives
 * back last; nothing of the blocks is needed then. */
static void
give(void *piece)
{
	union head *h;

	if (!piece)
		return;
	h = head_of(piece);
	if (!h->block)
		free(h);
	else if ((void *)h == (void *)h->block->room)
		blocks_free(h->block);
}

static void
set_hooks(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){ take, give });
}

/* Before the first piece is made. */
static void
use_blocks(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, set_hooks);
}

/* Nodes are some times as large as what they are read from.  The root always
 * fits: it gives the blocks back. */
static struct block *
block_for(size_t len)
{
	return block_new(sizeof(union head) + sizeof(cJSON) +
		(len < BLOCK_MAX / 8 ? 8 * len : BLOCK_MAX));
}

/* Something that lies elsewhere is put into it. */
static void
loosen(const void *container)
{
	struct block *b = head_of(container)->block;

	if (b)
		b->loose = true;
}

/* ---- reading ---- */

static cJSON *
node(const struct json *j)
{
	return (cJSON *)j;
}

/* A new node; cJSON answers NULL only when there is no memory. */
static struct json *
made(cJSON *item)
{
	if (!item)
		mem_exhausted();
	return (struct json *)item;
}

/* A tree being made of what json_scan() reads. */
struct reader {
	cJSON *root;
	cJSON *open[JSON_DEPTH_MAX];	/* the containers around what comes */
	size_t depth;
	char *name;			/* of the value that comes */
};

static char *
read_text(const struct json_raw *raw)
{
	char *text = take(raw->len + 1);
	size_t len = raw->len;

	if (raw->escaped)
		len = json_unescape(text, raw);
	else
		memcpy(text, raw->at, len);
	text[len] = '\0';
	return text;
}

/* As cJSON links them: the first one's prev is the last. */
static cJSON *
read_node(struct reader *r, int type)
{
	cJSON *item = take(sizeof *item);
	cJSON *above = r->depth > 0 ? r->open[r->depth - 1] : NULL;
	cJSON *first = above ? above->child : NULL;

	*item = (cJSON){ .type = type, .string = r->name, .prev = item };
	r->name = NULL;
	if (first) {
		item->prev = first->prev;
		first->prev->next = item;
		first->prev = item;
	} else if (above) {
		above->child = item;
	} else {
		item->prev = NULL;
		r->root = item;
	}
	return item;
}

static void
on_open(void *self, bool object)
{
	struct reader *r = self;

	r->open[r->depth] = read_node(r, object ? cJSON_Object : cJSON_Array);
	r->depth++;
}

static void
on_close(void *self)
{
	struct reader *r = self;

	r->depth--;
}

static void
on_name(void *self, const struct json_raw *name)
{
	struct reader *r = self;

	r->name = read_text(name);
}

static void
on_text(void *self, const struct json_raw *text)
{
	/* the root is the first piece of its block, so a node comes first */
	cJSON *item = read_node(self, cJSON_String);

	item->valuestring = read_text(text);
}

static void
on_number(void *self, double n)
{
	cJSON *item = read_node(self, cJSON_Number);

	(void)cJSON_SetNumberHelper(item, n);
}

static void
on_word(void *self, enum json_word word)
{
	static const int types[] = { [JSON_TRUE] = cJSON_True,
		[JSON_FALSE] = cJSON_False, [JSON_NULL] = cJSON_NULL };
	cJSON *item = read_node(self, types[word]);

	item->valueint = word == JSON_TRUE;
}

enum status
json_parse(struct json **out, const char *text, size_t len, size_t max_bytes,
	struct err *err)
{
	struct reader r = {0};
	const struct json_listener to = { &r, on_open, on_close, on_name,
		on_text, on_number, on_word };
	struct block *b;
	enum status s;

	if (len > max_bytes)
		return err_set(err, E_INVALID,
			tr("The JSON text is larger than %zu bytes."), max_bytes);
	use_blocks();
	reading = b = block_for(len);
	s = json_scan(text, len, &to, err);
	reading = NULL;
	if (!s) {
		*out = (struct json *)r.root;
		return E_OK;
	}
	blocks_free(b);
	return s;
}

void
json_free(struct json *j)
{
	struct block *b = j ? head_of(j)->block : NULL;

	if (b && (void *)head_of(j) == (void *)b->room && !b->loose)
		blocks_free(b);
	else
		cJSON_Delete(node(j));
}

struct json *
json_get(const struct json *object, const char *name)
{
	if (!json_is_object(object))
		return NULL;
	/* Definitions ask for twenty names where an object has five: most are
	 * told apart by their first byte. */
	for (cJSON *m = node(object)->child; m; m = m->next) {
		if (m->string[0] == name[0] && strcmp(m->string, name) == 0)
			return (struct json *)m;
	}
	return NULL;
}

const char *
json_text(const struct json *j)
{
	return cJSON_IsString(node(j)) ? node(j)->valuestring : NULL;
}

const char *
json_get_text(const struct json *object, const char *name)
{
	return json_text(json_get(object, name));
}

bool
json_int(const struct json *j, int64_t *out)
{
	if (!cJSON_IsNumber(node(j)))
		return false;
	double value = node(j)->valuedouble;
	if (!(fabs(value) < INTEGER_LIMIT) || floor(value) != value)
		return false;
	*out = (int64_t)value;
	return true;
}

bool
json_get_int(const struct json *object, const char *name, int64_t *out)
{
	return json_int(json_get(object, name), out);
}

bool
json_is_true(const struct json *j)
{
	return cJSON_IsTrue(node(j));
}

bool
json_is_bool(const struct json *j)
{
	return cJSON_IsBool(node(j));
}

bool
json_is_object(const struct json *j)
{
	return cJSON_IsObject(node(j));
}

bool
json_is_array(const struct json *j)
{
	return cJSON_IsArray(node(j));
}

size_t
json_count(const struct json *j)
{
	size_t count = 0;

	for (const struct json *m = json_first(j); m; m = json_next(m))
		count++;
	return count;
}

struct json *
json_first(const struct json *j)
{
	return j ? (struct json *)node(j)->child : NULL;
}

struct json *
json_next(const struct json *item)
{
	return item ? (struct json *)node(item)->next : NULL;
}

const char *
json_name(const struct json *member)
{
	return member ? node(member)->string : NULL;
}

struct json *
json_object(void)
{
	use_blocks();
	return made(cJSON_CreateObject());
}

struct json *
json_array(void)
{
	use_blocks();
	return made(cJSON_CreateArray());
}

struct json *
json_string(const char *text)
{
	use_blocks();
	return made(cJSON_CreateString(text));
}

struct json *
json_number(int64_t n)
{
	use_blocks();
	assert(n > -(int64_t)INTEGER_LIMIT && n < (int64_t)INTEGER_LIMIT);
	return made(cJSON_CreateNumber((double)n));
}

struct json *
json_bool(bool b)
{
	use_blocks();
	return made(cJSON_CreateBool(b));
}

struct json *
json_copy(const struct json *j)
{
	return made(cJSON_Duplicate(node(j), true));
}

void
json_put(struct json *object, const char *name, struct json *value)
{
	assert(json_is_object(object) && value);
	loosen(object);
	bool put = json_get(object, name)
		? cJSON_ReplaceItemInObjectCaseSensitive(node(object), name,
			node(value))
		: cJSON_AddItemToObject(node(object), name, node(value));
	if (!put)
		mem_exhausted();
}

void
json_put_text(struct json *object, const char *name, const char *text)
{
	if (text)
		json_put(object, name, json_string(text));
}

void
json_put_int(struct json *object, const char *name, int64_t n)
{
	json_put(object, name, json_number(n));
}

void
json_put_bool(struct json *object, const char *name, bool b)
{
	json_put(object, name, json_bool(b));
}

void
json_push(struct json *array, struct json *value)
{
	assert(json_is_array(array) && value);
	loosen(array);
	cJSON_AddItemToArray(node(array), node(value));
}

static void
print_escape(struct buf *out, unsigned char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *known = c ? strchr(from, c) : NULL;

	if (known) {
		buf_char(out, '\\');
		buf_char(out, to[known - from]);
	} else {
		buf_printf(out, "\\u%04x", c);
	}
}

/* What needs no escape at all; false: nothing was printed. */
static bool
print_plain(struct buf *out, const char *text, size_t len)
{
	char *to;

	if (utf8_literal_len(text, len) < len)
		return false;
	to = buf_room(out, len + 2);
	if (!to)
		return true;
	to[0] = to[len + 1] = '"';
	memcpy(to + 1, text, len);
	buf_added(out, len + 2);
	return true;
}

/* Runs that need nothing are copied at once; a byte that is no UTF-8 becomes
 * U+FFFD, because the other side would refuse the whole document. */
void
json_print_string(struct buf *out, const char *text)
{
	size_t left = strlen(text);

	if (print_plain(out, text, left))
		return;
	buf_char(out, '"');
	while (left > 0) {
		size_t good = utf8_literal_len(text, left);

		buf_add(out, text, good);
		text += good;
		left -= good;
		if (left == 0)
			break;
		if ((unsigned char)*text >= 0x80)
			buf_text(out, "\xEF\xBF\xBD");
		else
			print_escape(out, (unsigned char)*text);
		text++;
		left--;
	}
	buf_char(out, '"');
}

static void
print_number(struct buf *out, const cJSON *item)
{
	int64_t n = 0;

	if (json_int((const struct json *)item, &n))
		buf_printf(out, "%" PRId64, n);
	else
		buf_printf(out, "%.15g", item->valuedouble);
}

/* indent: blanks before this value's line, -1 for everything on one line. */
static void
new_line(struct buf *out, int indent)
{
	if (indent >= 0)
		buf_printf(out, "\n%*s", indent, "");
}

static void
print_value(struct buf *out, const cJSON *item, int indent)
{
	int inner = indent < 0 ? indent : indent + 2;

	if (cJSON_IsString(item)) {
		json_print_string(out, item->valuestring);
	} else if (cJSON_IsNumber(item)) {
		print_number(out, item);
	} else if (cJSON_IsBool(item)) {
		buf_text(out, cJSON_IsTrue(item) ? "true" : "false");
	} else if (cJSON_IsNull(item)) {
		buf_text(out, "null");
	} else {
		bool named = cJSON_IsObject(item);
		buf_char(out, named ? '{' : '[');
		for (const cJSON *m = item->child; m; m = m->next) {
			new_line(out, inner);
			if (named) {
				json_print_string(out, m->string);
				buf_text(out, indent < 0 ? ":" : ": ");
			}
			print_value(out, m, inner);
			if (m->next)
				buf_char(out, ',');
		}
		if (item->child)
			new_line(out, indent);
		buf_char(out, named ? '}' : ']');
	}
}

void
json_print(struct buf *out, const struct json *j)
{
	print_value(out, node(j), -1);
}

void
json_print_pretty(struct buf *out, const struct json *j)
{
	print_value(out, node(j), 0);
}
