#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/uuid.h"
#include "core/op.h"
#include "core/record.h"
#include "core/rule.h"
#include "core/schema.h"
#include "core/wire.h"
#include "db/db.h"
#include "db/db_uuid.h"
#include "store/apply_own.h"
#include "store/idmap.h"
#include "store/overview.h"
#include "store/overview_moves.h"
#include "store/overview_order.h"
#include "store/store.h"
#include "store/valuemap.h"

/*
 * What the modules of store/ share and nobody else includes.
 *
 * 1. Every write happens between store_begin() and store_commit(); memory
 *    follows only after the commit (or in a batch, which remembers what it
 *    touched so that a rollback can take it back).
 * 2. Only row.c writes the tables record, body and gone; each write gives the
 *    row a new gen, the number by which other processes notice it.
 */

/* How an operation in the outbox stands. */
enum outbox_state {
	OUTBOX_OPEN,		/* not judged yet */
	OUTBOX_DONE,		/* judged, and the base has it */
	OUTBOX_BAD,		/* refused; waits for a person */
	OUTBOX_ASIDE,		/* refused, then mended or given up */
	OUTBOX_ACCEPTED,	/* judged; its feed line has not come yet */
	OUTBOX_MOVED,		/* handed on to the record's office; a receipt */
};

struct store_keys {
	struct crypto_key data;		/* the others derive from it */
	struct crypto_key body, overview, draft, outbox, facts, aside, audit,
		recall;
};

struct store_memory {			/* overview.c, overview_moves.c */
	struct overview **rows;		/* each owned; NULL: went away */
	uint32_t *next;			/* next child of the same parent */
	size_t count;
	struct idmap places;		/* id -> index of rows */
	struct idmap children;		/* parent's id -> first child's index */
	struct idmap hidden;		/* ids that this user may not see */
	int64_t gen;			/* all changes up to here are in */
	uint64_t moves;			/* counts changes of rows; only grows */
	struct overview_moves moved;
	size_t offers;			/* rows that are transfers, undecided */
	size_t indexed;			/* the lookup has rows below this */
	bool ranked;			/* and knows what was opened lately */
	bool loaded;
};

enum { STORE_VALUEMAPS = 8 };	/* more than a save asks for */

struct store_world {			/* world.c */
	struct rule_world face;
	char now[20];			/* lent to the rules */
	struct record got, child, found;	/* lent to the rules */
	struct uuid parent;
	char reg[RECORD_NAME_MAX];
	struct uuid *children;		/* owned */
	size_t count;
	struct valuemap maps[STORE_VALUEMAPS];
	size_t map_turn;		/* the one to be given up next */
};

struct person_name;

struct store_people {			/* people_names.c */
	struct person_name *items;	/* by login; owned */
	size_t count;
	int64_t gen;			/* all that was told up to here is in */
	bool loaded;
	char met[RECORD_NAME_MAX];	/* lately, in this transaction */
};

struct store {
	char *home;
	char *path;			/* of cache.db */
	const struct schema *schema;	/* borrowed */
	struct db *db;
	bool unlocked;
	struct store_keys keys;
	struct store_user user;
	struct store_memory memory;
	struct store_world world;
	struct sent sent;
	int64_t gen;			/* last given in this transaction, or 0 */
	struct overview_orders orders;
	struct lookup *lookup;
	uint64_t learnt;		/* memory.moves when it learnt of persons */
	struct office_name *offices;	/* owned */
	size_t office_count;
	struct store_people people;
	bool batch;
	bool batch_broken;		/* a savepoint could not be undone */
	bool blind;			/* rules find no others in this batch */
	struct uuid *touched;		/* by the batch; owned */
	size_t touched_count;
	struct uuid last_id;		/* of the record made last */
	uint64_t generation;
	int64_t seen_version;		/* PRAGMA data_version, last looked */
	int64_t loaded_version;		/* the same at the last refresh */
	bool stale;			/* own commit not yet in memory */
	bool spares;			/* overviews are not opened unasked */
	bool no_ops, none_gone, none_asked;	/* look_around() in apply_page.c */
	bool schema_told;		/* whose definitions the overviews have,
					 * looked at in this transaction */
};

/* ---- store.c ---- */

/* What is said of a row that does not open or makes no sense: E_INVALID. */
MUST_CHECK enum status store_damaged(struct err *err);

/* E_AUTH while locked. */
MUST_CHECK enum status store_need_key(const struct store *s, struct err *err);

/* One write transaction; inside a batch a savepoint of it. */
MUST_CHECK enum status store_begin(struct store *s, struct err *err);
/* The same for what the server says again if a power cut takes it away
 * (db_begin_lazy); never for anything that was entered, nor for numbers of
 * operations, which must be there before the server hears of them. */
