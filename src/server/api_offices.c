/*
 * The list of offices.
 */
#include "server/api_offices.h"

#include <stdlib.h>

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
