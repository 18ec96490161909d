#ifndef KIT_COUNTY_H
#define KIT_COUNTY_H

#include "core/op.h"
#include "core/schema.h"
#include "core/wire.h"
#include "server/account.h"
#include "server/device.h"
#include "server/ledger.h"
#include "server/token.h"

/*
 * A small county in a temporary folder: its own office 990000, the townships
 * 9900000001 and 9900000002, six people and a device for each of three
 * offices; and two registers, "matter" (with states, a merge group, policies)
 * and its child "visit" (append-only).
 */
enum county_device { AT_ONE, AT_ONE_TOO, AT_TWO, AT_COUNTY, COUNTY_DEVICES };

/* What a device knows: enough to speak sync, and no more. */
struct county_device_state {
	struct device device;
	char token[TOKEN_TEXT_MAX];
	int64_t epoch, n;		/* n: the last number used */
	struct wire_cursor cursors[WIRE_STREAMS_MAX];
	size_t cursor_count;
	int64_t max_bytes;
};

struct county {
	char dir[64];
	struct ledger *ledger;
	struct schema *schema;
	struct pool *readers;
	struct county_device_state at[COUNTY_DEVICES];
};

/* A reply, read. */
struct county_reply {
	enum answer answer;
	struct wire_line *lines;	/* owned */
	size_t count;
	int64_t epoch;			/* the device's, after a fork */
	char why[ERR_MSG_MAX];
};

void county_open(struct county *c);
/* The same offices, people and devices with other definitions. */
void county_open_with(struct county *c, const struct def_file *files,
	size_t count);
/* The same below the city 9900, which is the ledger's root, beside the county
 * 990001 with its office 9900010001.  files NULL: those of county_open(). */
void county_open_below(struct county *c, const struct def_file *files,
	size_t count);
void county_close(struct county *c);
/* Close and open the ledger, as a restart does. */
void county_restart(struct county *c);

/* A test's whole state: county_open() and county_close(); the second one looks
 * first whether the ledger is whole. */
int county_set_up(void **state);
int county_tear_down(void **state);
int county_tear_down_whole(void **state);

/* A write transaction of the ledger, and its end. */
struct db *county_begin(struct county *c);
void county_commit(struct county *c);

/* A person's token for this device, as after the right password. */
void county_sign_in(char token[TOKEN_TEXT_MAX], struct county *c,
	enum county_device at, const char *login);

/* Somebody more, in this role, at a computer of their own. */
struct county_seat {
	char role[RECORD_NAME_MAX], login[RECORD_NAME_MAX];
	struct device device;
	char token[TOKEN_TEXT_MAX];	/* the device's */
	char person[TOKEN_TEXT_MAX];
};
void county_seat(struct county_seat *out, struct county *c,
	const char *office, const char *role);

/* An operation with the device's next number.  changes: "field=value" pairs
 * ending with NULL; "field=old>new" says what was seen before. */
void county_op(struct op *out, struct county *c, enum county_device at,
	enum op_kind kind, const char *reg, const struct uuid *record,
	const char *by, int64_t base, ...);

/* Send these and take the reply; cursors are moved as a client would. */
void county_sync(struct county_reply *out, struct county *c,
	enum county_device at, const struct op *ops, size_t count);
/* The same with the lines as they are. */
void county_send(struct county_reply *out, struct county *c,
	enum county_device at, const char *text, size_t len);
void county_hello(struct buf *out, const struct county *c,
	enum county_device at, int64_t from);
void county_reply_release(struct county_reply *r);

/* Looking into a reply; NULL when there is none. */
const struct wire_line *county_verdict(const struct county_reply *r,
	int64_t n);
const struct wire_line *county_line(const struct county_reply *r,
	enum wire_kind kind, const struct uuid *record);
const struct wire_line *county_end(const struct county_reply *r);

/* One operation, its verdict; fails the test if there is none. */
enum verdict county_do(struct county *c, enum county_device at,
	const struct op *op);

/* Send one when the database may fail; no matter what comes of it. */
void county_try(struct county *c, enum county_device at,
	const struct op *op);

/* The record as the ledger has it; released by the caller. */
void county_record(struct record *out, struct county *c,
	const struct uuid *id);
/* A field of it is this text. */
void county_holds(struct county *c, const struct uuid *id, const char *field,
	const char *text);

#endif
