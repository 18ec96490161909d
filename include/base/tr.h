#ifndef BASE_TR_H
#define BASE_TR_H

/*
 * Words for people.  Messages are written in English in the code, marked with
 * tr(), collected by xgettext and translated in screens/po/zh_CN.po; msgfmt's
 * compiled catalogue is built into the programs and searched here, because
 * libintl can only follow an installed locale, and an office PC may have none.
 *
 * The language is a property of the thread: the server answers each request
 * in its caller's language, the client sets it once.
 */
enum tr_lang { TR_ZH, TR_EN };

/* The text in the current language; the msgid itself when it is English or
 * not translated.  Static storage. */
const char *tr(const char *msgid) __attribute__((format_arg(1)));

/* Marks a text that is translated where it is used. */
#define TR_MARK(msgid) msgid

void tr_set(enum tr_lang lang);
enum tr_lang tr_lang(void);

/* "zh_CN", "zh", "en_US.UTF-8", "en": the language; anything else (also NULL)
 * is Chinese. */
enum tr_lang tr_parse(const char *name);
/* The language of a program that is started: that of its argument --lang, else
 * of $FENGQIAO_LANG; asked first of all, so that what is wrong with the other
 * arguments is said in it. */
enum tr_lang tr_asked(int argc, char **argv);

#endif
