/*
 * The table of answers.
 */
#include "server/answer.h"

#include "base/tr.h"

struct row {
	int status;
	const char *word;
	const char *sentence;
};

static const struct row rows[] = {
	[ANSWER_OK] = { 200, "ok", "" },
	[ANSWER_BAD_REQUEST] = { 400, "bad_request",
		TR_MARK("The request is not well formed.") },
	[ANSWER_LOGIN_REQUIRED] = { 401, "login_required",
		TR_MARK("Sign in again.") },
	[ANSWER_DEVICE_UNKNOWN] = { 401, "device_unknown",
		TR_MARK("The county's server does not know this computer (it "
		"was perhaps put back from a backup). What is entered here "
		"stays and goes up once the computer was registered again, "
		"with a new code.") },
	[ANSWER_PASSWORD_CHANGED] = { 401, "password_changed",
		TR_MARK("The password of this account was changed; sign in "
		"with the new one.") },
	[ANSWER_DEVICE_REVOKED] = { 403, "device_revoked",
		TR_MARK("This device was revoked by the county.") },
	[ANSWER_DEVICE_WIPE] = { 403, "device_wipe",
		TR_MARK("The county has ordered the data on this device to be erased.") },
	[ANSWER_USER_DISABLED] = { 403, "user_disabled",
		TR_MARK("This account was disabled by the county.") },
	[ANSWER_OFFICE_DENIED] = { 403, "office_denied",
		TR_MARK("This account belongs to another office.") },
	[ANSWER_WRONG_PASSWORD] = { 403, "wrong_password",
		TR_MARK("The user name or the password is not right.") },
	[ANSWER_LOCKED] = { 403, "locked",
		TR_MARK("Too many wrong passwords; wait some minutes.") },
	[ANSWER_PASSWORD_WEAK] = { 422, "password_weak",
		TR_MARK("This is no good password.") },
	[ANSWER_PASSWORD_USED] = { 422, "password_used",
		TR_MARK("This password was used before; take another one.") },
	[ANSWER_CODE_INVALID] = { 403, "code_invalid",
		TR_MARK("The enrolment code is unknown, used or too old.") },
	[ANSWER_CODE_OFFICE] = { 403, "code_office",
		TR_MARK("This code is for another office than the one whose "
		"data is on this computer.") },
	[ANSWER_DEVICE_KNOWN] = { 409, "device_known",
		TR_MARK("This computer is registered already.") },
	[ANSWER_NO_CALL] = { 404, "not_found",
		TR_MARK("There is no such call.") },
	[ANSWER_NO_RECORD] = { 404, "no_record",
		TR_MARK("The county's server does not have this record.") },
	[ANSWER_NO_SNAPSHOT] = { 404, "no_snapshot",
		TR_MARK("There is no snapshot of this stream.") },
	[ANSWER_NOT_SO_LONG] = { 416, "not_so_long",
		TR_MARK("The file is not so long.") },
	[ANSWER_NOT_TO_ASK] = { 403, "not_to_ask",
		TR_MARK("Your role may not ask who saw a record.") },
	[ANSWER_NOT_TO_MANAGE] = { 403, "not_to_manage",
		TR_MARK("Your role does not look after accounts and computers.") },
	[ANSWER_NOT_TO_GRANT] = { 403, "not_to_grant",
		TR_MARK("Your role may not give this role, or change who has it.") },
	[ANSWER_YOURSELF] = { 403, "yourself",
		TR_MARK("Nobody changes their own account; ask the county, or somebody else there.") },
	[ANSWER_NO_PERSON] = { 404, "no_person",
		TR_MARK("There is no such user.") },
	[ANSWER_NO_DEVICE] = { 404, "no_device",
		TR_MARK("There is no such device.") },
	[ANSWER_NO_OFFICE] = { 404, "no_office",
		TR_MARK("There is no such office.") },
	[ANSWER_STANDS] = { 409, "stands",
		TR_MARK("It stands so already.") },
	[ANSWER_NOT_TO_SETTLE] = { 403, "not_to_settle",
		TR_MARK("Your role does not look at what was put aside; somebody of the county does.") },
	[ANSWER_NO_ENTRY] = { 404, "no_entry",
		TR_MARK("There is no such entry among what was put aside.") },
	[ANSWER_NO_BLOB] = { 404, "no_blob",
		TR_MARK("The county's server does not have this attachment.") },
	[ANSWER_BLOB_WAITS] = { 404, "blob_waits",
		TR_MARK("The attachment has not been sent to the county yet; "
		"the device that it was registered on sends it.") },
	[ANSWER_BLOB_OFFSET] = { 409, "offset",
		TR_MARK("The server has another part of this attachment.") },
	[ANSWER_BLOB_WRONG] = { 422, "wrong_bytes",
		TR_MARK("The bytes that arrived are not those of the attachment; they are sent again.") },
	[ANSWER_BLOB_RANGE] = { 416, "range",
		TR_MARK("The attachment has no such bytes.") },
	[ANSWER_SERVER_BEHIND] = { 409, "server_behind",
		TR_MARK("The county's server was put back to an older state "
		"and does not say so; what was entered stays here until the "
		"county has run \"fengqiaod restore\".") },
	[ANSWER_FEED_DIVERGED] = { 409, "feed_diverged",
		TR_MARK("The county's server has another history than this device.") },
	[ANSWER_DEVICE_FORK] = { 409, "device_fork",
		TR_MARK("This device's data was copied to another one.") },
	[ANSWER_OUT_OF_TURN] = { 409, "out_of_turn",
		TR_MARK("What was sent before this did not arrive; it is sent again.") },
	[ANSWER_TOO_LARGE] = { 413, "too_large",
		TR_MARK("A request may have 16 MiB at most.") },
	[ANSWER_ENCODING] = { 415, "encoding",
		TR_MARK("The server does not know this compression.") },
	[ANSWER_UPDATE] = { 426, "update",
		TR_MARK("This program is older than the county's others; "
		"install the new one. What is entered is delivered all the "
		"same.") },
	[ANSWER_BUSY] = { 503, "busy",
		TR_MARK("The server is busy; try again shortly.") },
	[ANSWER_SLOW_DOWN] = { 429, "busy",
		TR_MARK("Too many tries; wait a minute.") },
	[ANSWER_INTERNAL] = { 500, "internal",
		TR_MARK("The server could not do this; try again later.") },
};

