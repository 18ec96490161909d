/*
 * Computers over the line.
 */
#include "server/api_devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/tr.h"
#include "db/db.h"
#include "server/device_end.h"
#include "server/manage.h"

#define HOUR_MS (3600 * 1000LL)

/* ---- the list ---- */

/* Who used it last, and how much of what it sent nobody has looked at. */
static enum status
put_use(struct json *j, struct manage *m, const struct device *d,
    struct err *err)
{
	struct db_stmt *st = NULL;
	bool row = false;
	enum status s = db_prepare(&st, m->db, "SELECT u.login,"
	    " coalesce((SELECT a.name FROM account a"
	    " WHERE a.login = u.login), ''),"
	    " (SELECT count(*) FROM quarantine q"
	    " WHERE q.device = ?1 AND NOT EXISTS(SELECT 1 FROM settled t"
	    " WHERE t.device = q.device AND t.epoch = q.epoch"
	    " AND t.n = q.n)) FROM (SELECT"
	    " coalesce((SELECT s.login FROM session s WHERE s.device = ?1"
	    " ORDER BY s.expires_at DESC LIMIT 1), (SELECT p.login FROM"
	    " presence p WHERE p.device = ?1 ORDER BY p.since_at DESC"
	    " LIMIT 1), '') AS login) u", err);

	if (s)
		return s;
	db_bind_blob(st, 1, d->id.b, sizeof d->id.b);
	s = db_step(st, &row, err);
	if (!s && row) {
		json_put_text(j, "user", db_text(st, 0, NULL));
		json_put_text(j, "user_name", db_text(st, 1, NULL));
		json_put_int(j, "aside", db_int(st, 2));
	}
	db_finish(st);
	return s;
}

static enum status
put_device(struct json *all, struct manage *m, const struct device *d,
    struct err *err)
{
	struct json *j = json_object();
	char id[UUID_TEXT_MAX];

	uuid_print(id, &d->id);
	json_put_text(j, "device", id);
	json_put_int(j, "number", d->number);
	json_put_text(j, "office", d->office.code);
	json_put_text(j, "office_name", d->office.name);
	json_put_text(j, "label", d->label);
	json_put_text(j, "standing", device_standing(d));
	json_put_int(j, "epoch", d->epoch);
	json_put_int(j, "enrolled_at", d->enrolled_at);
	json_put_int(j, "seen_at", d->seen_at);
	json_push(all, j);
	return put_use(j, m, d, err);
}

static enum status
list(struct manage *m, struct err *err)
{
	struct device *devices = NULL;
	struct json *all = json_array();
	size_t count = 0;
	enum status s = device_list(&devices, &count, m->db, err);

	for (size_t i = 0; i < count; i++) {
		if (!s && manage_reaches(m, devices[i].office.code))
			s = put_device(all, m, &devices[i], err);
		crypto_wipe(&devices[i].key_share,
		    sizeof devices[i].key_share);
	}
	free(devices);
	json_put(m->out, "devices", all);
	return s ? s : manage_put_offices(m, err);
}

enum status
api_devices(struct visit *v, struct err *err)
{
	return manage_look(v, list, err);
}

/* ---- acts ---- */

static enum status
make_code(struct manage *m, struct err *err)
{
	char code[DEVICE_CODE_TEXT + 1] = "", text[RECORD_OFFICE_MAX];
	struct office office = {0};
	enum status s;

	if (!manage_text(text, sizeof text, m, "office", true))
		return E_OK;
	s = manage_office(&office, m, text, err);
	if (s || m->v->answer)
		return s;
	s = device_make_code(code, m->db, office.code, err);
	snprintf(m->words, sizeof m->words, "enroll-code office=%s",
	    office.code);
	json_put_text(m->out, "code", code);
	json_put_text(m->out, "office", office.code);
	json_put_text(m->out, "office_name", office.name);
	json_put_int(m->out, "hours", DEVICE_CODE_HOURS);
	json_put_int(m->out, "until", clock_now_at() +
	    DEVICE_CODE_HOURS * HOUR_MS);
	crypto_wipe(code, sizeof code);
	return s;
}

enum status
api_devices_code(struct visit *v, struct err *err)
{
	return manage_act(v, NULL, make_code, NULL, err);
}

/* An act on one device. */
struct act {
	const char *word;
	enum status (*apply)(struct manage *m, const struct uuid *id,
	    struct err *err);
};

static enum status
do_one(struct manage *m, struct err *err)
{
	const struct act *act = m->self;
	char id[UUID_TEXT_MAX];
	struct device d = {0};
	enum status s = E_OK;

	if (manage_text(id, sizeof id, m, "device", true))
		s = manage_device(&d, m, id, err);
	if (s || m->v->answer)
		return s;
	snprintf(m->words, sizeof m->words, "device %s %s", act->word, id);
	json_put_text(m->out, "device", id);
	return act->apply(m, &d.id, err);
}

static enum status
revoke(struct manage *m, const struct uuid *id, struct err *err)
{
	return device_revoke(m->db, id, err);
}

enum status
api_devices_revoke(struct visit *v, struct err *err)
{
	struct act act = { "revoke", revoke };

	return manage_act(v, NULL, do_one, &act, err);
}

static enum status
allow(struct manage *m, const struct uuid *id, struct err *err)
{
	return device_allow(m->db, id, err);
}

enum status
api_devices_allow(struct visit *v, struct err *err)
{
	struct act act = { "allow", allow };

	return manage_act(v, NULL, do_one, &act, err);
}

static enum status
erase(struct manage *m, const struct uuid *id, struct err *err)
{
	bool at_once = json_is_true(json_get(m->ask, "at_once"));

	if (at_once)
		snprintf(m->words + strlen(m->words),
		    sizeof m->words - strlen(m->words), " at-once");
	return device_erase(m->db, id, at_once, err);
}

enum status
api_devices_erase(struct visit *v, struct err *err)
{
	struct act act = { "erase", erase };

	return manage_act(v, NULL, do_one, &act, err);
}

/* To whoever looks after both offices: a chief has only one. */
static enum status
give(struct manage *m, struct err *err)
{
	char id[UUID_TEXT_MAX], code[RECORD_OFFICE_MAX];
	struct office office = {0};
	struct device d = {0};
	enum status s = E_OK;

	if (!manage_text(id, sizeof id, m, "device", true) ||
	    !manage_text(code, sizeof code, m, "office", true))
		return E_OK;
	s = manage_device(&d, m, id, err);
	if (!s && !m->v->answer)
		s = manage_office(&office, m, code, err);
	if (!s && !m->v->answer && d.wipe[0])
		s = err_set(err, E_CONFLICT, tr("It was ordered to destroy its "
		    "data, and stays where it is."));
	else if (!s && !m->v->answer &&
	    strcmp(d.office.code, office.code) == 0)
		m->v->answer = ANSWER_STANDS;
	crypto_wipe(&d.key_share, sizeof d.key_share);
	if (s || m->v->answer)
		return s;
	snprintf(m->words, sizeof m->words, "device give %s office=%s", id,
	    office.code);
	json_put_text(m->out, "device", id);
	return device_give(m->db, &d.id, office.code, err);
}

enum status
api_devices_give(struct visit *v, struct err *err)
{
	return manage_act(v, NULL, give, NULL, err);
}
