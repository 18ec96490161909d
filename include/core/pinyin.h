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

/*
 * Does what was typed match a text?  Letters match initials, whole syllables
 * or a beginning of the last one; hanzi match themselves; mixed; from any
 * character on.  0: no; 1: whole text; 2: its beginning; 3: inside.
 * For pickers and list filters; the lookup of persons has an engine of its own.
 */
int pinyin_match(const char *text, const char *typed);

#endif
