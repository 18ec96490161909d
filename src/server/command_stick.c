/*
 * snapshot write: a first load for one device, on a stick.
 */
#include "server/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/stick.h"
#include "db/db.h"
#include "server/command_print.h"
#include "server/command_schema.h"
#include "server/command_trace.h"
#include "server/device.h"
#include "server/ledger_feed.h"
#include "server/signin.h"
#include "server/snapshot_make.h"

struct writing {
	const char *dir, *to;
	struct crypto_key key;
	struct stick_head head;
	struct snapshot made[WIRE_STREAMS_MAX];
	int64_t bytes;
};

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
find_streams(char (**out)[WIRE_STREAM_MAX], size_t *count, struct writing *w,
    struct ledger *l, const struct schema *schema,
    const struct command_args *a, struct err *err)
{
	struct device d = {0};
	struct ledger_peer peer = {0};
	struct db *db = NULL;
	enum status s = ledger_begin_read(&db, l, err);

	if (s)
		return s;
	s = find_device(&d, db, a->plain[0], err);
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
make_one(struct writing *w, const char *stream, struct err *err)
{
	struct snapshot *made = &w->made[w->head.count];
	struct wire_snapshot *what = &w->head.streams[w->head.count];
	struct err none = ERR_INIT;
	enum status s = snapshot_make(made, w->dir, stream, NULL, &none);

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
write_piece(const struct writing *w, size_t piece, const void *bytes,
    size_t len, struct err *err)
{
	char name[STICK_NAME_MAX];
	struct buf sealed;
	char *path;
	enum status s;

	stick_name(name, piece);
	path = io_join(w->to, name);
	buf_init(&sealed, STICK_SEALED_MAX);
	stick_seal(&sealed, &w->key, piece, bytes, len);
	s = io_exists(path) ? err_set(err, E_CONFLICT, tr("There is a first "
	    "load in this folder already: %s"), path) :
	    io_write(path, sealed.data, sealed.len, err);
	buf_release(&sealed);
	free(path);
	return s;
}

/* The head last: without it there is none. */
static enum status
write_all(const struct writing *w, struct err *err)
{
	struct buf bytes;
	enum status s = E_OK;

	buf_init(&bytes, STICK_PIECE);
	for (size_t i = 1; !s && i <= stick_pieces(&w->head); i++) {
		struct stick_place p = stick_place(&w->head, i);
		size_t which = (size_t)(p.stream - w->head.streams);

		buf_clear(&bytes);
		s = snapshot_read(&bytes, &w->made[which], p.at, p.len, err);
		if (!s)
			s = write_piece(w, i, bytes.data, bytes.len, err);
	}
	buf_clear(&bytes);
	stick_print_head(&bytes, &w->head);
	if (!s)
		s = write_piece(w, 0, bytes.data, bytes.len, err);
	buf_release(&bytes);
	return s;
}

static enum status
write_stick(struct writing *w, const struct command_args *a,
    struct ledger *l, const struct schema *schema, struct err *err)
{
	char (*names)[WIRE_STREAM_MAX] = NULL;
	size_t count = 0;
	enum status s = find_streams(&names, &count, w, l, schema, a, err);

	for (size_t i = 0; !s && i < count && i < WIRE_STREAMS_MAX; i++)
		s = make_one(w, names[i], err);
	if (!s && w->head.count == 0)
		s = err_set(err, E_NOTFOUND,
		    tr("There is nothing yet that this device holds."));
	if (!s)
		s = command_trace_alone(l, a, err);
	if (!s)
		s = write_all(w, err);
	free(names);
	return s;
}

static void
print_written(const struct command_args *a, const struct writing *w,
    const char *code)
{
	if (a->json) {
		struct json *j = json_object();

		json_put_text(j, "code", code);
		json_put_int(j, "streams", (int64_t)w->head.count);
		json_put_int(j, "pieces", (int64_t)stick_pieces(&w->head) + 1);
		json_put_int(j, "bytes", w->bytes);
		command_print_json(j);
		return;
	}
	printf(tr("Written: %lld bytes. Tell the code to the office, and do not "
	    "send it with the stick:\n%s\n"), (long long)w->bytes, code);
}

enum status
command_snapshot_write(const struct command_args *a, struct err *err)
{
	struct writing *w = mem_alloc(1, sizeof *w);
	struct command_files files = {0};
	struct schema *schema = NULL;
	struct ledger *l = NULL;
	char code[STICK_CODE + 1];
	enum status s = command_schema(&schema, &files, a, err);

	w->dir = a->data;
	w->to = a->plain[1];
	crypto_code(code, STICK_CODE);
	stick_key(&w->key, code);
	if (!s && !io_exists(w->to))
		s = err_set(err, E_NOTFOUND, tr("There is no such folder."));
	if (!s)
		s = ledger_open(&l, a->data, err);
	if (!s)
		s = write_stick(w, a, l, schema, err);
	if (!s)
		print_written(a, w, code);
	for (size_t i = 0; i < w->head.count; i++)
		snapshot_release(&w->made[i]);
	ledger_close(l);
	schema_free(schema);
	command_files_release(&files);
	crypto_wipe(w, sizeof *w);
	crypto_wipe(code, sizeof code);
	free(w);
	return s;
}
