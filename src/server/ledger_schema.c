/*
 * What each table holds:
 *
 * meta        the county, the server's epoch
 * office      who sends and receives; one of them may be the county itself
 * account     persons who may sign in, with a verifier of their password
 * device      enrolled caches; the token is kept as its SHA-256 only; wipe is
 *             the word with which an ordered erasure is confirmed
 * enrolment   one-time codes, also as SHA-256
 * session     signed-in persons, a token each
 * password    verifiers of the passwords that a person had before, n growing
 * presence    who has ever signed in where: whose operations a device may send
 * attempt     failed sign-ins, for slowing down and locking
 * record      the present version of everything; body is JSON of its values
 * history     what each revision changed, by which operation: merging's memory
 *             and the audit trail; fields is ";name;birth;" for quick looking
 * entered     a sum of each row of the history, for the trace
 * stream      what a device may hold, with its last position and chain hash
 * feed        the newest position of each record in a stream (state-based: as
 *             many rows as records)
 * mark        the chain hash at every position ever given
 * opdone      the verdict of every operation; its key is the lock against
 *             doing it twice
 * quarantine  what was refused, whole, until a person looks at it
 * returned    versions of records (rev negative: kept and nothing else), and
 *             operations (rev 0), that devices handed
 *             back after the ledger was restored, whole; epoch: as of which
 *             ledger, became: the row of the history that followed
 * coming      records that come back in parts and are not whole yet
 * descent     the ledgers that this one comes from, and the last row of the
 *             history that it has in common with each
 * conflict    whether a question is still open, and who answered it
 * transfer    what the records of the register "@transfer" say of office to
 *             office, to be looked up
 * along       persons who go along with one, or stay behind and are lent
 * sealed      records whose own values seal them
 * lease       paper numbers that devices took for their own use
 * number      which record has which paper number, first come
 * number_clash  records that have a number that another one has
 * number_wait   records that wait for a number
 * named       whose names a device was told
 * account_grant  who asked that a right be added, and who decided
 * erasure     who asked that a record be erased, and who decided
 * erased      what was erased: no record of that id comes back
 * audit       the server's trace (chain zero) and those of the devices
 * audit_about which entries name a record
 * audit_base  where a chain begins that does not begin at 1
 */
#include "server/ledger_schema.h"

