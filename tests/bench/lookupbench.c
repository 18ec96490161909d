/*
 * The lookup of persons, key by key, beside what else one might search with:
 * SQLite LIKE and SQLite FTS5 (trigram) over the same words in memory.
 *
 *   lookupbench PERSONS FILE
 *
 * People are made up, the same on every run.  FILE receives a line for each
 * (name, initials, pinyin, numbers): for fzf, which run.sh starts.  Prints
 * lines "what<TAB>p50<TAB>p99": microseconds of processor time a key (nobody
 * here waits for a disk), so that other work on the machine does not count.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "core/pinyin.h"
#include "store/lookup.h"

enum { HITS = 20, KINDS = 7, KEYS_MAX = 100000, NAME_MAX_BYTES = 40 };

#define NOW_AT INT64_C(1767225600000)	/* 2026-01-01 */
#define DAY_MS INT64_C(86400000)

struct person {
	char name[NAME_MAX_BYTES];
	char id_no[19], mobile[12], file_no[40];
};

/* ---- people ---- */

static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return *seed >> 33;
}

/* The commonest surnames in their order, then rarer ones. */
static const char surnames[] =
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董肖程曹袁邓许"
    "傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施"
    "陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝"
    "单仇解查盖区朴覃员乐尉";
static const char given[] =
    "伟建军国明华强文志平勇林海东波辉杰斌龙刚永德春涛飞鹏超红生庆金光峰成云"
    "江立宏新宝亮小俊磊玉忠清兴家学元荣福根祥良安松长富贵仁胜利辰祖正义武天"
    "英秀丽芳霞燕玲桂娟艳琴珍兰敏静萍凤琼娜莲娇香月美素慧娥花莉雪丹婷颖洁倩"
    "蓉蕾薇琳莹菊翠爱淑珠彩巧雅佳欣怡梦思雨晴诗涵紫馨语露晶妮惠芬芝仙满细冬";

/* One hanzi, those in front more often: near Zipf's law. */
static void
put_hanzi(struct buf *out, const char *all, uint64_t *seed)
{
	size_t count = strlen(all) / 3;
	double u = (double)(next(seed) % 1000000) / 1e6;
	size_t at = (size_t)((double)count * u * u);

	buf_add(out, all + at * 3, 3);
}

static void
make_person(struct person *p, size_t serial)
{
	uint64_t seed = serial * UINT64_C(0x9E3779B97F4A7C15) + 7;
	struct buf name;

	(void)next(&seed);
	buf_init(&name, NAME_MAX_BYTES);
	put_hanzi(&name, surnames, &seed);
	put_hanzi(&name, given, &seed);
	if (next(&seed) % 100 < 82)
		put_hanzi(&name, given, &seed);
	snprintf(p->name, sizeof p->name, "%s", name.data);
	buf_release(&name);
	/* Regions and telephone ranges that are not assigned. */
	snprintf(p->id_no, sizeof p->id_no, "4398%02d%04d%02d%02d%03d%c",
	    (int)(next(&seed) % 30), 1950 + (int)(next(&seed) % 55),
	    1 + (int)(next(&seed) % 12), 1 + (int)(next(&seed) % 28),
	    (int)(next(&seed) % 1000), "0123456789X"[next(&seed) % 11]);
	snprintf(p->mobile, sizeof p->mobile, "154%08d",
	    (int)(next(&seed) % 100000000));
	snprintf(p->file_no, sizeof p->file_no, "（%d）青石矫字第%06d号",
	    2018 + (int)(next(&seed) % 9), (int)(serial % 1000000));
}

static void
spell(char initials[16], char pinyin[64], const char *name)
{
	uint32_t c[8];
	size_t at = 0, n = 0, len = strlen(name);

	while (at < len && n < 8)
		c[n++] = utf8_next(name, len, &at);
	initials[0] = pinyin[0] = 0;
	for (size_t i = 0; i < n; i++) {
		uint16_t r[PINYIN_READINGS_MAX];

		if (pinyin_name_readings(r, c, n, i) == 0)
			continue;
		snprintf(initials + strlen(initials), 16 - strlen(initials),
		    "%c", pinyin_text(r[0])[0]);
		snprintf(pinyin + strlen(pinyin), 64 - strlen(pinyin), "%s",
		    pinyin_text(r[0]));
	}
}

/* ---- what is typed ---- */

/* What a clerk types to find p, by the kind of memory they have of them. */
static void
typed_for(char out[64], const struct person *p, int kind)
{
	char initials[16], pinyin[64];

	spell(initials, pinyin, p->name);
	switch (kind) {
	case 0: snprintf(out, 64, "%s", initials); break;
	case 1: snprintf(out, 64, "%s", pinyin); break;
	case 2: snprintf(out, 64, "%s", p->name); break;
	case 3: snprintf(out, 64, "%s", p->id_no + 14); break;
	case 4: snprintf(out, 64, "%s", p->mobile + 7); break;
	case 5: snprintf(out, 64, "%.6s", p->id_no); break;
	default: snprintf(out, 64, "%.3s%s", p->name, initials + 1); break;
	}
}

struct figures {
	double *us;
	size_t count;
};

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
print_figures(const char *what, struct figures *f)
{
	if (f->count == 0)
		return;
	qsort(f->us, f->count, sizeof *f->us, compare);
	printf("%s\t%.1f\t%.1f\n", what, f->us[f->count / 2],
	    f->us[f->count * 99 / 100]);
	fflush(stdout);
	f->count = 0;
}

