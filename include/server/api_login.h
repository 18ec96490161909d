#ifndef SERVER_API_LOGIN_H
#define SERVER_API_LOGIN_H

#include "server/visit.h"

/*
 * POST /v1/login and POST /v1/password: a person's token on a device.  Changing
 * a password is a sign-in with the old one, so whoever loses the reply signs in
 * with the new one and has lost nothing.
 */
MUST_CHECK enum status api_login(struct visit *v, struct err *err);
MUST_CHECK enum status api_password(struct visit *v, struct err *err);

#endif
