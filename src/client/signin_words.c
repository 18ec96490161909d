/*
 * How a password stands, in a sentence.
 */
#include "client/signin_words.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/tr.h"

void
signin_words(struct buf *out, struct store *s, bool offline)
{
	const struct store_user *u = store_user(s);
	enum store_password stands = store_password(s, clock_today());
	char until[CLOCK_TEXT_MAX];

	if (!u)
		return;
	if (offline && store_password_is_old(s, u->login)) {
		clock_print(until, u->offline_until);
		buf_printf(out, tr("Your password was changed; offline the "
			"old one is good until %.10s."), until);
	} else if (stands == STORE_PASSWORD_INITIAL) {
		buf_text(out, offline ? tr("Somebody else set this password: "
			"change it once the server can be reached.") :
			tr("Somebody else set this password: change it."));
	} else if (stands == STORE_PASSWORD_DUE) {
		buf_text(out, offline ? tr("This password is too old: change "
			"it once the server can be reached.") :
			tr("This password is too old: change it."));
	} else if (stands == STORE_PASSWORD_SOON) {
		date_print(until, (int)u->password_on);
		buf_printf(out, tr("This password is good until %s: change it "
			"before."), until);
	}
}
