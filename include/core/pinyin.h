#ifndef CORE_PINYIN_H
#define CORE_PINYIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Readings of hanzi, toneless, v for u-umlaut.  The table is generated from
 * the Unihan database (Unicode licence, notice beside the table) by
 * gen_pinyin.py and a hand table of surnames.
 */
enum { PINYIN_READINGS_MAX = 8 };

/* utf8_fold(), and a traditional form becomes the usual one: 張偉 is 张伟. */
uint32_t pinyin_fold(uint32_t c);

/* Readings of a character as syllable numbers, best first; 0 if none. */
int pinyin_readings(uint16_t out[PINYIN_READINGS_MAX], uint32_t c);
/* The same for the k-th of a name's characters: a surname's (also a double
 * surname's) reading as a surname comes first. */
int pinyin_name_readings(uint16_t out[PINYIN_READINGS_MAX],
	const uint32_t *name, size_t len, size_t k);
const char *pinyin_text(uint16_t syllable);	/* "zhang" */

/* Initials of a name for storing: "zxm"; of several readings all, separated by
 * blanks, main one first, at most 8. */
void pinyin_initials(struct buf *out, const char *name);

/* Where a name stands by its first character: by syllable, then by the
 * character, so that one surname stays together.  0: no name. */
uint64_t pinyin_surname_order(const char *name);

/*
 * Does what was typed match a text?  Letters match initials, whole syllables
 * or a beginning of the last one; hanzi match themselves; mixed; from any
 * character on.  A blank or ' typed makes a syllable begin there; brackets,
 * dots, hyphens and blanks of the text do not count.  0: no; 1: whole text; 2:
 * its beginning; 3: inside.  Nothing typed: 2.  Only the first
 * PINYIN_TYPED_MAX characters typed count.
 * For pickers and list filters; the lookup of persons has an engine of its own.
 */
int pinyin_match(const char *text, const char *typed);

/*
 * For the lookup: how much of what was typed one syllable may take.
 */
enum { PINYIN_TYPED_MAX = 31 };

struct pinyin_typed {
	uint32_t c[PINYIN_TYPED_MAX];	/* folded characters, no fillers */
	size_t count;
	uint32_t cuts;	/* bit i: a syllable must begin at c[i] */
};

/* One way to type a syllable. */
struct pinyin_spelling {
	char text[8];
	uint16_t syllable;
	uint8_t accent;	/* 1: only as people of the south may hear it (l for n) */
};

/* All spellings that begin with a letter from a to z; lent, static. */
const struct pinyin_spelling *pinyin_spellings(size_t *count, char letter);
uint16_t pinyin_syllables(void);	/* numbers run from 1 to below this */

/* Where a syllable spelled so, typed from c[at] on, may end: bit j for the
 * place before c[j], j up to count.  0: it cannot be there. */
uint32_t pinyin_steps(const struct pinyin_typed *typed, size_t at,
	const char *spelling);

/* Characters that nobody types and no comparison counts: blanks, brackets,
 * dots of names, hyphens, apostrophes. */
bool pinyin_is_filler(uint32_t c);

#endif