MUST_CHECK enum status store_begin_lazy(struct store *s, struct err *err);
MUST_CHECK enum status store_commit(struct store *s, struct err *err);
/* The end of one in which st happened: all of it, or with an error nothing.
 * Returns st, or why it could not be written. */
MUST_CHECK enum status store_end(struct store *s, enum status st,
	struct err *err);

/* meta as a number; 0 if absent. */
MUST_CHECK enum status store_meta_int(int64_t *out, struct store *s,
	const char *name, struct err *err);
MUST_CHECK enum status store_meta_set_int(struct store *s, const char *name,
	int64_t n, struct err *err);

/* ---- office_names.c ---- */

struct office_name;
/* Errors: E_IO. */
MUST_CHECK enum status office_names_load(struct store *s, struct err *err);

/* ---- people_names.c, people_ask.c ---- */

enum { PEOPLE_PERSON_MAX = 256 };	/* "9901010001 张三" */

#define PEOPLE_ASK_DUE "people_due"		/* in meta: the server has news */
#define PEOPLE_ASK_UNREAD "people_unread"	/* records were not looked at */

/* What is new.  Errors: E_IO. */
MUST_CHECK enum status people_names_load(struct store *s, struct err *err);
void people_names_forget(struct store *s);	/* locked */
bool people_names_has(const struct store *s, const char *login);
/* A name, known or new, in a transaction; memory has it with the next load.
 * Errors: E_IO. */
MUST_CHECK enum status people_names_put(struct store *s, const char *login,
	const char *name, const char *office, struct err *err);
/* Who wrote on a record that came.  Errors: as of people_names_seen(). */
MUST_CHECK enum status people_names_seen_all(struct store *s,
	const struct record *r, struct err *err);

/* ---- account.c ---- */

/* Work under this data key as this user; loads the overviews. */
MUST_CHECK enum status account_use_key(struct store *s,
	const struct crypto_key *data, const char *login, struct err *err);

/* ---- seal.c ---- */

/* Which row a sealed text belongs to; authenticated, not stored. */
struct seal {
	const char *table, *column;
	struct uuid id;
	int64_t a, b;		/* gen or rev; epoch and n */
};

void seal_put(struct buf *out, const struct crypto_key *key,
	const struct seal *where, const void *text, size_t len);
/* Errors: E_INVALID damaged, or from another row or time. */
MUST_CHECK enum status seal_open(struct buf *out, const struct crypto_key *key,
	const struct seal *where, const void *sealed, size_t len,
	struct err *err);

/* ---- row.c, row_derive.c ---- */

struct row {
	struct record shown;	/* base and operations together */
	struct record base;	/* the server's version, if has_base */
	bool has_base;		/* false: it is shown, or there is none */
	int64_t gen;
	int64_t top;		/* n of the operation whose saving made shown
				 * what it is; 0: something else did */
	int64_t rev;		/* of the server's version, 0 none */
	int64_t pend;		/* operations on top of it */
	int64_t num;		/* where it lies; 0 row_save() finds out */
	bool absent;		/* row_load() said so in this transaction */
	enum sync_mark mark;	/* set by row_save() */
};

void row_release(struct row *r);

/* Errors: E_NOTFOUND; E_INVALID damaged; E_IO. */
MUST_CHECK enum status row_load(struct row *out, struct store *s,
	const struct uuid *id, struct err *err);
/* The same under the names that it came with (core/older.h), as it lies there
 * and as the server has it. */
MUST_CHECK enum status row_load_stored(struct row *out, struct store *s,
	const struct uuid *id, struct err *err);
/* The plaintext of its overview, under the present names. */
void row_print_overview(struct buf *out, const struct store *s,
	const struct record *shown);
/* Write it, with a new gen (set in r) and the mark that its operations and
 * conflicts give.  Errors: E_IO. */
MUST_CHECK enum status row_save(struct store *s, struct row *r,
	struct err *err);
/* The server's version is now what is shown, if operation n made that and is
 * the only one on top, and nothing waits for a person: *done, and only what the
 * row says of itself was written.  Errors: E_IO. */
MUST_CHECK enum status row_confirm(bool *done, struct store *s,
	const struct uuid *id, int64_t epoch, int64_t n, int64_t rev,
	struct err *err);
/* Write it again because its mark may have changed; no such row is fine. */
MUST_CHECK enum status row_touch(struct store *s, const struct uuid *id,
	struct err *err);
MUST_CHECK enum status row_drop(struct store *s, const struct uuid *id,
	struct err *err);
/* How its operations and conflicts make it look. */
MUST_CHECK enum status row_mark(enum sync_mark *out, struct store *s,
	const struct uuid *id, struct err *err);

/* Derive all overviews anew: the definitions have changed, or sessions with
 * different ones have written rows side by side. */
MUST_CHECK enum status row_derive_all(struct store *s, struct err *err);

/* ---- overview.c ---- */

/* The plaintext of a record's overview; reg may be NULL. */
void overview_print(struct buf *out, const struct schema_register *reg,
	const struct record *r);
