#ifndef BASE_NOTICE_H
#define BASE_NOTICE_H

/*
 * To hear of it when some process, also our own, writes into a file.
 */

/* A descriptor for poll(), readable after a write until it is taken; -1: the
 * file is not there, or the system cannot tell. */
int notice_open(const char *path);
void notice_take(int fd);

#endif
