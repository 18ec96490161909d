#ifndef KIT_SCHEMACHECK_H
#define KIT_SCHEMACHECK_H

#include <stdbool.h>

#include "base/json.h"

/*
 * JSON Schema as far as openapi.json uses it: type, properties, required,
 * additionalProperties, items, minItems, maxItems, enum, const, oneOf, pattern,
 * minLength, maxLength, minimum, maximum and $ref within the document.  Any other word is
 * a fault, so that nothing is described that is not looked at.  An object with
 * properties has no others, unless additionalProperties says so.
 */
enum { SCHEMACHECK_WHY_MAX = 400 };

/* Does it fit?  why: where and what not.  document is where $ref leads. */
bool schemacheck(char why[SCHEMACHECK_WHY_MAX], const struct json *document,
	const struct json *schema, const struct json *value);

/* Follow "$ref": "#/a/b/c" as often as needed; NULL when it leads nowhere. */
const struct json *schemacheck_part(const struct json *document,
	const struct json *part);

#endif