static const char first_step[] =
	"CREATE TABLE meta(name text PRIMARY KEY, value text NOT NULL);"
	"CREATE TABLE office(code text PRIMARY KEY, name text NOT NULL,"
	" county integer NOT NULL);"
	"CREATE TABLE account(login text PRIMARY KEY, name text NOT NULL,"
	" office text NOT NULL, role text NOT NULL, verifier text NOT NULL,"
	" disabled integer NOT NULL, created_at bigint NOT NULL);"
	"CREATE TABLE device(id blob PRIMARY KEY, office text NOT NULL,"
	" label text NOT NULL, token blob NOT NULL UNIQUE,"
	" key_share blob NOT NULL, epoch bigint NOT NULL,"
	" enrolled_at bigint NOT NULL, seen_at bigint NOT NULL,"
	" revoked_at bigint NOT NULL);"
	"CREATE TABLE enrolment(code blob PRIMARY KEY, office text NOT NULL,"
	" expires_at bigint NOT NULL, used_at bigint NOT NULL);"
	"CREATE TABLE session(token blob PRIMARY KEY, login text NOT NULL,"
	" device blob NOT NULL, expires_at bigint NOT NULL);"
	"CREATE TABLE presence(login text NOT NULL, device blob NOT NULL,"
	" since_at bigint NOT NULL, PRIMARY KEY(login, device));"
	"CREATE TABLE attempt(login text NOT NULL, device blob NOT NULL,"
	" failures integer NOT NULL, until_at bigint NOT NULL,"
	" last_at bigint NOT NULL, PRIMARY KEY(login, device));"
	"CREATE TABLE record(id blob PRIMARY KEY, register text NOT NULL,"
	" office text NOT NULL, state text NOT NULL, rev bigint NOT NULL,"
	" deleted text NOT NULL, parent blob, created_by text NOT NULL,"
	" created_at bigint NOT NULL, updated_by text NOT NULL,"
	" updated_at bigint NOT NULL, hash text NOT NULL,"
	" body text NOT NULL);"
	"CREATE INDEX record_parent ON record(parent, register);"
	"CREATE TABLE history(record blob NOT NULL, rev bigint NOT NULL,"
	" device blob NOT NULL, epoch bigint NOT NULL, n bigint NOT NULL,"
	" kind text NOT NULL, login text NOT NULL, at bigint NOT NULL,"
	" device_at bigint NOT NULL, fields text NOT NULL,"
	" changes text NOT NULL, PRIMARY KEY(record, rev));"
	"CREATE TABLE stream(id bigint PRIMARY KEY, name text NOT NULL UNIQUE,"
	" last_seq bigint NOT NULL, mark blob NOT NULL);"
	"CREATE TABLE feed(stream bigint NOT NULL, seq bigint NOT NULL,"
	" record blob NOT NULL, what text NOT NULL,"
	" PRIMARY KEY(stream, seq), UNIQUE(stream, record));"
	"CREATE TABLE mark(stream bigint NOT NULL, seq bigint NOT NULL,"
	" hash blob NOT NULL, PRIMARY KEY(stream, seq));"
	"CREATE TABLE opdone(device blob NOT NULL, epoch bigint NOT NULL,"
	" n bigint NOT NULL, hash text NOT NULL, verdict text NOT NULL,"
	" rev bigint NOT NULL, why text NOT NULL, record blob NOT NULL,"
	" at bigint NOT NULL, PRIMARY KEY(device, epoch, n));"
	"CREATE TABLE quarantine(device blob NOT NULL, epoch bigint NOT NULL,"
	" n bigint NOT NULL, verdict text NOT NULL, op text NOT NULL,"
	" PRIMARY KEY(device, epoch, n));"
	"CREATE TABLE conflict(id blob PRIMARY KEY, record blob NOT NULL,"
	" answered_by text NOT NULL, answered_at bigint NOT NULL);"
	"CREATE INDEX conflict_record ON conflict(record);";

/* What a copied cache sends again under another epoch is found by its hash. */
static const char second_step[] =
	"CREATE INDEX opdone_hash ON opdone(device, hash);";

/* An office's profile and its letters of commission. */
static const char third_step[] =
	"CREATE INDEX record_office ON record(office, register);";

/* What a stream holds is summed up; what a restored ledger had lost comes back
 * from the devices. */
static const char fourth_step[] =
	"ALTER TABLE stream ADD COLUMN held bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE stream ADD COLUMN sum bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE feed ADD COLUMN item bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE history ADD COLUMN hash text NOT NULL DEFAULT '';"
	"ALTER TABLE history ADD COLUMN returned integer NOT NULL DEFAULT 0;"
	"CREATE TABLE returned(record blob NOT NULL, rev bigint NOT NULL,"
	" hash text NOT NULL, device blob NOT NULL, at bigint NOT NULL,"
	" line text NOT NULL, PRIMARY KEY(record, rev, hash));";

/* A record may stand in several streams, and leave them. */
static const char fifth_step[] =
	"ALTER TABLE record ADD COLUMN person blob;"
	"CREATE INDEX record_person ON record(person);"
	"ALTER TABLE feed ADD COLUMN why text NOT NULL DEFAULT '';"
	"CREATE INDEX feed_record ON feed(record);"
	"CREATE TABLE transfer(id blob PRIMARY KEY, record blob NOT NULL,"
	" origin text NOT NULL, destination text NOT NULL,"
	" state text NOT NULL);"
	"CREATE INDEX transfer_record ON transfer(record);"
	"CREATE TABLE along(transfer blob NOT NULL, record blob NOT NULL,"
	" lent integer NOT NULL, PRIMARY KEY(transfer, record));"
	"CREATE INDEX along_record ON along(record);"
	"CREATE TABLE sealed(record blob PRIMARY KEY);"
	"UPDATE record SET parent = (SELECT c.record FROM conflict c"
	" WHERE c.id = record.id) WHERE register = '@conflict';";

