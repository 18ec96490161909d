#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* The only door to time.  Instants ("_at") are milliseconds since 1970 UTC;
 * the office's wall clock is always +08:00, whatever the machine says. */

#define CLOCK_TEXT_MAX 26	/* "2026-03-02T09:11:05+08:00" and the NUL */

int64_t clock_now_at(void);
int64_t clock_mono_ms(void);	/* for timers; goes on during suspend */
/* For how long the machine has slept since it was started. */
int64_t clock_slept_ms(void);
int clock_today(void);		/* believed; day number in +08:00, see date.h */
int clock_day_of(int64_t at);	/* the +08:00 day of an instant */

/* "2026-03-02T09:11:05+08:00" and back; parse gives -1 for anything else. */
void clock_print(char out[CLOCK_TEXT_MAX], int64_t at);
int64_t clock_parse(const char *text);

/* "03-02 09:11", for screens. */
void clock_print_short(char out[12], int64_t at);

/*
 * A clock that stands before a time known to have been (the server's last one)
 * is not believed: from now on clock_today() and clock_believed_at() are never
 * before that instant; 0: none is known.  Nor is one that stood ms ahead of the
 * server when that was heard, until somebody sets it: so much is taken off.
 * clock_now_at() stays what the machine says, because differences are taken of
 * it.
 */
void clock_floor(int64_t at);
void clock_ahead(int64_t ms);
int64_t clock_believed_at(void);
/* How far the machine's clock stands before it; 0 within five minutes. */
int64_t clock_behind_ms(void);
int64_t clock_ahead_ms(void);	/* after it; 0 within five minutes */

/* A descriptor for poll(), readable when somebody has set the machine's clock
 * or the machine has slept, until it is taken; -1: the system cannot tell. */
int clock_alarm(void);
void clock_alarm_take(int fd);

/* For tests: from now on the wall clock stands at this instant (0: run on). */
void clock_fix(int64_t at);
/* And the clock of timers (0: run on): not where something waits for them. */
void clock_fix_mono(int64_t ms);
/* While that one stands: how long the machine has slept. */
void clock_fix_slept(int64_t ms);

#endif
