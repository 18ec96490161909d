#ifndef CLIENT_DUE_WORDS_H
#define CLIENT_DUE_WORDS_H

#include "base/buf.h"
#include "core/deadline.h"
#include "ui/canvas.h"

struct due_item;

/* A deadline in words; all append to out. */

/* "2026-03-05", with "≈" when it was counted without a holiday list. */
void due_words_day(struct buf *out, const struct due_item *item);
/* "today", "3 days over", "9 days left". */
void due_words_left(struct buf *out, const struct due_item *item, int today);
/* The article; what a county sets itself says so. */
void due_words_article(struct buf *out, const struct deadline_rule *rule);
/* "late", "today", "soon". */
const char *due_words_state(enum deadline_state state);
enum canvas_role due_words_role(enum deadline_state state);

#endif
