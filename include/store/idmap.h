#ifndef STORE_IDMAP_H
#define STORE_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"

/*
 * Record ids to small numbers (places in an array).  Open addressing; the
 * last bytes of a UUID are random or a hash, so they are the hash.
 */
struct idmap {
	struct idmap_slot {
		struct uuid id;
		uint32_t value;
		bool used;
	} *slots;		/* owned; a power of two of them, or none */
	size_t size, count;
};

#define IDMAP_NONE UINT32_MAX

uint32_t idmap_get(const struct idmap *m, const struct uuid *id);
/* It will be asked for soon: let memory come meanwhile. */
void idmap_ahead(const struct idmap *m, const struct uuid *id);
void idmap_set(struct idmap *m, const struct uuid *id, uint32_t value);
void idmap_drop(struct idmap *m, const struct uuid *id);	/* if there */
void idmap_release(struct idmap *m);

#endif
