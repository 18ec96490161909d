#ifndef CLIENT_SCAN_WORDS_H
#define CLIENT_SCAN_WORDS_H

#include "base/buf.h"
#include "base/json.h"
#include "store/scan.h"

/* Attachments in words, the same on the record's page and in commands. */

/* Where its bytes are: 已存本机，待上传 · 已送达 · 未下载 … */
void scan_words_place(struct buf *out, const struct scan_item *item);
/* "PDF 2.0 MB, 12 pages" */
void scan_words_facts(struct buf *out, const struct scan_item *item);
/* All of it on one line; nr counts from 1. */
void scan_words_line(struct buf *out, const struct scan_item *item, size_t nr);
/* The same for programs. */
struct json *scan_words_json(const struct scan_item *item, size_t nr);

#endif
