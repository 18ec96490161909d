#ifndef CLIENT_MONTH_WORDS_H
#define CLIENT_MONTH_WORDS_H

#include "base/buf.h"
#include "store/month.h"
#include "ui/canvas.h"

struct app;
struct values;

/* Tasks of a month in words; all append to out. */

/* "✓ 03-02", "✗ 03-31", "—". */
void month_words_cell(struct buf *out, const struct month_cell *cell);
enum canvas_role month_words_role(enum month_mark mark);
/* What stands above a column. */
const char *month_words_title(const struct deadline_rule *rule);
/* "2026-03". */
void month_words_month(struct buf *out, int month_on);

/* A new record that would do the task: its register (NULL: none, the record
 * itself says that it is done) and the values that make it count. */
const struct schema_register *month_words_child(const struct app *app,
	const struct deadline_rule *rule, struct values *preset);

/* The first day of the month by months later, no later than this one. */
int month_words_step(int month_on, int by, int today);

#endif
