/*
 * Definitions of a stranger: refused with reasons, or taken and then usable,
 * on a screen of 80x24 too.
 *
 * Files stand one after the other, each behind a line "=== PATH".
 */
#include "fuzz/fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/rule.h"
#include "core/schema.h"
#include "ui/formview.h"

enum { FILES = 12, TODAY = 20000 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_init();
	return 0;
}

static size_t
cut(struct def_file files[FILES], char *text)
{
	size_t count = 0;
	char *at = text;

	while (count < FILES && strncmp(at, "=== ", 4) == 0) {
		struct def_file *f = &files[count];
		char *end = strchr(at, '\n');
		char *next;

		if (!end)
			break;
		*end = '\0';
		f->path = at + 4;
		f->text = end + 1;
		next = strstr(f->text, "\n=== ");
		f->len = next ? (size_t)(next - f->text) : strlen(f->text);
		count++;
		if (!next)
			break;
		at = next + 1;
	}
	return count;
}

static void
paint(const struct schema *s, const struct schema_register *reg,
    const struct record *r)
{
	const struct formview_options o = { .schema = s, .reg = reg,
		.today = TODAY, .user = "u", .role = "clerk" };
	static const int keys[] = { 'x', '1', PRESS_TAB, PRESS_DOWN, PRESS_PGDN,
		PRESS_ENTER, PRESS_ESC, PRESS_CTRL + 'S' };
	struct formview *f = formview_new(&o, r);
	struct canvas_area body;
	struct canvas c;

	canvas_init(&c, 80, 24);
	body = canvas_all(&c);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const struct press p = { .code = keys[i] };

		formview_paint(f, &c, &body);
		(void)formview_press(f, &p);
	}
	canvas_release(&c);
	formview_free(f);
}

static void
use(const struct schema *s, const struct schema_register *reg)
{
	const struct rule_who who = { .role = "chief", .name = "n" };
	struct record r = {0};
	struct faults faults = {0};

	snprintf(r.reg, sizeof r.reg, "%s", reg->name);
	if (reg->state_count)
		snprintf(r.state, sizeof r.state, "%s", reg->states[0].name);
	for (size_t i = 0; i < reg->field_count; i += 2)
		values_set(&r.values, reg->fields[i].name, "1");
	rule_derive(reg, &r, TODAY, NULL);
	rule_check(&faults, s, reg, &r, RULE_SUBMIT, TODAY, NULL);
	for (size_t i = 0; i < reg->move_count; i++) {
		struct err err = ERR_INIT;

		if (rule_move(s, reg, &r, reg->moves[i].to, &who, TODAY, NULL,
		    &err))
			MUST(err.msg[0] != '\0');
	}
	paint(s, reg, &r);
	faults_release(&faults);
	record_release(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaints complaints = {0};
	struct def_file files[FILES];
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	char *text = malloc(size + 1);
	enum status status;

	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	tr_set(size % 2 ? TR_EN : TR_ZH);
	status = schema_load(&s, files, cut(files, text), &complaints, &err);
	MUST((status == E_OK) == (s != NULL));
	MUST((status == E_OK) == (err.msg[0] == '\0'));
	MUST(status == E_OK ? complaints.count == 0 : status == E_INVALID);
	for (size_t i = 0; s && i < s->register_count; i++)
		use(s, &s->registers[i]);
	complaints_release(&complaints);
	schema_free(s);
	free(text);
	return 0;
}