/* Which scan names which bytes (server/ledger_scan.h). */
static const char scan_step[] =
	"CREATE TABLE scan(record blob PRIMARY KEY, hash text NOT NULL,"
	" size bigint NOT NULL, arrived integer NOT NULL,"
	" gone_at bigint NOT NULL);"
	"CREATE INDEX scan_hash ON scan(hash);";

/* A device may be told to erase its data, and says when it has. */
static const char leaving_step[] =
	"ALTER TABLE device ADD COLUMN wipe text NOT NULL DEFAULT '';"
	"ALTER TABLE device ADD COLUMN at_once integer NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN wiped_at bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN removed_at bigint NOT NULL DEFAULT 0;";

/* One place for each row where there were two and an index: a push writes them
 * by the thousand.  Most records belong to nothing and are about nobody. */
static const char lean_step[] =
	"DROP INDEX record_parent;"
	"CREATE INDEX record_parent ON record(parent, register, id)"
	" WHERE parent IS NOT NULL;"
	"DROP INDEX record_person;"
	"CREATE INDEX record_person ON record(person)"
	" WHERE person IS NOT NULL;"
	"ALTER TABLE feed RENAME TO old_feed;"
	"CREATE TABLE feed(stream bigint NOT NULL, seq bigint NOT NULL,"
	" record blob NOT NULL, what text NOT NULL,"
	" item bigint NOT NULL DEFAULT 0, why text NOT NULL DEFAULT '',"
	" PRIMARY KEY(stream, seq)) WITHOUT ROWID;"
	"INSERT INTO feed SELECT stream, seq, record, what, item, why"
	" FROM old_feed;"
	"DROP TABLE old_feed;"
	"CREATE UNIQUE INDEX feed_record ON feed(record, stream);"
	"ALTER TABLE mark RENAME TO old_mark;"
	"CREATE TABLE mark(stream bigint NOT NULL, seq bigint NOT NULL,"
	" hash blob NOT NULL, PRIMARY KEY(stream, seq)) WITHOUT ROWID;"
	"INSERT INTO mark SELECT stream, seq, hash FROM old_mark;"
	"DROP TABLE old_mark;";

/* Paper numbers; numbers_told: the server's epoch in which the device last said
 * what it holds. */
static const char number_step[] =
	"ALTER TABLE device ADD COLUMN num bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE device ADD COLUMN numbers_told text NOT NULL DEFAULT '';"
	"UPDATE device SET num = (SELECT count(*) FROM device d WHERE"
	" (d.enrolled_at, d.id) <= (device.enrolled_at, device.id));"
	"CREATE TABLE lease(office text NOT NULL, class text NOT NULL,"
	" year integer NOT NULL, first bigint NOT NULL, last bigint NOT NULL,"
	" next bigint NOT NULL, state text NOT NULL, device blob NOT NULL,"
	" key text NOT NULL, at bigint NOT NULL, PRIMARY KEY(device, key));"
	"CREATE INDEX lease_series ON lease(office, class, year);"
	"CREATE TABLE number(office text NOT NULL, class text NOT NULL,"
	" year integer NOT NULL, n bigint NOT NULL, record blob NOT NULL,"
	" text text NOT NULL, how text NOT NULL, given_as text NOT NULL,"
	" device blob NOT NULL, at bigint NOT NULL,"
	" PRIMARY KEY(office, class, year, n));"
	"CREATE INDEX number_record ON number(record);"
	"CREATE TABLE number_clash(office text NOT NULL, class text NOT NULL,"
	" year integer NOT NULL, n bigint NOT NULL, record blob NOT NULL,"
	" at bigint NOT NULL, PRIMARY KEY(office, class, year, n, record));"
	"CREATE TABLE number_wait(record blob PRIMARY KEY,"
	" office text NOT NULL);";

/* What a copied cache sends again is found by its record: operations on new
 * records come in their order, hashes never do. */
