#ifndef KIT_TOWNSHIP_H
#define KIT_TOWNSHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/schema.h"
#include "server/api.h"
#include "server/ledger.h"
#include "store/store.h"
#include "sync/sync.h"
#include "sync/transport.h"

/*
 * Real caches and a real server in one process, with a bad line between them:
 * the caches' transport calls the server's api and loses, cuts and repeats what
 * it is told to.  The clock stands still between township_tick()s.
 */
enum net_fault {
	NET_FINE,
	NET_CUT_BEFORE,		/* the server never sees it */
	NET_SWALLOW,		/* the server works, the reply is lost */
	NET_CUT_LINE,		/* the reply ends in the middle of a line */
	NET_CUT_BETWEEN,	/* the reply ends after a line */
	NET_TWICE,		/* the server gets it twice, we the second */
	NET_LATE,		/* the one before comes again, then this one */
	NET_HTML,		/* a captive page says 200 */
	NET_500, NET_503,
	NET_500_AFTER,		/* the server works, the front in between not */
	NET_RESTART,		/* the server starts again before this one */
	NET_STUCK,		/* the server cannot work one operation, and
				 * says which, until it is to put it aside */
	NET_FAULTS
};

enum { TOWNSHIP_SITES = 8, TOWNSHIP_PEOPLE = 8 };

struct township;

struct net {
	struct township *town;
	enum net_fault fault;
	int times;		/* that many requests meet it; then fine */
	unsigned cut;		/* where a reply is cut */
	int app;		/* the program's number, as it says it */
	size_t requests;	/* that the server has seen */
	size_t files, file_bytes;	/* of them for bytes of a file */
	size_t pieces;		/* of attachments, that went up */
	size_t most;		/* bytes of a request, unpacked, that a gateway
				 * lets through; 0: any */
	int too_old;		/* so many syncs are told that the cursor is
				 * too old */
	int64_t stuck;		/* NET_STUCK: that one; 0 not chosen yet */
	void (*during)(void *self);	/* while a request is under way */
	void *self;
	struct buf before;	/* the last request to /v1/sync */
	char device_token[96], user_token[96];	/* its tokens */
	struct transport_reply reply;	/* of what was begun */
	struct err err;
	bool one_line;		/* no second beside it */
	struct transport second;
	struct transport_reply second_reply;	/* of what was begun on it */
	struct err second_err;
	size_t early;		/* requests sent before the last had its reply */
};

struct site {
	char home[80];
	char office[RECORD_OFFICE_MAX];
	char login[RECORD_NAME_MAX];
	const struct schema *schema;
	struct store *s;
	bool lost;	/* something is missing that it held */
	bool removes;	/* more may leave it at once than is believed */
	/* passwords by their numbers, see passwords.h: what opens the cache for
	 * each person, and what the token is of */
	unsigned opens_with[TOWNSHIP_PEOPLE], signed_in_with;
	struct net net;
};

struct township {
	char dir[64];
	struct ledger *ledger;
	struct api *api;
	struct schema *schema;
	struct schema *older, *newer;	/* see township_defs.h */
	bool renewed;		/* the server judges by the newer ones, */
	int64_t renewed_row;	/* since this row of its history */
	struct site *sites[TOWNSHIP_SITES];	/* owned */
	size_t count;
	bool saved;		/* there is a backup */
	unsigned restored;	/* so often */
	unsigned copies;	/* of caches */
	/* the county's password of each person, now and in the backup */
	unsigned passwords[TOWNSHIP_PEOPLE], saved_passwords[TOWNSHIP_PEOPLE];
	unsigned password_count;
	unsigned sticks;
	int app;		/* of the program that asks */
	uint64_t heard;		/* a sum of all requests and replies */
	bool quick;		/* they are not held against openapi.json */
	bool small_requests;	/* of a few operations: many for what waits */
};

