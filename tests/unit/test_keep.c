/* What a screen remembers: sealed, each user's own, replaced, forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/db_number.h"
#include "kit/cache.h"
#include "store/inside.h"
#include "store/keep.h"

static const char *
kept(struct store *s, const char *name)
{
	static char text[200];
	struct err err = ERR_INIT;
	struct buf b;

	buf_init(&b, BUF_LINE_MAX);
	assert_int_equal(keep_get(&b, s, name, &err), E_OK);
	memcpy(text, b.data ? b.data : "", b.len);
	text[b.len] = '\0';
	buf_release(&b);
	return text;
}

static void
put(struct store *s, const char *name, const char *text)
{
	struct err err = ERR_INIT;

	assert_int_equal(keep_put(s, name, text, &err), E_OK);
}

static void
a_text_stays(void **state)
{
	struct cache *c = *state;
	struct err err = ERR_INIT;
	struct store *other;

	assert_string_equal(kept(c->s, "list person"), "");
	put(c->s, "list person", "name=张三\n");
	put(c->s, "list case", "sort -no\n");
	assert_string_equal(kept(c->s, "list person"), "name=张三\n");
	put(c->s, "list person", "name=李四\n");
	other = cache_open(c);
	assert_string_equal(kept(other, "list person"), "name=李四\n");
	put(other, "list person", "");
	assert_string_equal(kept(c->s, "list person"), "");
	assert_string_equal(kept(c->s, "list case"), "sort -no\n");
	store_lock(c->s);
	assert_int_equal(keep_put(c->s, "list case", "x", &err), E_AUTH);
	store_close(other);
}

static void
a_text_is_its_users_and_sealed(void **state)
{
	struct cache *c = *state;
	struct store_user other = *store_user(c->s);
	struct store_user before = other;
	struct err err = ERR_INIT;
	int64_t n = 0;

	put(c->s, "list person", "name=张三\n");
	assert_int_equal(db_number(&n, c->s->db, "SELECT count(*) FROM keep"
		" WHERE instr(keep, 'name') > 0", &err), E_OK);
	assert_int_equal(n, 0);
	memcpy(other.login, "li", 3);
	c->s->user = other;
	assert_string_equal(kept(c->s, "list person"), "");
	c->s->user = before;
	/* a row under another name does not open */
	assert_int_equal(db_exec(c->s->db, "UPDATE keep SET saved_at ="
		" saved_at + 1", &err), E_OK);
	assert_int_equal(keep_get(&(struct buf){0}, c->s, "list person", &err),
		E_INVALID);
}

int
main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, cache_set_up, \
	cache_tear_down)
	const struct CMUnitTest tests[] = {
		WITH(a_text_stays),
		WITH(a_text_is_its_users_and_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
