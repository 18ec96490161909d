/*
 * The charset of the terminal is the locale's, unless the terminal says
 * otherwise.
 */
#include "ui/tty_charset.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

#include "base/tr.h"
#include "base/utf8.h"

bool
tty_charset_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* In the C locale, and in Latin ones, hanzi are lost silently. */
static bool
takes_hanzi(void)
{
	char bytes[MB_LEN_MAX];
	mbstate_t state = {0};

	return wcrtomb(bytes, 0x5F20, &state) != (size_t)-1;
}

void
tty_charset_choose(void)
{
	if (!setlocale(LC_CTYPE, "") || !takes_hanzi())
		(void)setlocale(LC_CTYPE, "C.UTF-8");
}

/* What Chinese terminals speak that do not speak UTF-8. */
static bool
choose_chinese(void)
{
	static const char *const names[] = { "zh_CN.GB18030", "zh_CN.GBK" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (setlocale(LC_CTYPE, names[i]) && takes_hanzi())
			return true;
	return false;
}

/* The terminal knows better than LANG what it is. */
const char *
tty_charset_heed(const struct tty_probe *p)
{
	if (!p->answered) {
		/* A GBK terminal draws each two-byte character wide. */
		utf8_set_ambiguous(tty_charset_is_utf8() ? 1 : 2);
		return "";
	}
	utf8_set_ambiguous(p->ambiguous);
	if (p->utf8 && !tty_charset_is_utf8()) {
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	} else if (!p->utf8 && tty_charset_is_utf8() && !choose_chinese()) {
		/* ASCII gets through anywhere; so the words are English. */
		(void)setlocale(LC_CTYPE, "C");
		tr_set(TR_EN);
		return tr("This terminal takes no UTF-8, so Chinese is '?': "
		    "set its charset to UTF-8.");
	}
	return "";
}
