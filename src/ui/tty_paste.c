/*
 * Codes become presses.
 */
#include "ui/tty_paste.h"

#include "base/utf8.h"
#include "ui/tty_keys.h"

enum { PASTE_MAX = 256 * 1024 };

void
tty_paste_init(struct tty_paste *p, int64_t now_ms)
{
	*p = (struct tty_paste){ .drained = true };
	buf_init(&p->text, PASTE_MAX);
	tty_burst_init(&p->burst, now_ms);
}

void
tty_paste_release(struct tty_paste *p)
{
	tty_burst_release(&p->burst);
	buf_release(&p->text);
}

bool
tty_paste_begins(struct tty_paste *p)
{
	if (!p->drained || p->pasting)
		return false;
	p->drained = false;
	return true;
}

void
tty_paste_waiting(struct tty_paste *p, size_t bytes, int64_t now_ms)
{
	tty_burst_begin(&p->burst, bytes, now_ms);
}

static void
add_pasted(struct tty_paste *p, int code)
{
	char bytes[4];

	if (code == PRESS_ENTER)
		buf_char(&p->text, '\n');
	else if (code == PRESS_TAB)
		buf_char(&p->text, '\t');
	else if (code >= ' ' && code < 0x110000)
		buf_add(&p->text, bytes, utf8_put(bytes, (uint32_t)code));
}

static struct press
pasted(const struct tty_paste *p)
{
	return (struct press){ .code = PRESS_PASTE, .text = p->text.data,
		.len = p->text.len };
}

/* false: it is kept, until all has been read. */
static bool
take_press(struct tty_paste *p, int code, bool same_line_end,
    struct press *out)
{
	if (p->burst.gathering) {
		if (tty_burst_add(&p->burst, code, same_line_end) ==
		    TTY_BURST_GATHERED)
			return false;
		return tty_paste_held(p, out);
	}
	out->code = code;
	out->after_paste = p->after;
	return true;
}

bool
tty_paste_take(struct tty_paste *p, int code, bool same_line_end,
    struct press *out)
{
	if (code == TTY_KEYS_PASTE_START) {
		p->pasting = p->burst.off = true;
		buf_clear(&p->text);
		p->burst.gathering = false;
		/* what was typed before it comes first */
		return tty_paste_held(p, out);
	}
	if (code == TTY_KEYS_PASTE_END) {
		p->pasting = false;
		p->text.full = false;
		p->after = true;
		*out = pasted(p);
		return true;
	}
	if (p->pasting) {
		/* CR LF, as Windows puts it, ends one line */
		if (!same_line_end)
			add_pasted(p, code);
		return false;
	}
	return code != PRESS_NONE && take_press(p, code, same_line_end, out);
}

bool
tty_paste_end(struct tty_paste *p, struct press *out, int64_t now_ms)
{
	bool gathered = p->burst.gathering;

	p->drained = true;
	p->after = false;
	if (!gathered)
		return false;
	buf_clear(&p->text);
	if (!tty_burst_end(&p->burst, &p->text, now_ms))
		return tty_paste_held(p, out);
	*out = pasted(p);
	return p->text.len > 0;
}

bool
tty_paste_held(struct tty_paste *p, struct press *out)
{
	return tty_burst_held(&p->burst, &out->code);
}

bool
tty_paste_holds(const struct tty_paste *p)
{
	return p->burst.next < p->burst.count;
}
