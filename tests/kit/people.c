/*
 * A cache for everybody (kit/people.h).
 */
#include "kit/people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "client/cli_open.h"
#include "kit/files.h"
#include "store/overview.h"

enum { DAY_MS = 86400000, NOON_MS = 4 * 3600 * 1000, MONTH_DAYS = 30 };

static const struct crypto_key share = {{ 9 }};

static void
enroll(struct store *s)
{
	struct store_device device = {
		.server = "https://county.example:8443",
		.device = "01890a5d-ac96-774b-bcce-b302099a8059",
		.token = "device-token", .office = "990101001",
		.office_name = "枫桥司法所", .county_name = "示范县司法局",
		.server_epoch = "01890a5d-ac96-774b-bcce-b302099a805a",
		.epoch = 1,
	};
	struct err err = ERR_INIT;

	if (store_enroll(s, &device, &share, &err))
		fail_msg("%s", err.msg);
}

/* One password for each, once; then their keys are remembered. */
static void
admit(struct people *p, size_t i)
{
	struct store_user user = { .office = "990101001",
		.token = "user-token" };
	struct err err = ERR_INIT;

	(void)snprintf(user.login, sizeof user.login, "%s", whole_roles[i]);
	(void)snprintf(user.role, sizeof user.role, "%s", whole_roles[i]);
	(void)snprintf(user.name, sizeof user.name, "某 %s", whole_roles[i]);
	user.offline_until = clock_now_at() + (int64_t)MONTH_DAYS * DAY_MS;
	buf_init(&p->secrets[i], BUF_LINE_MAX);
	if (store_admit(p->cli.store, &user, PEOPLE_PASSWORD, &share, &err) ||
	    store_secret_export(&p->secrets[i], p->cli.store, &err))
		fail_msg("%s: %s", user.role, err.msg);
}

void
people_open(struct people *p)
{
	people_open_on(p, WHOLE_TODAY);
}

void
people_open_on(struct people *p, int today)
{
	struct err err = ERR_INIT;

	*p = (struct people){0};
	clock_fix(today == DATE_NONE ? 0 : (int64_t)today * DAY_MS + NOON_MS);
	/* thousands of saves, none of which must outlive the machine */
	(void)snprintf(p->home, sizeof p->home, "%s/fengqiao-people-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(p->home));
	p->cli.home = mem_strdup(p->home);
	if (cli_schema(&p->cli, &err) || cli_store(&p->cli, true, &err))
		fail_msg("%s", err.msg);
	enroll(p->cli.store);
	for (size_t i = 0; i < WHOLE_ROLES; i++)
		admit(p, i);
	if (overview_refresh(p->cli.store, NULL, &err))
		fail_msg("%s", err.msg);
}

void
people_sit(struct people *p, const char *role)
{
	const struct store_user *now = store_user(p->cli.store);
	struct err err = ERR_INIT;
	size_t i = 0;

	if (now && strcmp(now->role, role) == 0)
		return;
	while (strcmp(whole_roles[i], role) != 0)
		i++;
	store_lock(p->cli.store);
	if (store_secret_import(p->cli.store, p->secrets[i].data,
	    p->secrets[i].len, &err) ||
	    overview_refresh(p->cli.store, NULL, &err))
		fail_msg("%s: %s", role, err.msg);
}

void
people_close(struct people *p)
{
	for (size_t i = 0; i < WHOLE_ROLES; i++)
		buf_release(&p->secrets[i]);
	cli_release(&p->cli);
	files_remove(p->home);
}