#define TOWNSHIP_PASSWORD "correct horse 1"	/* of everybody */
#define OFFICE_ONE "9900000001"
#define OFFICE_TWO "9900000002"
#define OFFICE_COUNTY "990000"

/* An empty ledger with three offices and the people "u1" (clerk) "u1b" (chief)
 * "u1c" "u1n" (clerks) "u1x" (auditor) "u2" (clerk) "u2b" (chief) "uc" (chief,
 * of the county). */
void township_open(struct township *t);
void township_close(struct township *t);
/* Which of them this is. */
unsigned township_person(const char *login);
/* The ledger alone, into a folder that is there. */
void township_found(const char *dir);
/* A new folder for such things, which goes with township_clean(). */
void township_folder(char out[64]);
/* The folders of a process that died with one open. */
void township_clean(long pid);
void township_restart(struct township *t);	/* the server */
/* The server's backup, and the server restored from it: what came between is
 * lost there. */
void township_backup(struct township *t);
void township_restore(struct township *t);
/* The same, and nobody has run a restore: the files were copied. */
void township_put_back(struct township *t);
/* A snapshot of a stream as it is now; NULL: of each that holds anything. */
void township_snapshot(struct township *t, const char *stream);
void township_tick(int64_t ms);

/* A cache, enrolled and signed in with the server.  schema NULL: the new one. */
struct site *township_site(struct township *t, const char *office,
	const char *login, const struct schema *schema);
/* The same cache a second time, as a copied disk would have it. */
struct site *township_copy(struct township *t, const struct site *site);
/* It is registered once more, with a code of its office; false: the server knows
 * it. */
bool site_enroll_again(struct site *site);
/* Its cache was erased, and it is registered as a new one. */
void site_renew(struct site *site);
/* A first load for it on a stick, in a new folder below the township's; false:
 * there is nothing yet. */
enum { TOWNSHIP_STICK_MAX = 96 };
bool township_stick(char out[TOWNSHIP_STICK_MAX], struct township *t,
	const struct site *site);
/* And in from there; what is here already stays as it is. */
enum status site_load_stick(struct site *site, const char *stick,
	struct err *err);
/* Another person signs in at the same cache. */
void site_sign_in(struct site *site, const char *login);

/* Close and open without anything else; a crash takes the files as they lie. */
void site_reopen(struct site *site);
void site_crash(struct site *site);

/* A row that the cache held is not there any more, and nobody said so: a damaged
 * disk.  false: not to one with work that the server has not. */
bool site_lose(struct site *site, const struct uuid *id);

/* The next requests meet this. */
void site_fault(struct site *site, enum net_fault fault, int times);
struct transport site_transport(struct site *site);
enum status site_sync(struct site *site, struct sync_counts *counts,
	struct err *err);

/* A good line: everybody syncs until nothing moves any more.  Fails the test
 * when somebody cannot, or it never ends. */
void township_settle(struct township *t);

/*
 * After township_settle(): are all equal, and nothing judged twice?  One
 * sentence for each thing wrong, a line each; "" all is well.
 */
void township_faults(struct buf *out, struct township *t);

/* Numbers that two records have, though neither was typed from paper: those of
 * typed, a text, do not count. */
void township_twice(struct buf *out, struct township *t, const char *typed);

/* Everything that the ledger knows of what was ever entered: records, history,
 * questions, quarantine, one text. */
void township_memory(struct buf *out, struct township *t);

/* The county revokes a cache's device, or takes that back. */
void township_shut(struct township *t, const struct site *site, bool shut);
/* The role of a person, as the county changes it. */
void township_role(struct township *t, const char *login, const char *role);

/* Was anything refused of what was entered for this record? */
bool township_has_refused(struct township *t, const struct uuid *id);

/* Did whoever changed it last enter something that did not win? */
bool township_has_lost(struct township *t, const struct uuid *id);

/* store_check() finds nothing; fails the test otherwise. */
void site_well(struct site *site);

/* The first column of the ledger's answer. */
int64_t township_number(struct township *t, const char *sql);

#endif
