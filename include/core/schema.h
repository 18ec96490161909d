#ifndef CORE_SCHEMA_H
#define CORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/tr.h"
#include "core/builtin.h"
#include "core/record.h"
#include "core/schema_cond.h"
#include "core/schema_state.h"

/*
 * Definitions: registers and code tables as data.  screens/README.md describes
 * the files; schema_load() reads them, all complaints at once.  A schema is
 * immutable once loaded, so pointers into it are lent for its whole life.
 */

/* ---- code tables ---- */

struct schema_code {
	char *code;		/* a string: "01" is not "1" */
	struct label label;
	char **aliases;		/* other words a spreadsheet may use */
	size_t alias_count;
	int from_on, until_on;	/* validity; DATE_NONE open */
	char *parent;		/* roll-up or upper level, or NULL */
	char *instead;		/* after until_on: the code to use, or NULL */
	int points;		/* it counts on a sheet that is added up */
};

struct schema_codes {
	char *name;		/* "dispute_type" */
	struct label title;
	char *source;		/* the standard: "SF/T 0018 SYS265" */
	struct schema_code *items;
	size_t count;
	bool replaced;		/* a code has another one instead */
};

const struct schema_code *schema_code_find(const struct schema_codes *t,
	const char *code);
/* By code, label in either language or alias, after folding width, case,
 * blanks and a trailing 纠纷/级 as aliases say; NULL if none or ambiguous. */
const struct schema_code *schema_code_match(const struct schema_codes *t,
	const char *text);
/* The same, else by a beginning of a label or alias that only one has; *count
 * says how many answer (0 or several: NULL). */
const struct schema_code *schema_code_complete(const struct schema_codes *t,
	const char *text, size_t *count);
bool schema_code_is_valid_on(const struct schema_code *c, int on);
/* A standard's number or letters, or initials; no word of programs only. */
bool schema_code_is_known(const struct schema_code *c);

/* ---- fields ---- */

enum value_type { VT_TEXT, VT_NOTE, VT_DATE, VT_DATETIME, VT_INT, VT_MONEY,
	VT_BOOL, VT_CODE, VT_REF, VT_IDNO, VT_PHONE, VT_USCC, VT_NUMBER };

enum need { NEED_NO, NEED_SUBMIT, NEED_SAVE };

enum merge_policy { MERGE_ASK, MERGE_APPEND, MERGE_UNION, MERGE_MAX, MERGE_MIN,
	MERGE_SERVER };

/* Values the program fills in itself (core/derive). */
enum derive { DERIVE_NO, DERIVE_PINYIN, DERIVE_BIRTH, DERIVE_SEX,
	DERIVE_MINOR, DERIVE_PLUS_DAYS,
	DERIVE_DAYS_INCLUSIVE,		/* both days count */
	DERIVE_LEAVE_CUMULATED,		/* from other records: see rule_derive */
	DERIVE_COMMISSIONED,		/* the same */
	DERIVE_BANDS,			/* a number's band */
	DERIVE_POINTS,			/* of the record's codes, added up */
	DERIVE_OF_PERSON };		/* the newest record about a person */

struct schema_band {
	int64_t least;			/* from this number on */
	char *value;
};

struct schema_field {
	char *name;
	char **was;			/* names it had in older definitions */
	size_t was_count;
	struct label label;
	struct label help;		/* one line below the form; zh NULL: none */
	int purpose;			/* core/purpose.h; 0: it does not say */
	char **aliases;			/* other headers a spreadsheet may use */
	size_t alias_count;
	enum value_type type;
	enum need need;
	struct conds need_when;		/* need counts only when these hold */
	struct conds show_when;		/* else the form leaves the field out */
	int max_chars, min_chars;	/* of text and notes; 0: the type's own */
	int least, most;		/* VT_INT: the number; 0: no limit */
	int rows;			/* of a note on the form, 1..8 */
	const struct schema_codes *codes;	/* VT_CODE */
	bool multi;			/* several codes, joined with ';' */
	char *to;			/* VT_REF: register name */
	char *suggest;			/* VT_TEXT: "committee.name", whose values
					 * are offered; any other text may stand */
	bool recall;			/* offered again: schema_may_recall() */
	bool repeat;			/* taken over from the record entered last
					 * by the key that fills a form so */
	char *initial;			/* "@today", "@now", "@me", "@office", or text */
	bool past;			/* not after today */
	bool overview;			/* kept in memory for lists and lookup */
	bool masked;			/* lists show 990101********0013 */
	bool office;			/* VT_TEXT: an office's code, shown by name */
	bool restricted;		/* criminal, medical: roles see by right */
	bool readonly;			/* never typed on a form: filled by derive,
					 * a move or the server */
	char **writers;			/* roles that may change it; none: those
					 * that may write the register */
	size_t writer_count;
	enum derive derive;
	char *derive_from;		/* the field it comes from, or NULL */
	char *derive_to;		/* of two days the second, or NULL */
	char *derive_matter;		/* DERIVE_COMMISSIONED: a code */
	int derive_days;		/* DERIVE_PLUS_DAYS */
	struct schema_band *bands;	/* DERIVE_BANDS: the highest first */
	size_t band_count;
	enum merge_policy merge;
	char *group;			/* merge group; NULL: the field itself */
};

