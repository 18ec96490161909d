/*
 * The charset of the terminal is the locale's, unless the terminal says
 * otherwise.
 */
#include "ui/tty_charset.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

bool
tty_charset_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* In the C locale no character above ASCII gets through, silently. */
void
tty_charset_choose(void)
{
	if (!setlocale(LC_CTYPE, "")
	    || strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
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
	} else if (!p->utf8 && tty_charset_is_utf8()
	    && !setlocale(LC_CTYPE, "zh_CN.GB18030")) {
		return tr("This terminal does not take UTF-8; set its charset "
		    "to UTF-8.");
	}
	return "";
}
