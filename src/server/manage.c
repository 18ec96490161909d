/*
 * Who may, of whom, and the note about it.
 */
#include "server/manage.h"

#include <stdlib.h>
#include <string.h>

#include "server/ledger_audit.h"

/* What each call asks for; the first that the path begins with. */
static const struct {
	const char *path;
	unsigned powers;
} needs[] = {
	{ "/v1/people/agree", ROLE_GRANTS },
	{ "/v1/people/refuse", ROLE_PEOPLE | ROLE_GRANTS },
	{ "/v1/people/set", ROLE_PEOPLE | ROLE_GRANTS },
	{ "/v1/people/", ROLE_PEOPLE },
	{ "/v1/people", ROLE_PEOPLE | ROLE_GRANTS },
	{ "/v1/", ROLE_COMPUTERS },
};

static bool
may_manage(struct visit *v)
{
	size_t i = 0;

	while (strncmp(v->request->path, needs[i].path,
	    strlen(needs[i].path)) != 0)
		i++;
	if (role_reach(v->account.role) == ROLE_REACH_NONE ||
	    !role_may(v->account.role, needs[i].powers))
		v->answer = ANSWER_NOT_TO_MANAGE;
	return !v->answer;
}

enum status
manage_look(struct visit *v, manage_work *work, struct err *err)
{
	struct manage m = { .v = v };
	enum status s = visit_find(v, true, err);

	if (s || v->answer || !may_manage(v))
		return s;
	s = ledger_begin_read(&m.db, v->ledger, err);
	if (s)
		return s;
	m.out = json_object();
	s = work(&m, err);
	ledger_end_read(v->ledger);
	if (s || v->answer) {
		json_free(m.out);
		return s;
	}
	visit_json(v, m.out);
	visit_pack(v, false);
	return E_OK;
}

/* ---- acts ---- */

/* Since they were let in, somebody may have disabled them. */
static enum status
look_again(struct manage *m, struct err *err)
{
	struct account now = {0};
	enum status s = account_get(&now, m->db, m->v->account.login, err);

	if (s)
		return s;
	if (now.disabled)
		m->v->answer = ANSWER_USER_DISABLED;
	else if (strcmp(now.role, m->v->account.role) != 0 ||
	    strcmp(now.office, m->v->account.office) != 0)
		m->v->answer = ANSWER_NOT_TO_MANAGE;
	return E_OK;
}

/* A refusal of the functions that the commands call too, for a person. */
static enum status
tell(struct visit *v, enum status s, const struct err *why, struct err *err)
{
	if (s == E_INVALID)
		v->answer = ANSWER_BAD_REQUEST;
	else if (s == E_CONFLICT || s == E_NOTFOUND)
		v->answer = ANSWER_STANDS;
	else if (s == E_AUTH)
		v->answer = ANSWER_NOT_TO_GRANT;
	if (!v->answer) {
		*err = *why;
		return s;
	}
	memcpy(v->why, why->msg, sizeof v->why);
	v->sentence = v->why;
	return E_OK;
}

static enum status
run(struct manage *m, manage_work *work, struct err *err)
{
	struct visit *v = m->v;
	struct err why = ERR_INIT, undone = ERR_INIT;
	enum status s = ledger_begin(&m->db, v->ledger, err);

	if (s)
		return s;
	s = look_again(m, &why);
	if (!s && !v->answer)
		s = work(m, &why);
	if (!s && !v->answer)
		s = ledger_audit_put(m->db, &(struct ledger_audit_note){
			.what = AUDIT_MANAGE, .by = v->account.login,
			.device = &v->device.id, .note = m->words }, &why);
	if (!s && !v->answer)
		return ledger_end(v->ledger, E_OK, err);
	/* nothing of what is refused stays */
	if (ledger_end(v->ledger, s ? s : E_INVALID, &undone) == E_IO) {
		*err = undone.msg[0] ? undone : why;
		return E_IO;
	}
	return s ? tell(v, s, &why, err) : E_OK;
}

