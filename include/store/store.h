#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/uuid.h"
#include "core/record.h"
#include "core/schema.h"

/*
 * The cache: this office's copy of its records and everything entered here
 * that the server has not yet judged.  Stock SQLite (WAL, synchronous FULL,
 * secure_delete) whose rows are sealed; several processes use it at once.
 *
 * 1. What store_* says is saved is on disk, and stays.
 * 2. A record and its operation are written in one transaction or not at all.
 * 3. base + undecided operations = what is shown.
 * 4. No name, id number, phone or text is ever written in clear, drafts and
 *    operations included.
 *
 * The folder holds cache.db (+ -wal, -shm), sync.lock, ca.pem.
 */
struct store;

/*
 * Open (or with create make) the cache in folder home; locked at first.  The
 * schema is borrowed and must outlive the store.
 * Errors: E_NOTFOUND no cache there; E_INVALID made by a newer program, or not
 * a cache; E_AUTH the folder is open to other users, or its cache was erased
 * (store/erasure.h); E_IO.
 */
MUST_CHECK enum status store_open(struct store **out, const char *home,
	bool create, const struct schema *schema, struct err *err);
void store_close(struct store *s);	/* wipes keys; accepts NULL */

/* For a process that shows nothing: from now on unlocking does not open the
 * overviews, and a page from the server does not follow them.  The first
 * overview_refresh() opens them all the same. */
void store_spare_overviews(struct store *s);

const struct schema *store_schema(const struct store *s);
const char *store_home(const struct store *s);

/* Facts about this cache that are no secret (server address, device id, office
 * code, cursors …).  get appends nothing and answers E_NOTFOUND if absent. */
MUST_CHECK enum status store_meta_get(struct buf *out, struct store *s,
	const char *name, struct err *err);
MUST_CHECK enum status store_meta_set(struct store *s, const char *name,
	const char *text, struct err *err);

/* ---- who is working ---- */

struct store_user {
	char login[RECORD_NAME_MAX];
	char name[64];
	char role[RECORD_NAME_MAX];
	char office[RECORD_OFFICE_MAX];
	char token[96];		/* for the server; secret */
	int64_t offline_until;	/* may sign in offline until then; 0: the
				 * server set no limit */
	int64_t password_on;	/* the last day on which the password need not
				 * be changed; 1: somebody else set it; 0: it
				 * does not grow old */
};

/* The signed-in user; NULL while locked.  Lent. */
const struct store_user *store_user(const struct store *s);

/*
 * What a computer that has not reached the server for long is still good for
 * (sync.md 4.10): to work until offline_until, then for STORE_READ_DAYS to
 * read, then for nothing; a sign-in with the server makes all good again.  By
 * the believed clock, so it may change while somebody is signed in.
 */
enum { STORE_READ_DAYS = 7 };
enum store_may { STORE_MAY_NOTHING, STORE_MAY_READ, STORE_MAY_WORK };
enum store_may store_may(const struct store *s);
/* E_AUTH with a sentence unless the signed-in user may work. */
MUST_CHECK enum status store_need_work(const struct store *s,
	struct err *err);

/*
 * Enrolment: remember the device, its token and the server.  Makes the cache's
 * data key, wrapped by key_share (which the server keeps: the county's way in
 * when a password is forgotten), and no user yet.
 * Errors: E_CONFLICT already enrolled; E_IO.
 */
struct store_device {
	char server[256];	/* "https://host:port" */
	char device[UUID_TEXT_MAX];
	char token[96];
	char office[RECORD_OFFICE_MAX];
	char office_name[128];
	char county_name[128];
	char server_epoch[UUID_TEXT_MAX];
	int64_t epoch;		/* of the op numbers */
	int64_t number;		/* among the county's devices; 0 not known */
};
MUST_CHECK enum status store_enroll(struct store *s,
	const struct store_device *device, const struct crypto_key *key_share,
	struct err *err);
/* The server lost the device with what it was restored from: its new token,
 * number and share; all else here stays as it is.  Errors: E_AUTH locked;
 * E_NOTFOUND not enrolled; E_IO. */
MUST_CHECK enum status store_enroll_again(struct store *s,
	const struct store_device *device, const struct crypto_key *key_share,
	struct err *err);
/* Errors: E_NOTFOUND not enrolled. */
MUST_CHECK enum status store_device_get(struct store_device *out,
	struct store *s, struct err *err);

/* After the server accepted user and password: unlock through key_share and
 * wrap the data key with the password for next time.  Blocks (argon2id). */
MUST_CHECK enum status store_admit(struct store *s,
	const struct store_user *user, const char *password,
	const struct crypto_key *key_share, struct err *err);

/* The same after the server took another password (after): from now on this one
 * opens the cache. */
MUST_CHECK enum status store_admit_changed(struct store *s,
	const struct store_user *user, const char *after,
	const struct crypto_key *key_share, struct err *err);