/* ---- checks over several fields ---- */

enum check_kind {
	CHECK_ORDER,	/* date/number first <= then, when both are filled */
	CHECK_FORBID,	/* the conditions together are wrong */
	CHECK_WITHIN,	/* then - first <= days */
	CHECK_RULE,	/* a named rule of core/rule.c */
	CHECK_DOSSIER,	/* the file is complete (core/dossier.h) */
};

struct schema_check {
	enum check_kind kind;
	bool stop;		/* false: a warning only */
	char *first, *then;	/* field names */
	int days;		/* CHECK_WITHIN; or */
	int hours;		/* between two instants; 0: days count */
	char *rule;		/* name of the rule, and which rule_name() it is */
	size_t rule_i;
	struct conds when;
	char **moves;		/* asked on these moves only; none: always */
	size_t move_count;
	char *unless;		/* CHECK_DOSSIER: the field of the reason */
	char *at;		/* field the complaint belongs to */
	struct label text;	/* said to the user; zh NULL: standard words */
};

/* ---- lists, forms ---- */

struct schema_column {
	char *path;	/* field, "@state", "@overlays", "@sync", "ref.field",
			 * or "child_register.ref.field" of all children */
	struct label label;	/* zh NULL: the field's own */
	int cells;		/* 0: takes what is left */
};

struct schema_filter {
	char key;		/* typed in the list */
	struct label label;
	struct conds where;
};

enum { SCHEMA_SUMS_MAX = 3 };	/* a title has no room for more */
struct schema_sort {
	char *path;
	bool down;
};

struct schema_row {
	const struct schema_field **fields;	/* side by side, 1 or 2 */
	size_t count;
};

struct schema_page {
	struct label title;
	struct schema_row *rows;
	size_t count;
};

enum lookup_as { LOOKUP_NAME, LOOKUP_ALIAS, LOOKUP_DIGITS, LOOKUP_PLACE };
struct schema_lookup {
	const struct schema_field *field;
	enum lookup_as as;
};

/* ---- import ---- */

/* A second record a row of a spreadsheet makes: a party of a case. */
struct schema_part {
	char *name;		/* "applicant" */
	char *reg;
	struct values set;	/* fixed values of it */
};

struct schema_import_column {
	char **labels;		/* headers */
	size_t label_count;
	char *path;		/* "field", "person.field", "part.field",
				 * "part.person.field" */
};

struct schema_match {		/* fields that identify a row again */
	char **fields;		/* own fields or "part.person" */
	size_t count;
};

struct schema_import {
	struct schema_part *parts;
	size_t part_count;
	struct schema_import_column *columns;
	size_t column_count;
	struct schema_match *matches;	/* tried in order */
	size_t match_count;
	char **ignore;			/* headers that mean nothing to us: 序号 */
	size_t ignore_count;
};

/* ---- a register ---- */

struct schema_paper;
struct schema_make;			/* core/schema_make.h */
struct schema_overlay;			/* core/overlay.h */
struct schema_tell;			/* core/schema_tell.h */

struct schema_register {
	char *name;
	int version;			/* only grows */
	struct label title;		/* 社区矫正对象 */
	struct label one;		/* "subject": one of them */
	char *law;			/* shown in help */
	bool event;			/* append-only: never merged */
	char *parent;			/* register this is a child of, or NULL */
	char *parent_field;		/* its field that names the parent */
	char *person_field;		/* ref to person that names it, or NULL */
	char **title_paths;		/* what to call one: as in a column, joined by blanks */
	size_t title_count;
	char *menu;			/* the duty it stands under, or NULL */
	char key;			/* opens it there, 0 none */
	char **readers, **writers;	/* roles; none: all */
	size_t reader_count, writer_count;
	struct conds sealed;		/* it is of the office's sealed stream; none: no one */
	char **sealed_roles;		/* who may hold that stream */
	size_t sealed_role_count;
	struct schema_field *fields;
	size_t field_count;
	char *initials;			/* one each, of their names; NULL while loading */
	bool renamed;			/* a field had another name once */
	struct schema_check *checks;
	size_t check_count;
	struct schema_state *states;
	size_t state_count;
	struct schema_move *moves;
	size_t move_count;
	struct schema_back back;
	struct schema_receipt receipt;
	bool approves;			/* "approval": true */
	struct schema_approval approval;	/* no steps: none */
	struct schema_column *columns;
	size_t column_count;
	struct schema_sort *sorts;
	size_t sort_count;
	char **sums;			/* fields that a list adds up */
	size_t sum_count;		/* at most SCHEMA_SUMS_MAX */
	struct schema_filter *filters;
	size_t filter_count;
	struct conds alert, warn;	/* rows that stand out; none: none do */
	struct schema_page *pages;
	size_t page_count;
	struct schema_lookup *lookups;
	size_t lookup_count;
	struct schema_paper *papers;	/* core/dossier.h */
	size_t paper_count;
	struct schema_import import;
	struct schema_overlay *overlays;	/* what else is true of one */
	size_t overlay_count;
	bool overlays_parent;			/* makes one of its parent's */
	struct schema_make *makes;	/* what a record turns into */
	size_t make_count;
	struct schema_tell *tells;	/* what it tells whom it belongs to */
	size_t tell_count;
	struct schema_number number;	/* field NULL: none */
	struct schema_keeping keeping;
};

