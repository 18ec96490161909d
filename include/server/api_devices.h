#ifndef SERVER_API_DEVICES_H
#define SERVER_API_DEVICES_H

#include "server/visit.h"

/*
 * The computers that the asker looks after (server/manage.h), as the commands
 * "device" and "enroll-code" of fengqiaod (server/device.h, device_end.h):
 *
 *   GET  /v1/devices          them: who used each last, when it was heard of,
 *                             how it stands, what of it waits in quarantine
 *   POST /v1/devices/code     a code that registers one computer, once
 *   POST /v1/devices/revoke, /allow, /erase
 *   POST /v1/devices/give     to another office, of those looked after
 */
MUST_CHECK enum status api_devices(struct visit *v, struct err *err);
MUST_CHECK enum status api_devices_code(struct visit *v, struct err *err);
MUST_CHECK enum status api_devices_revoke(struct visit *v, struct err *err);
MUST_CHECK enum status api_devices_allow(struct visit *v, struct err *err);
MUST_CHECK enum status api_devices_erase(struct visit *v, struct err *err);
MUST_CHECK enum status api_devices_give(struct visit *v, struct err *err);

#endif
