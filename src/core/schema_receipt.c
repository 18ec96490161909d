/*
 * "receipt" of a register: read, and held against its moves and fields.
 */
#include "core/schema_link.h"

#include <string.h>

#include "core/schema_parts.h"

void
schema_read_receipt(struct schema_register *out, struct schema_reader *r,
    const struct json *j)
{
	static const char *const keys[] = { "move", "at", "bell", NULL };
	const struct json *m = json_get(j, "receipt");
	size_t mark;

	if (!m)
		return;
	mark = schema_read_enter(r, "receipt", -1);
	if (schema_read_keys(r, m, keys)) {
		out->receipt.move = schema_read_name(r, m, "move");
		out->receipt.at = schema_read_name(r, m, "at");
		schema_read_conds(&out->receipt.bell, r, m, "bell");
	}
	schema_read_leave(r, mark);
}

const struct schema_move *
schema_receipt_move(const struct schema_register *r)
{
	for (size_t i = 0; r->receipt.move && i < r->move_count; i++)
		if (strcmp(r->moves[i].name, r->receipt.move) == 0)
			return &r->moves[i];
	return NULL;
}

void
schema_link_receipt(struct schema_linker *l)
{
	const struct schema_receipt *receipt = &l->reg->receipt;
	const struct schema_move *move = schema_receipt_move(l->reg);
	const struct schema_field *at;
	size_t mark;

	if (!receipt->move)
		return;
	mark = schema_read_enter(&l->r, "receipt", -1);
	if (!move)
		schema_complain(&l->r, "move", tr("There is no such move."));
	at = schema_link_name(l, l->reg, receipt->at, "at");
	if (at && (at->type != VT_DATETIME || !at->readonly))
		schema_complain(&l->r, "at",
		    tr("The time of a receipt is a readonly datetime."));
	if (at && move && !schema_move_fills(move, at->name))
		schema_complain(&l->r, "at",
		    tr("The move must name the field in 'asks'."));
	schema_link_conds(l, l->reg, &receipt->bell, "bell");
	schema_read_leave(&l->r, mark);
}
