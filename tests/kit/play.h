#ifndef KIT_PLAY_H
#define KIT_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

/*
 * A township played from a script: people of several roles enter records, fill
 * them in and move them on, each through the same saving as the forms.  Made
 * up, and the same every time: what is left to chance comes from a seed.
 *
 *   as ROLE                     who works from here on
 *   add REGISTER [NAME] F=V ... a record; NAME is what @NAME means later
 *   for OFFICE REGISTER ...     "add", by a county for that office
 *   set NAME F=V ...
 *   move NAME STATE F=V ...
 *   drop NAME WHY               withdraw
 *   repeat N ... end            with everything in it anew
 *   state NAME STATE            what must be so at the end, like:
 *   due NAME RULE late|today|soon
 *   free NAME RULE              this is not due
 *   count REGISTER N            so many are alive
 *
 * Words of a value, which holds no blank ('~' stands for one):
 *   @NAME  $d-3 $d0 $d+5 (a day from today)  $d-30..-10 (one of these)
 *   $t-3.0930 (the time on that day)  $h-5 (hours ago)  $y (this year)
 *   $m (this month, 2026-11)  $name $id $village $(one|of|these)  $n (a number
 *   that grows)
 */
struct play_host {
	void *self;
	/* Somebody of this role sits down where they work; what others entered
	 * before is there. */
	enum status (*sit)(void *self, struct store **out, const char *role,
		struct err *err);
	/* One more thing is wrong. */
	void (*say)(void *self, const char *words);
};

struct play_result {
	size_t entered, moved;		/* records, steps */
	size_t faults;
};

/* Errors: E_NOTFOUND, E_IO, the script; what is wrong in it is said and
 * counted. */
MUST_CHECK enum status play_run(struct play_result *out,
	const struct play_host *host, const char *path, struct err *err);

#endif
