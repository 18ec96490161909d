/*
 * Lists on screens, in the trace.
 */
#include "client/traced.h"

#include "client/app.h"
#include "store/audit.h"

bool
traced_rows(struct app *app, enum audit_what what,
	const struct schema_register *reg, const struct uuid *ids,
	size_t count, const char *by)
{
	struct err err = ERR_INIT;

	if (!audit_list(app->cli->store, what, reg, ids, count, by, &err))
		return true;
	view_complain(&app->stack, &err);
	return false;
}
