#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

#include <stdbool.h>

/*
 * What the server answers to a request as a whole: the HTTP status, the word
 * for the program and the sentence for the person (sync.md 4.5).
 */
enum answer {
	ANSWER_OK,
	ANSWER_BAD_REQUEST,
	ANSWER_LOGIN_REQUIRED,
	ANSWER_DEVICE_UNKNOWN,	/* 401: of a ledger that this one is not, or
				 * not yet again */
	ANSWER_PASSWORD_CHANGED,	/* 401: since that sign-in */
	ANSWER_DEVICE_REVOKED,
	ANSWER_DEVICE_WIPE,
	ANSWER_USER_DISABLED,
	ANSWER_OFFICE_DENIED,
	ANSWER_WRONG_PASSWORD,
	ANSWER_LOCKED,
	ANSWER_PASSWORD_WEAK,	/* 422: no new password by the rule */
	ANSWER_PASSWORD_USED,	/* 422: one of the last ones */
	ANSWER_CODE_INVALID,
	ANSWER_CODE_OFFICE,	/* 403: another office's */
	ANSWER_DEVICE_KNOWN,	/* 409: it is registered here */
	ANSWER_NO_CALL,
	ANSWER_NO_RECORD,
	ANSWER_NO_SNAPSHOT,
	ANSWER_NOT_SO_LONG,	/* 416: of a file's bytes */
	ANSWER_NOT_TO_ASK,	/* whatever it is about */
	ANSWER_NOT_TO_MANAGE,	/* people, devices and offices */
	ANSWER_NOT_TO_GRANT,	/* that role, or to whoever has it */
	ANSWER_YOURSELF,	/* nobody changes the own account */
	ANSWER_NO_PERSON,	/* or none that the asker looks after */
	ANSWER_NO_DEVICE,	/* the same */
	ANSWER_NO_OFFICE,
	ANSWER_STANDS,		/* 409: it is so already, or may not become so */
	ANSWER_NOT_TO_SETTLE,
	ANSWER_NO_ENTRY,	/* in quarantine */
	ANSWER_NO_BLOB,		/* or none that the asker may see */
	ANSWER_BLOB_WAITS,	/* 404: its bytes have not arrived */
	ANSWER_BLOB_OFFSET,	/* 409: the upload is at another place */
	ANSWER_BLOB_WRONG,	/* 422: not the bytes of that hash */
	ANSWER_BLOB_RANGE,	/* 416: it has no such bytes */
	ANSWER_SERVER_BEHIND,
	ANSWER_FEED_DIVERGED,
	ANSWER_DEVICE_FORK,
	ANSWER_OUT_OF_TURN,	/* 409: an early request, and not the next */
	ANSWER_TOO_LARGE,
	ANSWER_ENCODING,
	ANSWER_UPDATE,		/* 426: the program is too old to be told */
	ANSWER_BUSY,		/* 503: the server is */
	ANSWER_SLOW_DOWN,	/* 429: the client is too quick */
	ANSWER_INTERNAL,
};

int answer_status(enum answer a);
const char *answer_word(enum answer a);		/* "login_required" */
/* Would somebody call the county about it?  Not what passes, or what they can
 * mend themselves. */
bool answer_is_numbered(enum answer a);
const char *answer_sentence(enum answer a);	/* translated */

#endif
