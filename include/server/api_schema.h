#ifndef SERVER_API_SCHEMA_H
#define SERVER_API_SCHEMA_H

#include "server/visit.h"

/*
 * GET /v1/schema/VERSION: the definitions by which this server judges, to any
 * device:
 *
 *   {"schema":VERSION,"bundle":TEXT}		core/bundle.h
 *
 * 404 for any other version: whoever asks learns the present one from the end
 * of a sync.  Errors: E_IO.
 */
MUST_CHECK enum status api_schema(struct visit *v, struct err *err);

/* The path it answers, but for the version. */
extern const char api_schema_path[];

#endif
