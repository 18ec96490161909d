#ifndef KIT_LABELS_H
#define KIT_LABELS_H

#include "base/tr.h"
#include "kit/screen.h"

/* Labels on a picture: are they whole?  What is not is complained of at once,
 * and fails the test at its end, so that one run shows all there is to mend. */
enum { LABELS_COLS = 80, LABELS_ROWS = 24, LABELS_LANGUAGES = 2 };

extern const enum tr_lang labels_languages[LABELS_LANGUAGES];

/* Do these words, and no more, stand together in this role? */
bool labels_run(const struct canvas *c, enum canvas_role role,
	const char *words);
/* Does a label stand there whole, and alone?  Where the marker stands it is
 * marked itself. */
bool labels_has(const struct canvas *c, const char *label);
/* The first one shows the picture. */
void labels_complain(const struct canvas *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* At the end of a test: nothing was complained of. */
void labels_none_cut(void);

#endif
