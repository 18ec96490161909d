#ifndef CLIENT_SCREEN_TRAIL_H
#define CLIENT_SCREEN_TRAIL_H

struct app;
struct schema_register;
struct uuid;

/* A page with the trace of a record.  It shows at once what this cache has,
 * asks the server meanwhile, and says which of the two is seen. */
void screen_trail_push(struct app *app, const struct schema_register *reg,
	const struct uuid *id);
/* Who saw the record, from the county; for the head of the office and the
 * county. */
void screen_trail_push_who(struct app *app,
	const struct schema_register *reg, const struct uuid *id);

#endif
