#ifndef KIT_CHECK_H
#define KIT_CHECK_H

#include "base/err.h"

/* The test fails, with the sentence, if s is not E_OK. */
void kit_check(enum status s, const struct err *err);

#endif
