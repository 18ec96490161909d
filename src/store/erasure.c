/*
 * Destroying keys, then files.
 */
#include "store/erasure.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "base/tr.h"
#include "store/audit.h"
#include "store/inside.h"

enum { NOTE_BYTES_MAX = 4096 };

static const char note_name[] = "erased.json";

/* ---- persons ---- */

static enum status
delete_wraps(struct store *s, const char *login, struct err *err)
{
	struct db_stmt *q = NULL;
	enum status st = db_begin(s->db, err);

	if (st)
		return st;
	st = db_prepare(&q, s->db, login ? "DELETE FROM wrap WHERE login = ?" :
		"DELETE FROM wrap WHERE login NOT LIKE '@%'", err);
	if (!st && login)
		db_bind_text(q, 1, login);
	if (!st)
		st = db_run(q, err);
	db_finish(q);
	if (st)
		db_rollback(s->db);
	else
		st = db_commit(s->db, err);
	return st ? st : db_checkpoint(s->db, err);
}

/* An order is obeyed whether or not that can be written down. */
static void
note(struct store *s, const char *login)
{
	struct err unwritten = ERR_INIT;

	if (s->unlocked && audit_put(s, &(struct audit_note){
	    .what = AUDIT_ERASE, .note = login }, &unwritten))
		unwritten = (struct err)ERR_INIT;
}

enum status
erasure_forget(struct store *s, const char *login, struct err *err)
{
	bool own = s->unlocked && strcmp(s->user.login, login) == 0;
	enum status st;

	note(s, login);
	st = delete_wraps(s, login, err);

	if (!st && own) {
		store_keyring_drop(s);
		store_lock(s);
	}
	return st;
}

enum status
erasure_forget_all(struct store *s, struct err *err)
{
	enum status st;

	note(s, "");
	st = delete_wraps(s, NULL, err);
	if (!st) {
		store_keyring_drop(s);
		store_lock(s);
	}
	return st;
}

bool
erasure_spares(struct store *s)
{
	struct db_stmt *q = NULL;
	struct err ignored = ERR_INIT;
	bool row = false;
	enum status st = db_prepare(&q, s->db,
		"SELECT 1 FROM wrap WHERE login = ?", &ignored);

	if (!st) {
		db_bind_text(q, 1, s->user.login);
		st = db_step(q, &row, &ignored);
	}
	db_finish(q);
	return st || row;	/* what cannot be read is no order */
}

/* ---- the note ---- */

static enum status
write_note(const char *home, const struct erasure *e, struct err *err)
{
	struct json *j = json_object();
	char *path = io_join(home, note_name);
	struct buf text;
	enum status st;

	json_put_text(j, "server", e->server);
	json_put_text(j, "device", e->device);
	json_put_text(j, "token", e->word);
	json_put_bool(j, "confirmed", e->confirmed);
	buf_init(&text, NOTE_BYTES_MAX);
	json_print(&text, j);
	st = io_write(path, text.data, text.len, err);
	buf_release(&text);
	json_free(j);
	free(path);
	return st;
}

static bool
take_text(char *out, size_t size, const struct json *j, const char *name)
{
	const char *text = json_get_text(j, name);

	if (!text || strlen(text) >= size)
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

static enum status
parse_note(struct erasure *out, const struct buf *text, struct err *err)
{
	struct erasure e = {0};
	struct json *j = NULL;
	enum status st = json_parse(&j, text->data, text->len, NOTE_BYTES_MAX,
		err);

	if (st)
		return st;
	e.confirmed = json_is_true(json_get(j, "confirmed"));
	if (!take_text(e.server, sizeof e.server, j, "server") ||
	    !take_text(e.device, sizeof e.device, j, "device") ||
	    !take_text(e.word, sizeof e.word, j, "token"))
		st = store_damaged(err);
	else
		*out = e;
	json_free(j);
	return st;
}

/* ---- files ---- */

/* ca.pem stays: it says which server the confirmation is for. */
static void
remove_files(const char *home)
{
	static const char *const names[] = { "cache.db-wal", "cache.db-shm",
		"cache.db", "sync.lock", "watch.lock" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *path = io_join(home, names[i]);

		(void)unlink(path);
		free(path);
	}
}

enum status
erasure_run(struct store *s, const char *word, struct err *err)
{
	struct store_device d = {0};
	struct erasure e = {0};
	struct err ignored = ERR_INIT;
	enum status st = store_device_get(&d, s, err);

	if (!st && strlen(word) >= sizeof e.word)
		st = err_set(err, E_INVALID,
			tr("The server's answer makes no sense."));
	if (!st) {
		memcpy(e.server, d.server, sizeof e.server);
		memcpy(e.device, d.device, sizeof e.device);
		memcpy(e.word, word, strlen(word));
		st = write_note(s->home, &e, err);
	}
	crypto_wipe(&d, sizeof d);
	if (st)
		return st;
	st = db_exec(s->db, "BEGIN IMMEDIATE; DELETE FROM wrap;"
		" DELETE FROM meta; COMMIT", err);
	if (st && db_in_transaction(s->db))
		db_rollback(s->db);
	if (!st && db_checkpoint(s->db, &ignored))
		ignored = (struct err)ERR_INIT;	/* the files go anyway */
	store_keyring_drop(s);
	store_lock(s);
	remove_files(s->home);
	return st;
}

enum status
erasure_read(struct erasure *out, const char *home, struct err *err)
{
	char *path = io_join(home, note_name);
	struct buf text;
	enum status st = E_NOTFOUND;

	buf_init(&text, NOTE_BYTES_MAX);
	if (!io_exists(path))
		err_set(err, E_NOTFOUND,
			tr("The data on this computer was not erased."));
	else
		st = io_read(&text, path, err);
	if (!st)
		st = parse_note(out, &text, err);
	if (st != E_NOTFOUND)
		remove_files(home);
	buf_release(&text);
	free(path);
	return st;
}

enum status
erasure_confirmed(const char *home, struct err *err)
{
	struct erasure e = {0};
	enum status st = erasure_read(&e, home, err);

	if (st)
		return st;
	e.confirmed = true;
	return write_note(home, &e, err);
}

void
erasure_drop(const char *home)
{
	char *path = io_join(home, note_name);

	(void)unlink(path);
	free(path);
}
