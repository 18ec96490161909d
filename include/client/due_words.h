#ifndef CLIENT_DUE_WORDS_H
#define CLIENT_DUE_WORDS_H

#include "base/buf.h"
#include "core/deadline.h"
#include "ui/canvas.h"

struct due_item;
struct store;

/* A deadline in words; all append to out. */

/* "2026-03-05", with "≈" when it was counted without a holiday list. */
void due_words_day(struct buf *out, const struct due_item *item);
/* "today", "3 days over", "9 days left". */
void due_words_left(struct buf *out, const struct due_item *item, int today);
/* 日常报告, or what is proposed: 建议：警告. */
const char *due_words_title(const struct due_item *item);
/* The article; what a county sets itself says so. */
void due_words_article(struct buf *out, const struct deadline_rule *rule);
/* The article behind the item: of a proposal its own. */
void due_words_why(struct buf *out, const struct due_item *item);
/* What the record is called, with whose it is. */
void due_words_whose(struct buf *out, const struct store *s,
	const struct due_item *item);
/* "late", "today", "soon". */
const char *due_words_state(enum deadline_state state);
enum canvas_role due_words_role(enum deadline_state state);

#endif
