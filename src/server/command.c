/*
 * Parsing and help, as the table of commands has them.
 */
#include "server/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/io.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "base/version.h"
#include "core/role.h"
#include "server/command_table.h"
#include "server/office.h"

enum {
	EXIT_USAGE = 2,
	HELP_CELLS = 28,	/* of the left column */
	ROLE_CELLS = 18,
};

/* ---- help ---- */

/* What is typed, and what it means. */
static void
print_roles(void)
{
	for (size_t k = 0; role_names[k]; k++)
		printf("  %*s %-*s %s\n", HELP_CELLS, "", ROLE_CELLS,
		    role_names[k], role_words(role_names[k]));
}

static void
print_options(const struct command *c)
{
	printf("\n%s\n", tr("Options:"));
	for (int i = 0; i < OPT_COUNT; i++) {
		char left[64];

		if (!((c->takes | OPT_EVERYWHERE) & BIT(i)))
			continue;
		snprintf(left, sizeof left, "--%s %s", command_options[i].name,
		    command_options[i].value ? command_options[i].value : "");
		printf("  %-*s %s\n", HELP_CELLS, left, tr(command_options[i].help));
		if (i == OPT_ROLE)
			print_roles();
	}
}

/* "fengqiaod office add --data DIR CODE NAME" */
static void
command_line(struct buf *out, const struct command *c)
{
	buf_printf(out, "fengqiaod %s", c->name);
	for (int i = 0; i < OPT_COUNT; i++) {
		if (c->needs & BIT(i))
			buf_printf(out, " --%s%s%s", command_options[i].name,
			    command_options[i].value ? " " : "",
			    command_options[i].value ? command_options[i].value : "");
	}
	buf_printf(out, "%s%s", c->words ? " " : "", c->words ? c->words : "");
	for (int i = 0; i < OPT_COUNT; i++) {
		if (c->takes & ~c->needs & BIT(i))
			buf_printf(out, " [--%s%s%s]", command_options[i].name,
			    command_options[i].value ? " " : "",
			    command_options[i].value ? command_options[i].value : "");
	}
}

static void
print_command(const struct command *c)
{
	struct buf line;

	buf_init(&line, BUF_LINE_MAX);
	command_line(&line, c);
	printf("%s\n    %s\n", line.data, tr(c->help));
	buf_release(&line);
}

static int
print_help(void)
{
	puts(tr("fengqiaod, the server of Fengqiao"));
	putchar('\n');
	for (const struct command *k = command_list; k->name; k++)
		print_command(k);
	putchar('\n');
	puts(tr("Every command takes --help, --json and --lang zh_CN|en (FENGQIAO_LANG)."));
	puts(tr("Exit status: 0 done, 1 refused, 2 usage, 3 not allowed, 70 a fault."));
	return 0;
}

/* ---- parsing ---- */

/* What is wrong, and how it is used, on one line; c NULL: there is no such
 * command. */
PRINTF_LIKE(2, 3) static int
usage(const struct command *c, const char *fmt, ...)
{
	char what[ERR_MSG_MAX];
	struct buf line;
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	buf_init(&line, BUF_LINE_MAX);
	utf8_safe(&line, what);
	buf_text(&line, tr_lang() == TR_EN ? " " : "");
	if (c) {
		buf_text(&line, tr("Usage: "));
		command_line(&line, c);
	} else {
		buf_text(&line, tr("fengqiaod --help lists the commands."));
	}
	fprintf(stderr, tr("fengqiaod: %s\n"), line.data);
	buf_release(&line);
	return EXIT_USAGE;
}

static int
fail(const struct err *err)
{
	struct buf line;

	buf_init(&line, BUF_LINE_MAX);
	utf8_safe(&line, err->msg);
	fprintf(stderr, tr("fengqiaod: %s\n"), line.data);
	buf_release(&line);
	/* Here no conflict waits for anybody: it says no. */
	return err->code == E_CONFLICT ? 1 : err_exit_status(err->code);
}

