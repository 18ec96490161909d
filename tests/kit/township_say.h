#ifndef KIT_TOWNSHIP_SAY_H
#define KIT_TOWNSHIP_SAY_H

#include "kit/township.h"
#include "store/outbox.h"

/*
 * What a test of sync says happens in the township, and what must be so
 * afterwards; each fails the test when it is not so.  A second passes before
 * every entry.
 */

/* Values are "field=text;field=text". */
struct uuid say_add(struct site *site, const char *values);
void say_set(struct site *site, const struct uuid *id, const char *values);
void say_withdraw(struct site *site, const struct uuid *id, const char *why);
/* Answer the only open question with these words for all its fields. */
void say_resolve(struct site *site, const char *text);
void say_sync(struct site *site);

/* Two sites of one office that hold one matter, titled "first". */
struct say_pair {
	struct site *a, *b;
	struct uuid id;
};
struct say_pair say_pair(struct township *t);

/* All settle; then they are equal, and everything was judged once. */
void say_well(struct township *t);
/* The record says so everywhere. */
void say_all(struct township *t, const struct uuid *id, const char *field,
	const char *text);
/* So many open questions everywhere. */
void say_ask(struct township *t, size_t count);

struct outbox_counts say_counts(struct site *site);
/* How many operations were refused here; each must say why. */
size_t say_refused(struct site *site);
/* Is it anywhere in the ledger? */
bool say_remembers(struct township *t, const char *text);

int say_set_up(void **state);		/* a struct township */
int say_tear_down(void **state);

#define SAID(test) \
	cmocka_unit_test_setup_teardown(test, say_set_up, say_tear_down)

#endif
