/*
 * Lines of the wire, both ways: what is taken is printed again as a line that
 * means the same.
 */
#include "fuzz/fuzz.h"

#include <stdbool.h>
#include <string.h>

#include "base/crypto.h"
#include "core/wire.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_init();
	return 0;
}

static void
same(const struct buf *a, const struct buf *b)
{
	MUST(a->len == b->len && memcmp(a->data, b->data, a->len) == 0);
}

static void
reply(const char *text, size_t len)
{
	struct wire_line line = {0}, again = {0};
	struct err err = ERR_INIT;
	struct buf once, twice;

	if (wire_parse_line(&line, text, len, &err)) {
		MUST(err.msg[0] != '\0');
		return;
	}
	buf_init(&once, BUF_BATCH_MAX);
	buf_init(&twice, BUF_BATCH_MAX);
	wire_print_line(&once, &line);
	MUST(once.len > 0 && once.data[once.len - 1] == '\n');
	MUST(wire_parse_line(&again, once.data, once.len - 1, &err) == E_OK);
	wire_print_line(&twice, &again);
	same(&once, &twice);
	wire_line_release(&line);
	wire_line_release(&again);
	buf_release(&once);
	buf_release(&twice);
}

static void
print(struct buf *out, bool is_op, const struct wire_hello *h,
    const struct op *op)
{
	if (is_op)
		wire_print_op(out, op);
	else
		wire_print_hello(out, h);
}

static void
request(const char *text, size_t len)
{
	static struct wire_hello hello, hello_again;
	struct op op = {0}, op_again = {0};
	bool is_op = false, is_op_again = false;
	struct err err = ERR_INIT;
	struct buf once, twice;

	hello = hello_again = (struct wire_hello){0};
	if (wire_parse_request(&is_op, &hello, &op, text, len, &err)) {
		MUST(err.msg[0] != '\0');
		return;
	}
	buf_init(&once, BUF_BATCH_MAX);
	buf_init(&twice, BUF_BATCH_MAX);
	print(&once, is_op, &hello, &op);
	MUST(wire_parse_request(&is_op_again, &hello_again, &op_again,
	    once.data, once.len - 1, &err) == E_OK);
	MUST(is_op == is_op_again);
	print(&twice, is_op, &hello_again, &op_again);
	same(&once, &twice);
	op_release(&op);
	op_release(&op_again);
	buf_release(&once);
	buf_release(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	reply((const char *)data, size);
	request((const char *)data, size);
	return 0;
}
