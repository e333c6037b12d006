/* test_bundle.c: whole bundles, recorded and made up, into builds. */
#include "archive/zstd.h"
#include "bundle_help.h"

/* ---- recordings ---- */

static void
recordings_say_what_they_are(void **state)
{
	static const struct {
		const char *file, *machine, *image, *target;
		enum build_status status;
		size_t packages, tasks, failures, series, texts, repairs;
		size_t builds, told, logs;
	} rows[] = {
	    {"tests/data/A1.tar.zst", "qemux86-64", "real-image-minimal",
		"real-image-minimal", BUILD_SUCCEEDED, 24, 344, 0, 10, 2, 1, 1,
		0, 0},
	    {"tests/data/A2.tar.zst", "qemux86-64", "real-image-minimal",
		"real-image-minimal", BUILD_SUCCEEDED, 24, 344, 0, 10, 2, 1, 1,
		0, 0},
	    {"tests/data/F1.tar.zst", "qemux86-64", "all-real", "all-real",
		BUILD_FAILED, 10, 75, 8, 10, 5, 1, 3, 8, 8},
	    {"tests/data/B1.tar.zst", "qemux86-64", "core-image-minimal",
		"core-image-minimal", BUILD_FAILED, 342, 5427, 2, 10, 1, 1, 1,
		2, 2},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf tar = read_source_file(rows[i].file);
		struct errinfo ei;
		struct found f;
		assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
		assert_int_equal(f.n, rows[i].builds);
		const struct one *o = &f.one[0];
		assert_int_equal(o->told, rows[i].told);
		assert_int_equal(o->logs, rows[i].logs);
		assert_int_equal(o->reports, 1);
		assert_string_equal(o->machine, rows[i].machine);
		assert_string_equal(o->distro, "nodistro");
		assert_string_equal(o->image, rows[i].image);
		assert_string_equal(o->target, rows[i].target);
		assert_string_equal(o->builder, "vm");
		assert_string_equal(
		    o->commit, "35a2c6ed7987763dadbe45ad86095e1aee1c7314");
		assert_int_equal(o->status, rows[i].status);
		assert_int_equal(o->packages, rows[i].packages);
		assert_int_equal(o->tasks, rows[i].tasks);
		assert_int_equal(o->failures, rows[i].failures);
		assert_int_equal(o->series, rows[i].series);
		assert_int_equal(o->texts, rows[i].texts);
		assert_int_equal(o->repairs, rows[i].repairs);
		assert_int_equal(o->disk_flags, SERIES_UNIT_REPAIRED);
		found_clear(&f);
		buf_clear(&tar);
	}
}

/* Every file of a recording, to compare with what is written again. */
struct files {
	struct arena *arena;
	size_t n;
	struct file {
		const char *path;
		struct slice text;
	} list[8000];
	size_t compared;
};

static int
by_path(const void *x, const void *y)
{
	return strcmp(
	    ((const struct file *)x)->path, ((const struct file *)y)->path);
}

static enum err
collect(void *arg, struct slice path, struct slice text, struct errinfo *ei)
{
	struct files *f = arg;

	(void)ei;
	assert_true(f->n < N(f->list));
	f->list[f->n++] = (struct file){
	    arena_strndup(f->arena, path.p, path.n),
	    {arena_strndup(f->arena, text.p, text.n), text.n},
	};
	return ERR_OK;
}

static const struct file *
find(const struct files *f, const char *path)
{
	struct file key = {.path = path};

	return bsearch(&key, f->list, f->n, sizeof(f->list[0]), by_path);
}

static void
compare_task(struct files *f, const struct build *b, size_t *i)
{
	const struct task *t = &b->tasks[*i], *u;
	struct buf text = BUF_INIT;
	const struct file *file =
	    find(f, arena_printf(f->arena, "buildstats/%s/%s/%s", b->name,
			b->packages[t->package].pf, b->task_names[t->name]));

	assert_non_null(file);
	do {
		task_text(&text, b, &b->tasks[(*i)++]);
		u = &b->tasks[*i];
	} while (
	    *i < b->ntasks && u->package == t->package && u->name == t->name);
	assert_int_equal(text.len, file->text.n);
	assert_memory_equal(text.data, file->text.p, text.len);
	buf_clear(&text);
	f->compared++;
}