/* Errors: E_INVALID.  Owned by the caller, one free(). */
MUST_CHECK enum status overview_parse(struct overview **out,
	const struct store *s, const char *text, size_t len, struct err *err);

/* One row in memory: put (taken) or gone. */
void overview_put(struct store *s, struct overview *o);
void overview_drop(struct store *s, const struct uuid *id);
/* After a rollback: one row again as it is on disk. */
MUST_CHECK enum status overview_reload(struct store *s, const struct uuid *id,
	struct err *err);
/* After a save: the row as it was written, before or without a refresh. */
void overview_wrote(struct store *s, const struct row *r);
void overview_forget(struct store *s);	/* all of it: locked */

/* ---- overview_find.c ---- */

/* The row at an index has come or changed. */
void overview_index(struct store *s, uint32_t at);
/* What this user opened lately ranks first. */
void overview_rank_opened(struct store *s);

/* First child's index and the next one's; IDMAP_NONE at the end. */
uint32_t overview_child(const struct store *s, const struct uuid *parent);
uint32_t overview_sibling(const struct store *s, uint32_t index);

/* Living children in one register, the first made first; the array is owned
 * by the caller, NULL if there are none. */
const struct overview **overview_children(size_t *count,
	const struct store *s, const struct uuid *parent, const char *reg);

void world_release(struct store *s);

/* ---- receipt.c ---- */

/* Does it stand where the program gives a receipt for it? */
bool receipt_waits(const struct schema_register *reg, const struct record *r);

/* ---- scan_send.c ---- */

/* Its row, for an attachment whose bytes are here, or begin to be. */
MUST_CHECK enum status scan_enter(struct store *s, const struct record *r,
	struct err *err);
/* Its record was written. */
MUST_CHECK enum status scan_follow(struct store *s, const struct record *r,
	struct err *err);

/* ---- pile.c: a record's operations ---- */

struct pile_item {
	struct op op;
	enum outbox_state state;
	int64_t rev;		/* the verdict's */
};

struct pile {			/* by n */
	struct pile_item *items;
	size_t count;
};

void pile_release(struct pile *p);
/* All of a record's that are neither done nor aside, oldest first. */
MUST_CHECK enum status pile_load(struct pile *out, struct store *s,
	const struct uuid *record, struct err *err);
bool pile_has(const struct pile *p, enum outbox_state state);

/* Stamp (epoch, n, after, version, who, when) and write; before is what lies on
 * the record so far. */
MUST_CHECK enum status pile_add(struct store *s, struct op *op,
	const struct pile *before, struct err *err);
MUST_CHECK enum status pile_set_state(struct store *s, const struct op *op,
	enum outbox_state state, struct err *err);

/* Accepted ones that this revision has are done with. */
MUST_CHECK enum status pile_finish(struct pile *p, struct store *s,
	int64_t rev, struct err *err);

/* Append the line of one row's operation; epoch and n say which. */
MUST_CHECK enum status pile_text(struct buf *out, struct store *s,
	const struct uuid *record, int64_t epoch, int64_t n,
	const void *sealed, size_t len, struct err *err);
/* The same line as an operation. */
MUST_CHECK enum status pile_open(struct op *out, struct store *s,
	const struct uuid *record, int64_t epoch, int64_t n,
	const void *sealed, size_t len, struct err *err);
/* Write an operation as it is stamped, not judged yet. */
MUST_CHECK enum status pile_write(struct store *s, const struct op *op,
	struct err *err);

/* What is shown: the base with what counts of the pile on top. */
void pile_rebase(struct row *r, const struct pile *p);

/* After verdicts: the row follows what is left of its pile; a row that only
 * its operations held here goes. */
MUST_CHECK enum status pile_settle(struct store *s, const struct uuid *record,
	struct err *err);

/* Does any stream hold this record here? */
MUST_CHECK enum status row_is_held(bool *out, struct store *s,
	const struct uuid *id, struct err *err);

/* ---- snapshot.c ---- */

struct snapshot_load;

/* The bytes of the piece at a place; *next: of the one behind it, set as soon
 * as there is such a row.  Errors: E_NOTFOUND; E_INVALID damaged; E_IO. */
MUST_CHECK enum status snapshot_piece(struct buf *out, int64_t *next,
	struct store *s, const struct snapshot_load *l, int64_t at,
	struct err *err);
MUST_CHECK enum status snapshot_forget_piece(struct store *s,
	const struct snapshot_load *l, int64_t at, struct err *err);
/* Inside a transaction: all of a stream's (NULL: of all), and how far it was
 * applied. */
MUST_CHECK enum status snapshot_forget(struct store *s, const char *stream,
	struct err *err);
MUST_CHECK enum status snapshot_moved(struct store *s, const char *stream,
	int64_t seq, struct err *err);

#endif
