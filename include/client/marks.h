#ifndef CLIENT_MARKS_H
#define CLIENT_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"

/* The rows that were marked in a list, by the ids of their records: they stay
 * marked when the filter changes, so that several filters can be gathered. */
struct marks {
	struct uuid *ids;	/* owned, sorted */
	size_t count;
};

void marks_release(struct marks *m);
bool marks_has(const struct marks *m, const struct uuid *id);
void marks_set(struct marks *m, const struct uuid *id, bool marked);
void marks_add_all(struct marks *m, const struct uuid *ids, size_t count);
void marks_drop_all(struct marks *m, const struct uuid *ids, size_t count);
/* All of these, or, when all of them are marked, none of them. */
void marks_toggle_all(struct marks *m, const struct uuid *ids, size_t count);

#endif
