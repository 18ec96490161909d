/* The definitions that the programs are built with: they load, and every
 * complaint about them is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "core/builtin.h"
#include "core/schema.h"

static void
builtin_definitions_load(void **state)
{
	struct complaints complaints = {0};
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	enum status status;

	(void)state;
	tr_set(TR_EN);
	status = schema_load(&s, builtin_files, builtin_count, &complaints,
	    &err);
	for (size_t i = 0; i < complaints.count; i++)
		print_message("# %s: %s: %s\n", complaints.items[i].file,
		    complaints.items[i].path, complaints.items[i].text);
	assert_int_equal(complaints.count, 0);
	assert_int_equal(status, E_OK);
	assert_int_equal(s->version[16], '\0');
	assert_true(s->register_count > 0);
	complaints_release(&complaints);
	schema_free(s);
}

/* A record's page gives labels sixteen cells; a longer one would push its
 * value out of the column. */
static void
labels_leave_values_in_their_column(void **state)
{
	struct schema *s = NULL;
	struct err err = ERR_INIT;
	struct complaints complaints = {0};
	size_t bad = 0;

	(void)state;
	assert_int_equal(schema_load(&s, builtin_files, builtin_count,
	    &complaints, &err), E_OK);
	for (int lang = 0; lang < 2; lang++) {
		tr_set(lang ? TR_EN : TR_ZH);
		for (size_t i = 0; i < s->register_count; i++) {
			const struct schema_register *r = &s->registers[i];

			for (size_t k = 0; k < r->field_count; k++) {
				const char *label = label_text(
				    &r->fields[k].label);

				if (utf8_cells(label) <= 16)
					continue;
				print_message("# %s.%s: %s\n", r->name,
				    r->fields[k].name, label);
				bad++;
			}
		}
	}
	assert_int_equal(bad, 0);
	complaints_release(&complaints);
	schema_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builtin_definitions_load),
		cmocka_unit_test(labels_leave_values_in_their_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