/*
 * The password is the county's: it is changed there, and a cache only follows.
 * One that has heard of a change, and not from whom it was, lets the password
 * from before open it for STORE_OLD_PASSWORD_DAYS more, by which time the server
 * was reached or nobody here has had work for long: who has both passwords and
 * no line is never locked out.  With a line the server is asked, and takes the
 * new one only.
 */
enum { STORE_OLD_PASSWORD_DAYS = 7 };
/* The server says that the signed-in user's token ended with a change of the
 * password.  *renewed: no, another session here was told the new one, and its
 * token is in use now.  Errors: E_AUTH; E_IO. */
MUST_CHECK enum status store_password_ended(bool *renewed, struct store *s,
	struct err *err);
/* Is this person's password here one from before a change? */
bool store_password_is_old(struct store *s, const char *login);

/* How the signed-in user's password stands on this day. */
enum { STORE_PASSWORD_WARN_DAYS = 7 };
enum store_password { STORE_PASSWORD_GOOD, STORE_PASSWORD_SOON,
	STORE_PASSWORD_DUE, STORE_PASSWORD_INITIAL };
enum store_password store_password(const struct store *s, int today);
/* The server says so.  Errors: E_AUTH; E_IO. */
MUST_CHECK enum status store_password_told(struct store *s,
	int64_t password_on, struct err *err);

/*
 * Unlock with a password, without a network.  Wrong passwords cost a growing
 * delay that survives restarts.
 * Errors: E_NOTFOUND this user never signed in here; E_AUTH wrong password, or
 * too soon after wrong ones (the sentence says how long), or offline for so long
 * that nothing is allowed any more; E_IO.
 */
MUST_CHECK enum status store_unlock(struct store *s, const char *login,
	const char *password, struct err *err);
void store_lock(struct store *s);

/* The unlocked key for commands between logins: put into, taken from, removed
 * from the kernel's keyring.  Errors: E_AUTH nothing there (sign in), or the
 * kernel has no keyring. */
MUST_CHECK enum status store_keyring_put(struct store *s, int timeout_s,
	struct err *err);
MUST_CHECK enum status store_keyring_unlock(struct store *s, struct err *err);
void store_keyring_drop(struct store *s);

/*
 * The same secret (data key and user) for a child process of ours, through a
 * pipe only: never argv, environment or a file.  export appends it to out, an
 * initialized buffer that the caller wipes after use; import unlocks with it
 * and wipes its own copies, the caller wipes secret.
 * Errors: E_AUTH locked (export); no such secret, another cache's, or offline
 * too long (import).
 */
MUST_CHECK enum status store_secret_export(struct buf *out, struct store *s,
	struct err *err);
MUST_CHECK enum status store_secret_import(struct store *s, const void *secret,
	size_t len, struct err *err);

/* The county's books say who this person is now; other sessions of theirs
 * follow at their next look.  office "": as before.  Errors: E_AUTH; E_IO. */
MUST_CHECK enum status store_user_become(struct store *s, const char *role,
	const char *office, struct err *err);
/* Sync renews the user's token and offline_until. */
MUST_CHECK enum status store_user_renew(struct store *s, const char *token,
	int64_t offline_until, struct err *err);

/* ---- records ---- */

/* The whole record, base and pending operations together; owned by the
 * caller.  Errors: E_NOTFOUND; E_AUTH locked, or not for this role to see
 * (store/hidden.h); E_INVALID damaged row; E_IO. */
MUST_CHECK enum status store_get(struct record *out, struct store *s,
	const struct uuid *id, struct err *err);

/* Do not believe a clock that stands before the server's last time, or stood
 * ahead of it (clock_floor(), clock_ahead()); done by unlocking, and worth doing
 * again after a sync. */
void store_heed_clock(struct store *s);
/* This is the server's time now.  Errors: E_IO. */
MUST_CHECK enum status store_hear(struct store *s, int64_t server_at,
	struct err *err);

/* A number that moves whenever any process has committed here; cheap (about
 * 1 microsecond).  Views compare it and repaint. */
uint64_t store_generation(struct store *s);
/* A descriptor (base/notice.h; the caller's) that tells when a process writes
 * here: its commit is to be seen a moment later.  -1: the system cannot tell. */
int store_notice(const struct store *s);

/* ---- keeping it well ---- */

struct store_finding {
	char what[ERR_MSG_MAX];	/* one sentence */
	bool bad;		/* false: only worth knowing */
};

struct store_findings {
	struct store_finding *items;
	size_t count;
};
void store_findings_release(struct store_findings *f);

/* fengqiao check: the database's integrity, every sealed row opens, parents
 * and persons exist, base + operations = shown, op numbers without gaps. */
MUST_CHECK enum status store_check(struct store_findings *out,
	struct store *s, struct err *err);

/* A consistent copy (still sealed) into a new file while others work.
 * Errors: E_CONFLICT the file exists; E_IO. */
MUST_CHECK enum status store_backup(struct store *s, const char *path,
	struct err *err);

#endif
