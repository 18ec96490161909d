#ifndef CLIENT_ASKPAGE_H
#define CLIENT_ASKPAGE_H

#include <stdbool.h>

#include "base/json.h"
#include "client/listpage.h"

/*
 * A page that is a list of what only the server knows (client/app_ask): asked
 * when the page opens and after whatever was done, kept nowhere.  Without a
 * line, or when it is refused, one sentence says so and there are no rows.  A
 * page of ours is a struct whose first member is struct askpage.
 */
struct app;
struct askpage;

/* A page's own actions are 1..699, its keys have askpage_keymap behind them.
 * page: fill, title_of, act, message and release are those of askpage. */
enum { ASKPAGE_AGAIN = 700 };
extern const struct keymap askpage_keymap;

struct askpage_kind {
	struct listpage_kind page;
	const char *path;		/* "/v1/people" */
	const char *list;		/* member of the answer */
	const char *key;		/* member of an item: which one it is */
	/* The cells and the role of its row. */
	void (*row)(struct askpage *p, struct rows_row *row,
		const struct json *item);
	/* An action of its keys; item: the selected one, NULL none. */
	enum view_answer (*act)(struct askpage *p, int action,
		const struct json *item);
};

typedef void askpage_done(struct askpage *p, const struct json *answer);

struct askpage {
	struct listpage page;		/* first */
	const struct askpage_kind *kind;
	struct json *answer;		/* owned; NULL: none, or none any more */
	char said[ERR_MSG_MAX];		/* why there is none */
	/* what is to be done once somebody says yes, or is being done */
	const char *path, *good;	/* borrowed; msgid, NULL none */
	struct json *body;		/* owned */
	askpage_done *done;		/* may be NULL */
};

void askpage_push(struct app *app, struct askpage *p,
	const struct askpage_kind *kind);
/* Ask anew. */
void askpage_again(struct askpage *p);
/* A text of an item, "" when it has none. */
const char *askpage_get(const struct json *item, const char *member);

/*
 * Do what path says with this body (taken).  When it is done: done, then good
 * (a msgid) on the message line, and the list is asked for again.
 * question NULL: at once; else somebody says y first.
 */
void askpage_do(struct askpage *p, const char *question, const char *path,
	struct json *body, const char *good, askpage_done *done);

void askpage_fill(struct listpage *p);
void askpage_title(const struct listpage *p, struct buf *out);
enum view_answer askpage_act(struct listpage *p, int action, size_t item);
enum canvas_role askpage_message(const struct listpage *p, struct buf *out);
void askpage_release(struct listpage *p);

/* "2026-11-22", "never". */
void askpage_day(struct rows_row *row, size_t cell, const struct json *item,
	const char *member);
/* An item's text into a cell. */
void askpage_text(struct rows_row *row, size_t cell, const struct json *item,
	const char *member);

#endif
