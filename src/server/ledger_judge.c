/*
 * Judging: first who, then what, then the result.
 *
 * 1. Role and office come from the account table and the device's token; what
 *    the body says about them is only compared.
 * 2. What the merge makes is checked again by the rules that the form has, so
 *    two edits that are good alone do not make a record that is not.
 * 3. A refusal changes nothing but the quarantine, which the caller keeps.
 */
#include "server/ledger_judge.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/merge.h"
#include "core/older.h"
#include "core/rule.h"
#include "server/ledger_author.h"
#include "server/ledger_content.h"
#include "server/ledger_late.h"
#include "server/ledger_number.h"
#include "server/ledger_question.h"
#include "server/ledger_question_past.h"
#include "server/ledger_record.h"
#include "server/ledger_scan.h"
#include "server/ledger_transfer.h"
#include "server/ledger_world.h"

enum { CLOCK_NEAR_MS = 60 * 1000 };

/* One operation being judged. */
struct trial {
	const struct judge *judge;
	const struct op *op;		/* as the present definitions say it */
	struct op brought;		/* it, if it was entered otherwise */
	const struct schema_register *reg;
	struct account author;
	struct record current;	/* zeroed when there is none yet */
	struct record next;
	bool found;
	/* An edit by an office that has given the record away: the one that
	 * has it; "" is the usual. */
	char late[RECORD_OFFICE_MAX];
	struct buf others;	/* fields others changed since: ";a;b;" */
	struct ledger_world world;
};

static void
trial_release(struct trial *t)
{
	op_release(&t->brought);
	record_release(&t->current);
	record_release(&t->next);
	ledger_world_release(&t->world);
	buf_release(&t->others);
}

enum status
judge_refuse(struct judgement *out, enum verdict verdict, const char *why)
{
	size_t len = strlen(why);

	assert(len < sizeof out->why);
	out->verdict = verdict;
	memcpy(out->why, why, len + 1);
	return E_OK;
}

static bool
is_refused(const struct judgement *out)
{
	return verdict_is_refusal(out->verdict);
}

/* Entered under definitions that are not ours: what ours ask beyond them, its
 * author could not know, and a person looks at it (sync.md 4.12). */
static bool
is_by_others(const struct trial *t)
{
	return t->judge->peer->other_schema ||
	    t->op->version < t->reg->version;
}

/* Refuse for what the definitions say. */
static enum status
refuse_by_rule(struct judgement *out, const struct trial *t,
    enum verdict verdict, const char *why)
{
	struct err whole = ERR_INIT;

	if (!is_by_others(t))
		return judge_refuse(out, verdict, why);
	(void)err_set(&whole, E_INVALID, tr("Entered with other definitions "
	    "than the county's now: %s"), why);
	return judge_refuse(out, VERDICT_REVIEW, whole.msg);
}

/* The office that owns the record, or will. */
static const char *
owner(const struct trial *t)
{
	return t->found ? t->current.office : t->op->office;
}

/* ---- what ---- */

static bool
changes_a_value(const struct op *op)
{
	for (size_t i = 0; i < op->change_count; i++) {
		if (op->changes[i].field[0] != '@')
			return true;
	}
	return false;
}

/* Does the record say already all that the operation says? */
static bool
says_the_same(const struct record *r, const struct op *op)
{
	for (size_t i = 0; i < op->change_count; i++) {
		if (strcmp(record_get(r, op->changes[i].field),
		    op->changes[i].after) != 0)
			return false;
	}
	return true;
}

static enum status
check_event(struct judgement *out, const struct trial *t)
{
	const char *no;

	if (!t->reg->event || !t->found)
		return E_OK;
	no = tr("An entry like this stays as it was written; add another one.");
	if (t->op->kind == OP_NEW) {
		if (!says_the_same(&t->current, t->op))
			return judge_refuse(out, VERDICT_DENIED, no);
		return E_OK;
	}
	if (changes_a_value(t->op))
		return judge_refuse(out, VERDICT_DENIED, no);
	if (strcmp(t->author.office, t->current.office) != 0)
		return judge_refuse(out, VERDICT_DENIED,
		    tr("Only the office that wrote the entry may withdraw it."));
	return E_OK;
}

static const char no_record[] =
    TR_MARK("The county does not have this record.");

