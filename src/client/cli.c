/*
 * The frame of the command line.
 */
#include "client/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "core/rule.h"

/* ---- options ---- */

const struct command *
cli_command_find(const char *name)
{
	for (const struct command *c = cli_commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* "Usage: ..." */
static void
usage_text(struct buf *out, const char *name)
{
	const struct command *c = cli_command_find(name);

	buf_printf(out, tr("Usage: fengqiao %s"), c ? tr(c->synopsis) :
		tr("[OPTIONS] [COMMAND ...]  (--help)"));
}

int
cli_misused(const char *name, const char *fmt, ...)
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
	usage_text(&line, name);
	fprintf(stderr, tr("fengqiao: %s\n"), line.data);
	buf_release(&line);
	return CLI_USAGE;
}

int
cli_lacks(const char *name, const char *option)
{
	return cli_misused(name, tr("The option --%s is missing."), option);
}

static void
print_help(const char *name)
{
	const struct command *c = cli_command_find(name);

	if (!c)
		return;
	printf(tr("Usage: fengqiao %s"), tr(c->synopsis));
	printf("\n%s\n", tr(c->summary));
	printf("%s\n", tr("Options of every command: --json  --home DIR  "
		"--user NAME  --password-stdin  --screens DIR  --lang zh_CN|en"));
}

static bool
option_is(const char *arg, const char *name, const char **value)
{
	size_t n = strlen(name);

	if (strncmp(arg, "--", 2) != 0 || strncmp(arg + 2, name, n) != 0)
		return false;
	if (arg[2 + n] == 0) {
		*value = NULL;
		return true;
	}
	*value = arg + 3 + n;
	return arg[2 + n] == '=';
}

static void
take_value(const struct cli_option *o, const char *value)
{
	if (o->value) {
		*o->value = value;
		return;
	}
	*o->list = mem_grow(*o->list, *o->list_count, sizeof **o->list);
	(*o->list)[(*o->list_count)++] = value;
}

enum taken { NOT_OURS, TAKEN, WRONG };

/* Handle argv[*i] if it is one of the options; WRONG: that is said. */
static enum taken
take_option(const struct cli_option *options, int argc, char **argv, int *i)
{
	const char *value = NULL;

	for (const struct cli_option *o = options; o->name; o++) {
		if (!option_is(argv[*i], o->name, &value))
			continue;
		if (o->flag && value) {
			cli_misused(argv[0], tr("The option %s takes no "
				"value."), argv[*i]);
			return WRONG;
		}
		if (o->flag) {
			*o->flag = true;
			return TAKEN;
		}
		/* "--limit --json": forgotten */
		if (!value && (*i + 1 >= argc ||
		    strncmp(argv[*i + 1], "--", 2) == 0)) {
			cli_misused(argv[0], tr("The option %s needs a "
				"value."), argv[*i]);
			return WRONG;
		}
		take_value(o, value ? value : argv[++*i]);
		return TAKEN;
	}
	return NOT_OURS;
}

static bool
lang_is_known(const char *lang)
{
	return strncmp(lang, "zh", 2) == 0 || strncmp(lang, "en", 2) == 0;
}

bool
cli_options(struct cli *cli, int *argc, char **argv,
	const struct cli_option *options, bool *helped)
{
	const char *home = NULL, *lang = NULL;
	struct cli_option common[] = {
		{ .name = "json", .flag = &cli->json },
		{ .name = "home", .value = &home },
		{ .name = "user", .value = &cli->user },
		{ .name = "password-stdin", .flag = &cli->password_stdin },
		{ .name = "screens", .value = &cli->screens },
		{ .name = "lang", .value = &lang },
		{ .name = "help", .flag = helped },
		{ .name = NULL },
	};
	int kept = 1;
	bool ended = false;

	for (int i = 1; i < *argc; i++) {
		enum taken r = NOT_OURS;

		if (!ended && strcmp(argv[i], "--") == 0) {
			ended = true;
			continue;
		}
		if (!ended && strncmp(argv[i], "--", 2) == 0) {
			if (options)
				r = take_option(options, *argc, argv, &i);
			if (r == NOT_OURS)
				r = take_option(common, *argc, argv, &i);
			if (r == NOT_OURS)
				cli_misused(argv[0], tr("There is no option "
					"%s here."), argv[i]);
			if (r != TAKEN)
				return false;
			continue;
		}
		argv[kept++] = argv[i];
	}
	*argc = kept;
	if (home) {
		free(cli->home);
		cli->home = mem_strdup(home);
	}
	if (lang && !lang_is_known(lang)) {
		cli_misused(argv[0], tr("The language is zh_CN or en, not: "
			"%s."), lang);
		return false;
	}
	if (lang)
		tr_set(tr_parse(lang));
	if (*helped)
		print_help(argv[0]);
	return true;
}

int
cli_begin(struct cli *cli, int *argc, char **argv,
	const struct cli_option *options, int min, int max)
{
	bool helped = false;

	if (!cli_options(cli, argc, argv, options, &helped))
		return CLI_USAGE;
	if (helped)
		return CLI_OK;
	if (*argc - 1 < min)
		return cli_misused(argv[0], "%s", tr("Something is missing."));
	if (*argc - 1 > max)
		return cli_misused(argv[0], tr("\"%s\" is one word too many."),
			argv[max + 1]);
	return CLI_GO_ON;
}

void
cli_short_output(int argc, char **argv)
{
	/* main() wipes what stands in argv */
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-o") == 0) {
			free(argv[i]);
			argv[i] = mem_strdup("--output");
		}
	}
}

