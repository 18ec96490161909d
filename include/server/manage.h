#ifndef SERVER_MANAGE_H
#define SERVER_MANAGE_H

#include <stdbool.h>

#include "base/json.h"
#include "core/audit.h"
#include "core/role.h"
#include "server/visit.h"

/*
 * What every call about accounts, devices and offices does: a chief's are
 * those of the own office, the county's all (core/role.h).
 *
 * 1. Whoever asks is looked at again inside the transaction of an act, so that
 *    of two who disable each other one stays.
 * 2. What another office has is answered like what does not exist.
 * 3. Nobody changes an account of their own, so the last one of the county can
 *    neither be disabled nor given less.
 * 4. The act and its note in the trace are one transaction.
 */
struct manage {
	struct visit *v;
	struct db *db;
	const struct json *ask;		/* what was sent; an act's */
	struct json *out;		/* the reply, to be added to */
	char words[AUDIT_NOTE_MAX];	/* what was done to whom, for the trace */
	void *self;
};

typedef enum status manage_work(struct manage *m, struct err *err);

/* A call that looks.  work sets v->answer to refuse. */
MUST_CHECK enum status manage_look(struct visit *v, manage_work *work,
	struct err *err);
/* A call that does something.  before (may be NULL) runs outside of the
 * transaction.  What work refuses by E_INVALID, E_NOTFOUND, E_CONFLICT or
 * E_AUTH is told with its sentence. */
MUST_CHECK enum status manage_act(struct visit *v, manage_work *before,
	manage_work *work, void *self, struct err *err);

/* A member of what was sent, "" when there is none; false, with the answer
 * set: none although it is needed, or too long. */
bool manage_text(char *out, size_t size, struct manage *m, const char *name,
	bool needed);

bool manage_is_of_county(const struct manage *m);
/* May the asker give this role; look after who has it?  Somebody who sits at an
 * office gives an office's, whatever their own. */
bool manage_gives(const struct manage *m, const char *role);
bool manage_tends(const struct manage *m, const char *role);
/* Is this office among those that the asker looks after? */
bool manage_reaches(const struct manage *m, const char *office);
/* All of those, into the reply: {"code","name","county"}.  Errors: E_IO. */
MUST_CHECK enum status manage_put_offices(struct manage *m, struct err *err);
/* The office, if it is; else the answer says that there is none.
 * Errors: E_IO. */
MUST_CHECK enum status manage_office(struct office *out, struct manage *m,
	const char *code, struct err *err);
/* The same of an account whose role the asker looks after, and which is not the
 * own. */
MUST_CHECK enum status manage_person(struct account *out, struct manage *m,
	const char *login, struct err *err);
/* The same of a device. */
MUST_CHECK enum status manage_device(struct device *out, struct manage *m,
	const char *id, struct err *err);

#endif
