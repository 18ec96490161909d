#ifndef CLIENT_SCREEN_CODE_H
#define CLIENT_SCREEN_CODE_H

struct app;

/* A code or a first password, once: large enough to be read aloud or copied by
 * hand, with what it is for (lines, each ending in '\n').  It is wiped when the
 * page is left, and is nowhere else. */
void screen_code_push(struct app *app, const char *title, const char *code,
	const char *lines);

#endif
