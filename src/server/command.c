/*
 * The table of commands and options; parsing and help follow from it.
 */
#include "server/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "base/version.h"
#include "core/role.h"
#include "server/account.h"

enum {
	EXIT_USAGE = 2,
	HELP_CELLS = 28,	/* of the left column */
};

/* ---- the tables ---- */

enum option { OPT_DATA, OPT_COUNTY, OPT_NAME, OPT_HOST, OPT_OFFICE, OPT_ROLE,
	OPT_PASSWORD_STDIN, OPT_LISTEN, OPT_CERT, OPT_KEY, OPT_SCREENS,
	OPT_MIN_APP, OPT_AT_ONCE, OPT_HEAD, OPT_BEFORE, OPT_FROM, OPT_TO,
	OPT_ALL, OPT_BY, OPT_WHY, OPT_LASTING, OPT_PASSWORD_DAYS,
	OPT_BASIS, OPT_BEFORE_TERM, OPT_JSON,
	OPT_COUNT };

#define BIT(option) (1u << (option))

static const struct {
	const char *name;
	const char *value;	/* NULL: a switch */
	const char *help;
} options[OPT_COUNT] = {
	[OPT_DATA] = { "data", "DIR",
		TR_MARK("the ledger's folder") },
	[OPT_COUNTY] = { "county", "CODE",
		TR_MARK("code of the county's own office") },
	[OPT_NAME] = { "name", "NAME",
		TR_MARK("name as people read it") },
	[OPT_HOST] = { "host", "HOST",
		TR_MARK("a name or address of this server; may be repeated") },
	[OPT_OFFICE] = { "office", "CODE",
		TR_MARK("code of the office") },
	[OPT_ROLE] = { "role", "ROLE",
		TR_MARK("what the person may do") },
	[OPT_PASSWORD_STDIN] = { "password-stdin", NULL,
		TR_MARK("read the password from the first line of standard input") },
	[OPT_LISTEN] = { "listen", "HOST:PORT",
		TR_MARK("where to listen (0.0.0.0:8443); port 0 picks a free one") },
	[OPT_CERT] = { "cert", "FILE",
		TR_MARK("another certificate than the folder's server.pem") },
	[OPT_KEY] = { "key", "FILE",
		TR_MARK("the key of that certificate") },
	[OPT_SCREENS] = { "screens", "DIR",
		TR_MARK("definitions from a folder instead of those built in") },
	[OPT_MIN_APP] = { "min-app", "NUMBER",
		TR_MARK("programs before this one may send and are told nothing new") },
	[OPT_AT_ONCE] = { "at-once", NULL,
		TR_MARK("stolen: also when what waits to be sent is lost") },
	[OPT_HEAD] = { "head", "N:HASH",
		TR_MARK("an end of the trace that was written down") },
	[OPT_BEFORE] = { "before", "DATE",
		TR_MARK("what arrived before this day; six months stay (three years ago)") },
	[OPT_FROM] = { "from", "DATE",
		TR_MARK("the first day") },
	[OPT_TO] = { "to", "DATE",
		TR_MARK("the last day") },
	[OPT_ALL] = { "all", NULL,
		TR_MARK("also what was settled") },
	[OPT_BY] = { "by", "USER",
		TR_MARK("who decides it: a person of the county") },
	[OPT_WHY] = { "why", "TEXT",
		TR_MARK("the reason, which stays to be read") },
	[OPT_LASTING] = { "lasting", NULL,
		TR_MARK("the person need not change it at the first sign-in") },
	[OPT_PASSWORD_DAYS] = { "password-days", "NUMBER",
		TR_MARK("how long a password is good (90); 0: for ever") },
	[OPT_BASIS] = { "basis", "TEXT",
		TR_MARK("the article or the county's rule; of what is due, that of its term") },
	[OPT_BEFORE_TERM] = { "before-term", NULL,
		TR_MARK("also what must still be kept: entered by mistake, or a court says so") },
	[OPT_JSON] = { "json", NULL,
		TR_MARK("print one JSON value") },
};

