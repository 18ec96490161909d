#ifndef CORE_BUILTIN_H
#define CORE_BUILTIN_H

#include <stddef.h>

/* One definition file: its path below screens/ and its bytes (NUL-ended). */
struct def_file {
	const char *path;	/* "registers/person.json" */
	const char *text;
	size_t len;
};

/* The definitions this program was built with; made by builtin.sh. */
extern const struct def_file builtin_files[];
extern const unsigned long builtin_count;

#endif