int
answer_status(enum answer a)
{
	return rows[a].status;
}

const char *
answer_word(enum answer a)
{
	return rows[a].word;
}

const char *
answer_sentence(enum answer a)
{
	return tr(rows[a].sentence);
}

bool
answer_is_numbered(enum answer a)
{
	switch (a) {
	case ANSWER_OK:
	case ANSWER_LOGIN_REQUIRED:
	case ANSWER_WRONG_PASSWORD:
	case ANSWER_LOCKED:
	case ANSWER_CODE_INVALID:
	case ANSWER_CODE_OFFICE:
	case ANSWER_DEVICE_KNOWN:
	case ANSWER_STANDS:
	/* programs see to these by themselves */
	case ANSWER_FEED_DIVERGED:
	case ANSWER_DEVICE_FORK:
	case ANSWER_OUT_OF_TURN:
	case ANSWER_NO_CALL:
	case ANSWER_NO_SNAPSHOT:
	case ANSWER_NOT_SO_LONG:
	/* of what is foreign nobody hears otherwise than of what is not there,
	 * byte by byte */
	case ANSWER_NO_RECORD:
	case ANSWER_NO_ENTRY:
	case ANSWER_NO_BLOB:
	case ANSWER_BLOB_WAITS:
	case ANSWER_BLOB_OFFSET:
	case ANSWER_BUSY:
	case ANSWER_SLOW_DOWN:
		return false;
	default:
		return true;
	}
}