enum status
manage_act(struct visit *v, manage_work *before, manage_work *work,
    void *self, struct err *err)
{
	struct manage m = { .v = v, .self = self };
	struct json *ask = NULL;
	enum status s = visit_find(v, true, err);

	if (s || v->answer || !may_manage(v))
		return s;
	ask = visit_object(v);
	if (!ask)
		return E_OK;
	m.ask = ask;
	m.out = json_object();
	if (before)
		s = before(&m, err);
	if (!s && !v->answer)
		s = run(&m, work, err);
	if (!s && !v->answer)
		visit_json(v, m.out);
	else
		json_free(m.out);
	json_free(ask);
	return s;
}

bool
manage_text(char *out, size_t size, struct manage *m, const char *name,
    bool needed)
{
	const char *text = json_get_text(m->ask, name);
	size_t len = text ? strlen(text) : 0;

	if (len >= size || (needed && len == 0)) {
		m->v->answer = ANSWER_BAD_REQUEST;
		return false;
	}
	memcpy(out, text ? text : "", len + 1);
	return true;
}

/* ---- whose ---- */

bool
manage_is_of_county(const struct manage *m)
{
	const struct account *a = &m->v->account;

	return a->county && role_reach(a->role) == ROLE_REACH_COUNTY;
}

bool
manage_gives(const struct manage *m, const char *role)
{
	return role_gives(m->v->account.role, role) &&
	    (manage_is_of_county(m) || role_gives("chief", role));
}

bool
manage_tends(const struct manage *m, const char *role)
{
	return role_tends(m->v->account.role, role) &&
	    (manage_is_of_county(m) || role_tends("chief", role));
}

bool
manage_reaches(const struct manage *m, const char *office)
{
	const struct account *a = &m->v->account;

	return office_reaches(a->office, manage_is_of_county(m) ? a->county :
	    OFFICE_SPAN_OWN, office);
}

enum status
manage_put_offices(struct manage *m, struct err *err)
{
	struct office *list = NULL;
	struct json *all = json_array();
	size_t count = 0;
	enum status s = office_list(&list, &count, m->db, err);

	for (size_t i = 0; !s && i < count; i++) {
		struct json *j;

		if (!manage_reaches(m, list[i].code))
			continue;
		j = json_object();
		json_put_text(j, "code", list[i].code);
		json_put_text(j, "name", list[i].name);
		json_put_bool(j, "county", list[i].county);
		json_put_int(j, "depth", (int64_t)office_depth(list, count, i));
		json_push(all, j);
	}
	free(list);
	json_put(m->out, "offices", all);
	return s;
}

enum status
manage_office(struct office *out, struct manage *m, const char *code,
    struct err *err)
{
	struct err none = ERR_INIT;
	enum status s = manage_reaches(m, code) ?
	    office_get(out, m->db, code, &none) : E_NOTFOUND;

	if (s == E_NOTFOUND)
		m->v->answer = ANSWER_NO_OFFICE;
	else if (s)
		*err = none;
	return s == E_NOTFOUND ? E_OK : s;
}

enum status
manage_person(struct account *out, struct manage *m, const char *login,
    struct err *err)
{
	struct visit *v = m->v;
	struct err none = ERR_INIT;
	enum status s = account_get(out, m->db, login, &none);

	if (s && s != E_NOTFOUND) {
		*err = none;
		return s;
	}
	if (s || !manage_reaches(m, out->office))
		v->answer = ANSWER_NO_PERSON;
	else if (strcmp(out->login, v->account.login) == 0)
		v->answer = ANSWER_YOURSELF;
	else if (!manage_tends(m, out->role))
		v->answer = ANSWER_NOT_TO_GRANT;
	return E_OK;
}

enum status
manage_device(struct device *out, struct manage *m, const char *text,
    struct err *err)
{
	struct device *list = NULL;
	struct uuid id;
	size_t count = 0, i = 0;
	bool found = false;
	enum status s = E_OK;

	if (uuid_parse(&id, text))
		s = device_list(&list, &count, m->db, err);
	for (; !s && i < count; i++) {
		if (uuid_compare(&list[i].id, &id) == 0 &&
		    manage_reaches(m, list[i].office.code)) {
			*out = list[i];
			found = true;
		}
		crypto_wipe(&list[i].key_share, sizeof list[i].key_share);
	}
	free(list);
	if (!s && !found)
		m->v->answer = ANSWER_NO_DEVICE;
	return s;
}