/* The command that the words name, and how many words that took. */
static const struct command *
find_command(int *taken, int argc, char **argv)
{
	for (const struct command *k = command_list; k->name; k++) {
		const char *name = k->name;
		const char *blank = strchr(name, ' ');
		size_t first = blank ? (size_t)(blank - name) : strlen(name);

		if (argc < 2 || strlen(argv[1]) != first ||
		    strncmp(argv[1], name, first) != 0)
			continue;
		if (blank && (argc < 3 || strcmp(argv[2], blank + 1) != 0))
			continue;
		*taken = blank ? 3 : 2;
		return k;
	}
	return NULL;
}

static const char **
place_of(struct command_args *a, enum option option)
{
	switch (option) {
	case OPT_DATA:		return &a->data;
	case OPT_COUNTY:	return &a->county;
	case OPT_NAME:		return &a->name;
	case OPT_OFFICE:	return &a->office;
	case OPT_ROLE:		return &a->role;
	case OPT_LISTEN:	return &a->listen;
	case OPT_CERT:		return &a->cert;
	case OPT_KEY:		return &a->key;
	case OPT_SCREENS:	return &a->screens;
	case OPT_MIN_APP:	return &a->min_app;
	case OPT_HEAD:		return &a->head;
	case OPT_BEFORE:	return &a->before;
	case OPT_FROM:		return &a->from;
	case OPT_TO:		return &a->to;
	case OPT_BY:		return &a->by;
	case OPT_WHY:		return &a->why;
	case OPT_PASSWORD_DAYS:	return &a->password_days;
	case OPT_BASIS:		return &a->basis;
	case OPT_LANG:		return &a->lang;
	case OPT_HOST:
		if (a->host_count == TLS_HOSTS_MAX)
			return NULL;
		return &a->hosts[a->host_count++];
	default:
		return NULL;
	}
}

/* Is the value of the kind that the table names?  0, or the exit status. */
static int
check_value(const struct command *c, int i, const char *text)
{
	const char *kind = command_options[i].value;
	char host[COMMAND_HOST_MAX];
	struct err err = ERR_INIT;
	int port;

	if (strcmp(kind, "NUMBER") == 0 && (!*text || strlen(text) > 6 ||
	    strspn(text, "0123456789") != strlen(text)))
		return usage(c, tr("The option --%s needs a whole number, not: "
		    "%s."), command_options[i].name, text);
	if (strcmp(kind, "DATE") == 0 && date_parse(text) == DATE_NONE)
		return usage(c, tr("The option --%s needs a day as 2026-03-05, "
		    "not: %s."), command_options[i].name, text);
	if (i == OPT_LISTEN && command_listen(host, sizeof host, &port, text,
	    &err))
		return usage(c, "%s", err.msg);
	if (i == OPT_LANG && strncmp(text, "zh", 2) != 0 &&
	    strncmp(text, "en", 2) != 0)
		return usage(c, tr("The language is zh_CN or en, not: %s."),
		    text);
	return 0;
}

/* Take one option at argv[*at]; 0, or the exit status. */
static int
take_option(struct command_args *a, unsigned *given, const struct command *c,
    int *at, int argc, char **argv)
{
	const char *name = argv[*at] + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	int i = 0;
	const char **place;

	while (i < OPT_COUNT && (strlen(command_options[i].name) != len ||
	    strncmp(command_options[i].name, name, len) != 0))
		i++;
	if (i == OPT_COUNT || !((c->takes | OPT_EVERYWHERE) & BIT(i)))
		return usage(c, tr("There is no option %s here."), argv[*at]);
	*given |= BIT(i);
	if (!command_options[i].value) {
		if (equals)
			return usage(c, tr("The option %s takes no value."),
			    argv[*at]);
		a->json |= i == OPT_JSON;
		a->at_once |= i == OPT_AT_ONCE;
		a->all |= i == OPT_ALL;
		a->lasting |= i == OPT_LASTING;
		a->before_term |= i == OPT_BEFORE_TERM;
		a->password_stdin |= i == OPT_PASSWORD_STDIN;
		return 0;
	}
	if (!equals && (*at + 1 >= argc ||
	    strncmp(argv[*at + 1], "--", 2) == 0))
		return usage(c, tr("The option %s needs a value."), argv[*at]);
	place = place_of(a, (enum option)i);
	if (!place)
		return usage(c, tr("The option %s comes too often."), argv[*at]);
	*place = equals ? equals + 1 : argv[++*at];
	return check_value(c, i, *place);
}

