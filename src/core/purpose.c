/*
 * Purposes and their sentences.
 */
#include "core/purpose.h"

#include <stddef.h>

#include "base/tr.h"

const char *const purpose_words[] = { "none", "identity", "contact", "home",
	"health", "offence", "conduct", "means", "facts", NULL };

static const char *const texts[] = {
	NULL,
	TR_MARK("to tell people apart and not to mistake one for another"),
	TR_MARK("to reach whom this work is with"),
	TR_MARK("to know which village and office it belongs to, and to visit"),
	TR_MARK("to suit supervision and help to the state of health"),
	TR_MARK("to carry out what a court or authority has decided"),
	TR_MARK("to judge conduct and risk and to decide on measures"),
	TR_MARK("to decide on aid"),
	TR_MARK("to record the facts of the matter"),
};

const char *
purpose_text(int purpose)
{
	return purpose > 0 && purpose < (int)(sizeof texts /
	    sizeof texts[0]) ? tr(texts[purpose]) : "";
}

bool
purpose_is_asked(const struct schema_register *reg,
    const struct schema_field *f)
{
	for (size_t i = 0; i < reg->lookup_count; i++)
		if (reg->lookups[i].field == f &&
		    reg->lookups[i].as == LOOKUP_PLACE)
			return true;
	return f->type == VT_IDNO || f->type == VT_PHONE || f->masked ||
	    f->restricted;
}
