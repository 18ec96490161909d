#ifndef SERVER_API_PEOPLE_H
#define SERVER_API_PEOPLE_H

#include "server/visit.h"

/*
 * The accounts that the asker looks after (server/manage.h):
 *
 *   GET  /v1/people           them, the roles that the asker gives, and the
 *                             offices where
 *   POST /v1/people/add       another one; the reply has its first password
 *   POST /v1/people/set       another name, role, office
 *   POST /v1/people/disable, /enable
 *   POST /v1/people/password  a first password again, for who forgot theirs
 *   POST /v1/people/agree, /refuse
 *                             the second one's word on a right that waits
 *                             (server/grant.h)
 *
 * A first password is made here, shown once and kept by nobody.
 */
MUST_CHECK enum status api_people(struct visit *v, struct err *err);
MUST_CHECK enum status api_people_add(struct visit *v, struct err *err);
MUST_CHECK enum status api_people_set(struct visit *v, struct err *err);
MUST_CHECK enum status api_people_disable(struct visit *v, struct err *err);
MUST_CHECK enum status api_people_enable(struct visit *v, struct err *err);
MUST_CHECK enum status api_people_password(struct visit *v, struct err *err);
MUST_CHECK enum status api_people_agree(struct visit *v, struct err *err);
MUST_CHECK enum status api_people_refuse(struct visit *v, struct err *err);

#endif
