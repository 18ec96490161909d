/*
 * How attachments go up: two facts of the cache, so that every window and the
 * process that syncs know them.
 */
#include "store/inside.h"
#include "store/scan.h"

static const char paused_name[] = "scans_paused";
static const char bytes_name[] = "scans_bytes_s";

enum status
scan_pace(struct scan_pace *out, struct store *s, struct err *err)
{
	int64_t paused = 0, bytes = 0;
	enum status st = store_meta_int(&paused, s, paused_name, err);

	if (!st)
		st = store_meta_int(&bytes, s, bytes_name, err);
	if (!st)
		*out = (struct scan_pace){ paused != 0, bytes };
	return st;
}

enum status
scan_set_pace(struct store *s, const struct scan_pace *pace, struct err *err)
{
	enum status st = store_begin(s, err);

	if (st)
		return st;
	st = store_meta_set_int(s, paused_name, pace->paused, err);
	if (!st)
		st = store_meta_set_int(s, bytes_name, pace->bytes_s, err);
	return store_end(s, st, err);
}