/* Options that mean nothing, or nothing else, alone. */
static int
check_together(const struct command *c, const struct command_args *a)
{
	if (!a->cert != !a->key)
		return usage(c, "%s", tr("--cert and --key belong together."));
	if (a->by && (c->takes & BIT(OPT_PASSWORD_STDIN)) && !a->password_stdin)
		return usage(c, "%s", tr("--by and --password-stdin belong "
		    "together."));
	if (c->run == command_user_approvals &&
	    strcmp(a->plain[0], "one") != 0 && strcmp(a->plain[0], "two") != 0)
		return usage(c, "%s", tr("Say one or two: how many people it "
		    "takes to add a right."));
	if (c->run == command_user_set && !a->name && !a->role && !a->office)
		return usage(c, "%s", tr("Say what is to change: --name, "
		    "--role or --office."));
	return 0;
}

/* 0, -1 when help was asked for, or the exit status. */
static int
parse(struct command_args *a, const struct command *c, int from, int argc,
    char **argv)
{
	unsigned given = 0;
	bool only_words = false;

	for (int i = from; i < argc; i++) {
		int rc;

		if (!only_words && strcmp(argv[i], "--help") == 0)
			return -1;
		if (!only_words && strcmp(argv[i], "--") == 0) {
			only_words = true;
			continue;
		}
		if (only_words || argv[i][0] != '-' || !argv[i][1]) {
			if (a->plain_count == c->word_count)
				return usage(c, tr("\"%s\" is one word too many."),
				    argv[i]);
			a->plain[a->plain_count++] = argv[i];
			continue;
		}
		if (strncmp(argv[i], "--", 2) != 0)
			return usage(c, tr("There is no option %s here."),
			    argv[i]);
		rc = take_option(a, &given, c, &i, argc, argv);
		if (rc)
			return rc;
	}
	if (a->plain_count < c->word_count)
		return usage(c, tr("What is missing: %s."), c->words);
	for (int i = 0; i < OPT_COUNT; i++) {
		if (c->needs & ~given & BIT(i))
			return usage(c, tr("The option --%s is missing."),
			    command_options[i].name);
	}
	return check_together(c, a);
}

/* "office": which of them? */
static int
no_command(const char *first)
{
	const size_t len = strlen(first);
	struct buf those;
	int status;

	buf_init(&those, BUF_LINE_MAX);
	for (const struct command *k = command_list; k->name; k++)
		if (strncmp(k->name, first, len) == 0 &&
		    k->name[len] == ' ')
			buf_printf(&those, "%s%s", those.len ? tr(", ") : "",
			    k->name);
	if (those.len)
		status = usage(NULL, tr("With %s there are: %s."), first,
		    those.data);
	else
		status = usage(NULL, tr("There is no command %s."), first);
	buf_release(&those);
	return status;
}

/* What was done stays done, whoever hears of it. */
static int
finish(int status)
{
	(void)fflush(stdout);
	if (!ferror(stdout) || io_reader_is_gone())
		return status;
	fputs(tr("fengqiaod: the output could not be written; what was to be "
	    "done is done.\n"), stderr);
	return err_exit_status(E_IO);
}

int
command_run(int argc, char **argv)
{
	struct command_args a = {0};
	const struct command *c;
	struct err err = ERR_INIT;
	int taken = 0, rc;

	/* "fengqiaod --lang en status": main() has it already */
	while (argc > 2 && strcmp(argv[1], "--lang") == 0) {
		argc -= 2;
		argv += 2;
	}
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "help") == 0))
		return finish(print_help());
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return finish(printf("fengqiaod %s\n", FENGQIAO_VERSION) < 0);
	c = find_command(&taken, argc, argv);
	if (argc < 2)
		return usage(NULL, "%s", tr("A command is missing."));
	if (!c)
		return no_command(argv[1]);
	a.command = c->name;
	rc = parse(&a, c, taken, argc, argv);
	if (rc == -1) {
		print_command(c);
		print_options(c);
		return finish(0);
	}
	if (rc)
		return rc;
	if (c->run(&a, &err))
		return fail(&err);
	return finish(0);
}