static const char push_step[] =
	"ALTER TABLE opdone RENAME TO old_opdone;"
	"CREATE TABLE opdone(device blob NOT NULL, epoch bigint NOT NULL,"
	" n bigint NOT NULL, hash text NOT NULL, verdict text NOT NULL,"
	" rev bigint NOT NULL, why text NOT NULL, record blob NOT NULL,"
	" at bigint NOT NULL, PRIMARY KEY(device, epoch, n)) WITHOUT ROWID;"
	"INSERT INTO opdone SELECT device, epoch, n, hash, verdict, rev, why,"
	" record, at FROM old_opdone;"
	"DROP TABLE old_opdone;"
	"CREATE INDEX opdone_record ON opdone(record);"
	"ALTER TABLE number RENAME TO old_number;"
	"CREATE TABLE number(office text NOT NULL, class text NOT NULL,"
	" year integer NOT NULL, n bigint NOT NULL, record blob NOT NULL,"
	" text text NOT NULL, how text NOT NULL, given_as text NOT NULL,"
	" device blob NOT NULL, at bigint NOT NULL,"
	" PRIMARY KEY(office, class, year, n)) WITHOUT ROWID;"
	"INSERT INTO number SELECT office, class, year, n, record, text, how,"
	" given_as, device, at FROM old_number;"
	"DROP TABLE old_number;"
	"CREATE INDEX number_record ON number(record);";

/* The trace (server/ledger_audit.h); cut: it does not name all it showed. */
static const char audit_step[] =
	"CREATE TABLE audit(chain blob NOT NULL, branch bigint NOT NULL,"
	" n bigint NOT NULL, got_at bigint NOT NULL, login text NOT NULL,"
	" hash blob NOT NULL, entry blob NOT NULL,"
	" cut integer NOT NULL,"
	" PRIMARY KEY(chain, branch, n)) WITHOUT ROWID;"
	"CREATE INDEX audit_cut ON audit(got_at) WHERE cut <> 0;"
	"CREATE INDEX audit_login ON audit(login, got_at);"
	"CREATE TABLE audit_about(record blob NOT NULL, chain blob NOT NULL,"
	" branch bigint NOT NULL, n bigint NOT NULL,"
	" PRIMARY KEY(record, chain, branch, n)) WITHOUT ROWID;"
	"CREATE TABLE audit_base(chain blob NOT NULL, branch bigint NOT NULL,"
	" n bigint NOT NULL, hash blob NOT NULL,"
	" PRIMARY KEY(chain, branch)) WITHOUT ROWID;";

/* What a person of the county did with what was refused, which itself stays. */
static const char settled_step[] =
	"ALTER TABLE history ADD COLUMN taken_by text NOT NULL DEFAULT '';"
	"CREATE TABLE settled(i bigint PRIMARY KEY, device blob NOT NULL,"
	" epoch bigint NOT NULL, n bigint NOT NULL, hash text NOT NULL,"
	" how text NOT NULL, login text NOT NULL, why text NOT NULL,"
	" at bigint NOT NULL, UNIQUE(device, epoch, n, hash));";

/* Passwords grow old, from this step on; ended: by a change of the password. */
static const char password_step[] =
	"ALTER TABLE account ADD COLUMN password_at bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE account ADD COLUMN initial integer NOT NULL DEFAULT 0;"
	"UPDATE account SET password_at ="
	" CAST(strftime('%s', 'now') AS bigint) * 1000;"
	"ALTER TABLE session ADD COLUMN ended integer NOT NULL DEFAULT 0;"
	"CREATE TABLE password(login text NOT NULL, n bigint NOT NULL,"
	" verifier text NOT NULL, PRIMARY KEY(login, n)) WITHOUT ROWID;";

