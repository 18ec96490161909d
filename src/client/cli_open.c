/*
 * Opening what a command needs: definitions, cache, key, records.
 */
#include "client/cli_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/scan.h"
#include "core/schema_read.h"
#include "core/value.h"
#include "store/definitions.h"
#include "store/overview.h"
#include "sync/dismissal.h"

enum {
	PASSWORD_BYTES_MAX = 256,
	KEY_BYTES_MAX = 512,
	SCREENS_BYTES_MAX = 4 * 1024 * 1024,
};

static bool
has_folder(const char *dir, const char *sub)
{
	char *path = io_join(dir, sub);
	bool has = io_exists(path);

	free(path);
	return has;
}

/* sub "": the files of dir itself. */
static enum status
read_folder(struct def_file **files, size_t *count, const char *dir,
	const char *sub, struct err *err)
{
	char **names = NULL, *path = *sub ? io_join(dir, sub)
		: mem_strdup(dir);
	size_t n = 0;
	enum status s = io_list(&names, &n, path, ".json", err);

	for (size_t i = 0; i < n; i++) {
		struct buf text;
		char *file = io_join(path, names[i]);

		buf_init(&text, SCREENS_BYTES_MAX);
		if (!s)
			s = io_read(&text, file, err);
		free(file);
		if (!s) {
			*files = mem_grow(*files, *count, sizeof **files);
			(*files)[*count].path = mem_printf("%s%s%s", sub,
				*sub ? "/" : "", names[i]);
			(*files)[*count].len = text.len;
			(*files)[*count].text = buf_take(&text);
			++*count;
		}
		buf_release(&text);
		free(names[i]);
	}
	free(names);
	free(path);
	return s;
}

/* They are read once, and are not needed in memory then: their pages are of the
 * program's file, where they are found again. */
static void
forget_builtin(void)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = UINTPTR_MAX, to = 0;

	for (size_t i = 0; i < builtin_count; i++) {
		uintptr_t at = (uintptr_t)builtin_files[i].text;

		from = at < from ? at : from;
		to = at + builtin_files[i].len > to ?
			at + builtin_files[i].len : to;
	}
	from = (from + page - 1) / page * page;
	to = to / page * page;
	if (from < to)
		(void)madvise((void *)from, to - from, MADV_DONTNEED);
}

static enum status
schema_from(struct schema **out, const char *dir, struct err *err)
{
	struct complaints complaints = {0};
	struct def_file *files = NULL;
	size_t count = 0;
	enum status s;

	if (!dir) {
		s = schema_load(out, builtin_files, builtin_count, &complaints,
			err);
		forget_builtin();
	} else {
		s = read_folder(&files, &count, dir, "codes", err);
		if (!s)
			s = read_folder(&files, &count, dir, "registers", err);
		/* a county without rules of its own has no such folder */
		if (!s && has_folder(dir, "rules"))
			s = read_folder(&files, &count, dir, "rules", err);
		if (!s)
			s = read_folder(&files, &count, dir, "", err);
		if (!s)
			s = schema_load(out, files, count, &complaints, err);
	}
	for (size_t i = 0; i < complaints.count; i++)
		fprintf(stderr, "%s: %s%s%s\n", complaints.items[i].file,
			complaints.items[i].path, tr(": "),
			complaints.items[i].text);
	complaints_release(&complaints);
	for (size_t i = 0; i < count; i++) {
		free((char *)files[i].path);
		free((char *)files[i].text);
	}
	free(files);
	return s;
}

/* The county's, if there are any here that this program can use. */
static enum status
schema_of_county(struct cli *cli, struct err *err)
{
	char version[DEFINITIONS_VERSION_MAX] = "";
	const char *held = getenv(CLI_DEFINITIONS_HELD);
	struct err why = ERR_INIT;
	enum status s;

	if (held && strlen(held) < sizeof version)
		memcpy(version, held, strlen(held) + 1);
	else if (!held)
		definitions_current(version, cli->home);
	if (!version[0])
		return E_OK;
	s = definitions_load(&cli->schema, cli->home, version, &why);
	if (!s)
		cli->from = CLI_FROM_COUNTY;
	if (s && s != E_NOTFOUND && s != E_INVALID) {
		*err = why;
		return s;
	}
	/* the next sync fetches them again */
	if (s && !held)
		definitions_drop(cli->home);
	if (s != E_INVALID)
		return E_OK;
	fprintf(stderr, tr("fengqiao: the county's definitions on this "
		"computer are not used, the program's own are: %s\n"),
		why.msg);
	return E_OK;
}

enum status
cli_schema(struct cli *cli, struct err *err)
{
	const char *dir = cli->screens;
	enum status s = E_OK;

	if (cli->schema)
		return E_OK;
	if (!dir)
		dir = getenv("FENGQIAO_SCREENS");
	if (dir && *dir)
		cli->from = CLI_FROM_FOLDER;
	else
		s = schema_of_county(cli, err);
	if (s || cli->schema)
		return s;
	return schema_from(&cli->schema, dir && *dir ? dir : NULL, err);
}

