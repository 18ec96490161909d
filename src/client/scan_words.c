#include "client/scan_words.h"

#include "base/tr.h"
#include "client/sync_words.h"

static int
percent(int64_t part, int64_t whole)
{
	return whole > 0 ? (int)(part * 100 / whole) : 0;
}

void
scan_words_place(struct buf *out, const struct scan_item *item)
{
	switch (item->place) {
	case SCAN_TO_SEND:
		if (item->mark == SYNC_REFUSED)
			buf_text(out, tr("refused by the county"));
		else if (item->sent > 0)
			buf_printf(out, tr("saved here, %d %% sent"),
				percent(item->sent, item->scan.size));
		else
			buf_text(out, tr("saved here, to be sent"));
		break;
	case SCAN_HERE:
		buf_text(out, tr("delivered"));
		break;
	case SCAN_PARTLY:
		buf_printf(out, tr("%d %% fetched"),
			percent(item->have, item->scan.size));
		break;
	case SCAN_AWAY:
		buf_text(out, tr("not fetched"));
		break;
	case SCAN_AWAITED:
		buf_text(out, tr("to be sent by another device"));
		break;
	}
}

void
scan_words_facts(struct buf *out, const struct scan_item *item)
{
	for (const char *c = item->scan.type; *c; c++)
		buf_char(out, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
	buf_char(out, ' ');
	sync_words_bytes(out, item->scan.size);
	if (item->scan.pages == 1)
		buf_text(out, tr(", 1 page"));
	else if (item->scan.pages > 1)
		buf_printf(out, tr(", %d pages"), item->scan.pages);
}

void
scan_words_line(struct buf *out, const struct scan_item *item, size_t nr)
{
	buf_printf(out, "%2zu  %s  ", nr, item->scan.name);
	scan_words_facts(out, item);
	buf_printf(out, "  %s %s  ", item->added_on, item->added_by);
	scan_words_place(out, item);
}

struct json *
scan_words_json(const struct scan_item *item, size_t nr)
{
	static const char *const places[] = { [SCAN_TO_SEND] = "to_send",
		[SCAN_HERE] = "delivered", [SCAN_PARTLY] = "partly",
		[SCAN_AWAY] = "away", [SCAN_AWAITED] = "awaited" };
	struct json *j = json_object();
	char id[UUID_TEXT_MAX];

	uuid_print(id, &item->id);
	json_put_int(j, "n", (int64_t)nr);
	json_put_text(j, "id", id);
	json_put_text(j, "name", item->scan.name);
	json_put_text(j, "type", item->scan.type);
	json_put_int(j, "size", item->scan.size);
	json_put_int(j, "pages", item->scan.pages);
	json_put_text(j, "hash", item->scan.hash);
	json_put_text(j, "added_by", item->added_by);
	json_put_text(j, "added_on", item->added_on);
	json_put_text(j, "place", places[item->place]);
	json_put_int(j, "have", item->have);
	json_put_int(j, "sent", item->sent);
	return j;
}
