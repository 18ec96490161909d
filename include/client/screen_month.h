#ifndef CLIENT_SCREEN_MONTH_H
#define CLIENT_SCREEN_MONTH_H

#include <stdbool.h>

struct app;
struct schema_register;
struct uuid;

/*
 * The tasks of the month (本月任务): all records of a register against the
 * tasks that its rules give, to be marked and done together; or one record's
 * own list.
 */
void screen_month_push(struct app *app, const struct schema_register *reg);
void screen_month_one_push(struct app *app,
	const struct schema_register *reg, const struct uuid *id);
/* From home: the register's, or a choice when several have tasks. */
void screen_month_choose(struct app *app);

/* Is there one that this user may read? */
bool screen_month_any(const struct app *app);

#endif