static enum status
check_content(struct judgement *out, const struct trial *t)
{
	const struct op *op = t->op;
	enum verdict verdict = VERDICT_OK;
	const char *why;

	if (t->found && strcmp(t->current.reg, op->reg) != 0)
		return judge_refuse(out, VERDICT_INVALID,
		    tr("The record is in another register."));
	if (!t->found && op->kind != OP_NEW)
		return judge_refuse(out, VERDICT_REVIEW, tr(no_record));
	why = content_refused(&verdict, t->reg, &t->current, op);
	if (why)
		return refuse_by_rule(out, t, verdict, why);
	return check_event(out, t);
}

/* ---- the result ---- */

static bool
is_listed(const struct trial *t, const char *field)
{
	char name[RECORD_NAME_MAX + 3];
	size_t len = strlen(field);

	if (t->others.len == 0 || len > RECORD_NAME_MAX)
		return false;
	if (len == 0)
		return true;	/* anything at all? */
	name[0] = ';';
	memcpy(name + 1, field, len);
	name[len + 1] = ';';
	name[len + 2] = '\0';
	return strstr(t->others.data, name) != NULL;
}

/* The history keeps the names of its time. */
static bool
is_others(void *self, const char *field)
{
	const struct trial *t = self;
	const struct schema_field *f;
	bool is = is_listed(t, field);

	if (is || !t->reg->renamed)
		return is;
	f = schema_field_find(t->reg, field);
	for (size_t i = 0; f && !is && i < f->was_count; i++)
		is = is_listed(t, f->was[i]);
	return is;
}

/* When it was done, by the server's reckoning: the device's clock may be wrong,
 * but it knows how long ago it heard from us.  A clock that is nearly right is
 * believed, so that the device need not be told another instant. */
static int64_t
corrected_at(const struct op *op)
{
	int64_t now = clock_now_at();
	int64_t at = op->server_at > 0 ? op->server_at + op->elapsed_ms :
	    op->at;

	if (op->at > at - CLOCK_NEAR_MS && op->at < at + CLOCK_NEAR_MS)
		at = op->at;
	return at > now || at <= 0 ? now : at;
}

/* The state before the operation. */
static const char *
state_before(const struct trial *t)
{
	if (!t->found && t->reg->state_count > 0)
		return t->reg->states[0].name;
	return t->current.state;
}

/* The day a step was taken: it may have waited for a network since. */
static int
day_of(const struct trial *t)
{
	int day = clock_day_of(corrected_at(t->op));

	return t->op->kind == OP_MOVE && day < t->judge->today ? day :
	    t->judge->today;
}

/* In the state before the step, m or NULL, to "to", or NULL where it stays:
 * stamps by our reckoning of the day, what follows from other records, then
 * whether this person may. */
static enum status
check_step(struct trial *t, const struct schema_move *m, const char *to,
    struct err *no)
{
	const struct rule_who who = { t->author.role, t->author.name };
	int day = day_of(t);
	char text[DATE_TEXT_MAX];
	enum status s;

	if (m && m->stamp_on) {
		date_print(text, day);
		values_set(&t->next.values, m->stamp_on, text);
	}
	rule_derive(t->reg, &t->next, day, &t->world.face);
	s = rule_change(t->reg, t->found ? &t->current : NULL, &t->next, m,
	    &who, &t->world.face, no);
	if (!s && to)
		s = rule_move(t->judge->schema, t->reg, &t->next, to, &who,
		    day, &t->world.face, no);
	return s;
}

/* The state changes only by a move of the table, by a person who may, and so
 * does what a move fills in.  The fields that came with it count already. */
static enum status
check_change(struct judgement *out, struct trial *t, struct err *err)
{
	char to[RECORD_NAME_MAX];
	const char *from = state_before(t);
	bool moves = strcmp(t->next.state, from) != 0;
	struct err no = ERR_INIT;
	enum status s;

	memcpy(to, t->next.state, sizeof to);
	(void)record_set(&t->next, "@state", from);
	s = check_step(t, moves ? schema_move_find(t->reg, from, to) : NULL,
	    moves ? to : NULL, &no);
	(void)record_set(&t->next, "@state", to);
	if (t->world.err.code) {
		*err = t->world.err;
		return err->code;
	}
	if (s)
		return refuse_by_rule(out, t, s == E_AUTH ? VERDICT_DENIED :
		    VERDICT_INVALID, no.msg);
	return E_OK;
}

/* What somebody decides on is what they saw: after a change by others, also
 * one that was taken back and handed in again, they look at it anew. */
