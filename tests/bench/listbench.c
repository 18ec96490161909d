/*
 * What a key costs in a long list: N made-up correction subjects (and as many
 * persons) in memory, asked as the list screen asks.
 *
 *   listbench N HOME	a cache is made there
 *
 * Beside the floor of the same run: qsort of the same keys, which are pointers
 * to the texts, by strcmp.  Prints lines "what<TAB>first<TAB>again<TAB>rows": milliseconds of
 * processor time, asked for the first time and the median of five; after a change
 * the most and the median.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "base/date.h"
#include "base/mem.h"
#include "core/builtin.h"
#include "core/pinyin.h"
#include "core/record.h"
#include "core/schema.h"
#include "store/inside.h"
#include "store/overview.h"

enum { ROUNDS = 5 };

static double
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
must(enum status s, const struct err *err)
{
	if (s) {
		fprintf(stderr, "listbench: %s\n", err->msg);
		exit(1);
	}
}

/* ---- rows, the same on every run ---- */

static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static void
put_hanzi(struct buf *out, const char *all, unsigned n)
{
	buf_add(out, all + n % (unsigned)(strlen(all) / 3) * 3, 3);
}

static void
put_row(struct store *s, const struct schema_register *reg, struct record *r)
{
	struct overview *o = NULL;
	struct err err = ERR_INIT;
	struct buf text;

	r->id = uuid_new();
	snprintf(r->reg, sizeof r->reg, "%s", reg->name);
	snprintf(r->office, sizeof r->office, "990101001");
	buf_init(&text, BUF_LINE_MAX * 4);
	overview_print(&text, reg, r);
	must(overview_parse(&o, s, text.data, text.len, &err), &err);
	o->id = r->id;
	overview_put(s, o);
	buf_release(&text);
}

static void
put_pair(struct store *s, const struct schema_register *person,
	const struct schema_register *subject, unsigned *seed)
{
	static const char surnames[] = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许"
		"何吕张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马苗方俞任袁柳";
	static const char given[] = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平"
		"刚桂辉玲华建文斌波飞红梅兰云龙金凤燕林海江玉新春志国福生成宏";
	static const char *const villages[] = { "红旗村", "和平社区", "光明社区",
		"东村", "西村", "上河村", "前进村", "南沟村" };
	struct record r = {0};
	char text[UUID_TEXT_MAX];
	struct buf name;

	buf_init(&name, BUF_LINE_MAX);
	put_hanzi(&name, surnames, next(seed));
	put_hanzi(&name, given, next(seed));
	put_hanzi(&name, given, next(seed));
	values_set(&r.values, "name", name.data);
	buf_clear(&name);
	pinyin_initials(&name, values_get(&r.values, "name"));
	values_set(&r.values, "name_py", name.data);
	put_row(s, person, &r);
	uuid_print(text, &r.id);
	record_release(&r);
	r = (struct record){0};
	values_set(&r.values, "person_id", text);
	values_set(&r.values, "category", next(seed) % 2 ? "02" : "03");
	values_set(&r.values, "village", villages[next(seed) % 8]);
	values_set(&r.values, "case_officer", "陈志强");
	date_print(text, 20500 + (int)(next(seed) % 1500));
	values_set(&r.values, "term_to", text);
	snprintf(r.state, sizeof r.state, next(seed) % 3 ? "active" : "draft");
	put_row(s, subject, &r);
	record_release(&r);
	buf_release(&name);
}

/* ---- measuring ---- */

static int
by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
query(const char *what, struct store *s, struct overview_query q)
{
	double ms[ROUNDS], first = 0;
	size_t count = 0;

	q.today = 20779;
	q.user = "陈志强";
	for (int i = 0; i < ROUNDS; i++) {
		double began = cpu_ms();
		struct uuid *ids = NULL;

		overview_query(&ids, &count, s, &q);
		ms[i] = cpu_ms() - began;
		free(ids);
		first = i == 0 ? ms[0] : first;
	}
	qsort(ms, ROUNDS, sizeof *ms, by_number);
	printf("%s\t%.1f\t%.1f\t%zu\n", what, first, ms[ROUNDS / 2], count);
}