static enum err
compare(void *arg, const struct build *b, struct errinfo *ei)
{
	struct files *f = arg;
	struct slice text;
	const struct file *file;

	if (b->ntasks == 0)
		return ERR_OK; /* of an error report */
	for (size_t i = 0; i < b->ntasks;)
		compare_task(f, b, &i);
	file = find(
	    f, arena_printf(f->arena, "buildstats/%s/build_stats", b->name));
	assert_memory_equal(b->build_stats.p, file->text.p, file->text.n);
	for (size_t i = 0; i < b->ntexts; i++) {
		const struct build_text *t = &b->texts[i];
		if (strstr(t->name, ".conf") != NULL)
			continue; /* of an error report */
		file = find(f, arena_printf(f->arena, "buildstats/%s/%s",
				   b->name, t->name));
		assert_int_equal(
		    zstd_unpack(f->arena, t->zstd, (size_t)t->size, &text, ei),
		    ERR_OK);
		assert_int_equal(text.n, file->text.n);
		assert_memory_equal(text.p, file->text.p, text.n);
	}
	return ERR_OK;
}

static void
recordings_are_written_again_byte_for_byte(void **state)
{
	static const struct {
		const char *file;
		size_t files;
	} rows[] = {
	    {"tests/data/A1.tar.zst", 344},
	    {"tests/data/A2.tar.zst", 344},
	    {"tests/data/F1.tar.zst", 75},
	    {"tests/data/B1.tar.zst", 5427},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf tar = read_source_file(rows[i].file);
		struct files *f = calloc(1, sizeof(*f));
		struct memory_source from = source_of(&tar, 65536);
		struct errinfo ei;
		assert_non_null(f);
		f->arena = arena_new(0);
		assert_int_equal(each_member(&from, collect, f, &ei), ERR_OK);
		qsort(f->list, f->n, sizeof(f->list[0]), by_path);
		from = source_of(&tar, 65536);
		assert_int_equal(
		    read_bundle(&from, NULL, compare, f, &ei), ERR_OK);
		assert_int_equal(f->compared, rows[i].files);
		arena_free(f->arena);
		free(f);
		buf_clear(&tar);
	}
}

/* ---- made-up bundles ---- */

static const struct entry mixed[] = {
    {RUN "zlib-1-r0/do_fetch", TASK},
    {RUN "zlib-1-r0/do_compile", TASK},
    {RUN "abc-2-r0/do_fetch", TASK "noise\n"},
    {RUN "build_stats", STATS},
    {RUN "reduced_proc_stat.log", "1795352033\n0.5 0.25 0.0\n\n"},
    {RUN "reduced_proc_pressure/cpu.log", "1795352033\n1.0 2.0 3.0 4\n\n"},
    {RUN "reduced_proc_pressure/memory.log", ""},
    {RUN "host_stats_interval", "Event Time: 1\nuptime\n"},
    {RUN "host_stats_do_x_failure", "Event Time: 2\nuptime\n"},
    {"console.log",
	"Build Configuration:\nMACHINE = \"m\"\nDISTRO = \"d\"\n\n"},
    {"error-report/error_report_20261122125347.txt",
	"{\"machine\": \"no\", \"component\": \"img\", \"failures\": []}"},
    {"build.json", "{\"builder\": \"birch\", \"tags\": [\"t\"]}"},
    {"buildstats/toasterstatlist", "x"},
    {RUN "proc_stat.log", "garbage"},
};

/* Whatever order the members come in, the build is the same. */
static void
the_order_of_members_does_not_matter(void **state)
{
	struct entry list[N(mixed)];
	struct one first = {0};
	struct errinfo ei;
	struct found f;

	(void)state;
	memcpy(list, mixed, sizeof(list));
	for (unsigned round = 0; round < 40; round++) {
		for (size_t i = N(list); i-- > 1;) {
			size_t k = (round * 2654435761u >> (i % 20)) % (i + 1);
			struct entry t = list[i];
			list[i] = list[k];
			list[k] = t;
		}
		struct buf tar = make_tar(list, N(list));
		assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
		assert_int_equal(f.n, 1);
		const struct one *o = &f.one[0];
		assert_string_equal(o->machine, "m");
		assert_string_equal(o->distro, "d");
		assert_string_equal(o->builder, "birch");
		assert_string_equal(o->target, "img");
		assert_string_equal(o->tag, "t");
		assert_int_equal(o->series, 2);
		assert_int_equal(o->texts, 2);
		assert_int_equal(o->packages, 2);
		if (round == 0)
			first = *o;
		assert_memory_equal(o->identity, first.identity, 32);
		assert_memory_equal(o->content, first.content, 32);
		found_clear(&f);
		buf_clear(&tar);
	}
}

