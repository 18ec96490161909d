#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * One program of tests/fuzz is one door through which bytes of strangers come
 * in.  libFuzzer calls the two functions; besides what the sanitizers find, a
 * promise that does not hold ends the program.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was found is worth nothing when it is compiled out. */
#define MUST(what) do { \
	if (!(what)) { \
		fprintf(stderr, "%s:%d: must be: %s\n", __FILE__, __LINE__, \
		    #what); \
		abort(); \
	} \
} while (0)

#endif
