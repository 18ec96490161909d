/*
 * Which fields a form shows and in which order the cursor visits them: page by
 * page, row by row, left before right.
 */
#include "ui/formview_parts.h"

bool
formview_is_shown(const struct formview *f, const struct schema_field *x)
{
	return conds_hold(&x->show_when, &f->record, f->o.today,
	    f->o.user ? f->o.user : "");
}

bool
formview_may_edit(const struct formview *f, const struct schema_field *x)
{
	return !f->o.readonly && !x->readonly
	    && (!f->o.role || schema_may_write_field(x, f->o.role))
	    && !(f->o.hide_restricted && x->restricted);
}

/* A form that only shows lets the cursor visit all, to read long ones. */
static bool
may_enter(const struct formview *f, const struct schema_field *x)
{
	return formview_is_shown(f, x)
	    && (f->o.readonly || formview_may_edit(f, x));
}

const struct schema_field *
formview_page_field(const struct formview *f, size_t page, size_t i)
{
	const struct schema_page *p;

	if (page >= f->o.reg->page_count)
		return NULL;
	p = &f->o.reg->pages[page];
	for (size_t row = 0; row < p->count; row++) {
		if (i < p->rows[row].count)
			return p->rows[row].fields[i];
		i -= p->rows[row].count;
	}
	return NULL;
}

const struct schema_field *
formview_form_field(const struct formview *f, size_t n, size_t *page)
{
	for (size_t p = 0; p < f->o.reg->page_count; p++) {
		const struct schema_page *rows = &f->o.reg->pages[p];

		for (size_t row = 0; row < rows->count; row++) {
			if (n >= rows->rows[row].count) {
				n -= rows->rows[row].count;
				continue;
			}
			if (page)
				*page = p;
			return rows->rows[row].fields[n];
		}
	}
	return NULL;
}

void
formview_enter(struct formview *f, size_t page, const struct schema_field *x)
{
	formview_undo_left(f);
	if (page != f->page)
		f->top = 0;
	f->page = page;
	f->field = x;
	formview_load(f);
	formview_undo_entered(f);
}

/* The place of the cursor on its page; past the end when it is not there. */
static size_t
place_of(const struct formview *f)
{
	const struct schema_field *x;
	size_t i = 0;

	for (;;) {
		x = formview_page_field(f, f->page, i);
		if (!x || x == f->field)
			return i;
		i++;
	}
}

static bool
enter_first(struct formview *f, size_t page)
{
	const struct schema_field *x;

	for (size_t i = 0;; i++) {
		x = formview_page_field(f, page, i);
		if (!x)
			return false;
		if (may_enter(f, x)) {
			formview_enter(f, page, x);
			return true;
		}
	}
}

static bool
enter_last(struct formview *f, size_t page)
{
	const struct schema_field *x, *last = NULL;

	for (size_t i = 0;; i++) {
		x = formview_page_field(f, page, i);
		if (!x)
			break;
		if (may_enter(f, x))
			last = x;
	}
	if (last)
		formview_enter(f, page, last);
	return last != NULL;
}

bool
formview_step(struct formview *f, int by)
{
	const struct schema_field *x;
	size_t i = place_of(f);

	while (by > 0 || i > 0) {
		i = by > 0 ? i + 1 : i - 1;
		x = formview_page_field(f, f->page, i);
		if (!x)
			break;
		if (may_enter(f, x)) {
			formview_enter(f, f->page, x);
			return true;
		}
	}
	if (by > 0) {
		for (i = f->page + 1; i < f->o.reg->page_count; i++)
			if (enter_first(f, i))
				return true;
		return false;
	}
	for (i = f->page; i > 0; i--)
		if (enter_last(f, i - 1))
			return true;
	return false;
}

bool
formview_step_page(struct formview *f, int by)
{
	size_t page = f->page;

	while (by > 0 ? page + 1 < f->o.reg->page_count : page > 0) {
		page = by > 0 ? page + 1 : page - 1;
		if (enter_first(f, page))
			return true;
	}
	return false;
}

static bool
is_empty(const struct formview *f, const struct schema_field *x)
{
	return !values_has(&f->record.values, x->name)
	    && !values_has(&f->raw, x->name)
	    && !(x == f->field && f->typed && f->edit.len > 0);
}

/* Is this field one of those sought, where the cursor can go? */
static bool
is_sought(const struct formview *f, const struct schema_field *x,
    enum formview_sought what)
{
	const struct fault *fault = faults_at(&f->faults, x->name);

	if (!may_enter(f, x))
		return false;
	switch (what) {
	case FORMVIEW_STOPPED:
		return fault && fault->stop;
	case FORMVIEW_WARNED:
		return fault && !fault->stop;
	case FORMVIEW_MISSING:
		return x->need != NEED_NO && is_empty(f, x)
		    && conds_hold(&x->need_when, &f->record, f->o.today,
		    f->o.user ? f->o.user : "");
	case FORMVIEW_EMPTY:
		return is_empty(f, x);
	}
	return false;
}

bool
formview_seek(struct formview *f, enum formview_sought what, bool next)
{
	const struct schema_field *x, *first = NULL;
	size_t page = 0, first_page = 0;
	bool past = !next;

	for (size_t n = 0;; n++) {
		x = formview_form_field(f, n, &page);
		if (!x)
			break;
		if (is_sought(f, x, what) && past) {
			formview_enter(f, page, x);
			return true;
		}
		if (is_sought(f, x, what) && !first) {
			first = x;
			first_page = page;
		}
		past = past || x == f->field;
	}
	if (first)
		formview_enter(f, first_page, first);
	return first != NULL;
}

size_t
formview_count(const struct formview *f, enum formview_sought what,
    size_t *at)
{
	const struct schema_field *x;
	size_t count = 0;

	*at = 0;
	for (size_t n = 0;; n++) {
		x = formview_form_field(f, n, NULL);
		if (!x)
			return count;
		if (!is_sought(f, x, what))
			continue;
		count++;
		if (x == f->field)
			*at = count;
	}
}

bool
formview_page_has_fault(const struct formview *f, size_t page)
{
	const struct schema_field *x;

	for (size_t i = 0;; i++) {
		x = formview_page_field(f, page, i);
		if (!x)
			return false;
		if (faults_at(&f->faults, x->name))
			return true;
	}
}

bool
formview_goto(struct formview *f, const char *field)
{
	const struct schema_field *want = schema_field_find(f->o.reg, field);
	const struct schema_field *x;

	for (size_t page = 0; page < f->o.reg->page_count; page++) {
		for (size_t i = 0;; i++) {
			x = formview_page_field(f, page, i);
			if (!x)
				break;
			if (x != want || !may_enter(f, x))
				continue;
			(void)formview_check_field(f);
			formview_enter(f, page, x);
			return true;
		}
	}
	return false;
}
