/* The sentences of the tests of sync; see township_say.h. */
#include "kit/township_say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "kit/cache.h"
#include "store/conflict.h"
#include "store/save.h"

int
say_set_up(void **state)
{
	struct township *t = mem_alloc(1, sizeof *t);

	township_open(t);
	*state = t;
	return 0;
}

int
say_tear_down(void **state)
{
	struct township *t = *state;

	township_close(t);
	free(t);
	return 0;
}

void
say_sync(struct site *site)
{
	struct err err = ERR_INIT;

	if (site_sync(site, NULL, &err))
		fail_msg("%s", err.msg);
}

void
say_set(struct site *site, const struct uuid *id, const char *values)
{
	struct err err = ERR_INIT;

	township_tick(1000);
	if (cache_change(site->s, id, values, &err))
		fail_msg("%s", err.msg);
}

struct uuid
say_add(struct site *site, const char *values)
{
	township_tick(1000);
	return cache_add(site->s, "matter", values);
}

void
say_withdraw(struct site *site, const struct uuid *id, const char *why)
{
	struct err err = ERR_INIT;

	township_tick(1000);
	if (save_remove(site->s, id, why, &err))
		fail_msg("%s", err.msg);
}

void
say_all(struct township *t, const struct uuid *id, const char *field,
	const char *text)
{
	for (size_t i = 0; i < t->count; i++)
		assert_string_equal(cache_value(t->sites[i]->s, id, field),
			text);
}

void
say_well(struct township *t)
{
	struct buf faults;

	township_settle(t);
	buf_init(&faults, BUF_BATCH_MAX);
	township_faults(&faults, t);
	if (faults.len > 0)
		fail_msg("%s", faults.data);
	buf_release(&faults);
}

struct outbox_counts
say_counts(struct site *site)
{
	struct outbox_counts c = {0};
	struct err err = ERR_INIT;

	if (outbox_count(&c, site->s, &err))
		fail_msg("%s", err.msg);
	return c;
}

void
say_ask(struct township *t, size_t count)
{
	for (size_t i = 0; i < t->count; i++)
		assert_int_equal(say_counts(t->sites[i]).conflicts, count);
}

void
say_resolve(struct site *site, const char *text)
{
	struct conflict_list l = {0};
	struct values chosen = {0};
	struct err err = ERR_INIT;

	township_tick(1000);
	if (conflict_list(&l, site->s, NULL, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(l.count, 1);
	for (size_t i = 0; i < l.items[0].count; i++)
		values_set(&chosen, l.items[0].fields[i].field, text);
	if (save_resolve(site->s, &l.items[0].id, &chosen, &err))
		fail_msg("%s", err.msg);
	values_release(&chosen);
	conflict_list_release(&l);
}

size_t
say_refused(struct site *site)
{
	struct outbox_list l = {0};
	struct err err = ERR_INIT;
	size_t count;

	if (outbox_list(&l, site->s, OUTBOX_REFUSED, NULL, &err))
		fail_msg("%s", err.msg);
	count = l.count;
	for (size_t i = 0; i < l.count; i++)
		assert_true(l.items[i].why[0] != '\0');
	outbox_list_release(&l);
	return count;
}

bool
say_remembers(struct township *t, const char *text)
{
	struct buf all;
	bool found;

	buf_init(&all, BUF_BATCH_MAX);
	township_memory(&all, t);
	found = strstr(all.data, text) != NULL;
	buf_release(&all);
	return found;
}

struct say_pair
say_pair(struct township *t)
{
	struct say_pair p = { township_site(t, OFFICE_ONE, "u1", NULL),
		township_site(t, OFFICE_ONE, "u1b", NULL), {{0}} };

	p.id = say_add(p.a, "title=first;note=begin");
	say_sync(p.a);
	say_sync(p.b);
	return p;
}