static const struct command {
	const char *name;
	const char *words;	/* what follows; NULL nothing */
	size_t word_count;
	unsigned takes, needs;	/* BIT(option) */
	enum status (*run)(const struct command_args *a, struct err *err);
	const char *help;
} commands[] = {
	{ "init", NULL, 0,
	  BIT(OPT_DATA) | BIT(OPT_COUNTY) | BIT(OPT_NAME) | BIT(OPT_HOST),
	  BIT(OPT_DATA), command_init,
	  TR_MARK("make a new ledger, its authority and its certificate") },
	{ "office add", "CODE NAME", 2, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_office_add, TR_MARK("add an office") },
	{ "office rename", "CODE NAME", 2, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_office_rename, TR_MARK("another name of an office") },
	{ "office list", NULL, 0, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_office_list, TR_MARK("list the offices") },
	{ "county set", NULL, 0, BIT(OPT_DATA) | BIT(OPT_PASSWORD_DAYS),
	  BIT(OPT_DATA) | BIT(OPT_PASSWORD_DAYS), command_county_set,
	  TR_MARK("what the county decides for all offices") },
	{ "user add", "USER", 1, BIT(OPT_DATA) | BIT(OPT_NAME) |
	  BIT(OPT_OFFICE) | BIT(OPT_ROLE) | BIT(OPT_PASSWORD_STDIN) |
	  BIT(OPT_LASTING),
	  BIT(OPT_DATA) | BIT(OPT_NAME) | BIT(OPT_OFFICE) | BIT(OPT_ROLE) |
	  BIT(OPT_PASSWORD_STDIN), command_user_add,
	  TR_MARK("add a person who may sign in") },
	{ "user passwd", "USER", 1, BIT(OPT_DATA) |
	  BIT(OPT_PASSWORD_STDIN) | BIT(OPT_LASTING),
	  BIT(OPT_DATA) | BIT(OPT_PASSWORD_STDIN), command_user_passwd,
	  TR_MARK("set another password") },
	{ "user disable", "USER", 1, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_user_disable, TR_MARK("close an account") },
	{ "user enable", "USER", 1, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_user_enable, TR_MARK("open a closed account again") },
	{ "user set", "USER", 1, BIT(OPT_DATA) | BIT(OPT_NAME) |
	  BIT(OPT_OFFICE) | BIT(OPT_ROLE), BIT(OPT_DATA), command_user_set,
	  TR_MARK("another name, role or office of a person") },
	{ "user list", NULL, 0, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_user_list, TR_MARK("list the users") },
	{ "enroll-code", NULL, 0, BIT(OPT_DATA) | BIT(OPT_OFFICE),
	  BIT(OPT_DATA) | BIT(OPT_OFFICE), command_enroll_code,
	  TR_MARK("print a code that ties one device to an office, once, within 72 hours") },
	{ "serve", NULL, 0, BIT(OPT_DATA) | BIT(OPT_LISTEN) | BIT(OPT_CERT) |
	  BIT(OPT_KEY) | BIT(OPT_SCREENS) | BIT(OPT_MIN_APP), BIT(OPT_DATA),
	  command_serve,
	  TR_MARK("answer the clients until SIGTERM") },
	{ "device list", NULL, 0, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_device_list, TR_MARK("list the devices") },
	{ "device revoke", "DEVICE", 1, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_device_revoke,
	  TR_MARK("refuse a device from now on, and lock its data") },
	{ "device allow", "DEVICE", 1, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_device_allow, TR_MARK("take a revocation back") },
	{ "device give", "DEVICE", 1, BIT(OPT_DATA) | BIT(OPT_OFFICE),
	  BIT(OPT_DATA) | BIT(OPT_OFFICE), command_device_give,
	  TR_MARK("a device stands in another office now") },
	{ "device erase", "DEVICE", 1, BIT(OPT_DATA) | BIT(OPT_AT_ONCE),
	  BIT(OPT_DATA), command_device_erase,
	  TR_MARK("have a device hand over what it has not sent and destroy its data") },
	{ "device remove", "DEVICE", 1, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_device_remove,
	  TR_MARK("take a device that was erased off the list") },
	{ "quarantine list", NULL, 0, BIT(OPT_DATA) | BIT(OPT_ALL),
	  BIT(OPT_DATA), command_quarantine_list,
	  TR_MARK("list what was refused and is kept for a person to look at") },
	{ "quarantine show", "ENTRY", 1, BIT(OPT_DATA) | BIT(OPT_SCREENS),
	  BIT(OPT_DATA), command_quarantine_show,
	  TR_MARK("what one of them says, beside the record as it is today") },
	{ "quarantine take", "ENTRY", 1,
	  BIT(OPT_DATA) | BIT(OPT_BY) | BIT(OPT_SCREENS),
	  BIT(OPT_DATA) | BIT(OPT_BY), command_quarantine_take,
	  TR_MARK("take one in as its author's, judged on the record of today") },
	{ "quarantine dismiss", "ENTRY", 1,
	  BIT(OPT_DATA) | BIT(OPT_BY) | BIT(OPT_WHY),
	  BIT(OPT_DATA) | BIT(OPT_BY) | BIT(OPT_WHY),
	  command_quarantine_dismiss,
	  TR_MARK("it stays refused, for a reason; nothing is deleted") },
	{ "numbers machine", "DEVICE CLASS", 2, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_numbers_machine,
	  TR_MARK("this device gives all numbers of a class in its office, whoever did before") },
	{ "numbers", NULL, 0, BIT(OPT_DATA) | BIT(OPT_OFFICE), BIT(OPT_DATA),
	  command_numbers,
	  TR_MARK("the register of paper numbers: used, withdrawn, held, returned, gaps") },
	{ "retention list", NULL, 0, BIT(OPT_DATA) | BIT(OPT_SCREENS),
	  BIT(OPT_DATA), command_retention_list,
	  TR_MARK("what was kept long enough and waits to be looked at; nothing goes by itself") },
	{ "erase look", "ID", 1, BIT(OPT_DATA) | BIT(OPT_SCREENS),
	  BIT(OPT_DATA), command_erase_look,
	  TR_MARK("what would go with a record or a person, and where else they are named") },
	{ "erase ask", "ID|due", 1, BIT(OPT_DATA) | BIT(OPT_SCREENS) |
	  BIT(OPT_BY) | BIT(OPT_WHY) | BIT(OPT_BASIS) | BIT(OPT_BEFORE_TERM) |
	  BIT(OPT_PASSWORD_STDIN), BIT(OPT_DATA) | BIT(OPT_BY) |
	  BIT(OPT_WHY) | BIT(OPT_PASSWORD_STDIN), command_erase_ask,
	  TR_MARK("ask that a record or a person, or all that is due, be "
	  "erased for good; a second one decides") },
	{ "erase list", NULL, 0, BIT(OPT_DATA) | BIT(OPT_ALL),
	  BIT(OPT_DATA), command_erase_list,
	  TR_MARK("list what was asked to be erased") },
	{ "erase agree", "NUMBER|due", 1, BIT(OPT_DATA) | BIT(OPT_BY) |
	  BIT(OPT_PASSWORD_STDIN), BIT(OPT_DATA) | BIT(OPT_BY) |
	  BIT(OPT_PASSWORD_STDIN), command_erase_agree,
	  TR_MARK("agree as the second one; it is erased at once, here and "
	  "in every cache at its next sync") },
	{ "erase refuse", "NUMBER", 1, BIT(OPT_DATA) | BIT(OPT_BY) |
	  BIT(OPT_PASSWORD_STDIN), BIT(OPT_DATA) | BIT(OPT_BY) |
	  BIT(OPT_PASSWORD_STDIN), command_erase_refuse,
	  TR_MARK("do not agree, or take back what one asked for; everything stays") },
	{ "backup", "FILE", 1, BIT(OPT_DATA), BIT(OPT_DATA), command_backup,
	  TR_MARK("copy the ledger while the server goes on") },
	{ "snapshot write", "DEVICE DIR", 2, BIT(OPT_DATA) | BIT(OPT_SCREENS),
	  BIT(OPT_DATA), command_snapshot_write,
	  TR_MARK("a first load for one device on a stick, sealed; prints the code that opens it") },
	{ "snapshot", "STREAM", 1, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_snapshot,
	  TR_MARK("pack what STREAM (OFFICE/gen; all: each large one) holds, for first loads") },
	{ "restore", "FILE", 1, BIT(OPT_DATA), BIT(OPT_DATA), command_restore,
	  TR_MARK("put a backup in the ledger's place, while no server runs") },
	{ "blobs gc", NULL, 0, BIT(OPT_DATA), BIT(OPT_DATA), command_blobs_gc,
	  TR_MARK("drop the bytes of attachments that nothing has named for "
	  "90 days; ask for missing ones again") },
	{ "audit head", NULL, 0, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_audit_head,
	  TR_MARK("the end of the trace, to be written down each day") },
	{ "audit verify", NULL, 0, BIT(OPT_DATA) | BIT(OPT_HEAD),
	  BIT(OPT_DATA), command_audit_verify,
	  TR_MARK("see whether the trace holds, the server's and the "
	  "computers'; name the first entry that does not") },
	{ "audit who", "ID|NAME", 1, BIT(OPT_DATA), BIT(OPT_DATA),
	  command_audit_who, TR_MARK("who saw this person or record") },
	{ "audit user", "USER", 1, BIT(OPT_DATA) | BIT(OPT_FROM) |
	  BIT(OPT_TO), BIT(OPT_DATA), command_audit_user,
	  TR_MARK("what this user looked at and did to get there") },
	{ "audit purge", NULL, 0, BIT(OPT_DATA) | BIT(OPT_BEFORE),
	  BIT(OPT_DATA), command_audit_purge,
	  TR_MARK("remove the oldest of the trace") },
	{ "check", NULL, 0, BIT(OPT_DATA), BIT(OPT_DATA), command_check,
	  TR_MARK("see whether the ledger agrees with itself") },
	{ "status", NULL, 0, BIT(OPT_DATA), BIT(OPT_DATA), command_status,
	  TR_MARK("count what is there") },
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

/* ---- help ---- */

static void
print_options(const struct command *c)
{
	printf("\n%s\n", tr("Options:"));
	for (int i = 0; i < OPT_COUNT; i++) {
		char left[64];

		if (!((c->takes | BIT(OPT_JSON)) & BIT(i)))
			continue;
		snprintf(left, sizeof left, "--%s %s", options[i].name,
		    options[i].value ? options[i].value : "");
		printf("  %-*s %s\n", HELP_CELLS, left, tr(options[i].help));
		for (size_t k = 0; i == OPT_ROLE && role_names[k]; k++)
			printf("  %*s %s\n", HELP_CELLS, "", role_names[k]);
	}
}

static void
print_command(const struct command *c)
{
	printf("fengqiaod %s", c->name);
	for (int i = 0; i < OPT_COUNT; i++) {
		if (c->needs & BIT(i))
			printf(" --%s%s%s", options[i].name,
			    options[i].value ? " " : "",
			    options[i].value ? options[i].value : "");
	}
	printf("%s%s\n    %s\n", c->words ? " " : "",
	    c->words ? c->words : "", tr(c->help));
}

static int
print_help(void)
{
	puts(tr("fengqiaod, the server of Fengqiao"));
	putchar('\n');
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		print_command(&commands[i]);
	putchar('\n');
	puts(tr("Every command takes --help and --json.  FENGQIAO_LANG: zh_CN or en."));
	puts(tr("Exit status: 0 done, 1 refused, 2 usage, 3 not allowed, 70 a fault."));
	return 0;
}

/* ---- parsing ---- */

PRINTF_LIKE(1, 2) static int
usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	fputs(tr("fengqiaod --help lists the commands.\n"), stderr);
	return EXIT_USAGE;
}