/* ---- the home screen ---- */

/* A duty of the office, with the registers that name it. */
struct schema_menu {
	char *name;			/* "mediation" */
	char key;			/* opens it on the home screen */
	struct label label;		/* 人民调解 */
};

/* A much used register that a key opens without its menu. */
struct schema_direct {
	char key;
	char *reg;
};

struct deadline_set;
struct schema {
	struct schema_register *registers;	/* in menu order; behind them */
	size_t register_count;
	size_t own_count;			/* the program's own: their
						 * names begin with '@' */
	struct schema_codes *codes;
	size_t codes_count;
	struct schema_menu *menus;		/* in the order of home */
	size_t menu_count;
	struct schema_direct *directs;
	size_t direct_count;
	struct deadline_set *deadlines;		/* core/deadline.h; never NULL */
	char version[17];		/* hash over all files, 16 hex digits */
};

const struct schema_register *schema_register_find(const struct schema *s,
	const char *name);
/* The text of each field of the register, "" where there is none; lent.  out
 * has RECORD_VALUES_MAX places: for who asks for all of them. */
void schema_texts(const char **out, const struct schema_register *r,
	const struct values *v);
const struct schema_field *schema_field_find(const struct schema_register *r,
	const char *name);
/* The parent's field that a field begins with ("@parent.level"), or NULL. */
const char *schema_parent_initial(const struct schema_field *f);
/* The same, or the field that once had this name. */
const struct schema_field *schema_field_known(const struct schema_register *r,
	const char *name);
const struct schema_state *schema_state_find(const struct schema_register *r,
	const char *name);
const struct schema_move *schema_move_find(const struct schema_register *r,
	const char *from, const char *to);
const struct schema_codes *schema_codes_find(const struct schema *s,
	const char *name);
/* Any move of the register asks for the field, stamps it or empties it. */
bool schema_is_filled_by_moves(const struct schema_register *r,
	const char *field);
/* The child registers of one, in menu order: the next after prev (NULL first);
 * NULL at the end. */
const struct schema_register *schema_child_next(const struct schema *s,
	const struct schema_register *parent,
	const struct schema_register *prev);

const struct schema_menu *schema_menu_find(const struct schema *s,
	const char *name);
/* The key that opens the register on the home screen itself; 0 none. */
char schema_direct_key(const struct schema *s,
	const struct schema_register *r);

bool schema_role_in(char *const *roles, size_t count, const char *role);
bool schema_may_read(const struct schema_register *r, const char *role);
bool schema_may_write(const struct schema_register *r, const char *role);
/* Some move of it is for this role, which need not write the register: a
 * county that only decides. */
bool schema_may_move(const struct schema_register *r, const char *role);
/* May this role hold sealed records (未成年人, 特管)?  Where no register seals
 * any, everybody. */
bool schema_may_hold_sealed(const struct schema *s, const char *role);
bool schema_may_write_field(const struct schema_field *f, const char *role);
/* May a computer remember what was entered in this field, to offer it again?
 * Texts, and notes that say so; not what is restricted, names somebody or has
 * its own suggestions. */
bool schema_may_recall(const struct schema_register *reg,
	const struct schema_field *f);

void schema_free(struct schema *s);		/* accepts NULL */

/* ---- loading ---- */

struct complaint {
	char *file;		/* "registers/person.json" */
	char *path;		/* "fields[3].type" */
	char *text;		/* what was found and what was meant */
};

struct complaints {
	struct complaint *items;
	size_t count;
};

void complaints_release(struct complaints *c);

/* The version that these files have: 16 hex digits. */
void schema_version(char out[17], const struct def_file *files, size_t count);

/*
 * Load all definition files.  E_OK: *out is the caller's.  E_INVALID: *out is
 * untouched, what is wrong in all files is in *complaints, the caller's too.
 */
MUST_CHECK enum status schema_load(struct schema **out,
	const struct def_file *files, size_t count,
	struct complaints *complaints, struct err *err);

#endif