static bool
is_overtaken(const struct trial *t)
{
	const struct schema_move *m;

	for (size_t i = 0; i < t->op->change_count; i++) {
		const struct op_change *c = &t->op->changes[i];

		if (strcmp(c->field, "@state") != 0)
			continue;
		m = schema_move_find(t->reg, t->current.state, c->after);
		return m && m->approves != APPROVES_NOTHING &&
		    t->others.len > 0;
	}
	return false;
}

/* What has become needed since is asked for when somebody who knows of it
 * saves the record. */
static bool
is_asked_later(const struct trial *t, const struct fault *f)
{
	if (!f->missing || !is_by_others(t))
		return false;
	for (size_t i = 0; i < t->op->change_count; i++) {
		if (strcmp(t->op->changes[i].field, f->field) == 0)
			return false;
	}
	return true;
}

static enum status
check_rules(struct judgement *out, struct trial *t, struct err *err)
{
	const struct judge *j = t->judge;
	struct faults faults = {0};
	enum status s = E_OK;

	if (t->next.deleted)
		return E_OK;
	rule_check(&faults, j->schema, t->reg, &t->next, RULE_SAVE, j->today,
	    &t->world.face);
	if (t->world.err.code) {
		*err = t->world.err;
		s = err->code;
	}
	faults_forgive(&faults, &t->next, &t->current);
	for (size_t i = 0; !s && i < faults.count; i++) {
		if (!faults.items[i].stop || is_asked_later(t, &faults.items[i]))
			continue;
		s = refuse_by_rule(out, t, VERDICT_INVALID,
		    faults.items[i].msg);
		break;
	}
	faults_release(&faults);
	return s;
}

static enum status
write_record(struct trial *t, struct err *err)
{
	const struct judge *j = t->judge;
	struct ledger_entry entry = { .device = &j->peer->device,
		.epoch = j->peer->epoch, .op = t->op,
		.taken_by = j->taken_by };
	struct op diff = {0};
	enum status s = number_give(j, t->reg, t->found ? &t->current : NULL,
	    &t->next, t->op->kind == OP_RESOLVE, err);

	if (s)
		return s;
	entry.at = corrected_at(t->op);
	t->next.rev = t->current.rev + 1;
	t->next.updated_at = entry.at;
	if (!t->found)
		t->next.created_at = entry.at;
	op_diff_lent(&diff, t->found ? &t->current : NULL, &t->next);
	entry.rev = t->next.rev;
	entry.changes = diff.changes;
	entry.change_count = diff.change_count;
	entry.hash = diff.expect;
	s = ledger_record_put(j->db, &t->next, diff.expect, t->reg, err);
	if (!s)
		s = ledger_history_add(j->db, &entry, err);
	if (!s)
		stream_touch(j->touched, t->next.office, &t->next.id,
		    t->next.rev, diff.expect);
	if (!s)
		s = number_claim(j, t->reg, t->found ? &t->current : NULL,
		    &t->next, t->op->by, entry.at, err);
	if (!s && transfer_is(&t->next))
		s = transfer_follow(j, &t->next, t->op->by, entry.at, false,
		    err);
	free(diff.changes);
	return s;
}

static enum status
write_questions(struct trial *t, const struct merge_result *merged,
    struct err *err)
{
	const struct judge *j = t->judge;
	enum status s = E_OK;

	for (size_t i = 0; !s && i < merged->conflict_count; i++)
		s = ledger_question_open(j, t->op, &t->next,
		    &merged->conflicts[i], corrected_at(t->op), err);
	return s;
}

