#ifndef CORE_PURPOSE_H
#define CORE_PURPOSE_H

#include <stdbool.h>

#include "core/schema.h"

/*
 * What a sensitive field is kept for (个人信息保护法 6, 28): one of a few words
 * in the definition, and a sentence for whoever asks.  A field that says no
 * purpose should not be there.
 */
extern const char *const purpose_words[];	/* of "purpose"; NULL at the end */

/* Of a word's place; translated; "" of the first, which says none. */
const char *purpose_text(int purpose);

/* Must this field say one: id numbers and telephones, where people live, and
 * what only some roles see, health and offences among it. */
bool purpose_is_asked(const struct schema_register *reg,
	const struct schema_field *f);

#endif
