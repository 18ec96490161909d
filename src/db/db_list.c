/*
 * Rows as an array.
 */
#include "db/db_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum status
db_list(void **items, size_t *count, struct db_stmt *st, size_t size,
    void (*read)(void *item, struct db_stmt *st), struct err *err)
{
	char *all = NULL;
	size_t n = 0;

	for (;;) {
		bool row = false;
		enum status s = db_step(st, &row, err);

		if (s) {
			free(all);
			return s;
		}
		if (!row)
			break;
		all = mem_grow(all, n, size);
		memset(all + n * size, 0, size);
		read(all + n * size, st);
		n++;
	}
	*items = all;
	*count = n;
	return E_OK;
}
