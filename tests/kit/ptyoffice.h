#ifndef KIT_PTYOFFICE_H
#define KIT_PTYOFFICE_H

#include "kit/playoffice.h"
#include "kit/vtest.h"

/* The program in a terminal, on an office of its own (kit/playoffice). */
struct ptyoffice {
	struct vtest t;
	char home[64];
	char *program;			/* its path */
	char *home_is;			/* "FENGQIAO_HOME=..." */
};

void ptyoffice_make(struct ptyoffice *p);
/* The program in Chinese; env is ours. */
void ptyoffice_start(struct ptyoffice *p, const struct vtest_options *o);
/* Everything away, the program too. */
void ptyoffice_unmake(struct ptyoffice *p);

/* Sees the text, or shows the screen and fails. */
void ptyoffice_see(struct ptyoffice *p, const char *text);
void ptyoffice_type(struct ptyoffice *p, const char *text);
/* The first sign-in of its user, up to the first screen. */
void ptyoffice_sign_in(struct ptyoffice *p);
/* From there to the name in a new person's form. */
void ptyoffice_new_name(struct ptyoffice *p);
/* Tab until the cursor stands in the row with this label. */
void ptyoffice_go(struct ptyoffice *p, const char *label);

/* What is on disk of forms in progress: one draft, with this text in a field.
 * It may come while the program runs. */
void ptyoffice_draft(struct ptyoffice *p, const char *field, const char *text);

#endif
