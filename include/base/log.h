#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

/*
 * The log: one line an event on standard error (the server; systemd keeps it)
 * or into a file (the client's sync child).  Never data from a record, never a
 * name, an id number, a token: office codes, record ids and counts only.
 */
enum log_level { LOG_QUIET, LOG_WARN, LOG_NOTE, LOG_TRACE };

void log_start(const char *program, enum log_level level);
void log_write(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