typedef size_t search_fn(void *with, const char *typed);

/* Every key of what is typed for targets of every kind, timed; each program
 * gets the same keys.  Returns the hits, so that nothing is left out. */
static size_t
type_all(struct figures *f, search_fn *search, void *with, size_t persons,
    size_t targets)
{
	size_t hits = 0;

	for (size_t t = 0; t < targets; t++) {
		struct person p;
		char typed[64], part[64] = "";
		size_t at = 0, len;

		make_person(&p, (t * 7919 + 13) % persons);
		typed_for(typed, &p, (int)(t % KINDS));
		len = strlen(typed);
		while (at < len && f->count < KEYS_MAX) {
			double start;

			(void)utf8_next(typed, len, &at);
			memcpy(part, typed, at);
			part[at] = 0;
			start = now_us();
			hits += search(with, part);
			f->us[f->count++] = now_us() - start;
		}
	}
	return hits;
}

/* ---- the three ---- */

static size_t
search_ours(void *with, const char *typed)
{
	struct lookup_hit hit[HITS];
	size_t total = 0;

	return lookup_query(with, typed, NOW_AT, hit, HITS, &total);
}

static size_t
search_sql(void *with, const char *typed)
{
	sqlite3_stmt *st = with;
	char text[80];
	size_t n = 0;

	snprintf(text, sizeof text, "%%%s%%", typed);
	sqlite3_reset(st);
	sqlite3_bind_text(st, 1, text, -1, SQLITE_STATIC);
	while (sqlite3_step(st) == SQLITE_ROW)
		n++;
	return n;
}

static void
sql(sqlite3 *db, const char *text)
{
	char *why = NULL;

	if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK) {
		fprintf(stderr, "lookupbench: %s\n", why);
		exit(1);
	}
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK) {
		fprintf(stderr, "lookupbench: %s\n", sqlite3_errmsg(db));
		exit(1);
	}
	return st;
}

static struct lookup *
fill(size_t persons, sqlite3 *db, FILE *lines)
{
	struct lookup *l = lookup_new();
	sqlite3_stmt *put = prepare(db, "INSERT INTO p(words) VALUES (?)");

	for (size_t i = 0; i < persons; i++) {
		struct person p;
		struct lookup_entry e = { .active = i % 3 != 0 };
		char digits[96], words[256], initials[16], pinyin[64];
		uint64_t serial = i + 1;

		make_person(&p, i);
		snprintf(digits, sizeof digits, "%s\t%s\t%s", p.id_no, p.mobile,
		    p.file_no);
		memcpy(e.id.b + 8, &serial, sizeof serial);
		e.name = p.name;
		e.digits = digits;
		e.own_office = i % 4 == 0;
		e.opened_at = i % 50 == 0 ? NOW_AT - DAY_MS : 0;
		lookup_put(l, &e);
		spell(initials, pinyin, p.name);
		snprintf(words, sizeof words, "%s %s %s %s %s %s", p.name,
		    initials, pinyin, p.id_no, p.mobile, p.file_no);
		fprintf(lines, "%s\n", words);
		sqlite3_reset(put);
		sqlite3_bind_text(put, 1, words, -1, SQLITE_STATIC);
		sqlite3_step(put);
	}
	sqlite3_finalize(put);
	return l;
}

static double
rss_mb(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss / 1024;
}

static void
measure(struct lookup *l, sqlite3 *db, size_t persons)
{
	struct figures f = { .us = mem_alloc(KEYS_MAX, sizeof *f.us) };
	size_t few = persons > 100000 ? 14 : 140, hits = 0;
	sqlite3_stmt *like = prepare(db,
	    "SELECT rowid FROM p WHERE words LIKE ?1");
	/* Trigrams help LIKE from the third character on. */
	sqlite3_stmt *fts = prepare(db,
	    "SELECT rowid FROM f WHERE words LIKE ?1");

	hits += type_all(&f, search_ours, l, persons, 2800);
	print_figures("ours", &f);
	hits += type_all(&f, search_sql, like, persons, few);
	print_figures("like", &f);
	hits += type_all(&f, search_sql, fts, persons, few);
	print_figures("fts5", &f);
	printf("hits\t%zu\t0\n", hits);
	sqlite3_finalize(like);
	sqlite3_finalize(fts);
	free(f.us);
}

int
main(int argc, char **argv)
{
	size_t persons = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	FILE *lines = argc == 3 ? fopen(argv[2], "w") : NULL;
	double start, begin_mb = rss_mb();
	struct lookup *l;
	sqlite3 *db = NULL;

	if (persons == 0 || !lines || sqlite3_open(":memory:", &db)) {
		fprintf(stderr, "usage: lookupbench PERSONS FILE\n");
		return 2;
	}
	sql(db, "CREATE TABLE p(words TEXT); BEGIN");
	start = now_us();
	l = fill(persons, db, lines);
	sql(db, "COMMIT");
	fclose(lines);
	sql(db, "CREATE VIRTUAL TABLE f USING fts5(words, content='p',"
	    " tokenize='trigram')");
	sql(db, "INSERT INTO f(f) VALUES ('rebuild')");
	printf("fill\t%.0f\t%.1f\n", now_us() - start, rss_mb() - begin_mb);
	measure(l, db, persons);
	lookup_free(l);
	sqlite3_close(db);
	return 0;
}