static void
content_changes_with_every_file(void **state)
{
	struct entry list[11];
	struct one first = {0};
	struct errinfo ei;
	struct found f;

	(void)state;
	for (size_t skip = 0; skip <= N(list); skip++) {
		size_t n = 0;
		for (size_t i = 0; i < N(list); i++)
			if (i + 1 != skip && i != 6)
				list[n++] = mixed[i];
		if (skip == 7 || skip == 4 || skip == 11)
			continue; /* an empty log; what gives the name */
		struct buf tar = make_tar(list, n);
		assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
		if (skip == 0)
			first = f.one[0];
		else
			assert_memory_not_equal(
			    f.one[0].content, first.content, 32);
		assert_memory_equal(f.one[0].identity, first.identity, 32);
		found_clear(&f);
		buf_clear(&tar);
	}
}

static void
one_tar_holds_any_number_of_runs(void **state)
{
	struct buf tar = BUF_INIT;
	struct errinfo ei;
	struct found f;
	char name[128];

	(void)state;
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < 100; i++) {
			snprintf(name, sizeof(name), "h%d/202611221253%02d/%s",
			    i / 60, i % 60,
			    pass == 0 ? "a-1-r0/do_x" : "build_stats");
			tar_add(&tar, name, pass == 0 ? TASK : STATS);
		}
	}
	tar_end(&tar);
	assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
	assert_int_equal(f.n, 100);
	for (size_t i = 0; i < f.n; i++) {
		snprintf(name, sizeof(name), "202611221253%02zu", i % 60);
		assert_string_equal(f.one[i].name, name);
		assert_int_equal(f.one[i].status, BUILD_SUCCEEDED);
	}
	found_clear(&f);
	buf_clear(&tar);
}

/* Runs are handed out early when they take too much together; files that
 * come after that are noticed. */
static void
pending_runs_keep_to_the_memory_limit(void **state)
{
	struct bundle_limits limits = bundle_limits_default;
	struct buf tar = BUF_INIT;
	struct errinfo ei;
	struct found f;
	char name[128];

	(void)state;
	limits.pending_bytes = 1 << 20;
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "202611221253%02d/build_stats", i);
		tar_add(&tar, name, STATS);
	}
	struct buf spread = BUF_INIT;
	buf_add(&spread, tar.data, tar.len);
	tar_add(&spread, "20261122125300/a-1-r0/do_x", TASK);
	tar_end(&tar);
	tar_end(&spread);
	assert_int_equal(read_into(&f, &tar, &limits, &ei), ERR_OK);
	assert_int_equal(f.n, 60);
	found_clear(&f);
	assert_int_equal(read_into(&f, &spread, &limits, &ei), ERR_INPUT);
	assert_string_equal(ei.text,
	    "the files of 20261122125300 are spread over the tar: they should "
	    "follow one another");
	found_clear(&f);
	buf_clear(&tar);
	buf_clear(&spread);
}

static void
a_run_that_is_too_large_is_refused(void **state)
{
	struct bundle_limits limits = bundle_limits_default;
	struct buf tar = BUF_INIT;
	struct errinfo ei;
	struct found f;
	char name[128];

	(void)state;
	limits.pending_bytes = 1 << 20;
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), RUN "a-%d-r0/do_x", i);
		tar_add(&tar, name, TASK);
	}
	tar_end(&tar);
	assert_int_equal(read_into(&f, &tar, &limits, &ei), ERR_TOO_BIG);
	assert_int_equal(f.n, 0);
	found_clear(&f);
	limits = bundle_limits_default;
	limits.tasks = 100;
	assert_int_equal(read_into(&f, &tar, &limits, &ei), ERR_TOO_BIG);
	found_clear(&f);
	buf_clear(&tar);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(recordings_say_what_they_are),
	    cmocka_unit_test(recordings_are_written_again_byte_for_byte),
	    cmocka_unit_test(the_order_of_members_does_not_matter),
	    cmocka_unit_test(content_changes_with_every_file),
	    cmocka_unit_test(one_tar_holds_any_number_of_runs),
	    cmocka_unit_test(pending_runs_keep_to_the_memory_limit),
	    cmocka_unit_test(a_run_that_is_too_large_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
