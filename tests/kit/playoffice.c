/*
 * A synthetic office.  Identity numbers lie in regions that were never
 * assigned (99xxxx); nobody is meant.
 */
#include "kit/playoffice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "client/cli_open.h"
#include "client/newrec.h"
#include "store/number.h"
#include "store/overview.h"
#include "store/save.h"

enum { DAY_MS = 86400000 };

/* What a server would have answered: numbers 1 to 20 of whatever is asked. */
static void
lease_numbers(struct store *s)
{
	struct json *ask = NULL, *answer = json_object();
	struct json *leases = json_array();
	struct err err = ERR_INIT;
	struct buf text;
	bool needed = false;

	buf_init(&text, BUF_LINE_MAX);
	if (number_ask(&text, &needed, s, &err) ||
	    json_parse(&ask, text.data, text.len, BUF_LINE_MAX, &err))
		fail_msg("%s", err.msg);
	for (struct json *j = json_first(json_get(ask, "ask")); j;
	    j = json_next(j)) {
		struct json *l = json_object();

		json_put_text(l, "key", json_get_text(j, "key"));
		json_put_int(l, "first", 1);
		json_put_int(l, "last", 20);
		json_push(leases, l);
	}
	json_put_int(answer, "device", 7);
	json_put(answer, "leases", leases);
	if (number_answer(s, answer, &err))
		fail_msg("%s", err.msg);
	json_free(ask);
	json_free(answer);
	buf_release(&text);
}

static void
enroll(struct store *s)
{
	struct store_device device = {
		.server = "https://county.example:8443",
		.device = "01890a5d-ac96-774b-bcce-b302099a8057",
		.token = "device-token", .office = "990101001",
		.office_name = "枫桥司法所", .county_name = "示范县司法局",
		.server_epoch = "01890a5d-ac96-774b-bcce-b302099a8058",
		.epoch = 1,
	};
	struct store_user user = { .login = PLAYOFFICE_USER, .name = "李所长",
		.role = "chief", .office = "990101001", .token = "user-token" };
	struct crypto_key share = {{ 7 }};
	struct err err = ERR_INIT;

	user.offline_until = clock_now_at() + (int64_t)30 * DAY_MS;
	if (store_enroll(s, &device, &share, &err) ||
	    store_admit(s, &user, PLAYOFFICE_PASSWORD, &share, &err))
		fail_msg("%s", err.msg);
	lease_numbers(s);
}

struct uuid
playoffice_add(struct cli *cli, const char *name, const char *const *values)
{
	const struct schema_register *reg = schema_register_find(cli->schema,
		name);
	struct record r = {0};
	struct save save = { .record = &r };
	struct err err = ERR_INIT;
	struct uuid id;

	newrec_init(&r, cli->store, reg);
	for (; *values; values++) {
		const char *sign = strchr(*values, '=');
		char *field = mem_strndup(*values, (size_t)(sign - *values));

		if (!record_set(&r, field, sign + 1))
			fail_msg("%s", *values);
		free(field);
	}
	if (save_record(cli->store, &save, &err))
		fail_msg("%s: %s", name, err.msg);
	id = r.id;
	faults_release(&save.faults);
	record_release(&r);
	if (overview_refresh(cli->store, NULL, &err))
		fail_msg("%s", err.msg);
	return id;
}

static char *
ref(const char *field, const struct uuid *id)
{
	char text[UUID_TEXT_MAX];

	uuid_print(text, id);
	return mem_printf("%s=%s", field, text);
}

static void
add_correction(struct cli *cli, const char *name, const char *idno,
	const char *category, const char *from, const char *to)
{
	char *name_is = mem_printf("name=%s", name);
	char *idno_is = mem_printf("id_no=%s", idno);
	const char *person[] = { name_is, idno_is, "mobile=13800138000",
		"home_detail=枫桥镇新桥村12号", NULL };
	struct uuid id = playoffice_add(cli, "person", person), subject;
	char *of = ref("person_id", &id), *parent;
	char *category_is = mem_printf("category=%s", category);
	char *from_is = mem_printf("term_from=%s", from);
	char *to_is = mem_printf("term_to=%s", to);
	const char *values[] = { of, category_is, from_is, to_is,
		"@state=active", "level=normal", "village=新桥村",
		"case_officer=王干部", "term_text=一年", NULL };

	subject = playoffice_add(cli, "correction_subject", values);
	parent = ref("subject_id", &subject);
	{
		const char *event[] = { parent, "event_kind=report",
			"held_at=2026-03-01T09:30", "report_way=01",
			"content=按时到所报告，思想稳定。", "recorder=王干部",
			NULL };

		(void)playoffice_add(cli, "correction_event", event);
	}
	free(of);
	free(parent);
	free(category_is);
	free(from_is);
	free(to_is);
	free(name_is);
	free(idno_is);
}

static void
add_case(struct cli *cli)
{
	const char *one[] = { "name=赵六", "mobile=13800138001", NULL };
	const char *two[] = { "name=钱七", "mobile=13800138002", NULL };
	struct uuid ids[2] = { playoffice_add(cli, "person", one),
		playoffice_add(cli, "person", two) };
	const char *values[] = { "accept_date=2026-02-10", "dispute_type=ll",
		"village=新桥村", "summary=双方因宅基地滴水起争执，多次口角。",
		"mediator=孙调解", "people_count=2", "@state=open",
		"due_date=2026-03-01", NULL };
	struct uuid id = playoffice_add(cli, "mediation_case", values);

	for (int i = 0; i < 2; i++) {
		char *parent = ref("case_id", &id);
		char *person = ref("person_id", &ids[i]);
		const char *party[] = { parent, person,
			i ? "side=2" : "side=1", NULL };

		(void)playoffice_add(cli, "mediation_party", party);
		free(parent);
		free(person);
	}
}

void
playoffice_make(struct cli *cli, const char *home)
{
	struct err err = ERR_INIT;

	cli->home = mem_strdup(home);
	if (cli_schema(cli, &err) || cli_store(cli, true, &err))
		fail_msg("%s", err.msg);
	enroll(cli->store);
	if (overview_refresh(cli->store, NULL, &err))
		fail_msg("%s", err.msg);
	add_correction(cli, "张三", "99010119850302001X", "02", "2025-03-20",
		"2026-03-19");
	add_correction(cli, "李四", "990101199001010019", "03", "2025-06-01",
		"2027-05-31");
	add_correction(cli, "王小明", "990101197912050039", "01",
		"2024-02-01", "2026-01-31");
	add_case(cli);
}
