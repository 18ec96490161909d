#ifndef KIT_PLAYAPP_H
#define KIT_PLAYAPP_H

#include <stdint.h>

#include "base/tr.h"
#include "client/app.h"
#include "client/cli_open.h"
#include "ui/canvas.h"

/*
 * The screens without a terminal: an office in a folder of its own, a clock
 * that stands still, keys in, pictures out.
 */
struct playapp {
	struct cli cli;
	struct app app;
	struct canvas canvas;		/* 80x24 */
	char home[64];
	const char *series;		/* of its pictures: "app", "today" */
};

/* kit/playoffice's office, locked: the sign-in is on the screen. */
void playapp_open(struct playapp *p, enum tr_lang lang, int64_t now_at,
	const char *series);
/* The same, signed in. */
void playapp_start(struct playapp *p, enum tr_lang lang, int64_t now_at,
	const char *series);
/* The sign-in of playoffice's user. */
void playapp_sign_in(struct playapp *p);
/* Without any office in it; cli is the caller's to fill before app_init(). */
void playapp_prepare(struct playapp *p, enum tr_lang lang, int64_t now_at,
	const char *series);
void playapp_stop(struct playapp *p);

/* One press, without a picture; self: the struct playapp. */
void playapp_press(void *self, const struct press *press);
/* Keys of kit/screen.h, then the picture. */
void playapp_keys(struct playapp *p, const char *keys);
/* What the loop does every second, then the picture. */
void playapp_tick(struct playapp *p);
/* The picture is tests/screen/SERIES_NAME_LANG.screen. */
void playapp_expect(struct playapp *p, const char *name);

#endif