/* Merge, check what came out, write it. */
static enum status
settle(struct judgement *out, struct trial *t, struct err *err)
{
	const struct judge *j = t->judge;
	struct merge_result merged = {0};
	enum status s = E_OK;

	if (t->found && transfer_is(&t->current) &&
	    strcmp(t->current.state, "offered") != 0)
		return judge_refuse(out, VERDICT_INVALID,
		    tr("This transfer has been decided already."));
	if (is_overtaken(t))
		return judge_refuse(out, VERDICT_INVALID, tr("Somebody has "
		    "changed the record since; look at it and decide anew."));
	record_copy(&t->next, &t->current);
	merge_op(&merged, &t->next, t->op, t->reg, is_others, t);
	if (transfer_is(&t->current) && merged.conflict_count > 0) {
		s = judge_refuse(out, VERDICT_INVALID, tr("A transfer is "
			"answered or taken back by its steps; nothing else of "
			"it changes."));
		goto out;
	}
	if (!t->found && t->late[0])
		memcpy(t->next.office, t->late, sizeof t->next.office);
	if (merged.changed) {
		if (!t->found && !t->next.state[0] && t->reg->state_count > 0)
			(void)record_set(&t->next, "@state",
			    t->reg->states[0].name);
		s = check_change(out, t, err);
		if (!s && !is_refused(out) && transfer_is(&t->next))
			s = transfer_check(out, j, &t->author,
			    t->found ? &t->current : NULL, &t->next, err);
		if (!s && !is_refused(out) && scan_is(&t->next))
			s = scan_check(out, j, &t->author, t->op,
			    t->found ? &t->current : NULL, &t->next, err);
		if (!s && !is_refused(out) && scan_is(&t->next) && !t->found)
			s = scan_bring(&t->next, j->db, err);
		if (!s && !is_refused(out))
			s = check_rules(out, t, err);
		if (!s && !is_refused(out))
			s = write_record(t, err);
	}
	if (s || is_refused(out))
		goto out;
	s = write_questions(t, &merged, err);
	out->rev = merged.changed ? t->next.rev : t->current.rev;
	out->verdict = merged.conflict_count > 0 ? VERDICT_CONFLICT :
	    merged.merged ? VERDICT_MERGED : VERDICT_OK;
out:
	merge_result_release(&merged);
	return s;
}

/* Record and operation, as the present definitions say them. */
static void
bring(struct trial *t)
{
	const struct schema_number *number = &t->reg->number;
	bool older, overtaken;

	(void)older_record(&t->current, t->reg);
	older = older_concerns(t->op, t->reg);
	overtaken = number_is_overtaken(number, t->op, &t->current);
	if (!older && !overtaken)
		return;
	op_copy(&t->brought, t->op);
	if (older)
		(void)older_op(&t->brought, t->reg, &t->current,
		    clock_day_of(corrected_at(t->op)));
	if (overtaken)
		number_bring(&t->brought, number, &t->current);
	t->op = &t->brought;
}

static enum status
look_up(struct trial *t, struct err *err)
{
	const struct judge *j = t->judge;
	enum status s = ledger_record_find(&t->found, &t->current, j->db,
	    &t->op->record, err);

	if (s)
		return s;
	bring(t);
	if (!t->found || t->current.rev <= t->op->base)
		return E_OK;
	return ledger_history_fields(&t->others, j->db, &t->op->record,
	    t->op->base, &j->peer->device, j->peer->epoch, t->op->after, err);
}

/* Whether two records may have one number is the county's to say. */
static enum status
check_county(struct judgement *out, const struct trial *t, struct err *err)
{
	struct record q = {0};
	enum status s = t->author.county ? E_OK :
	    ledger_record_get(&q, t->judge->db, &t->op->conflict, err);

	if (!s && strcmp(record_get(&q, "kind"), QUESTION_NUMBER) == 0)
		s = judge_refuse(out, VERDICT_DENIED, tr("Two records have "
		    "the same number: that is for the county to answer."));
	record_release(&q);
	return s;
}

/* The first answer to a question stands; the same answer again is welcome. */
static enum status
check_answer(struct judgement *out, bool *answered, const struct trial *t,
    struct err *err)
{
	struct ledger_question_state q = {0};
	struct buf why;
	enum status s = ledger_question_get(&q, t->judge->db, &t->op->conflict,
	    err);

	if (s == E_NOTFOUND ||
	    (!s && uuid_compare(&q.record, &t->op->record) != 0))
		return judge_refuse(out, VERDICT_REVIEW,
		    tr("The county does not have this conflict."));
	if (s || q.answered_at == 0)
		return s ? s : check_county(out, t, err);
	*answered = true;
	if (says_the_same(&t->current, t->op))
		return E_OK;
	buf_init(&why, ERR_MSG_MAX);
	s = question_past_told(&why, t->judge->db, &t->op->conflict,
	    &t->current, err);
	if (!s)
		s = judge_refuse(out, VERDICT_DENIED, why.data);
	buf_release(&why);
	return s;
}

/* ---- of another office ---- */

/* From here on it is judged as if there were none: what is told of a record
 * that somebody may not see is what is told of one that does not exist. */
