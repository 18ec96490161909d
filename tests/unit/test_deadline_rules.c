/*
 * The rules that the programs are built with, one after another: what was
 * entered, the day, what is due then, and the article.  D1 to D31 are the
 * terms of the 社区矫正法 and its 实施办法 that screens/README.md lists.  The
 * holidays of 2025 and 2026 are known, later ones are not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/mem.h"
#include "core/builtin.h"
#include "core/deadline.h"

enum { CHILDREN_MAX = 6 };

#define LATER DEADLINE_LATER
#define SOON DEADLINE_SOON
#define TODAY DEADLINE_TODAY
#define LATE DEADLINE_LATE
#define NONE DEADLINE_NONE

struct row {
	const char *rule;		/* "correction_leave.back" */
	const char *event;
	const char *article;		/* a part of the rule's */
	const char *values;		/* "@state=out|to_on=2026-03-05" */
	const char *today;		/* "2026-03-05" or with "T14:30" */
	enum deadline_state state;
	const char *on;			/* "" nothing is due; with "T14:30" */
	const char *children[CHILDREN_MAX];	/* "register|@state=x|a=b" */
};

static const struct row rows[] = {
	{ "assessment.report", "D1, plain weeks", "第十四条",
	  "@state=working|fast=0|received_on=2026-03-02",
	  "2026-03-13", SOON, "2026-03-16", { NULL } },
	{ "assessment.report", "D1, not soon yet", "第十四条",
	  "@state=working|fast=0|received_on=2026-03-02",
	  "2026-03-09", LATER, "2026-03-16", { NULL } },
	{ "assessment.report", "D1, received on a Friday", "第十四条",
	  "@state=working|fast=0|received_on=2026-03-06",
	  "2026-03-20", TODAY, "2026-03-20", { NULL } },
	{ "assessment.report", "D1, over New Year, Sunday worked", "第十四条",
	  "@state=working|fast=0|received_on=2025-12-30",
	  "2026-01-15", LATE, "2026-01-14", { NULL } },
	{ "assessment.report", "D1, over Spring Festival", "第十四条",
	  "@state=working|fast=0|received_on=2026-02-06",
	  "2026-02-27", TODAY, "2026-02-27", { NULL } },
	{ "assessment.report", "D1, over Spring Festival 2025", "第十四条",
	  "@state=working|fast=0|received_on=2025-01-20",
	  "2025-02-08", TODAY, "2025-02-08", { NULL } },
	{ "assessment.report", "D1, over Labour Day", "第十四条",
	  "@state=working|fast=0|received_on=2026-04-24",
	  "2026-05-12", TODAY, "2026-05-12", { NULL } },
	{ "assessment.report", "D1, over National Day", "第十四条",
	  "@state=working|fast=0|received_on=2026-09-18",
	  "2026-10-10", LATE, "2026-10-09", { NULL } },
	{ "assessment.report", "D1, into a year without a list", "第十四条",
	  "@state=working|fast=0|received_on=2026-12-28",
	  "2027-01-11", TODAY, "2027-01-11", { NULL } },
	{ "assessment.report", "D1, sent", "第十四条",
	  "@state=reported|fast=0|received_on=2026-03-02",
	  "2026-03-20", NONE, "", { NULL } },
	{ "assessment.report", "D1, extended", "第十四条",
	  "@state=working|fast=0|received_on=2026-03-02|extended_to=2026-03-30",
	  "2026-03-20", NONE, "", { NULL } },
	{ "assessment.extended", "D1, by agreement", "第十四条",
	  "@state=working|received_on=2026-03-02|extended_to=2026-03-30",
	  "2026-03-27", SOON, "2026-03-30", { NULL } },
	{ "assessment.report_fast", "D1 fast track, plain", "第十四条",
	  "@state=assigned|fast=1|received_on=2026-03-02",
	  "2026-03-09", TODAY, "2026-03-09", { NULL } },
	{ "assessment.report_fast", "D1 fast track, before Spring Festival", "第十四条",
	  "@state=assigned|fast=1|received_on=2026-02-12",
	  "2026-02-25", SOON, "2026-02-26", { NULL } },
	{ "assessment.report_fast", "D1 fast track, a Saturday worked counts", "第十四条",
	  "@state=assigned|fast=1|received_on=2026-02-25",
	  "2026-03-04", LATE, "2026-03-03", { NULL } },
	{ "assessment.report_fast", "D1 fast track, before Labour Day", "第十四条",
	  "@state=assigned|fast=1|received_on=2026-04-29",
	  "2026-05-09", TODAY, "2026-05-09", { NULL } },
	{ "assessment.report_fast", "D1 fast track, before Dragon Boat 2025", "第十四条",
	  "@state=assigned|fast=1|received_on=2025-05-29",
	  "2025-06-06", TODAY, "2025-06-06", { NULL } },
	{ "assessment.report_fast", "D1, no fast track", "第十四条",
	  "@state=assigned|fast=0|received_on=2026-03-02",
	  "2026-03-09", NONE, "", { NULL } },
	{ "assessment.assign", "to be assigned", "第十四条",
	  "@state=pending|received_on=2026-03-06",
	  "2026-03-09", TODAY, "2026-03-09", { NULL } },
	{ "correction_subject.papers", "D3 D5, papers missing", "第十六条",
	  "@state=received|docs_received_on=2026-02-26|docs_missing=x",
	  "2026-03-01", SOON, "2026-03-03", { NULL } },
	{ "correction_subject.papers", "D5, over a leap day", "第十六条",
	  "@state=received|docs_received_on=2028-02-26|docs_missing=x",
	  "2028-03-03", LATE, "2028-03-02", { NULL } },
	{ "correction_subject.papers", "D5, all there", "第十六条",
	  "@state=received|docs_received_on=2026-02-26",
	  "2026-03-09", NONE, "", { NULL } },
	{ "correction_document.receipt", "D4, over the year's end", "第十六条",
	  "on=2025-12-29|receipt_due=1",
	  "2026-01-03", TODAY, "2026-01-03", { NULL } },
	{ "correction_document.receipt", "D4, over the month's end", "第十六条",
	  "on=2026-04-28|receipt_due=1",
	  "2026-05-04", LATE, "2026-05-03", { NULL } },
	{ "correction_document.receipt", "D4, given", "第十六条",
	  "on=2026-04-28|receipt_due=1|receipt_on=2026-04-30",
	  "2026-05-04", NONE, "", { NULL } },
	{ "correction_document.receipt", "D4, none asked for", "第十六条",
	  "on=2026-04-28",
	  "2026-05-04", NONE, "", { NULL } },
	{ "correction_subject.report_in", "D6, soon", "第二十一条",
	  "@state=expected|report_by=2026-03-15",
	  "2026-03-12", SOON, "2026-03-15", { NULL } },
	{ "correction_subject.report_in", "D6, later", "第二十一条",
	  "@state=expected|report_by=2026-03-15",
	  "2026-03-11", LATER, "2026-03-15", { NULL } },
	{ "correction_subject.report_in", "D6, the day", "第二十一条",
	  "@state=expected|report_by=2026-03-15",
	  "2026-03-15", TODAY, "2026-03-15", { NULL } },
	{ "correction_subject.report_in", "D6, missed", "第二十一条",
	  "@state=expected|report_by=2026-03-15",
	  "2026-03-16", LATE, "2026-03-15", { NULL } },
	{ "correction_subject.report_in", "D6, a holiday does not move it", "第二十一条",
	  "@state=missed|report_by=2026-02-17",
	  "2026-02-18", LATE, "2026-02-17", { NULL } },
	{ "correction_subject.report_in", "D6, reported", "第二十一条",
	  "@state=received|report_by=2026-03-15",
	  "2026-03-16", NONE, "", { NULL } },
	{ "correction_subject.group", "D7, no group", "第十九条",
	  "@state=active|received_on=2026-03-28",
	  "2026-04-02", TODAY, "2026-04-02", { NULL } },
	{ "correction_subject.group", "D7, a group", "第十九条",
	  "@state=active|received_on=2026-03-28|group_on=2026-03-30",
	  "2026-04-09", NONE, "", { NULL } },
	{ "correction_subject.group_members", "D7, nobody", "第十九条",
	  "@state=active|received_on=2026-03-28|group_on=2026-03-30",
	  "2026-04-03", LATE, "2026-04-02", { NULL } },
	{ "correction_subject.group_members", "D7, two", "第十九条",
	  "@state=active|received_on=2026-03-28|group_on=2026-03-30",
	  "2026-04-01", SOON, "2026-04-02",
	  { "correction_group_member|to_on=",
	    "correction_group_member|to_on=" } },
	{ "correction_subject.group_members", "D7, three", "第十九条",
	  "@state=active|received_on=2026-03-28|group_on=2026-03-30",
	  "2026-04-03", NONE, "",
	  { "correction_group_member|to_on=",
	    "correction_group_member|to_on=",
	    "correction_group_member|to_on=" } },
	{ "correction_subject.group_members", "D7, one of three has left", "第十九条",
	  "@state=active|received_on=2026-03-28|group_on=2026-03-30",
	  "2026-05-03", LATE, "2026-04-02",
	  { "correction_group_member|to_on=",
	    "correction_group_member|to_on=",
	    "correction_group_member|to_on=2026-04-20" } },
	{ "correction_subject.group_members", "D7, others do not count", "第十九条",
	  "@state=active|received_on=2026-03-28|group_on=2026-03-30",
	  "2026-04-03", LATE, "2026-04-02",
	  { "correction_group_member|to_on=",
	    "correction_group_member|to_on=",
	    "correction_family|name=x" } },
	{ "correction_subject.group_members", "D7, no group at all", "第十九条",
	  "@state=active|received_on=2026-03-28",
	  "2026-04-03", NONE, "", { NULL } },
	{ "correction_subject.announce", "D7, not announced", "第二十条",
	  "@state=active|received_on=2026-03-28",
	  "2026-04-05", SOON, "2026-04-07", { NULL } },
	{ "correction_subject.announce", "D7, announced", "第二十条",
	  "@state=active|received_on=2026-03-28|announced_on=2026-04-02",
	  "2026-04-25", NONE, "", { NULL } },
	{ "correction_subject.plan", "D7, no plan, over the year's end", "第二十二条",
	  "@state=active|received_on=2025-12-25",
	  "2026-01-05", LATE, "2026-01-04", { NULL } },
	{ "correction_subject.plan", "D7, a plan", "第二十二条",
	  "@state=active|received_on=2025-12-25|plan_on=2025-12-28",
	  "2026-01-05", NONE, "", { NULL } },
	{ "correction_subject.report", "D8, strict", "第二十三条",
	  "@state=active|level=strict|received_on=2025-06-02",
	  "2026-03-05", TODAY, "2026-03-05",
	  { "correction_event|event_kind=report|held_at=2026-02-26T09:00" } },
	{ "correction_subject.report", "D8, normal", "第二十三条",
	  "@state=active|level=normal|received_on=2025-06-02",
	  "2026-03-11", SOON, "2026-03-13",
	  { "correction_event|event_kind=report|held_at=2026-02-26T09:00" } },
	{ "correction_subject.report", "D8, loose", "第二十三条",
	  "@state=active|level=loose|received_on=2025-06-02",
	  "2026-03-01", LATE, "2026-02-28",
	  { "correction_event|event_kind=report|held_at=2026-01-31T09:00" } },
	{ "correction_subject.report", "D8, loose", "第二十三条",
	  "@state=active|level=loose|received_on=2025-06-02",
	  "2028-03-01", LATE, "2028-02-29",
	  { "correction_event|event_kind=report|held_at=2028-01-31T09:00" } },
	{ "correction_subject.report", "D8, init", "第二十三条",
	  "@state=active|level=init|received_on=2025-06-02",
	  "2026-01-04", TODAY, "2026-01-04",
	  { "correction_event|event_kind=report|held_at=2025-12-28T09:00" } },
	{ "correction_subject.report", "D8, final", "第二十三条",
	  "@state=active|level=final|received_on=2025-06-02",
	  "2026-03-04", SOON, "2026-03-05",
	  { "correction_event|event_kind=report|held_at=2026-02-26T09:00" } },
	{ "correction_subject.report", "D8, none yet", "第二十三条",
	  "@state=active|level=strict|received_on=2026-03-02",
	  "2026-03-09", TODAY, "2026-03-09", { NULL } },
	{ "correction_subject.report", "D8, the last one counts", "第二十三条",
	  "@state=active|level=strict|received_on=2026-01-02",
	  "2026-03-09", LATER, "2026-03-15",
	  { "correction_event|event_kind=report|held_at=2026-03-08T10:00",
	    "correction_event|event_kind=report|held_at=2026-02-08T10:00" } },
	{ "correction_subject.report", "D8, a visit is no report", "第二十三条",
	  "@state=active|level=strict|received_on=2026-03-02",
	  "2026-03-10", LATE, "2026-03-09",
	  { "correction_event|event_kind=home_visit|held_at=2026-03-09T10:00" } },
	{ "correction_subject.thought_report", "D8, monthly", "第二十三条",
	  "@state=active|received_on=2026-01-05",
	  "2026-03-27", SOON, "2026-03-31",
	  { "correction_event|event_kind=thought_report|held_at=2026-02-10T08:00" } },
	{ "correction_subject.visit", "visits by level", "第二十六条",
	  "@state=active|level=normal|received_on=2026-01-05",
	  "2026-03-01", LATE, "2026-02-28",
	  { "correction_event|event_kind=home_visit|held_at=2025-11-30T08:00" } },
	{ "correction_subject.talk", "month list", "第二十六条",
	  "@state=active|received_on=2026-01-05",
	  "2026-03-31", TODAY, "2026-03-31",
	  { "correction_event|event_kind=talk|held_at=2026-02-10T08:00" } },
	{ "correction_subject.education", "month list", "第三十六条",
	  "@state=active|received_on=2026-01-05",
	  "2026-03-31", TODAY, "2026-03-31",
	  { "correction_event|event_kind=education|held_at=2026-02-10T08:00" } },
	{ "correction_subject.public_benefit", "month list", "第四十二条",
	  "@state=active|received_on=2026-01-05",
	  "2026-03-31", TODAY, "2026-03-31",
	  { "correction_event|event_kind=public_benefit|held_at=2026-02-10T08:00" } },
	{ "correction_subject.survey", "month list", "第三十二条",
	  "@state=active|received_on=2026-01-05",
	  "2026-03-31", TODAY, "2026-03-31",
	  { "correction_survey|surveyed_on=2026-02-10" } },
	{ "correction_subject.appraise", "month list", "第三十二条",
	  "@state=active|received_on=2026-01-05",
	  "2026-03-31", TODAY, "2026-03-31",
	  { "correction_appraisal|@state=confirmed|period_kind=1|period_to=2026-02-10" } },
	{ "correction_subject.health", "D9, reported in January", "第二十四条",
	  "@state=active|category=04|received_on=2025-06-05",
	  "2026-02-24", SOON, "2026-02-28",
	  { "correction_event|event_kind=report|held_at=2026-01-10T08:00" } },
	{ "correction_subject.health", "D9, leap February", "第二十四条",
	  "@state=active|category=04|received_on=2025-06-05",
	  "2028-03-01", LATE, "2028-02-29",
	  { "correction_event|event_kind=report|held_at=2028-01-15T08:00" } },
	{ "correction_subject.health", "D9, over New Year", "第二十四条",
	  "@state=active|category=04|received_on=2025-06-05",
	  "2027-01-31", TODAY, "2027-01-31",
	  { "correction_event|event_kind=report|held_at=2026-12-05T08:00" } },
	{ "correction_subject.health", "D9, no medical parole", "第二十四条",
	  "@state=active|category=02|received_on=2025-06-05",
	  "2026-02-24", NONE, "", { NULL } },
	{ "correction_subject.recheck", "D10, next one", "第二十四条",
	  "@state=active|category=04|next_recheck=2026-06-15",
	  "2026-06-05", SOON, "2026-06-15", { NULL } },
	{ "correction_subject.recheck", "D10, over", "第二十四条",
	  "@state=active|category=04|next_recheck=2026-06-15",
	  "2026-06-16", LATE, "2026-06-15", { NULL } },
	{ "correction_recheck.tell", "D10, extension told", "第二十四条",
	  "@state=approved|submitted_on=2026-03-02",
	  "2026-03-12", TODAY, "2026-03-12", { NULL } },
	{ "correction_leave.file", "D12, filed with the county", "第二十七条",
	  "@state=approved|office_on=2026-03-30",
	  "2026-04-02", TODAY, "2026-04-02", { NULL } },
	{ "correction_leave.file", "D12, filed", "第二十七条",
	  "@state=out|office_on=2026-03-30|filed_on=2026-03-31",
	  "2026-04-09", NONE, "", { NULL } },
	{ "correction_leave.back", "back tomorrow", "第二十八条",
	  "@state=out|to_on=2026-03-05",
	  "2026-03-04", SOON, "2026-03-05", { NULL } },
	{ "correction_leave.back", "back today", "第二十八条",
	  "@state=out|to_on=2026-03-05",
	  "2026-03-05", TODAY, "2026-03-05", { NULL } },
	{ "correction_leave.back", "not back", "第二十八条",
	  "@state=overdue|to_on=2026-03-05",
	  "2026-03-06", LATE, "2026-03-05", { NULL } },
	{ "correction_leave.back", "back", "第二十八条",
	  "@state=back|to_on=2026-03-05",
	  "2026-03-06", NONE, "", { NULL } },
	{ "correction_leave.back", "not approved yet", "第二十八条",
	  "@state=submitted|to_on=2026-03-05",
	  "2026-03-06", NONE, "", { NULL } },
	{ "correction_permit.cross", "D15, six months end", "第二十九条",
	  "@state=approved|kind=cross|to_on=2027-02-28",
	  "2027-02-13", SOON, "2027-02-28", { NULL } },
	{ "correction_permit.cross", "D15, over", "第二十九条",
	  "@state=approved|kind=cross|to_on=2026-09-10",
	  "2026-09-11", LATE, "2026-09-10", { NULL } },
	{ "correction_permit.close", "visitors", "第二十五条",
	  "@state=approved|kind=visitor|to_on=2026-03-10",
	  "2026-03-13", TODAY, "2026-03-13", { NULL } },
	{ "correction_move.ask", "D16, county asked", "第三十条",
	  "@state=office_ok|office_on=2026-04-30",
	  "2026-05-05", TODAY, "2026-05-05", { NULL } },
	{ "correction_move.ask", "D16, asked", "第三十条",
	  "@state=office_ok|office_on=2026-04-30|asked_on=2026-05-03",
	  "2026-05-09", NONE, "", { NULL } },
	{ "correction_move.reply", "D16, its reply", "第三十条",
	  "@state=office_ok|asked_on=2026-02-26",
	  "2026-03-04", LATE, "2026-03-03", { NULL } },
	{ "correction_move.reply", "D16, leap year", "第三十条",
	  "@state=office_ok|asked_on=2028-02-26",
	  "2028-03-02", TODAY, "2028-03-02", { NULL } },
	{ "correction_move.reply", "D16, replied", "第三十条",
	  "@state=office_ok|asked_on=2026-02-26|reply_on=2026-03-01",
	  "2026-03-04", NONE, "", { NULL } },
	{ "correction_move.decide", "D16, told", "第三十条",
	  "@state=office_ok|reply_on=2026-12-28",
	  "2027-01-01", SOON, "2027-01-02", { NULL } },
	{ "correction_move.papers", "D17, papers sent", "第三十一条",
	  "@state=approved|county_on=2026-12-28",
	  "2027-01-03", LATE, "2027-01-02", { NULL } },
	{ "correction_move.report", "D17, reports there", "第三十一条",
	  "@state=moving|told_on=2026-02-24",
	  "2026-03-01", SOON, "2026-03-03", { NULL } },
	{ "correction_move.report", "D17, leap day", "第三十一条",
	  "@state=moving|told_on=2028-02-24",
	  "2028-03-03", LATE, "2028-03-02", { NULL } },
	{ "correction_move.report", "D17, reported", "第三十一条",
	  "@state=moving|told_on=2026-02-24|reported_on=2026-03-01",
	  "2026-03-09", NONE, "", { NULL } },
	{ "correction_move.receipt", "D17, receipt", "第三十一条",
	  "@state=moving|papers_on=2026-09-28",
	  "2026-10-03", TODAY, "2026-10-03", { NULL } },
	{ "correction_subject.praise", "D18, six months", "第三十三条",
	  "@state=active|received_on=2026-08-31",
	  "2027-02-28", TODAY, "2027-02-28", { NULL } },
	{ "correction_subject.praise", "D18, five months", "第三十三条",
	  "@state=active|received_on=2026-08-31",
	  "2027-02-27", LATER, "2027-02-28", { NULL } },
	{ "correction_subject.praise", "D18, said for a month", "第三十三条",
	  "@state=active|received_on=2026-08-31",
	  "2027-03-31", NONE, "", { NULL } },
	{ "correction_subject.praise", "D18, praised", "第三十三条",
	  "@state=active|received_on=2026-08-31",
	  "2027-03-01", NONE, "",
	  { "correction_sanction|kind=R1" } },
	{ "correction_lost.days", "D19, days count", "第三十条",
	  "@state=lost|since_on=2026-03-02",
	  "2026-03-09", LATE, "2026-03-02", { NULL } },
	{ "correction_lost.days", "found", "第三十条",
	  "@state=found|since_on=2026-03-02",
	  "2026-03-09", NONE, "", { NULL } },
	{ "correction_lost.over_ten", "D19, three days left", "第三十五条",
	  "@state=lost|since_on=2026-03-02",
	  "2026-03-09", SOON, "2026-03-12", { NULL } },
	{ "correction_lost.over_ten", "D19, the tenth day", "第三十五条",
	  "@state=lost|since_on=2026-03-02",
	  "2026-03-12", TODAY, "2026-03-12", { NULL } },
	{ "correction_lost.over_ten", "D19, then the proposal stands", "第三十五条",
	  "@state=lost|since_on=2026-03-02",
	  "2026-03-13", NONE, "", { NULL } },
	{ "correction_lost.over_month", "D19, the month's last day", "第四十六条",
	  "@state=lost|since_on=2026-01-31",
	  "2026-02-28", TODAY, "2026-02-28", { NULL } },
	{ "correction_lost.over_month", "D19, leap year", "第四十六条",
	  "@state=lost|since_on=2028-01-31",
	  "2028-02-28", SOON, "2028-02-29", { NULL } },
	{ "correction_lost.search", "D22, begun at once", "第三十条",
	  "@state=lost|noticed_on=2026-03-02",
	  "2026-03-03", TODAY, "2026-03-03", { NULL } },
	{ "correction_lost.search", "D22, gone on with", "第三十条",
	  "@state=lost|noticed_on=2026-03-02",
	  "2026-03-07", LATE, "2026-03-06",
	  { "correction_search|held_at=2026-03-05T14:00" } },
	{ "correction_lost.police", "D22, police told", "第三十条",
	  "@state=lost|noticed_on=2026-03-02",
	  "2026-03-04", LATE, "2026-03-03", { NULL } },
	{ "correction_lost.police", "D22, told", "第三十条",
	  "@state=lost|noticed_on=2026-03-02|police_on=2026-03-02",
	  "2026-03-04", NONE, "", { NULL } },
	{ "correction_subject.penalty", "D19, a day", "第三十四条",
	  "@state=active|category=02",
	  "2026-03-03", TODAY, "2026-03-03",
	  { "correction_lost|@state=lost|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, within ten", "第三十四条",
	  "@state=active|category=02",
	  "2026-03-12", LATE, "2026-03-03",
	  { "correction_lost|@state=lost|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, over ten", "第三十五条",
	  "@state=active|category=02",
	  "2026-03-13", TODAY, "2026-03-13",
	  { "correction_lost|@state=lost|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, within a month", "第三十五条",
	  "@state=active|category=02",
	  "2026-04-02", LATE, "2026-03-13",
	  { "correction_lost|@state=lost|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, over a month, probation", "第四十六条",
	  "@state=active|category=02",
	  "2026-04-03", TODAY, "2026-04-03",
	  { "correction_lost|@state=lost|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, over a month, parole", "第四十七条",
	  "@state=active|category=03",
	  "2026-04-03", TODAY, "2026-04-03",
	  { "correction_lost|@state=lost|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, over a month, outside prison", "第四十九条",
	  "@state=active|category=04",
	  "2026-04-03", TODAY, "2026-04-03",
	  { "correction_lost|@state=lost|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, over a month, control", "第三十六条",
	  "@state=active|category=01",
	  "2026-04-03", TODAY, "2026-04-03",
	  { "correction_lost|@state=lost|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, over a leap February", "第四十六条",
	  "@state=active|category=02",
	  "2028-03-01", TODAY, "2028-03-01",
	  { "correction_lost|@state=lost|since_on=2028-01-31" } },
	{ "correction_subject.penalty", "D19, found in time", "第三十四条",
	  "@state=active|category=02",
	  "2026-04-20", LATE, "2026-03-03",
	  { "correction_lost|@state=found|since_on=2026-03-02|found_on=2026-03-12" } },
	{ "correction_subject.penalty", "D19, found, long ago", "",
	  "@state=active|category=02",
	  "2026-12-20", NONE, "",
	  { "correction_lost|@state=found|since_on=2026-03-02|found_on=2026-03-12" } },
	{ "correction_subject.penalty", "D19, admonished", "",
	  "@state=active|category=02",
	  "2026-03-10", NONE, "",
	  { "correction_lost|@state=lost|since_on=2026-03-02",
	    "correction_sanction|@state=draft|kind=P1|proposed_on=2026-03-05" } },
	{ "correction_subject.penalty", "D19, admonished, grown", "第三十五条",
	  "@state=active|category=02",
	  "2026-03-14", LATE, "2026-03-13",
	  { "correction_lost|@state=lost|since_on=2026-03-02",
	    "correction_sanction|@state=served|kind=P1|proposed_on=2026-03-05|decision_on=2026-03-06" } },
	{ "correction_subject.penalty", "D19, a draft withdrawn", "第三十四条",
	  "@state=active|category=02",
	  "2026-03-10", LATE, "2026-03-03",
	  { "correction_lost|@state=lost|since_on=2026-03-02",
	    "correction_sanction|@state=cancelled|kind=P1|proposed_on=2026-03-05" } },
	{ "correction_subject.penalty", "D19, closed", "",
	  "@state=active|category=02",
	  "2026-03-10", NONE, "",
	  { "correction_lost|@state=closed|since_on=2026-03-02" } },
	{ "correction_subject.penalty", "D19, reported ten days late", "第三十四条",
	  "@state=active|category=02|report_by=2026-03-15|reported_on=2026-03-25",
	  "2026-04-01", LATE, "2026-03-16", { NULL } },
	{ "correction_subject.penalty", "D19, reported eleven days late", "第三十五条",
	  "@state=active|category=02|report_by=2026-03-15|reported_on=2026-03-26",
	  "2026-04-01", LATE, "2026-03-26", { NULL } },
	{ "correction_subject.penalty", "D19, reported in time", "",
	  "@state=active|category=02|report_by=2026-03-15|reported_on=2026-03-15",
	  "2026-04-01", NONE, "", { NULL } },
	{ "correction_subject.penalty", "D19, never reported", "第四十六条",
	  "@state=missed|category=02|report_by=2026-03-15",
	  "2026-04-16", TODAY, "2026-04-16", { NULL } },
	{ "correction_subject.penalty", "D20, an injunction broken", "第三十五条",
	  "@state=active|category=02",
	  "2026-03-09", LATE, "2026-03-02",
	  { "correction_violation|@state=open|kind=06|held_at=2026-03-02T20:00" } },
	{ "correction_subject.penalty", "D20, a light breach", "第三十四条",
	  "@state=active|category=02",
	  "2026-03-09", LATE, "2026-03-02",
	  { "correction_violation|@state=open|kind=02|held_at=2026-03-02T20:00" } },
	{ "correction_subject.penalty", "D20, no education", "第三十四条",
	  "@state=active|category=02",
	  "2026-03-02", TODAY, "2026-03-02",
	  { "correction_violation|@state=open|kind=03|held_at=2026-03-02T20:00" } },
	{ "correction_subject.penalty", "D20, dealt with", "",
	  "@state=active|category=02",
	  "2026-03-09", NONE, "",
	  { "correction_violation|@state=handled|kind=02|held_at=2026-03-02T20:00" } },
	{ "correction_subject.penalty", "D20, two admonitions, again", "第三十五条",
	  "@state=active|category=02",
	  "2026-03-09", LATE, "2026-03-02",
	  { "correction_violation|@state=open|kind=02|held_at=2026-03-02T20:00",
	    "correction_sanction|@state=served|kind=P1|proposed_on=2026-01-05|decision_on=2026-01-06",
	    "correction_sanction|@state=served|kind=P1|proposed_on=2026-02-05|decision_on=2026-02-06" } },
	{ "correction_subject.penalty", "D20, two admonitions, good since", "",
	  "@state=active|category=02",
	  "2026-03-09", NONE, "",
	  { "correction_sanction|@state=served|kind=P1|proposed_on=2026-01-05|decision_on=2026-01-06",
	    "correction_sanction|@state=served|kind=P1|proposed_on=2026-02-05|decision_on=2026-02-06" } },
	{ "correction_subject.penalty", "D20, two warnings, again, 02", "第四十六条",
	  "@state=active|category=02",
	  "2026-03-09", LATE, "2026-03-02",
	  { "correction_violation|@state=open|kind=02|held_at=2026-03-02T20:00",
	    "correction_sanction|@state=served|kind=P2|proposed_on=2026-01-05|decision_on=2026-01-06",
	    "correction_sanction|@state=served|kind=P2|proposed_on=2026-02-05|decision_on=2026-02-06" } },
	{ "correction_subject.penalty", "D20, two warnings, again, 03", "第四十七条",
	  "@state=active|category=03",
	  "2026-03-09", LATE, "2026-03-02",
	  { "correction_violation|@state=open|kind=02|held_at=2026-03-02T20:00",
	    "correction_sanction|@state=served|kind=P2|proposed_on=2026-01-05|decision_on=2026-01-06",
	    "correction_sanction|@state=served|kind=P2|proposed_on=2026-02-05|decision_on=2026-02-06" } },
	{ "correction_subject.penalty", "D20, two warnings, again, 04", "第四十九条",
	  "@state=active|category=04",
	  "2026-03-09", LATE, "2026-03-02",
	  { "correction_violation|@state=open|kind=02|held_at=2026-03-02T20:00",
	    "correction_sanction|@state=served|kind=P2|proposed_on=2026-01-05|decision_on=2026-01-06",
	    "correction_sanction|@state=served|kind=P2|proposed_on=2026-02-05|decision_on=2026-02-06" } },
	{ "correction_subject.penalty", "D20, two warnings, again, 01", "第三十六条",
	  "@state=active|category=01",
	  "2026-03-09", LATE, "2026-03-02",
	  { "correction_violation|@state=open|kind=02|held_at=2026-03-02T20:00",
	    "correction_sanction|@state=served|kind=P2|proposed_on=2026-01-05|decision_on=2026-01-06",
	    "correction_sanction|@state=served|kind=P2|proposed_on=2026-02-05|decision_on=2026-02-06" } },
	{ "correction_subject.penalty", "D20, a leave overdue", "第三十四条",
	  "@state=active|category=02",
	  "2026-03-09", LATE, "2026-03-05",
	  { "correction_leave|@state=overdue|to_on=2026-03-05" } },
	{ "correction_subject.penalty", "D20, revocation proposed", "",
	  "@state=active|category=02",
	  "2026-04-09", NONE, "",
	  { "correction_lost|@state=lost|since_on=2026-03-02",
	    "correction_sanction|@state=proposed|kind=P4|proposed_on=2026-04-04|decision_on=2026-04-05" } },
	{ "correction_violation.handle", "a breach dealt with", "第二十八条",
	  "@state=open|held_at=2026-03-02T20:00",
	  "2026-03-09", TODAY, "2026-03-09", { NULL } },
	{ "correction_positioning.ends", "D21, seven days ahead", "第二十九条",
	  "@state=worn|to_on=2026-06-15",
	  "2026-06-08", SOON, "2026-06-15", { NULL } },
	{ "correction_positioning.ends", "D21, eight days ahead", "第二十九条",
	  "@state=worn|to_on=2026-06-15",
	  "2026-06-07", LATER, "2026-06-15", { NULL } },
	{ "correction_subject.device", "D21, on the subject", "第二十九条",
	  "@state=active|gps_to=2026-02-28",
	  "2026-03-01", LATE, "2026-02-28", { NULL } },
	{ "correction_detention.tell_county", "D23, detained", "第四十一条",
	  "@state=detained|since_on=2026-02-27",
	  "2026-03-02", TODAY, "2026-03-02", { NULL } },
	{ "correction_sanction.serve", "served", "第五十条",
	  "@state=approved|kind=P1|county_on=2026-03-30",
	  "2026-04-02", TODAY, "2026-04-02", { NULL } },
	{ "correction_sanction.court", "D24, court decides", "第四十八条",
	  "@state=proposed|kind=P4|sent_on=2026-01-30",
	  "2026-03-01", TODAY, "2026-03-01", { NULL } },
	{ "correction_sanction.court", "D24, leap year", "第四十八条",
	  "@state=proposed|kind=P5|sent_on=2028-01-31",
	  "2028-03-02", LATE, "2028-03-01", { NULL } },
	{ "correction_sanction.arrest", "D25, arrest", "第四十七条",
	  "@state=sent|kind=P8|sent_on=2026-03-30",
	  "2026-04-01", TODAY, "2026-04-01", { NULL } },
	{ "correction_sanction.prison", "D26, to prison", "第四十九条",
	  "@state=proposed|kind=P6|sent_on=2026-03-01",
	  "2026-03-31", TODAY, "2026-03-31", { NULL } },
	{ "correction_sanction.commute", "D27, reduction", "第三十三条",
	  "@state=sent|kind=R4|sent_on=2026-09-10",
	  "2026-10-06", SOON, "2026-10-10", { NULL } },
	{ "correction_sanction.commute", "D27, decided", "第三十三条",
	  "@state=granted|kind=R4|sent_on=2026-09-10",
	  "2026-10-16", NONE, "", { NULL } },
	{ "correction_subject.prepare", "D28, forty-five days before", "第五十三条",
	  "@state=active|term_to=2026-03-15",
	  "2026-01-29", SOON, "2026-02-13", { NULL } },
	{ "correction_subject.prepare", "D28, forty-six days before", "第五十三条",
	  "@state=active|term_to=2026-03-15",
	  "2026-01-28", LATER, "2026-02-13", { NULL } },
	{ "correction_subject.prepare", "D28, leap year", "第五十三条",
	  "@state=active|term_to=2028-03-15",
	  "2028-02-14", TODAY, "2028-02-14", { NULL } },
	{ "correction_subject.prepare", "D28, over New Year", "第五十三条",
	  "@state=active|term_to=2026-01-15",
	  "2025-12-17", LATE, "2025-12-16", { NULL } },
	{ "correction_subject.prepare", "D28, appraised", "第五十三条",
	  "@state=active|term_to=2026-03-15|performance=01",
	  "2026-02-20", NONE, "", { NULL } },
	{ "correction_subject.release", "D29, ten days before", "第四十四条",
	  "@state=active|term_to=2026-03-15",
	  "2026-03-05", SOON, "2026-03-15", { NULL } },
	{ "correction_subject.release", "D29, a Sunday does not move it", "第四十四条",
	  "@state=active|term_to=2026-03-15",
	  "2026-03-16", LATE, "2026-03-15", { NULL } },
	{ "correction_subject.release", "D29, released", "第四十四条",
	  "@state=released|term_to=2026-03-15",
	  "2026-03-16", NONE, "", { NULL } },
	{ "allowance.decide", "decided within ten working days", "地方规定",
	  "@state=submitted|submitted_on=2026-09-18",
	  "2026-10-09", TODAY, "2026-10-09", { NULL } },
	{ "base_placement.leave", "stay ends", "地方规定",
	  "@state=in|plan_to=2026-03-20",
	  "2026-03-10", SOON, "2026-03-20", { NULL } },
	{ "commission.renew", "letter ends", "第九条",
	  "@state=valid|valid_to=2026-12-31",
	  "2026-12-02", SOON, "2026-12-31", { NULL } },
	{ "committee.term", "term ends", "第九条",
	  "@state=active|term_to=2026-12-31",
	  "2026-11-22", SOON, "2026-12-31", { NULL } },
	{ "committee.file", "change filed over two holidays", "三十个工作日",
	  "@state=active|changed_on=2026-09-01",
	  "2026-10-19", TODAY, "2026-10-19", { NULL } },
	{ "consultation.answer", "answered in three working days", "地方规定",
	  "@state=open|asked_at=2026-04-30T10:00",
	  "2026-05-08", TODAY, "2026-05-08", { NULL } },
	{ "dispute_lead.report_up", "grave lead", "六小时",
	  "@state=received|risk=4|found_on=2026-03-02",
	  "2026-03-03", LATE, "2026-03-02", { NULL } },
	{ "dispute_lead.due", "own term", "地方规定",
	  "@state=handling|due_on=2026-03-05",
	  "2026-03-02", SOON, "2026-03-05", { NULL } },
	{ "dispute_lead.diverted", "passed on", "转办单",
	  "@state=diverted|divert_due=2026-03-05",
	  "2026-03-06", LATE, "2026-03-05", { NULL } },
	{ "dispute_lead.take_up", "no case yet", "七日",
	  "@state=received|found_on=2026-02-26",
	  "2026-03-05", TODAY, "2026-03-05", { NULL } },
	{ "duty_roster.record", "duty not recorded", "值班",
	  "@state=planned|duty_on=2026-03-05",
	  "2026-03-06", LATE, "2026-03-05", { NULL } },
	{ "inspection.rectify", "put right", "整改",
	  "@state=rectifying|rectify_by=2026-03-05",
	  "2026-03-02", SOON, "2026-03-05", { NULL } },
	{ "law_education.hold", "planned", "年度普法计划",
	  "@state=planned|held_on=2026-12-04",
	  "2026-12-01", SOON, "2026-12-04", { NULL } },
	{ "law_education.report", "reported on", "年度普法计划",
	  "@state=done|held_on=2026-12-04",
	  "2026-12-12", LATE, "2026-12-11", { NULL } },
	{ "legal_aid_review.limitation", "limitation runs out", "第四十四条",
	  "@state=received|limitation_on=2026-03-05",
	  "2026-03-02", SOON, "2026-03-05", { NULL } },
	{ "legal_aid_review.custody", "from custody", "第三十九条",
	  "@state=received|source=5|received_on=2026-02-28",
	  "2026-03-01", TODAY, "2026-03-01", { NULL } },
	{ "legal_aid_review.forward", "two working days", "地方规定",
	  "@state=received|source=1|received_on=2026-02-13",
	  "2026-02-24", TODAY, "2026-02-24", { NULL } },
	{ "legal_aid_review.decide", "seven days, moved off the holiday", "第四十三条",
	  "@state=forwarded|forwarded_on=2026-09-28",
	  "2026-10-08", TODAY, "2026-10-08", { NULL } },
	{ "legal_aid_review.decide", "seven days", "第四十三条",
	  "@state=forwarded|forwarded_on=2026-03-02",
	  "2026-03-10", LATE, "2026-03-09", { NULL } },
	{ "legal_aid_review.appoint", "three days, moved off a Sunday", "第四十三条",
	  "@state=granted|centre_on=2026-03-12",
	  "2026-03-16", TODAY, "2026-03-16", { NULL } },
	{ "legal_aid_review.objection", "five days", "第四十九条",
	  "@state=denied|objected_on=2026-03-02",
	  "2026-03-09", TODAY, "2026-03-09", { NULL } },
	{ "legal_opinion.review", "five working days", "五个工作日",
	  "@state=received|urgent=0|received_on=2026-04-29",
	  "2026-05-09", TODAY, "2026-05-09", { NULL } },
	{ "legal_opinion.review", "urgent, two", "两个工作日",
	  "@state=received|urgent=1|received_on=2026-04-30",
	  "2026-05-08", LATE, "2026-05-07", { NULL } },
	{ "legal_opinion.agreed", "term agreed", "约定",
	  "@state=reviewing|due_on=2026-03-05",
	  "2026-03-03", SOON, "2026-03-05", { NULL } },
	{ "legal_opinion.adoption", "was it adopted", "一个月",
	  "@state=issued|issued_on=2026-01-31",
	  "2026-02-28", TODAY, "2026-02-28", { NULL } },
	{ "mediation_case.warn", "may escalate", "第二十五条",
	  "@state=open|forecast=3|accept_date=2026-03-02",
	  "2026-03-03", LATE, "2026-03-02", { NULL } },
	{ "mediation_case.mediate", "a month", "地方规定",
	  "@state=open|due_date=2026-04-01",
	  "2026-03-25", SOON, "2026-04-01", { NULL } },
	{ "mediation_case.confirm", "thirty days", "第三十三条",
	  "@state=agreed|result=1|agr_date=2026-01-31",
	  "2026-03-02", TODAY, "2026-03-02", { NULL } },
	{ "mediation_case.confirm", "the right has lapsed", "第三十三条",
	  "@state=agreed|result=1|agr_date=2026-01-31",
	  "2026-03-03", NONE, "", { NULL } },
	{ "mediation_case.confirm", "leap year", "第三十三条",
	  "@state=agreed|result=1|agr_date=2028-01-31",
	  "2028-03-01", TODAY, "2028-03-01", { NULL } },
	{ "mediation_case.perform", "performance due", "第三十一条",
	  "@state=agreed|perform_due=2026-03-09",
	  "2026-03-02", SOON, "2026-03-09", { NULL } },
	{ "mediation_case.perform", "performed, the step not made yet",
	  "第三十一条", "@state=agreed|perform_due=2026-03-09|"
	  "perform_state=fully", "2026-03-02", NONE, "", { NULL } },
	{ "mediation_case.confirm", "performed", "第三十三条",
	  "@state=agreed|result=1|agr_date=2026-01-31|perform_state=fully",
	  "2026-03-02", NONE, "", { NULL } },
	{ "mediation_case.follow_up", "a month after", "第三十一条",
	  "@state=performed|agr_date=2026-01-31",
	  "2026-03-02", LATE, "2026-02-28", { NULL } },
	{ "mediator.term", "appointment ends", "第十三条",
	  "@state=serving|appointed_to=2026-12-31",
	  "2026-12-01", SOON, "2026-12-31", { NULL } },
	{ "mediator.file", "filed in thirty working days", "三十个工作日",
	  "@state=serving|appointed_from=2026-09-01",
	  "2026-10-20", LATE, "2026-10-19", { NULL } },
	{ "office_honour.recheck", "re-inspection", "评选",
	  "@state=held|valid_to=2026-12-31",
	  "2026-12-01", SOON, "2026-12-31", { NULL } },
	{ "placement_base.agreement", "agreement ends", "地方规定",
	  "@state=active|agr_to=2026-12-31",
	  "2026-12-01", SOON, "2026-12-31", { NULL } },
	{ "prisoner_check.verify", "the month's list", "地方规定",
	  "@state=listed|listed_on=2026-02-10",
	  "2026-02-28", TODAY, "2026-02-28", { NULL } },
	{ "prisoner_check.reply", "the month's list answered", "地方规定",
	  "@state=verified|listed_on=2028-02-10",
	  "2028-03-01", LATE, "2028-02-29", { NULL } },
	{ "prisoner_check.take_on", "released soon", "监狱法",
	  "@state=verified|verify_state=01|release_date=2026-04-01",
	  "2026-03-02", SOON, "2026-04-01", { NULL } },
	{ "reception.handle", "a working day", "地方规定",
	  "@state=open|came_at=2026-04-30T16:00",
	  "2026-05-06", TODAY, "2026-05-06", { NULL } },
	{ "resettlement_subject.escort", "key person fetched", "必接必送",
	  "@state=awaiting|class=01|release_date=2026-04-01",
	  "2026-03-02", SOON, "2026-04-01", { NULL } },
	{ "resettlement_subject.escort", "no key person", "必接必送",
	  "@state=awaiting|class=02|release_date=2026-04-01",
	  "2026-03-02", NONE, "", { NULL } },
	{ "resettlement_subject.link", "seven days", "七日",
	  "@state=unlinked|release_date=2026-12-28",
	  "2027-01-05", LATE, "2027-01-04", { NULL } },
	{ "resettlement_subject.visit", "agreed visit", "地方规定",
	  "@state=linked|next_visit=2026-03-05",
	  "2026-03-02", SOON, "2026-03-05", { NULL } },
	{ "resettlement_subject.first_visit", "key person monthly", "重点每月",
	  "@state=linked|class=01|linked_on=2026-01-31",
	  "2026-02-28", TODAY, "2026-02-28", { NULL } },
	{ "resettlement_subject.first_visit", "others quarterly", "一般每季",
	  "@state=linked|class=02|linked_on=2025-11-30",
	  "2026-03-01", LATE, "2026-02-28", { NULL } },
	{ "resettlement_subject.help_end", "help ends", "地方规定",
	  "@state=linked|help_to=2026-04-01",
	  "2026-03-02", SOON, "2026-04-01", { NULL } },
	{ "resettlement_subject.list_check", "a month before", "地方规定",
	  "@state=listed|release_date=2026-04-01",
	  "2026-03-02", TODAY, "2026-03-02", { NULL } },
	{ "resettlement_subject.yearly", "once a year", "每年",
	  "@state=linked|linked_on=2025-03-10",
	  "2026-12-15", SOON, "2026-12-31", { NULL } },
	{ "screening_round.report", "three days", "零报告",
	  "@state=draft|round_on=2026-02-27",
	  "2026-03-02", TODAY, "2026-03-02", { NULL } },
	{ "staff.certificate", "certificate ends", "执法证",
	  "@state=active|cert_to=2026-12-31",
	  "2026-12-01", SOON, "2026-12-31", { NULL } },
	{ "staff.training", "once a year", "每年",
	  "@state=active|office_from=2025-03-10",
	  "2026-12-15", SOON, "2026-12-31", { NULL } },
	{ "training.hold", "planned", "培训计划",
	  "@state=planned|held_on=2026-03-05",
	  "2026-03-02", SOON, "2026-03-05", { NULL } },
	{ "village_adviser.contract", "contract ends", "合同",
	  "@state=active|contract_to=2026-03-31",
	  "2026-03-02", SOON, "2026-03-31", { NULL } },
	{ "village_adviser.service", "monthly service", "每月",
	  "@state=active|contract_from=2026-01-10",
	  "2026-02-28", TODAY, "2026-02-28", { NULL } },
	{ "village_honour.review", "review", "动态管理",
	  "@state=held|valid_to=2026-12-31",
	  "2026-12-01", SOON, "2026-12-31", { NULL } },
	{ "resettlement_move.reply", "the other county chased", "地方规定",
	  "@state=asked|move_on=2026-03-05",
	  "2026-03-02", SOON, "2026-03-05", { NULL } },
	{ "resettlement_move.hand_over", "handed over", "地方规定",
	  "@state=agreed|replied_on=2026-02-26",
	  "2026-03-05", TODAY, "2026-03-05", { NULL } },
	{ "village.round", "every half-month", "每半月",
	  "@state=active|last_round_on=2026-02-18",
	  "2026-03-03", SOON, "2026-03-05", { NULL } },
	{ "incident.report", "six hours", "六小时",
	  "@state=draft|known_at=2026-03-05T09:11",
	  "2026-03-05T15:11", TODAY, "2026-03-05T15:11", { NULL } },
	{ "incident.report", "six hours and a minute", "六小时",
	  "@state=draft|known_at=2026-03-05T09:11",
	  "2026-03-05T15:12", LATE, "2026-03-05T15:11", { NULL } },
	{ "incident.report", "over midnight", "六小时",
	  "@state=draft|known_at=2026-02-28T20:30",
	  "2026-02-28T23:59", LATER, "2026-03-01T02:30", { NULL } },
	{ "incident.report", "over midnight, the next morning", "六小时",
	  "@state=draft|known_at=2026-02-28T20:30",
	  "2026-03-01T07:30", LATE, "2026-03-01T02:30", { NULL } },
	{ "incident.written", "in writing in a day", "报告制度",
	  "@state=reported|known_at=2026-03-05T09:11",
	  "2026-03-06T09:10", TODAY, "2026-03-06T09:11", { NULL } },
	{ "instruction.sign_most_urgent", "two hours", "二小时",
	  "@state=delivered|urgency=3|issued_at=2026-03-05T09:11",
	  "2026-03-05T11:12", LATE, "2026-03-05T11:11", { NULL } },
	{ "instruction.sign_most_urgent", "over the year's end", "二小时",
	  "@state=issued|urgency=3|issued_at=2026-12-31T23:30",
	  "2026-12-31T23:40", LATER, "2027-01-01T01:30", { NULL } },
	{ "instruction.sign", "sign by an instant", "签收期限",
	  "@state=issued|urgency=2|sign_by=2026-03-05T17:30",
	  "2026-03-05T17:30", TODAY, "2026-03-05T17:30", { NULL } },
	{ "instruction.sign", "the minute after", "签收期限",
	  "@state=issued|urgency=2|sign_by=2026-03-05T17:30",
	  "2026-03-05T17:31", LATE, "2026-03-05T17:30", { NULL } },
	{ "instruction.sign", "signed", "签收期限",
	  "@state=signed|urgency=2|sign_by=2026-03-05T17:30",
	  "2026-03-06T17:31", NONE, "", { NULL } },
	{ "instruction.sign_soon", "no instant given", "一个工作日",
	  "@state=delivered|urgency=1|issued_at=2026-03-06T09:00",
	  "2026-03-09", TODAY, "2026-03-09", { NULL } },
	{ "instruction.supervised", "supervised, to the minute", "办结期限",
	  "@state=working|supervise=2|due_at=2026-03-05T12:00",
	  "2026-03-05T12:01", LATE, "2026-03-05T12:00", { NULL } },
	{ "instruction.finish", "days ahead", "办结期限",
	  "@state=working|supervise=0|due_at=2026-03-05T12:00",
	  "2026-03-02", SOON, "2026-03-05T12:00", { NULL } },
	{ "committee.guide", "every half year", "第五条",
	  "@state=active",
	  "2026-09-01", LATE, "2026-08-28",
	  { "committee_visit|visited_on=2026-02-28" } },
};

/* ---- a record and its children ---- */

struct thing {
	struct record r;
	int today;
	const struct row *row;
	struct thing *below;		/* lent for children; NULL in one */
	size_t at;
	struct deadline_world world;
};

static void
fill(struct record *r, const char *values)
{
	while (*values) {
		size_t len = strcspn(values, "|");
		const char *equals = memchr(values, '=', len);

		if (equals) {
			char *name = mem_strndup(values,
			    (size_t)(equals - values));
			char *text = mem_strndup(equals + 1,
			    len - (size_t)(equals + 1 - values));

			assert_true(record_set(r, name, text));
			free(name);
			free(text);
		}
		values += len + (values[len] == '|');
	}
}

static const char *
thing_get(void *self, const char *field)
{
	return record_get(&((struct thing *)self)->r, field);
}

static bool
thing_holds(void *self, const struct conds *when)
{
	const struct thing *t = self;

	return conds_hold(when, &t->r, t->today, "");
}

static const struct deadline_world *
thing_child(void *self, const char *reg, bool first)
{
	struct thing *t = self;
	size_t len = strlen(reg);

	if (!t->below)
		return NULL;
	for (t->at = first ? 0 : t->at + 1; t->at < CHILDREN_MAX &&
	    t->row->children[t->at]; t->at++) {
		const char *child = t->row->children[t->at];

		if (strncmp(child, reg, len) != 0 || child[len] != '|')
			continue;
		record_release(&t->below->r);
		fill(&t->below->r, child + len + 1);
		return &t->below->world;
	}
	return NULL;
}

static void
thing_init(struct thing *t, const struct row *row, int minute)
{
	char *day = mem_strndup(row->today, DATE_TEXT_MAX - 1);

	*t = (struct thing){ .row = row, .today = date_parse(day) };
	t->world = (struct deadline_world){ .self = t, .get = thing_get,
		.holds = thing_holds, .child = thing_child,
		.minute = minute };
	free(day);
}

/* ---- the table ---- */

static const struct deadline_rule *
rule_named(const struct schema *s, const char *name)
{
	size_t len = strcspn(name, ".");

	for (size_t i = 0; name[len] && i < s->deadlines->count; i++) {
		const struct deadline_rule *rule = &s->deadlines->rules[i];

		if (strlen(rule->reg->name) == len &&
		    strncmp(rule->reg->name, name, len) == 0 &&
		    strcmp(rule->name, name + len + 1) == 0)
			return rule;
	}
	return NULL;
}

static int
minute_of(const char *instant)
{
	return strlen(instant) < 16 ? 0 : ((instant[11] - '0') * 10 +
	    instant[12] - '0') * 60 + (instant[14] - '0') * 10 +
	    instant[15] - '0';
}

static struct deadline
apply(const struct schema *s, const struct deadline_rule *rule,
	const struct row *row)
{
	struct thing t, below;
	struct deadline d;

	thing_init(&t, row, minute_of(row->today));
	thing_init(&below, row, 0);
	t.below = &below;
	fill(&t.r, row->values);
	d = deadline_of(rule, &s->deadlines->calendar, &t.world, t.today);
	record_release(&t.r);
	record_release(&below.r);
	return d;
}

static void
expect(const struct row *row, const struct deadline_rule *rule,
	const struct deadline *d)
{
	char on[64] = "";

	if (d->state != row->state)
		fail_msg("%s, %s on %s: %s", row->rule, row->event, row->today,
		    deadline_state_name(d->state));
	if (d->state == NONE)
		return;
	date_print(on, d->on);
	if (d->minute != DEADLINE_ALL_DAY)
		snprintf(on + DATE_TEXT_MAX - 1, sizeof on - DATE_TEXT_MAX + 1,
		    "T%02d:%02d", d->minute / 60, d->minute % 60);
	if (strcmp(on, row->on) != 0)
		fail_msg("%s, %s: %s, expected %s", row->rule, row->event, on,
		    row->on);
	if (!strstr(deadline_article(rule, d)->zh, row->article))
		fail_msg("%s, %s: not %s", row->rule, row->event,
		    row->article);
}

static void
each_rule_says_when(void **state)
{
	const struct schema *s = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct deadline_rule *rule = rule_named(s,
		    rows[i].rule);
		struct deadline d;

		if (!rule)
			fail_msg("there is no rule %s", rows[i].rule);
		d = apply(s, rule, &rows[i]);
		expect(&rows[i], rule, &d);
	}
	print_message("# %zu rows\n", sizeof rows / sizeof *rows);
}

static bool
is_tested(const struct deadline_rule *rule)
{
	char name[2 * RECORD_NAME_MAX];

	snprintf(name, sizeof name, "%s.%s", rule->reg->name, rule->name);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].state != NONE && strcmp(rows[i].rule, name) == 0)
			return true;
	return false;
}

/* A rule that nobody has seen speak may never do so.  A county's own terms
 * come and go; those of the law must each have a row. */
static void
each_rule_is_seen_to_speak(void **state)
{
	const struct schema *s = *state;
	size_t silent = 0;

	for (size_t i = 0; i < s->deadlines->count; i++) {
		const struct deadline_rule *rule = &s->deadlines->rules[i];

		if (is_tested(rule))
			continue;
		silent += !rule->local;
		print_message("# no row: %s.%s\n", rule->reg->name,
		    rule->name);
	}
	assert_int_equal(silent, 0);
}

/* ---- the terms of the law ---- */

enum { TERMS = 31, README_MAX = 256 * 1024 };

static char *
readme(void)
{
	FILE *f = fopen("screens/README.md", "r");
	char *text = mem_alloc(README_MAX, 1);

	assert_non_null(f);
	text[fread(text, 1, README_MAX - 1, f)] = '\0';
	(void)fclose(f);
	return text;
}

static bool
is_check(const struct schema *s, const char *name)
{
	size_t len = strcspn(name, ".");

	for (size_t i = 0; name[len] && i < s->register_count; i++) {
		const struct schema_register *reg = &s->registers[i];

		if (strlen(reg->name) != len ||
		    strncmp(reg->name, name, len) != 0)
			continue;
		for (size_t k = 0; k < reg->check_count; k++)
			if (reg->checks[k].rule &&
			    strcmp(reg->checks[k].rule, name + len + 1) == 0)
				return true;
		return strcmp(name + len + 1, "approval") == 0 &&
		    reg->approves;
	}
	return false;
}

/* The names of a line, each between two backquotes; how many there are. */
static int
names_are_there(const struct schema *s, const char *line)
{
	int count = 0;

	for (;;) {
		const struct deadline_rule *rule;
		const char *end;
		char *name;

		line = strchr(line, '`');
		end = line ? strchr(line + 1, '`') : NULL;
		if (!end)
			return count;
		name = mem_strndup(line + 1, (size_t)(end - line - 1));
		rule = rule_named(s, name);
		if (!rule && !is_check(s, name))
			fail_msg("neither a rule nor a check: %s", name);
		if (rule && !strstr(rule->article.zh, "第"))
			fail_msg("no article: %s", name);
		free(name);
		count++;
		line = end + 1;
	}
}

/* Each of D1 to D31 has its line: the rules that say it, or why none does. */
static void
each_term_of_the_law_has_its_line(void **state)
{
	char *text = readme();

	for (int n = 1; n <= TERMS; n++) {
		char head[32], *at, *end;

		(void)snprintf(head, sizeof head, "\n| D%d |", n);
		at = strstr(text, head);
		if (!at)
			fail_msg("no line for D%d", n);
		end = strchr(at + 1, '\n');
		*end = '\0';
		if (names_are_there(*state, at + 1) == 0 &&
		    !strstr(at + 1, "information"))
			fail_msg("D%d: neither a rule nor why none", n);
		*end = '\n';
	}
	free(text);
}

/* ---- nothing of the rules repealed in 2020 ---- */

static bool
is_of_correction(const struct deadline_rule *rule)
{
	return strncmp(rule->reg->name, "correction_", 11) == 0 ||
	    strcmp(rule->reg->name, "assessment") == 0;
}

static void
expect_no_old_term(const struct deadline_rule *rule,
	const struct calendar_term *t)
{
	static const struct calendar_term old[] = {
		{ .count = 7, .unit = CALENDAR_WORKDAYS },	/* assessment */
		{ .count = 60, .unit = CALENDAR_DAYS },		/* leave */
		{ .count = 8, .unit = CALENDAR_HOURS },		/* a month */
	};

	for (size_t i = 0; i < sizeof old / sizeof *old; i++)
		if (t->count == old[i].count && t->unit == old[i].unit)
			fail_msg("%s.%s has a term of 2012", rule->reg->name,
			    rule->name);
	/* to report to the office within three days of the county */
	if (strcmp(rule->reg->name, "correction_subject") == 0 &&
	    t->unit == CALENDAR_DAYS && t->count == 3)
		fail_msg("%s has a term of 2012", rule->name);
}

static void
nothing_of_2012(void **state)
{
	static const char *const words[] = { "2012", "七个工作日",
		"7个工作日", "六十日", "60日", "60天", "八小时", "8小时",
		"矫正人员", "服刑人员" };
	const struct schema *s = *state;

	for (size_t i = 0; i < s->deadlines->count; i++) {
		const struct deadline_rule *rule = &s->deadlines->rules[i];

		if (!is_of_correction(rule))
			continue;
		expect_no_old_term(rule, &rule->term);
		for (size_t k = 0; k < rule->step_count; k++)
			expect_no_old_term(rule, &rule->steps[k].term);
		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			if (strstr(rule->title.zh, words[k]) ||
			    strstr(rule->article.zh, words[k]))
				fail_msg("%s.%s says %s", rule->reg->name,
				    rule->name, words[k]);
	}
}

static int
set_up(void **state)
{
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;

	assert_int_equal(schema_load(&s, builtin_files, builtin_count,
	    &complaints, &err), E_OK);
	*state = s;
	return 0;
}

static int
tear_down(void **state)
{
	schema_free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_says_when),
		cmocka_unit_test(each_rule_is_seen_to_speak),
		cmocka_unit_test(each_term_of_the_law_has_its_line),
		cmocka_unit_test(nothing_of_2012),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
