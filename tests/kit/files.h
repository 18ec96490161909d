#ifndef KIT_FILES_H
#define KIT_FILES_H

/*
 * Whole folders, with all below them; each fails the test when it cannot.
 */
void files_copy(const char *from, const char *to);	/* one file */
void files_copy_folder(const char *from, const char *to);
void files_remove(const char *path);	/* a file or a folder; none: nothing */

#endif