/* The command that the words name, and how many words that took. */
static const struct command *
find_command(int *taken, int argc, char **argv)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const char *name = commands[i].name;
		const char *blank = strchr(name, ' ');
		size_t first = blank ? (size_t)(blank - name) : strlen(name);

		if (argc < 2 || strlen(argv[1]) != first ||
		    strncmp(argv[1], name, first) != 0)
			continue;
		if (blank && (argc < 3 || strcmp(argv[2], blank + 1) != 0))
			continue;
		*taken = blank ? 3 : 2;
		return &commands[i];
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
	case OPT_HOST:
		if (a->host_count == TLS_HOSTS_MAX)
			return NULL;
		return &a->hosts[a->host_count++];
	default:
		return NULL;
	}
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

	while (i < OPT_COUNT && (strlen(options[i].name) != len ||
	    strncmp(options[i].name, name, len) != 0))
		i++;
	if (i == OPT_COUNT || !((c->takes | BIT(OPT_JSON)) & BIT(i)))
		return usage(tr("There is no option %s here."), argv[*at]);
	*given |= BIT(i);
	if (!options[i].value) {
		if (equals)
			return usage(tr("The option %s takes no value."),
			    argv[*at]);
		a->json |= i == OPT_JSON;
		a->at_once |= i == OPT_AT_ONCE;
		a->all |= i == OPT_ALL;
		a->lasting |= i == OPT_LASTING;
		a->before_term |= i == OPT_BEFORE_TERM;
		a->password_stdin |= i == OPT_PASSWORD_STDIN;
		return 0;
	}
	if (!equals && *at + 1 >= argc)
		return usage(tr("The option %s needs a value."), argv[*at]);
	place = place_of(a, (enum option)i);
	if (!place)
		return usage(tr("The option %s comes too often."), argv[*at]);
	*place = equals ? equals + 1 : argv[++*at];
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
				return usage(tr("\"%s\" is one word too many."),
				    argv[i]);
			a->plain[a->plain_count++] = argv[i];
			continue;
		}
		if (strncmp(argv[i], "--", 2) != 0)
			return usage(tr("There is no option %s here."),
			    argv[i]);
		rc = take_option(a, &given, c, &i, argc, argv);
		if (rc)
			return rc;
	}
	if (a->plain_count < c->word_count)
		return usage(tr("What is missing: %s."), c->words);
	for (int i = 0; i < OPT_COUNT; i++) {
		if (c->needs & ~given & BIT(i))
			return usage(tr("The option --%s is missing."),
			    options[i].name);
	}
	return 0;
}

int
command_run(int argc, char **argv)
{
	struct command_args a = {0};
	const struct command *c;
	struct err err = ERR_INIT;
	int taken = 0, rc;

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "help") == 0))
		return print_help();
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return printf("fengqiaod %s\n", FENGQIAO_VERSION) < 0;
	c = find_command(&taken, argc, argv);
	if (argc < 2)
		return usage("%s", tr("A command is missing."));
	if (!c)
		return usage(tr("There is no command %s."), argv[1]);
	a.command = c->name;
	rc = parse(&a, c, taken, argc, argv);
	if (rc == -1) {
		print_command(c);
		print_options(c);
		return 0;
	}
	if (rc)
		return rc;
	if (c->run(&a, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		/* Here no conflict waits for anybody: it says no. */
		return err.code == E_CONFLICT ? 1 : err_exit_status(err.code);
	}
	if (fflush(stdout) || ferror(stdout)) {
		fputs(tr("The output cannot be written.\n"), stderr);
		return err_exit_status(E_IO);
	}
	return 0;
}