/* Versions of two lines may come back to a ledger that was restored twice. */
static const char line_step[] =
	"CREATE TABLE descent(epoch text PRIMARY KEY, row bigint NOT NULL);"
	"ALTER TABLE returned RENAME TO old_returned;"
	"CREATE TABLE returned(record blob NOT NULL, rev bigint NOT NULL,"
	" hash text NOT NULL, device blob NOT NULL, at bigint NOT NULL,"
	" line text NOT NULL, epoch text NOT NULL DEFAULT '',"
	" became bigint NOT NULL DEFAULT 0,"
	" PRIMARY KEY(record, rev, hash, epoch));"
	"INSERT INTO returned(record, rev, hash, device, at, line)"
	" SELECT record, rev, hash, device, at, line FROM old_returned;"
	"DROP TABLE old_returned;"
	"CREATE TABLE coming(device blob NOT NULL, record blob NOT NULL,"
	" text blob NOT NULL, PRIMARY KEY(device, record)) WITHOUT ROWID;";

/* Erasing for good (server/ledger_erase.h); term: kept long enough. */
static const char erase_step[] =
	"CREATE TABLE erasure(id bigint PRIMARY KEY, record blob NOT NULL,"
	" register text NOT NULL, office text NOT NULL, term integer NOT NULL,"
	" why text NOT NULL, basis text NOT NULL, asked_by text NOT NULL,"
	" asked_at bigint NOT NULL, decided_by text NOT NULL,"
	" decided_at bigint NOT NULL, done integer NOT NULL,"
	" records bigint NOT NULL);"
	"CREATE TABLE erased(record blob PRIMARY KEY, register text NOT NULL,"
	" office text NOT NULL, erasure bigint NOT NULL, at bigint NOT NULL)"
	" WITHOUT ROWID;";

/* seq: told to devices in this order, and again to whoever sends something on
 * one; kept: it stands in the file "erasures". */
static const char erased_step[] =
	"ALTER TABLE erased ADD COLUMN seq bigint NOT NULL DEFAULT 0;"
	"ALTER TABLE erased ADD COLUMN kept integer NOT NULL DEFAULT 1;"
	"UPDATE erased SET seq = (SELECT count(*) FROM erased e WHERE"
	" e.record <= erased.record);"
	"CREATE INDEX erased_seq ON erased(seq);"
	"CREATE INDEX erased_unkept ON erased(kept) WHERE kept = 0;";

/* A right that is added by two (server/grant.h). */
static const char grant_step[] =
	"CREATE TABLE account_grant(id bigint PRIMARY KEY, login text NOT NULL,"
	" role text NOT NULL, office text NOT NULL, opens integer NOT NULL,"
	" was_role text NOT NULL, was_office text NOT NULL,"
	" asked_by text NOT NULL, asked_at bigint NOT NULL,"
	" decided_by text NOT NULL, decided_at bigint NOT NULL,"
	" done integer NOT NULL);";

/* What people are called, in the order in which it became so; named of a device:
 * up to which it was told, -1 it never asked. */
static const char named_step[] =
	"ALTER TABLE account ADD COLUMN named bigint NOT NULL DEFAULT 0;"
	"UPDATE account SET named = (SELECT count(*) FROM account a WHERE"
	" a.login <= account.login);"
	"INSERT INTO meta(name, value) SELECT 'named', count(*) FROM account;"
	"CREATE INDEX account_named ON account(named);"
	"ALTER TABLE device ADD COLUMN named bigint NOT NULL DEFAULT -1;"
	"CREATE TABLE named(device blob NOT NULL, login text NOT NULL,"
	" PRIMARY KEY(device, login)) WITHOUT ROWID;";

/* A sum of each row of the history (server/ledger_entered.h). */
static const char entered_step[] =
	"CREATE TABLE entered(id integer PRIMARY KEY, record blob NOT NULL,"
	" rev bigint NOT NULL, sum blob NOT NULL);";

const char *const ledger_schema_steps[] = { first_step, second_step,
	third_step, fourth_step, fifth_step, scan_step, leaving_step,
	lean_step, number_step, push_step, audit_step, settled_step,
	password_step, line_step, erase_step,
	erased_step, grant_step, named_step, entered_step };
const int ledger_schema_count =
    (int)(sizeof ledger_schema_steps / sizeof ledger_schema_steps[0]);
