/*
 * One small request a day, after a sync.
 */
#include "sync/offices_fetch.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/date.h"
#include "store/office_names.h"
#include "sync/session.h"

enum status
offices_fetch(struct store *s, const struct transport *net, struct err *err)
{
	struct transport_reply reply = {0};
	struct store_device d = {0};
	char today[DATE_TEXT_MAX];
	enum status st;

	date_print(today, clock_today());
	if (office_names_are_of(s, today))
		return E_OK;
	st = store_device_get(&d, s, err);
	if (!st)
		st = net->post(net->self, &reply, &(struct transport_request){
			.path = "/v1/offices", .get = true,
			.device_token = d.token, .type = "application/json",
			.body = "", .zip = ZIP_NONE }, err);
	crypto_wipe(&d, sizeof d);
	if (st)
		return st;
	st = session_check(&reply, err);
	if (!st)
		st = office_names_keep(s, reply.body.data, reply.body.len,
			today, err);
	transport_reply_release(&reply);
	return st;
}
