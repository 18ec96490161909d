/*
 * The files of a stick.
 */
#include "server/stick_make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "db/db.h"
#include "server/device.h"
#include "server/ledger_feed.h"
#include "server/signin.h"
#include "server/snapshot_make.h"

void
stick_making_release(struct stick_making *w)
{
	for (size_t i = 0; i < w->head.count; i++)
		snapshot_release(&w->made[i]);
	*w = (struct stick_making){0};
}

static bool
may_hold(const void *self, const char *role)
{
	return schema_may_hold_sealed(self, role);
}

static enum status
find_device(struct device *out, struct db *db, const char *text,
    struct err *err)
{
	struct device *list = NULL;
	struct uuid id = {{0}};
	size_t count = 0, i = 0;
	enum status s = uuid_parse(&id, text) ? device_list(&list, &count, db,
	    err) : err_set(err, E_INVALID,
	    tr("A device is named by its id, as device list prints it."));

	while (!s && i < count && uuid_compare(&list[i].id, &id) != 0)
		i++;
	if (!s && i == count)
		s = err_set(err, E_NOTFOUND, tr("There is no such device."));
	if (!s && (list[i].revoked_at || list[i].wipe[0]))
		s = err_set(err, E_INVALID, tr("This device is shut out."));
	if (!s)
		*out = list[i];
	free(list);
	return s;
}

/* The streams that it may hold, as at a sync of whoever is signed in there. */
static enum status
find_streams(char (**out)[WIRE_STREAM_MAX], size_t *count, struct stick_making *w,
    struct ledger *l, const struct schema *schema, const char *device,
    struct err *err)
{
	struct device d = {0};
	struct ledger_peer peer = {0};
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, l, err);

	if (s)
		return s;
	s = find_device(&d, db, device, err);
	if (!s)
		s = signin_any(&peer.sealed, db, &d, may_hold, schema, err);
	if (!s) {
		peer.device = d.id;
		peer.county = d.office.county;
		memcpy(peer.office, d.office.code, sizeof peer.office);
		uuid_print(w->head.device, &d.id);
		snprintf(w->head.epoch, sizeof w->head.epoch, "%s",
		    ledger_epoch(l));
		s = feed_streams(out, count, db, &peer, err);
	}
	ledger_end_read(l);
	crypto_wipe(&d, sizeof d);
	return s;
}

/* A stream that never held anything is not there. */
static enum status
make_one(struct stick_making *w, const char *dir, const char *stream,
    struct err *err)
{
	struct snapshot *made = &w->made[w->head.count];
	struct wire_snapshot *what = &w->head.streams[w->head.count];
	struct err none = ERR_INIT;
	enum status s = snapshot_make(made, dir, stream, NULL, &none);

	if (s == E_NOTFOUND || (!s && made->seq == 0)) {
		snapshot_release(made);
		return E_OK;
	}
	if (s) {
		*err = none;
		return s;
	}
	memcpy(what->stream, made->stream, sizeof what->stream);
	memcpy(what->sha256, made->sha256, sizeof what->sha256);
	what->bytes = made->bytes;
	w->bytes += made->bytes;
	w->head.count++;
	return E_OK;
}

static enum status
write_piece(const char *to, const struct crypto_key *key, size_t piece,
    const void *bytes, size_t len, struct err *err)
{
	char name[STICK_NAME_MAX];
	struct buf sealed;
	char *path;
	enum status s;

	stick_name(name, piece);
	path = io_join(to, name);
	buf_init(&sealed, STICK_SEALED_MAX);
	stick_seal(&sealed, key, piece, bytes, len);
	s = io_exists(path) ? err_set(err, E_CONFLICT, tr("There is a first "
	    "load in this folder already: %s"), path) :
	    io_write(path, sealed.data, sealed.len, err);
	buf_release(&sealed);
	free(path);
	return s;
}

enum status
stick_gather(struct stick_making *out, struct ledger *l,
    const struct schema *schema, const char *dir, const char *device,
    struct err *err)
{
	char (*names)[WIRE_STREAM_MAX] = NULL;
	size_t count = 0;
	enum status s;

	*out = (struct stick_making){0};
	s = find_streams(&names, &count, out, l, schema, device, err);
	for (size_t i = 0; !s && i < count && i < WIRE_STREAMS_MAX; i++)
		s = make_one(out, dir, names[i], err);
	if (!s && out->head.count == 0)
		s = err_set(err, E_NOTFOUND,
		    tr("There is nothing yet that this device holds."));
	free(names);
	if (s)
		stick_making_release(out);
	return s;
}

/* The head last: without it there is none. */
enum status
stick_write(const struct stick_making *w, const char *code, const char *to,
    struct err *err)
{
	struct crypto_key key;
	struct buf bytes;
	enum status s = E_OK;

	stick_key(&key, code);
	buf_init(&bytes, STICK_PIECE);
	for (size_t i = 1; !s && i <= stick_pieces(&w->head); i++) {
		struct stick_place p = stick_place(&w->head, i);
		size_t which = (size_t)(p.stream - w->head.streams);

		buf_clear(&bytes);
		s = snapshot_read(&bytes, &w->made[which], p.at, p.len, err);
		if (!s)
			s = write_piece(to, &key, i, bytes.data, bytes.len, err);
	}
	buf_clear(&bytes);
	stick_print_head(&bytes, &w->head);
	if (!s)
		s = write_piece(to, &key, 0, bytes.data, bytes.len, err);
	buf_release(&bytes);
	crypto_wipe(&key, sizeof key);
	return s;
}