static void
unsee(struct trial *t)
{
	record_release(&t->current);
	t->current = (struct record){0};
	t->found = false;
}

/* Device and author, role and office. */
static enum status
check_author(struct judgement *out, struct trial *t, struct err *err)
{
	const struct judge *j = t->judge;
	bool transfer = strcmp(t->reg->name, TRANSFER_REGISTER) == 0;
	bool lent = false, strange = false, unseen = false;
	enum status s = transfer ? E_OK : late_find(t->late, &strange, j,
	    t->reg, t->op, t->found ? &t->current : NULL, err);

	if (!s && t->found && !transfer && !t->late[0] &&
	    j->before == JUDGED_LATE && t->op->kind != OP_NEW)
		memcpy(t->late, t->current.office, sizeof t->late);
	if (!s && strange)
		return judge_refuse(out, VERDICT_DENIED,
		    tr("The record belongs to another office."));
	if (!s && t->found && !transfer && !t->author.county && !t->late[0] &&
	    strcmp(t->author.office, t->current.office) != 0 &&
	    strcmp(t->author.office, j->peer->office) == 0)
		s = transfer_lends(&lent, j->db, &t->current.id,
		    t->author.office, err);
	if (!s && t->found && t->op->kind != OP_NEW && !lent && !t->late[0])
		s = author_unseen(&unseen, j, &t->author, t->op->office,
		    &t->current,
		    err);
	if (s)
		return s;
	if (unseen) {
		unsee(t);
		out->rev = 0;
	}
	if (transfer)
		return transfer_may(out, j, &t->author, t->op,
		    t->found ? &t->current : NULL, err);
	return lent ? author_may_role(out, &t->author, t->op, t->reg) :
	    author_may(out, j, &t->author, t->op,
	    t->late[0] ? t->op->office : owner(t), t->reg, err);
}

/* Something new that belongs to it is theirs at once. */
static enum status
judge_late(struct judgement *out, struct trial *t, struct err *err)
{
	enum status s = t->found ? late_ask(t->judge, t->reg, t->op,
	    &t->current, corrected_at(t->op), err) : settle(out, t, err);

	if (s || is_refused(out))
		return s;
	return late_receipt(out, t->judge, t->late, err);
}

static bool
is_late(const struct trial *t)
{
	if (t->judge->before != JUDGED_NEVER)
		return t->late[0] && t->judge->before == JUDGED_LATE;
	return t->late[0] && !office_reaches(t->author.office,
	    t->author.county, t->late);
}

static enum status
judge_known(struct judgement *out, struct trial *t, struct err *err)
{
	bool answered = false;
	enum status s = author_find(&t->author, out, t->judge, t->op, err);

	if (!s && !is_refused(out))
		s = look_up(t, err);
	if (s || is_refused(out))
		return s;
	out->rev = t->current.rev;
	s = check_author(out, t, err);
	if (!s && !is_refused(out) && is_late(t))
		return judge_late(out, t, err);
	if (!s && !is_refused(out))
		s = check_content(out, t);
	if (!s && !is_refused(out) && t->op->kind == OP_RESOLVE)
		s = check_answer(out, &answered, t, err);
	if (s || is_refused(out) || answered)
		return s;
	s = settle(out, t, err);
	if (!s && !is_refused(out) && t->op->kind == OP_RESOLVE)
		s = ledger_question_close(t->judge, t->op,
		    corrected_at(t->op), err);
	return s;
}

enum status
judge_op(struct judgement *out, const struct judge *j, const struct op *op,
    struct err *err)
{
	struct trial t = { .judge = j, .op = op };
	enum status s;

	*out = (struct judgement){ .verdict = VERDICT_OK };
	t.reg = schema_register_find(j->schema, op->reg);
	if (!t.reg)
		return judge_refuse(out, VERDICT_REVIEW,
		    tr("The county's server does not know this register."));
	if (op->version > t.reg->version)
		return judge_refuse(out, VERDICT_REVIEW,
		    tr("This was entered with newer definitions than the county's server has."));
	buf_init(&t.others, BUF_RECORD_MAX);
	ledger_world_init(&t.world, j->db, j->schema,
	    j->peer->county == OFFICE_SPAN_ALL ? NULL : op->office);
	s = judge_known(out, &t, err);
	/* What another office's record is at is not told to this one. */
	if (!s && out->verdict == VERDICT_DENIED)
		out->rev = 0;
	trial_release(&t);
	return s;
}
