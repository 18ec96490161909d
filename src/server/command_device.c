/*
 * The commands about devices, and what was put aside.
 */
#include "server/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "db/db.h"
#include "server/command_desk.h"
#include "server/command_print.h"
#include "server/device.h"
#include "server/device_end.h"
#include "server/ledger.h"

/* ---- the list ---- */

static const char *
standing_text(const struct device *d)
{
	return d->wiped_at ? tr("erased") : d->wipe[0] ? tr("to be erased") :
	    d->revoked_at ? tr("revoked") : tr("in use");
}

static void
print_device(const struct device *d)
{
	char id[UUID_TEXT_MAX], at[CLOCK_TEXT_MAX];
	struct buf label;

	uuid_print(id, &d->id);
	clock_print(at, d->enrolled_at);
	buf_init(&label, BUF_LINE_MAX);
	utf8_safe(&label, d->label);
	printf("%s  %-19s  %.10s  ", id, d->office.code, at);
	command_print_cell(standing_text(d), 14);
	puts(label.data);
	buf_release(&label);
}

static struct json *
device_json(const struct device *d)
{
	struct json *j = json_object();
	char id[UUID_TEXT_MAX];

	uuid_print(id, &d->id);
	json_put_text(j, "device", id);
	json_put_text(j, "office", d->office.code);
	json_put_text(j, "label", d->label);
	json_put_text(j, "standing", device_standing(d));
	json_put_int(j, "epoch", d->epoch);
	json_put_int(j, "enrolled_at", d->enrolled_at);
	json_put_int(j, "seen_at", d->seen_at);
	json_put_int(j, "revoked_at", d->revoked_at);
	json_put_int(j, "wiped_at", d->wiped_at);
	return j;
}

enum status
command_device_list(const struct command_args *a, struct err *err)
{
	struct command_desk d = { .args = a };
	struct device *list = NULL;
	size_t count = 0;
	enum status s = command_desk_read(&d, err);

	if (!s)
		s = device_list(&list, &count, d.db, err);
	s = command_desk_close(&d, s, err);
	for (size_t i = 0; !s && i < count; i++) {
		if (a->json)
			command_print_json(device_json(&list[i]));
		else
			print_device(&list[i]);
		crypto_wipe(&list[i].key_share, sizeof list[i].key_share);
	}
	free(list);
	return s;
}

/* ---- the end of its days ---- */

static enum status
revoke(struct db *db, const struct uuid *id, const struct command_args *a,
    struct err *err)
{
	(void)a;
	return device_revoke(db, id, err);
}

static enum status
allow(struct db *db, const struct uuid *id, const struct command_args *a,
    struct err *err)
{
	(void)a;
	return device_allow(db, id, err);
}

static enum status
give(struct db *db, const struct uuid *id, const struct command_args *a,
    struct err *err)
{
	return device_give(db, id, a->office, err);
}

static enum status
erase(struct db *db, const struct uuid *id, const struct command_args *a,
    struct err *err)
{
	return device_erase(db, id, a->at_once, err);
}

static enum status
take_off(struct db *db, const struct uuid *id, const struct command_args *a,
    struct err *err)
{
	(void)a;
	return device_remove(db, id, err);
}

static enum status
change(const struct command_args *a, enum status (*to)(struct db *db,
    const struct uuid *id, const struct command_args *a, struct err *err),
    struct err *err)
{
	struct command_desk d = { .args = a };
	struct uuid id;
	enum status s;

	if (!uuid_parse(&id, a->plain[0]))
		return err_set(err, E_INVALID,
		    tr("A device is named by its id, as device list prints it."));
	s = command_desk_change(&d, err);
	if (!s)
		s = to(d.db, &id, a, err);
	return command_desk_close(&d, s, err);
}

enum status
command_device_revoke(const struct command_args *a, struct err *err)
{
	return change(a, revoke, err);
}

enum status
command_device_allow(const struct command_args *a, struct err *err)
{
	return change(a, allow, err);
}

enum status
command_device_give(const struct command_args *a, struct err *err)
{
	return change(a, give, err);
}

/* What a device was told to be delivered it keeps as well, so that a restored
 * server gets it back; an erased one keeps nothing. */
static enum status
say_unsaved(const struct command_args *a, struct err *err)
{
	struct command_desk d = { .args = a };
	struct uuid id;
	int64_t n = 0;
	enum status s = command_desk_read(&d, err);

	if (!s && uuid_parse(&id, a->plain[0]))
		s = device_not_in_backup(&n, d.db, &id, err);
	s = command_desk_close(&d, s, err);
	if (!s && n > 0)
		printf(tr("%lld entries that came from it are in no backup "
		    "yet, and it cannot give them back once it is erased: run "
		    "\"fengqiaod backup\" soon.\n"), (long long)n);
	return s;
}

enum status
command_device_erase(const struct command_args *a, struct err *err)
{
	enum status s = change(a, erase, err);

	return s || a->json ? s : say_unsaved(a, err);
}

enum status
command_device_remove(const struct command_args *a, struct err *err)
{
	return change(a, take_off, err);
}