/* The same after somebody was entered, each time. */
static void
query_changed(const char *what, struct store *s, unsigned *seed,
	struct overview_query q)
{
	double ms[ROUNDS];
	size_t count = 0;

	q.today = 20779;
	q.user = "陈志强";
	for (int i = 0; i < ROUNDS; i++) {
		struct uuid *ids = NULL;
		double began;

		put_pair(s, schema_register_find(store_schema(s), "person"),
			q.reg, seed);
		began = cpu_ms();
		overview_query(&ids, &count, s, &q);
		ms[i] = cpu_ms() - began;
		free(ids);
	}
	qsort(ms, ROUNDS, sizeof *ms, by_number);
	printf("%s\t%.1f\t%.1f\t%zu\n", what, ms[ROUNDS - 1],
		ms[ROUNDS / 2], count);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
floor_sort(struct store *s, const struct schema_register *reg,
	const char *path)
{
	double ms[ROUNDS];
	size_t n = 0;
	const char **texts = mem_alloc(overview_count(s), sizeof *texts);

	for (int i = 0; i < ROUNDS; i++) {
		double began;

		n = 0;
		for (size_t k = 0; k < overview_count(s); k++)
			if (overview_at(s, k)->reg == reg)
				texts[n++] = overview_path(s,
					overview_at(s, k), path);
		began = cpu_ms();
		qsort(texts, n, sizeof *texts, by_text);
		ms[i] = cpu_ms() - began;
	}
	qsort(ms, ROUNDS, sizeof *ms, by_number);
	printf("floor: qsort of the dates\t%.1f\t%.1f\t%zu\n", ms[0],
		ms[ROUNDS / 2], n);
	free(texts);
}

int
main(int argc, char **argv)
{
	long count = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
	struct complaints complaints = {0};
	struct schema *schema = NULL;
	const struct schema_register *subject;
	struct store *s = NULL;
	struct err err = ERR_INIT;
	unsigned seed = 7;

	if (count < 1) {
		fprintf(stderr, "usage: listbench N HOME\n");
		return 2;
	}
	crypto_init();
	must(schema_load(&schema, builtin_files, builtin_count, &complaints,
		&err), &err);
	must(store_open(&s, argv[2], true, schema, &err), &err);
	subject = schema_register_find(schema, "correction_subject");
	for (long i = 0; i < count; i++)
		put_pair(s, schema_register_find(schema, "person"), subject,
			&seed);
	while (overview_warm(s))	/* as a screen does while it waits */
		continue;
	floor_sort(s, subject, "term_to");
	query("open the list", s, (struct overview_query){ .reg = subject });
	query("sort by a date", s, (struct overview_query){ .reg = subject,
		.sort = "term_to" });
	query("sort by a village", s, (struct overview_query){ .reg = subject,
		.sort = "-village" });
	query("a filter", s, (struct overview_query){ .reg = subject,
		.where = &subject->filters[0].where });
	query("find z", s, (struct overview_query){ .reg = subject,
		.typed = "z" });
	query_changed("a change, the list", s, &seed,
		(struct overview_query){ .reg = subject });
	query_changed("a change, by a date", s, &seed,
		(struct overview_query){ .reg = subject, .sort = "term_to" });
	query_changed("a change, find z", s, &seed,
		(struct overview_query){ .reg = subject, .typed = "z" });
	query("find zw", s, (struct overview_query){ .reg = subject,
		.typed = "zw" });
	query("find zhaowei", s, (struct overview_query){ .reg = subject,
		.typed = "zhaowei" });
	query("find hongqi", s, (struct overview_query){ .reg = subject,
		.typed = "hongqi" });
	store_close(s);
	schema_free(schema);
	return 0;
}
