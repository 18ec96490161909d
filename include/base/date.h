#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>

/*
 * Calendar dates without a time zone (the offices live at +08:00).  A day is
 * the number of days since 1970-01-01 (negative before); text is always
 * "YYYY-MM-DD" (GB/T 7408).
 */
#define DATE_NONE (-2147483647)		/* "no date" */
#define DATE_TEXT_MAX 11		/* bytes with the NUL */

int date_from_ymd(int year, int month, int day);  /* DATE_NONE if no such day */
void date_to_ymd(int on, int *year, int *month, int *day);
int date_days_in_month(int year, int month);
int date_weekday(int on);			/* 1 Monday ... 7 Sunday */

/* Exactly "YYYY-MM-DD" and a real day, else DATE_NONE. */
int date_parse(const char *text);
void date_print(char out[DATE_TEXT_MAX], int on);	/* DATE_NONE: "" */

/* n months later; a day the month does not have becomes its last one. */
int date_add_months(int on, int months);

/*
 * A date in the forms people type, relative to today: 20240315, 240315,
 * 2024-3-15, 2024.3.15, 2024/3/15, 2024年3月15日, 3-15, 0315 and 3月15日 (this
 * year), 15 or 15日 (this month), today "." 今天 today, 昨天 前天 明天 后天,
 * +7, -1 (days), +2w +3m +1y or +2周 +3月 +1年, 周三 or wed (of this week, from
 * Monday), 上周三 last wed, 下周三 next wed.  Full-width digits and signs are
 * taken.  A time after a date
 * ("2024-3-15 0:00:00", as spreadsheets write it) is ignored.
 * DATE_NONE: none of them, or no such day.
 */
int date_parse_typed(const char *text, int today);

/* A spreadsheet's day number (1900 system, as WPS and Excel write it when a
 * cell lost its format): 25569 is 1970-01-01.  Only 5 digits between 20000
 * (1954) and 80000 (2119) are taken; otherwise DATE_NONE. */
int date_parse_serial(const char *text);

#endif