bool
cli_number(long *out, const char *name, const char *option,
	const char *text, long max)
{
	char *end = NULL;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < 1 || n > max) {
		cli_misused(name, tr("The option --%s needs a whole number "
			"from 1 to %ld, not: %s."), option, max, text);
		return false;
	}
	*out = n;
	return true;
}

/* ---- saying ---- */

int
cli_fail(const struct err *err)
{
	struct buf line;

	buf_init(&line, BUF_LINE_MAX);
	utf8_safe(&line, err->msg);
	fprintf(stderr, tr("fengqiao: %s\n"), line.data);
	buf_release(&line);
	return err_exit_status(err->code);
}

int
cli_faults(const struct faults *faults)
{
	for (size_t i = 0; i < faults->count; i++) {
		struct buf line;

		buf_init(&line, BUF_LINE_MAX);
		utf8_safe(&line, faults->items[i].msg);
		fprintf(stderr, faults->items[i].stop ? tr("fengqiao: %s\n") :
			tr("fengqiao: (note) %s\n"), line.data);
		buf_release(&line);
	}
	return CLI_NO;
}

void
cli_say(const char *text)
{
	struct buf line;

	buf_init(&line, BUF_RECORD_MAX);
	utf8_safe(&line, text);
	puts(line.data);
	buf_release(&line);
}

void
cli_printf(const char *fmt, ...)
{
	struct buf line;
	char text[4096];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	buf_init(&line, BUF_LINE_MAX);
	utf8_safe(&line, text);
	puts(line.data);
	buf_release(&line);
}

void
cli_json(struct json *j)
{
	struct buf line;

	buf_init(&line, BUF_BATCH_MAX);
	json_print(&line, j);
	json_free(j);
	puts(line.data);
	buf_release(&line);
}

void
cli_column(struct buf *out, const char *text, int cells)
{
	struct buf safe;
	int used = 0;
	size_t n;

	buf_init(&safe, BUF_LINE_MAX);
	utf8_safe(&safe, text);
	n = utf8_clip(safe.data, cells, &used);
	buf_add(out, safe.data, n);
	while (used++ <= cells)
		buf_char(out, ' ');
	buf_release(&safe);
}

int
cli_done(int status, bool saves)
{
	(void)fflush(stdout);
	if (!ferror(stdout) || io_reader_is_gone())
		return status;
	fputs(status == CLI_OK && saves ? tr("fengqiao: it is done, but what "
		"it says could not be written.\n") :
		tr("fengqiao: the output could not be written.\n"), stderr);
	return CLI_FAULT;
}
