/*
 * Which computer this is: its server, its token, its office, as they stand in
 * the cache in clear.  Enrolling makes the data key, which leaves memory only
 * under the key share that the server keeps.
 */
#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "store/inside.h"
#include "store/keywrap.h"

static enum status
write_device(struct store *s, const struct store_device *d, struct err *err)
{
	const struct {
		const char *name, *text;
	} facts[] = {
		{ "server", d->server },
		{ "device", d->device },
		{ "device_token", d->token },
		{ "office", d->office },
		{ "office_name", d->office_name },
		{ "county_name", d->county_name },
		{ "server_epoch", d->server_epoch },
	};
	enum status st = E_OK;

	for (size_t i = 0; i < sizeof facts / sizeof facts[0] && !st; i++)
		st = store_meta_set(s, facts[i].name, facts[i].text, err);
	if (!st)
		st = store_meta_set_int(s, "epoch", d->epoch, err);
	if (!st)
		st = store_meta_set_int(s, "device_number", d->number, err);
	return st;
}

enum status
store_enroll(struct store *s, const struct store_device *device,
	const struct crypto_key *key_share, struct err *err)
{
	struct store_device before;
	struct crypto_key data = {{0}};
	struct err missing = ERR_INIT;
	enum status st;

	st = db_begin(s->db, err);
	if (st)
		return st;
	st = store_device_get(&before, s, &missing);
	if (st == E_OK) {
		st = err_set(err, E_CONFLICT,
			tr("This computer is registered already."));
	} else if (st != E_NOTFOUND) {
		*err = missing;
	} else {
		crypto_random(&data, sizeof data);
		st = keywrap_put_share(s, key_share, &data, err);
		crypto_wipe(&data, sizeof data);
		if (!st)
			st = write_device(s, device, err);
	}
	if (st)
		db_rollback(s->db);
	else
		st = db_commit(s->db, err);
	crypto_wipe(&before, sizeof before);
	return st;
}

/* Its own numbers go on, and it compares with this ledger as with any that was
 * restored: epochs stay. */
enum status
store_enroll_again(struct store *s, const struct store_device *device,
	const struct crypto_key *key_share, struct err *err)
{
	struct store_device now = {0};
	enum status st = store_need_key(s, err);

	if (!st)
		st = db_begin(s->db, err);
	if (st)
		return st;
	st = store_device_get(&now, s, err);
	memcpy(now.token, device->token, sizeof now.token);
	memcpy(now.server, device->server, sizeof now.server);
	now.number = device->number;
	if (!st)
		st = keywrap_put_share(s, key_share, &s->keys.data, err);
	if (!st)
		st = write_device(s, &now, err);
	if (st)
		db_rollback(s->db);
	else
		st = db_commit(s->db, err);
	crypto_wipe(&now, sizeof now);
	return st;
}

/* One of the device's facts; others are not its. */
static enum status
take_fact(struct store_device *d, const char *name, const char *text,
	struct err *err)
{
	const struct {
		const char *name;
		char *place;
		size_t size;
	} facts[] = {
		{ "server", d->server, sizeof d->server },
		{ "device", d->device, sizeof d->device },
		{ "device_token", d->token, sizeof d->token },
		{ "office", d->office, sizeof d->office },
		{ "office_name", d->office_name, sizeof d->office_name },
		{ "county_name", d->county_name, sizeof d->county_name },
		{ "server_epoch", d->server_epoch, sizeof d->server_epoch },
	};

	if (strcmp(name, "epoch") == 0)
		d->epoch = strtoll(text, NULL, 10);
	else if (strcmp(name, "device_number") == 0)
		d->number = strtoll(text, NULL, 10);
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		if (strcmp(name, facts[i].name) != 0)
			continue;
		if (strlen(text) >= facts[i].size)
			return store_damaged(err);
		memcpy(facts[i].place, text, strlen(text) + 1);
	}
	return E_OK;
}

/* Every request asks for these, so they are read at once. */
enum status
store_device_get(struct store_device *out, struct store *s, struct err *err)
{
	struct store_device d = {0};
	struct db_stmt *q = NULL;
	bool row = false;
	enum status st = db_prepare(&q, s->db, "SELECT name, text FROM meta"
		" WHERE name IN ('server', 'device', 'device_token', 'office',"
		" 'office_name', 'county_name', 'server_epoch', 'epoch',"
		" 'device_number')", err);

	while (!st) {
		st = db_step(q, &row, err);
		if (st || !row)
			break;
		st = take_fact(&d, db_text(q, 0, NULL), db_text(q, 1, NULL),
			err);
	}
	db_finish(q);
	if (!st && !d.device[0])
		st = err_set(err, E_NOTFOUND, tr("This computer is not "
			"registered with a server yet."));
	if (!st)
		*out = d;
	crypto_wipe(&d, sizeof d);
	return st;
}