void
cli_hold_definitions(const struct cli *cli)
{
	if (cli->from != CLI_FROM_FOLDER && cli->schema)
		(void)setenv(CLI_DEFINITIONS_HELD,
			cli->from == CLI_FROM_COUNTY ? cli->schema->version :
			"", 1);
}

enum status
cli_store(struct cli *cli, bool create, struct err *err)
{
	struct err later = ERR_INIT;
	enum status s = cli_schema(cli, err);

	if (s || cli->store)
		return s;
	s = store_open(&cli->store, cli->home, create, cli->schema, err);
	/* if the county has not heard of an erasure, it does now, or later */
	if (s == E_AUTH && dismissal_report(cli->home, &later))
		later = (struct err)ERR_INIT;
	if (!s && cli->spares)
		store_spare_overviews(cli->store);
	return s;
}

static enum status
look(struct cli *cli, struct err *err)
{
	return cli->spares ? E_OK : overview_refresh(cli->store, NULL, err);
}

/* What the screens give their child: a key and a login, and behind them, on a
 * line of its own, perhaps what it is to send. */
static enum status
unlock_by_stdin(struct cli *cli, struct err *err)
{
	char secret[KEY_BYTES_MAX];
	size_t len = 0;
	ssize_t n = 1;
	enum status s;

	while (len < sizeof secret && n != 0) {
		n = read(STDIN_FILENO, secret + len, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || (len >= CRYPTO_KEY && secret[len] == '\n'))
			break;
		len++;
	}
	s = store_secret_import(cli->store, secret, len, err);
	crypto_wipe(secret, sizeof secret);
	return s ? s : look(cli, err);
}

enum status
cli_unlock(struct cli *cli, struct err *err)
{
	char *password = NULL;
	struct store_device device = {0};
	struct err keyring = ERR_INIT;
	enum status s = cli_store(cli, false, err);

	if (s || store_user(cli->store))
		return s;
	if (cli->key_stdin)
		return unlock_by_stdin(cli, err);
	if (!cli->user && !cli->password_stdin) {
		s = store_keyring_unlock(cli->store, &keyring);
		if (!s)
			return look(cli, err);
	}
	if (!cli->user) {
		/* it holds a secret */
		s = store_device_get(&device, cli->store, err);
		crypto_wipe(&device, sizeof device);
		return s ? s : err_set(err, E_AUTH, tr("Sign in first: "
			"fengqiao login USER (or give --user and "
			"--password-stdin)."));
	}
	s = cli_password(&password, cli, tr("Password: "), err);
	if (!s)
		s = store_unlock(cli->store, cli->user, password, err);
	if (!s)
		s = look(cli, err);
	if (password)
		crypto_wipe(password, strlen(password));
	free(password);
	return s;
}

void
cli_release(struct cli *cli)
{
	store_close(cli->store);
	schema_free(cli->schema);
	free(cli->home);
	*cli = (struct cli){0};
}

static enum status
read_line(char **out, int fd, struct err *err)
{
	char line[PASSWORD_BYTES_MAX];
	size_t len = 0;
	ssize_t n = 0;

	while (len < sizeof line) {
		n = read(fd, line + len, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || line[len] == '\n')
			break;
		len++;
	}
	if (len > 0 && len < sizeof line && line[len - 1] == '\r')
		len--;
	if (len == 0 || len == sizeof line || memchr(line, 0, len)) {
		crypto_wipe(line, sizeof line);
		return err_set(err, E_INVALID, tr("No password was given, or "
			"it is too long."));
	}
	*out = mem_strndup(line, len);
	crypto_wipe(line, sizeof line);
	return E_OK;
}

enum status
cli_password(char **out, const struct cli *cli, const char *prompt,
	struct err *err)
{
	struct termios before, quiet;
	enum status s;
	int fd;

	if (cli->password_stdin)
		return read_line(out, STDIN_FILENO, err);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (fd < 0 || tcgetattr(fd, &before) != 0) {
		if (fd >= 0)
			close(fd);
		return err_set(err, E_INVALID, tr("There is no terminal to ask "
			"for the password; use --password-stdin."));
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	io_write_all(fd, prompt, strlen(prompt));
	tcsetattr(fd, TCSAFLUSH, &quiet);
	s = read_line(out, fd, err);
	tcsetattr(fd, TCSAFLUSH, &before);
	io_write_all(fd, "\n", 1);
	close(fd);
	return s;
}

/* ---- records ---- */

/* Is text one of the record's formal numbers (a VT_NUMBER field), brackets of
 * any kind and blanks ignored? */
static bool
has_number(const struct overview *o, const char *text)
{
	if (!o->reg)
		return false;
	for (size_t i = 0; i < o->reg->field_count; i++) {
		const struct schema_field *f = &o->reg->fields[i];

		if (f->type == VT_NUMBER &&
		    strcmp(overview_get(o, f->name), text) == 0)
			return true;
	}
	return false;
}

enum status
cli_record_id(struct uuid *out, struct cli *cli, const char *text,
	struct err *err)
{
	const size_t count = overview_count(cli->store);
	const struct overview *found = NULL;
	size_t len = strlen(text);

