#ifndef KIT_STORY_H
#define KIT_STORY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whatever happens, they come to agree: three caches of one office, one of
 * another and one of the county work at random against one server over a line
 * that loses, cuts and repeats, with disks that fail or lose a row, programs
 * that die, roles that change, caches that are copied and records that change
 * their office, computers that are erased by order and registered anew
 * (kit/mishaps.h).  Then the line becomes good, all sync until nothing moves,
 * and
 *
 * 1. all caches equal the ledger, record by record;
 * 2. each operation has one verdict and took effect once;
 * 3. every value ever entered is in a record, in the history, in a question
 *    or among what was refused;
 * 4. the bytes of every attachment are at the server, and what was attached;
 * 5. what changed its office is, with what belongs to it and its persons,
 *    where it was accepted last, and nowhere else (kit/township_moved.h);
 * 6. a group holds what somebody saw together, and what is withdrawn is what
 *    somebody saw when withdrawing it;
 * 7. a paper number that somebody saw is registered, and of two records that
 *    have the same one a person typed at least one from the paper book; what
 *    a cache may still give is leased to it alone;
 * 8. what somebody replaced does not come back by itself, and what a cache takes
 *    for done it holds (kit/succession.h);
 * 9. what the county had erased is known to nobody (kit/erasures.h), which is
 *    the only way out of 3.
 *
 * A seed tells the whole story.  Each step has its chances from the seed and
 * its own number, so that a story with a step left out is otherwise the same
 * one, and a long one that fails can be shortened.
 */
enum { STORY_STEPS_MAX = 2000 };

struct story {
	uint64_t seed;
	unsigned steps;			/* 1..STORY_STEPS_MAX */
	bool without[STORY_STEPS_MAX];	/* steps left out */
	bool described;			/* hold all that goes over the line
					 * against openapi.json */
	int trace;			/* file for what happens, written
					 * before each step, so that it is there
					 * however the process ends; -1: none */
};

/* Play it in this process, once: returns when all is well, otherwise prints
 * what is wrong to standard error and ends the process.  The trace begins each
 * step with a sum of all that went over the line so far: two runs of a seed
 * that do not have the same trace are not the same story. */
void story_play(const struct story *story);

#endif
