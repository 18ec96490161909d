#ifndef CLIENT_RECORD_LINES_H
#define CLIENT_RECORD_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "client/app.h"
#include "core/record.h"
#include "core/schema.h"
#include "ui/canvas.h"

/* Lines of a page about a record. */
struct record_line {
	enum record_line_kind {
		RECORD_LINE_BLANK,
		RECORD_LINE_HEAD,	/* text: a heading */
		RECORD_LINE_TEXT,	/* text: a sentence */
		RECORD_LINE_FIELD,	/* label and value, perhaps two */
		RECORD_LINE_LINK,	/* text: opens target */
	} kind;
	enum canvas_role role;
	char *text;			/* owned, also the first value */
	const char *label;		/* lent by the schema */
	const char *field;		/* to edit; NULL none */
	char *text2;			/* owned */
	const char *label2;
	struct uuid target;		/* zero: none */
	bool scan;			/* which is an attachment */
};

struct record_lines {
	struct record_line *items;
	size_t count;
	bool whole;		/* id numbers are not masked; stays as it is
				 * when the lines are built anew */
	bool proposed;		/* a measure is proposed for it */
	bool asked;		/* a conflict is open and not answered here */
};

void record_lines_release(struct record_lines *l);
/* For the parts of a page: a heading with a blank before it, a sentence, a
 * value in as many lines as it needs (label lent; field to edit, or NULL). */
void record_lines_head(struct record_lines *l, const char *text);
/* A heading with what stands in the columns of the lines below it, as wide as
 * they are; blank where the heading is. */
void record_lines_heads(struct record_lines *l, const char *text,
	const char *heads);
void record_lines_text(struct record_lines *l, enum canvas_role role,
	const char *text);
/* One that opens a record. */
void record_lines_link(struct record_lines *l, enum canvas_role role,
	const char *text, const struct uuid *target);
void record_lines_value(struct record_lines *l, const char *label,
	const char *field, enum canvas_role role, const char *text);
/* Another value beside the last one, which is short as well; false: it has no
 * room. */
bool record_lines_join(struct record_lines *l, const char *label,
	const char *text);
/* Paint one line; now: the marker stands on it. */
void record_lines_paint(struct canvas *c, int row, int cols,
	const struct record_line *line, bool now);
bool record_lines_can_stand(const struct record_line *line);

#endif
