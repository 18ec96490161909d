/*
 * The log: one line an event, written with one call, so that lines of several
 * threads or processes do not mix.  What is said is filtered for terminals.
 */
#include "base/log.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/utf8.h"

#define LOG_TEXT_MAX 1000	/* bytes of one event; longer ones are cut */

/* The log handle: set once at start, before there are threads. */
static const char *log_program = "fengqiao";
static enum log_level log_level = LOG_WARN;

static const char *const level_names[] = {
	[LOG_QUIET] = "", [LOG_WARN] = "warning", [LOG_NOTE] = "note",
	[LOG_TRACE] = "trace",
};

void
log_start(const char *program, enum log_level level)
{
	log_program = program;
	log_level = level;
}

void
log_write(enum log_level level, const char *fmt, ...)
{
	char text[LOG_TEXT_MAX] = "";
	char now[CLOCK_TEXT_MAX];
	struct buf line = {0};
	va_list args;

	assert(level > LOG_QUIET && level <= LOG_TRACE);
	if (level > log_level)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);

	clock_print(now, clock_now_at());
	buf_init(&line, BUF_LINE_MAX);
	buf_printf(&line, "%s %s %s: ", now, log_program, level_names[level]);
	utf8_safe(&line, text);
	buf_char(&line, '\n');
	io_write_all(STDERR_FILENO, line.data, line.len);
	buf_release(&line);
}
