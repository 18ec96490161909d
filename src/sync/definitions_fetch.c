/*
 * Taking the county's definitions.  They decide what the screens ask for and
 * what the rules refuse, so they are loaded as a whole and compared with their
 * hash before they are kept.
 */
#include "sync/definitions_fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tr.h"
#include "core/bundle.h"
#include "store/definitions.h"
#include "sync/session.h"

/* What meta holds under this name; "" nothing. */
static enum status
read_fact(char *out, size_t size, struct store *s, const char *name,
	struct err *err)
{
	struct err missing = ERR_INIT;
	struct buf text;
	enum status st;

	buf_init(&text, BUF_LINE_MAX);
	st = store_meta_get(&text, s, name, &missing);
	out[0] = '\0';
	if (!st && text.len < size)
		memcpy(out, text.data, text.len + 1);
	else if (st && st != E_NOTFOUND)
		*err = missing;
	buf_release(&text);
	return st == E_NOTFOUND ? E_OK : st;
}

static enum status
ask(struct transport_reply *reply, struct store *s,
	const struct transport *net, const char *version, struct err *err)
{
	struct store_device d = {0};
	char *path = mem_printf("/v1/schema/%s", version);
	enum status st = store_device_get(&d, s, err);

	if (!st)
		st = net->post(net->self, reply, &(struct transport_request){
			.path = path, .get = true, .device_token = d.token,
			.type = "application/json", .body = "",
			.zip = ZIP_NONE }, err);
	crypto_wipe(&d, sizeof d);
	free(path);
	return st;
}

/* The bundle of a reply, if it is good. */
static enum status
take(struct buf *bundle, const struct transport_reply *reply,
	const char *version, struct err *err)
{
	struct schema *schema = NULL;
	struct json *j = NULL;
	const char *text;
	enum status st = json_parse(&j, reply->body.data, reply->body.len,
		2 * BUNDLE_BYTES_MAX, err);

	if (st)
		return st;
	text = json_get_text(j, "bundle");
	buf_text(bundle, text ? text : "");
	json_free(j);
	if (bundle->full)
		return err_set(err, E_INVALID, tr("The definitions are larger "
			"than is possible."));
	st = bundle_load(&schema, bundle->data, bundle->len, version, err);
	schema_free(schema);
	return st;
}

/* A version that this program could not take is not fetched each time; a
 * newer program tries again. */
static enum status
refuse(struct store *s, const char *refused, struct err *err)
{
	struct err why = *err, none = ERR_INIT;
	enum status st = store_meta_set(s, "schema_refused", refused, &none);

	if (st) {
		*err = none;
		return st;
	}
	return err_set(err, E_INVALID, tr("The county's new definitions cannot "
		"be used by this program, which goes on with those it has: "
		"%s"), why.msg);
}

static enum status
fetch(bool *kept, struct store *s, const struct transport *net,
	const char *version, const char *refused, struct err *err)
{
	struct transport_reply reply = {0};
	struct buf bundle;
	enum status st = ask(&reply, s, net, version, err);

	if (st)
		return st;
	if (reply.status == 404) {	/* they changed again meanwhile */
		transport_reply_release(&reply);
		return E_OK;
	}
	buf_init(&bundle, BUNDLE_BYTES_MAX);
	st = session_check(&reply, err);
	if (!st) {
		st = take(&bundle, &reply, version, err);
		if (st == E_INVALID)
			st = refuse(s, refused, err);
	}
	if (!st)
		st = definitions_keep(store_home(s), version, &bundle, err);
	*kept = !st;
	buf_release(&bundle);
	transport_reply_release(&reply);
	return st;
}

enum status
definitions_fetch(bool *news, struct store *s, const struct transport *net,
	struct err *err)
{
	char theirs[DEFINITIONS_VERSION_MAX], next[DEFINITIONS_VERSION_MAX];
	char own[DEFINITIONS_VERSION_MAX], before[40], refused[40];
	bool kept = false;
	enum status st = read_fact(theirs, sizeof theirs, s, "server_schema",
		err);

	if (st || !theirs[0])
		return st;
	definitions_current(next, store_home(s));
	if (strcmp(next, theirs) == 0)
		return E_OK;
	schema_version(own, builtin_files, builtin_count);
	if (strcmp(own, theirs) == 0) {
		kept = next[0] != '\0';
		definitions_drop(store_home(s));
	} else {
		(void)snprintf(refused, sizeof refused, "%s/%s", theirs, own);
		st = read_fact(before, sizeof before, s, "schema_refused",
			err);
		if (!st && strcmp(before, refused) != 0)
			st = fetch(&kept, s, net, theirs, refused, err);
	}
	*news = *news || (!st && kept &&
		strcmp(theirs, store_schema(s)->version) != 0);
	return st;
}