	if (uuid_parse(out, text) && overview_find(cli->store, out))
		return E_OK;
	for (size_t i = 0; i < count && len > 0; i++) {
		const struct overview *o = overview_at(cli->store, i);
		char id[UUID_TEXT_MAX];

		if (!o)
			continue;
		uuid_print(id, &o->id);
		if (!(len >= 8 && strncmp(id, text, len) == 0) &&
		    !has_number(o, text))
			continue;
		if (found)
			return err_set(err, E_INVALID, tr("Several records "
				"are called that; give more of the id."));
		found = o;
	}
	if (!found)
		return err_set(err, E_NOTFOUND, tr("There is no record with "
			"this id or number here."));
	*out = found->id;
	return E_OK;
}

static bool
is_label(const struct label *l, const char *text)
{
	return strcmp(l->zh, text) == 0 || strcmp(l->en, text) == 0;
}

static const struct schema_register *
register_called(const struct schema *schema, const char *text)
{
	const struct schema_register *reg = schema_register_find(schema, text);

	for (size_t i = 0; !reg && i < schema->register_count; i++)
		if (is_label(&schema->registers[i].title, text))
			reg = &schema->registers[i];
	return reg;
}

/* The name or title nearest to a word, lent; NULL: none is near. */
static const char *
register_nearest(const struct schema *schema, const char *text)
{
	const char **words = mem_alloc(schema->register_count * 3 + 1,
		sizeof *words);
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < schema->register_count; i++) {
		const struct schema_register *reg = &schema->registers[i];

		words[n++] = reg->name;
		words[n++] = reg->title.zh;
		words[n++] = reg->title.en;
	}
	near = schema_nearest(text, words);
	free(words);
	return near;
}

enum status
cli_register(const struct schema_register **out, struct cli *cli,
	const char *name, struct err *err)
{
	const struct schema_register *reg = register_called(cli->schema, name);
	const char *near;

	if (reg && strcmp(reg->name, SCAN_REGISTER) == 0)
		return err_set(err, E_NOTFOUND, tr("Attachments are listed "
			"with the record they belong to: fengqiao attach ID."));
	if (reg) {
		*out = reg;
		return E_OK;
	}
	near = register_nearest(cli->schema, name);
	if (near)
		return err_set(err, E_NOTFOUND, tr("There is no register "
			"\"%.60s\"; is \"%s\" meant?  fengqiao registers "
			"lists them all."), name, near);
	return err_set(err, E_NOTFOUND, tr("There is no register \"%.60s\"; "
		"fengqiao registers lists them all."), name);
}

/* By name, or by one of its words on the forms: 矫正类别. */
static const struct schema_field *
field_called(const struct schema_register *reg, const char *name)
{
	const struct schema_field *f = schema_field_find(reg, name);

	for (size_t i = 0; !f && i < reg->field_count; i++) {
		const struct schema_field *g = &reg->fields[i];

		if (strcmp(g->label.zh, name) == 0 ||
		    strcmp(g->label.en, name) == 0)
			f = g;
		for (size_t k = 0; !f && k < g->alias_count; k++)
			if (strcmp(g->aliases[k], name) == 0)
				f = g;
	}
	return f;
}

const char *
cli_field(const struct schema_register *reg, const char *name)
{
	const struct schema_field *f = field_called(reg, name);

	return f ? f->name : NULL;
}

const char *
cli_state(const struct schema_register *reg, const char *name)
{
	for (size_t i = 0; i < reg->state_count; i++) {
		const struct schema_state *s = &reg->states[i];

		if (strcmp(s->name, name) == 0 ||
		    strcmp(s->label.zh, name) == 0 ||
		    strcmp(s->label.en, name) == 0)
			return s->name;
	}
	return NULL;
}

enum status
cli_assign(struct record *r, const struct schema_register *reg, int argc,
	char **argv, struct err *err)
{
	for (int i = 0; i < argc; i++) {
		const char *equals = strchr(argv[i], '=');
		char *name = NULL;
		const struct schema_field *f;
		struct buf value;
		enum status s = E_OK;

		if (!equals)
			return err_set(err, E_INVALID, tr("FIELD=VALUE is "
				"needed here, not: %s"), argv[i]);
		name = mem_strndup(argv[i], (size_t)(equals - argv[i]));
		f = field_called(reg, name);
		if (!f)
			s = err_set(err, E_INVALID, tr("%s has no field \"%s\"."),
				reg->name, name);
		buf_init(&value, RECORD_VALUE_BYTES_MAX);
		if (!s && equals[1])
			s = value_parse(&value, f, equals + 1, clock_today(),
				false, err);
		if (!s)
			values_set(&r->values, f->name, value.data);
		buf_release(&value);
		free(name);
		if (s)
			return s;
	}
	return E_OK;
}
