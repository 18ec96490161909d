#ifndef CLIENT_RECORD_PAGE_H
#define CLIENT_RECORD_PAGE_H

#include "client/record_lines.h"

/*
 * A record's page: who it is, what stands out, the filled fields by the pages of
 * its form, and what belongs to it (client/record_related.h).  Built anew; the
 * lines before are released.
 */
void record_page_lines(struct record_lines *l, const struct app *app,
	const struct schema_register *reg, const struct record *r);

#endif
