/*
 * The tables of the cache, step by step; steps are only ever added.
 *
 * What stands here in clear are ids, numbers, times and login names; what a
 * person entered is in the sealed columns.  Overviews and bodies are two
 * tables, because unlocking reads all of the first and none of the second; so
 * are entries that are sent and what became of them, which changes while the
 * first stays.  Of record and body, and of outbox and op, num is the same.
 */
#include "store/migrations.h"

const char *const store_migrations[] = {
	"CREATE TABLE meta(name TEXT PRIMARY KEY, text TEXT NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE wrap(login TEXT PRIMARY KEY, salt BLOB NOT NULL,"
	" passes INTEGER NOT NULL, mem_kib INTEGER NOT NULL,"
	" sealed BLOB NOT NULL, facts BLOB,"
	" failures INTEGER NOT NULL DEFAULT 0,"
	" retry_at INTEGER NOT NULL DEFAULT 0);"
	"CREATE TABLE record(num INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
	" gen INTEGER NOT NULL, rev INTEGER NOT NULL, pend INTEGER NOT NULL,"
	" mark INTEGER NOT NULL, kind INTEGER NOT NULL,"
	" overview BLOB NOT NULL);"
	"CREATE INDEX record_gen ON record(gen);"
	"CREATE INDEX record_kind ON record(kind) WHERE kind <> 0;"
	"CREATE TABLE body(num INTEGER PRIMARY KEY, body BLOB NOT NULL,"
	" base BLOB);"
	"CREATE TABLE gone(id BLOB PRIMARY KEY, gen INTEGER NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE INDEX gone_gen ON gone(gen);"
	"CREATE TABLE outbox(epoch INTEGER NOT NULL, n INTEGER NOT NULL,"
	" id BLOB NOT NULL, state INTEGER NOT NULL, verdict INTEGER NOT NULL,"
	" rev INTEGER NOT NULL, at INTEGER NOT NULL, op BLOB NOT NULL,"
	" why BLOB, PRIMARY KEY(epoch, n));"
	"CREATE INDEX outbox_id ON outbox(id);"
	"CREATE INDEX outbox_open ON outbox(epoch, n) WHERE state = 0;"
	"CREATE INDEX outbox_bad ON outbox(epoch, n) WHERE state = 2;"
	"CREATE TABLE ask(conflict BLOB PRIMARY KEY, record BLOB NOT NULL,"
	" answered INTEGER NOT NULL DEFAULT 0)"
	" WITHOUT ROWID;"
	"CREATE INDEX ask_record ON ask(record);"
	"CREATE TABLE draft(key TEXT PRIMARY KEY, login TEXT NOT NULL,"
	" saved_at INTEGER NOT NULL, draft BLOB NOT NULL);"
	"CREATE TABLE cursor(stream TEXT PRIMARY KEY, seq INTEGER NOT NULL,"
	" mark TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE member(id BLOB NOT NULL, stream TEXT NOT NULL,"
	" PRIMARY KEY(id, stream)) WITHOUT ROWID;"
	"CREATE TABLE recent(login TEXT NOT NULL, id BLOB NOT NULL,"
	" opened_at INTEGER NOT NULL, PRIMARY KEY(login, id)) WITHOUT ROWID;",
	"CREATE TABLE aside(login TEXT NOT NULL, id BLOB NOT NULL,"
	" saved_at INTEGER NOT NULL, aside BLOB NOT NULL,"
	" PRIMARY KEY(login, id)) WITHOUT ROWID;",
	("CREATE TABLE trail(id BLOB PRIMARY KEY, got_at INTEGER NOT NULL,"
	" trail BLOB NOT NULL);"),
	/* what a record adds to the sum of its stream (core/reconcile.h) */
	"ALTER TABLE member ADD COLUMN item INTEGER NOT NULL DEFAULT 0;",
	/* exchanges with the server (store/runs.h) */
	"CREATE TABLE run(num INTEGER PRIMARY KEY, began_at INTEGER NOT NULL,"
	" last_at INTEGER NOT NULL, took_ms INTEGER NOT NULL,"
	" times INTEGER NOT NULL, pushed INTEGER NOT NULL,"
	" pulled INTEGER NOT NULL, merged INTEGER NOT NULL,"
	" conflicts INTEGER NOT NULL, refused INTEGER NOT NULL,"
	" bytes INTEGER NOT NULL, result INTEGER NOT NULL,"
	" said TEXT NOT NULL);",
	/* accepted and not come back yet; handed on to another office */
	"CREATE INDEX outbox_accepted ON outbox(id) WHERE state = 4;"
	"CREATE INDEX outbox_moved ON outbox(epoch, n) WHERE state = 5;",
	/* the version that the stream brought; 0 from before it was kept */
	"ALTER TABLE member ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;",
	/* rows that wait for a receipt have a kind of their own now: all are
	 * derived again */
	"UPDATE meta SET text = 'mixed' WHERE name = 'schema';",
	/* the gen under which the row was sealed, if not its own; the operation
	 * whose saving made its content (apply_own.c) */
	"ALTER TABLE record ADD COLUMN made INTEGER;"
	"ALTER TABLE record ADD COLUMN top INTEGER NOT NULL DEFAULT 0;",
	/* attachments (store/scan.h); blob: a name made of the hash and a key */
	"CREATE TABLE scan(id BLOB PRIMARY KEY, blob BLOB NOT NULL,"
	" arrived INTEGER NOT NULL, gone_at INTEGER NOT NULL,"
	" tries INTEGER NOT NULL, retry_at INTEGER NOT NULL,"
	" facts BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX scan_blob ON scan(blob);"
	"CREATE TABLE blob(id BLOB PRIMARY KEY, size INTEGER NOT NULL,"
	" have INTEGER NOT NULL, sent INTEGER NOT NULL,"
	" used_at INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE piece(blob BLOB NOT NULL, at INTEGER NOT NULL,"
	" piece BLOB NOT NULL, PRIMARY KEY(blob, at));",
	/* snapshots that are being taken (store/snapshot.h) */
	"CREATE TABLE load(stream TEXT PRIMARY KEY, sha256 TEXT NOT NULL,"
	" bytes INTEGER NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE load_piece(stream TEXT NOT NULL, at INTEGER NOT NULL,"
	" len INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(stream, at));",
	/* taken by the server without a reason (store/removed.h); again: the id
	 * of the entry as which it was put back */
	"CREATE TABLE removed(id BLOB PRIMARY KEY, removed_at INTEGER NOT NULL,"
	" removed BLOB NOT NULL, again BLOB);"
	"CREATE INDEX removed_by_time ON removed(removed_at);",
	/* paper numbers (store/number.h) */
	"CREATE TABLE lease(key TEXT PRIMARY KEY, class TEXT NOT NULL,"
	" year INTEGER NOT NULL, first INTEGER NOT NULL,"
	" last INTEGER NOT NULL, next INTEGER NOT NULL, place TEXT NOT NULL,"
	" back INTEGER NOT NULL);"
	"CREATE TABLE number_ask(key TEXT PRIMARY KEY, class TEXT NOT NULL,"
	" year INTEGER NOT NULL, place TEXT NOT NULL);",
	/* the trace (store/audit.h) */
	"CREATE TABLE audit(n INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
	" clear INTEGER NOT NULL, hash BLOB NOT NULL, entry BLOB NOT NULL);"
	"CREATE TABLE audit_mark(name TEXT PRIMARY KEY, n INTEGER NOT NULL,"
	" mark BLOB NOT NULL) WITHOUT ROWID;",
	/* what was entered in forms before (store/recall.h) */
	"CREATE TABLE recall(id BLOB PRIMARY KEY, saved_at INTEGER NOT NULL,"
	" recall BLOB NOT NULL);",
	/* what screens remember for a person (store/keep.h) */
	"CREATE TABLE keep(login TEXT NOT NULL, id BLOB NOT NULL,"
	" saved_at INTEGER NOT NULL, keep BLOB NOT NULL,"
	" PRIMARY KEY(login, id)) WITHOUT ROWID;",
	/* old: the county has another password than this wrap opens with */
	"ALTER TABLE wrap ADD COLUMN old INTEGER NOT NULL DEFAULT 0;",
	/* what the county had erased (store/erased.h); swept: nothing of it is
	 * here any more */
	"CREATE TABLE erased(id BLOB PRIMARY KEY, at INTEGER NOT NULL,"
	" swept INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX erased_waits ON erased(swept) WHERE swept = 0;",
	/* what people are called (store/people_names.h) */
	"CREATE TABLE people(login TEXT PRIMARY KEY, gen INTEGER NOT NULL,"
	" record BLOB, asked_on INTEGER NOT NULL DEFAULT 0, person BLOB)"
	" WITHOUT ROWID;"
	"INSERT INTO meta(name, text) SELECT 'people_unread', '1'"
	" WHERE EXISTS(SELECT 1 FROM record);",
	/* a verdict was written into the page of the entry, and that page then
	 * into the log and from there into the file */
	"ALTER TABLE outbox RENAME TO old_outbox;"
	"CREATE TABLE outbox(num INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,"
	" n INTEGER NOT NULL, id BLOB NOT NULL, state INTEGER NOT NULL,"
	" verdict INTEGER NOT NULL, rev INTEGER NOT NULL, at INTEGER NOT NULL,"
	" size INTEGER NOT NULL, why BLOB, UNIQUE(epoch, n));"
	"CREATE TABLE op(num INTEGER PRIMARY KEY, op BLOB NOT NULL);"
	"INSERT INTO outbox SELECT rowid, epoch, n, id, state, verdict, rev,"
	" at, length(op), why FROM old_outbox;"
	"INSERT INTO op SELECT rowid, op FROM old_outbox;"
	"DROP TABLE old_outbox;"
	"CREATE INDEX outbox_id ON outbox(id);"
	"CREATE INDEX outbox_open ON outbox(epoch, n) WHERE state = 0;"
	"CREATE INDEX outbox_bad ON outbox(epoch, n) WHERE state = 2;"
	"CREATE INDEX outbox_accepted ON outbox(id) WHERE state = 4;"
	"CREATE INDEX outbox_moved ON outbox(epoch, n) WHERE state = 5;"
	"CREATE TRIGGER outbox_gone AFTER DELETE ON outbox"
	" BEGIN DELETE FROM op WHERE num = old.num; END;",
};

const int store_migration_count =
	(int)(sizeof store_migrations / sizeof store_migrations[0]);
