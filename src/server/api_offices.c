/*
 * The list of offices, and what the county does about them.
 */
#include "server/api_offices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/manage.h"

enum status
api_offices(struct visit *v, struct err *err)
{
	struct office *list = NULL;
	struct json *j, *all;
	struct db *db = NULL;
	size_t count = 0;
	enum status s = visit_find(v, false, err);

	if (s || v->answer)
		return s;
	s = ledger_begin_read(&db, v->ledger, err);
	if (s)
		return s;
	s = office_list(&list, &count, db, err);
	ledger_end_read(v->ledger);
	if (s)
		return s;
	j = json_object();
	all = json_array();
	for (size_t i = 0; i < count; i++) {
		struct json *one;

		if (list[i].county)
			continue;
		one = json_object();
		json_put_text(one, "code", list[i].code);
		json_put_text(one, "name", list[i].name);
		json_push(all, one);
	}
	free(list);
	json_put(j, "offices", all);
	visit_json(v, j);
	return E_OK;
}

/* ---- acts ---- */

/* Code and name, of somebody who may; false, with the answer set. */
static bool
read_office(struct office *out, struct manage *m, const char *act)
{
	if (!manage_is_of_county(m)) {
		m->v->answer = ANSWER_NOT_TO_MANAGE;
		return false;
	}
	if (!manage_text(out->code, sizeof out->code, m, "code", true) ||
	    !manage_text(out->name, sizeof out->name, m, "name", true))
		return false;
	snprintf(m->words, sizeof m->words, "office %s %s", act, out->code);
	json_put_text(m->out, "office", out->code);
	return true;
}

static enum status
add(struct manage *m, struct err *err)
{
	struct office office = {0};

	if (!read_office(&office, m, "add"))
		return E_OK;
	/* whoever is of one county makes none beside it */
	if (!manage_reaches(m, office.code)) {
		m->v->answer = ANSWER_NO_OFFICE;
		return E_OK;
	}
	return office_add(m->db, &office, err);
}

enum status
api_offices_add(struct visit *v, struct err *err)
{
	return manage_act(v, NULL, add, NULL, err);
}

static enum status
rename_one(struct manage *m, struct err *err)
{
	struct office to = {0}, was = {0};
	enum status s;

	if (!read_office(&to, m, "rename"))
		return E_OK;
	s = manage_office(&was, m, to.code, err);
	return s || m->v->answer ? s :
	    office_rename(m->db, to.code, to.name, err);
}

enum status
api_offices_rename(struct visit *v, struct err *err)
{
	return manage_act(v, NULL, rename_one, NULL, err);
}
