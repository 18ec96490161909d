#ifndef BASE_UUID_H
#define BASE_UUID_H

#include <stdbool.h>
#include <stdint.h>

/* Record ids: UUIDv7 (RFC 9562), 16 bytes in databases, 36 characters in JSON
 * and on the command line.  The time part is for locality only. */
struct uuid {
	uint8_t b[16];
};

#define UUID_TEXT_MAX 37	/* with the NUL */

struct uuid uuid_new(void);
bool uuid_parse(struct uuid *out, const char *text);	/* false: not a UUID */
void uuid_print(char out[UUID_TEXT_MAX], const struct uuid *id);
bool uuid_is_zero(const struct uuid *id);
int uuid_compare(const struct uuid *a, const struct uuid *b);

/* A stable id made of a namespace and a name (UUIDv8, SHA-256 inside): the
 * same input gives the same id on every machine. */
struct uuid uuid_named(const char *space, const char *name);

#endif
