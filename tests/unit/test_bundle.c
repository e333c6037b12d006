/* test_bundle.c: whole bundles, recorded and made up, into builds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "tar_help.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define RUN "buildstats/20261122125347/"

/* What a test wants to know of the builds it was given. */
struct found {
	struct arena *arena;
	size_t n;
	struct one {
		const char *name, *machine, *distro, *image, *builder, *host;
		const char *target, *commit, *uuid, *tag;
		enum build_status status;
		size_t packages, tasks, failures, series, texts, repairs;
		unsigned disk_flags;
		int64_t started, ended;
		const char *repair;
		unsigned char identity[32], content[32];
	} one[200];
};

static const char *
keep(struct found *f, const char *s)
{
	return arena_strdup(f->arena, s);
}

static enum err
note(void *arg, const struct build *b, struct errinfo *ei)
{
	struct found *f = arg;
	struct one *o = &f->one[f->n++];

	(void)ei;
	assert_true(f->n <= N(f->one));
	*o = (struct one){
	    .name = keep(f, b->name),
	    .machine = keep(f, b->env.machine),
	    .distro = keep(f, b->env.distro),
	    .image = keep(f, b->env.image),
	    .builder = keep(f, b->env.builder),
	    .host = keep(f, b->env.host),
	    .target = keep(f, b->env.ntargets > 0 ? b->env.targets[0] : ""),
	    .commit = keep(f, b->env.commit),
	    .uuid = keep(f, b->env.uuid),
	    .tag = keep(f, b->env.ntags > 0 ? b->env.tags[0] : ""),
	    .status = b->status,
	    .packages = b->npackages,
	    .tasks = b->ntasks,
	    .series = b->nseries,
	    .texts = b->ntexts,
	    .repairs = b->nrepairs,
	    .started = b->started,
	    .ended = b->ended,
	    .repair = keep(f, b->nrepairs > 0 ? b->repairs[0] : ""),
	};
	build_failures(f->arena, b, &o->failures);
	for (size_t i = 0; i < b->nseries; i++)
		if (b->series[i].kind == SERIES_DISK)
			o->disk_flags = b->series[i].flags;
	memcpy(o->identity, b->identity, 32);
	memcpy(o->content, b->content, 32);
	return ERR_OK;
}

static enum err
read_into(struct found *f, const struct buf *tar,
    const struct bundle_limits *limits, struct errinfo *ei)
{
	struct memory_source from = source_of(tar, 4000);

	memset(ei, 0, sizeof(*ei));
	memset(f, 0, sizeof(*f));
	f->arena = arena_new(0);
	return read_bundle(&from, limits, note, f, ei);
}

static void
found_clear(struct found *f)
{
	arena_free(f->arena);
}

/* ---- recordings ---- */

static void
recordings_say_what_they_are(void **state)
{
	static const struct {
		const char *file, *machine, *image, *target;
		enum build_status status;
		size_t packages, tasks, failures, series, texts, repairs;
	} rows[] = {
	    {"tests/data/A1.tar.zst", "qemux86-64", "real-image-minimal",
		"real-image-minimal", BUILD_SUCCEEDED, 24, 344, 0, 10, 1, 1},
	    {"tests/data/A2.tar.zst", "qemux86-64", "real-image-minimal",
		"real-image-minimal", BUILD_SUCCEEDED, 24, 344, 0, 10, 1, 1},
	    {"tests/data/F1.tar.zst", "qemux86-64", "all-real", "all-real",
		BUILD_FAILED, 10, 75, 8, 10, 4, 1},
	    {"tests/data/B1.tar.zst", "qemux86-64", "core-image-minimal",
		"core-image-minimal", BUILD_FAILED, 342, 5427, 2, 10, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf tar = read_source_file(rows[i].file);
		struct errinfo ei;
		struct found f;
		assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
		assert_int_equal(f.n, 1);
		const struct one *o = &f.one[0];
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

	for (size_t i = 0; i < b->ntasks;)
		compare_task(f, b, &i);
	file = find(
	    f, arena_printf(f->arena, "buildstats/%s/build_stats", b->name));
	assert_memory_equal(b->build_stats.p, file->text.p, file->text.n);
	for (size_t i = 0; i < b->ntexts; i++) {
		const struct build_text *t = &b->texts[i];
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

#define STATS                                                                  \
	"Host Info: Linux vm 6.1 #1 SMP x86_64 \n"                             \
	"Build Started: 1795352032.72 \nElapsed time: 10.00 seconds \n"        \
	"CPU usage: 28.9% \n"
#define TASK                                                                   \
	"Event: TaskStarted \nStarted: 1795352033.00 \n"                       \
	"Elapsed time: 1.00 seconds\nutime: 5\nStatus: PASSED \n"              \
	"Ended: 1795352034.00 \n"

struct entry {
	const char *name, *text;
};

static struct buf
make_tar(const struct entry *list, size_t n)
{
	struct buf tar = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		tar_add(&tar, list[i].name, list[i].text);
	tar_end(&tar);
	return tar;
}

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

/* ---- where names and environments come from ---- */

struct origin_row {
	const char *what;
	struct entry files[4];
	const char *name, *machine, *image, *target;
};

static const struct origin_row origin_rows[] = {
    {"layout A below buildstats",
	{{"buildstats/core-image-sato-qemux86-64/201401020304/build_stats",
	     STATS},
	    {"buildstats/core-image-sato-qemux86-64/20140102030405/"
	     "a-1-r0/do_x",
		TASK}},
	"201401020304", "", "", ""},
    {"layout A, its directory tells",
	{{"buildstats/core-image-sato-qemux86-64/20140102030405/build_stats",
	    STATS}},
	"20140102030405", "qemux86-64", "core-image-sato", "core-image-sato"},
    {"layout A, the machine is known",
	{{"x/world-my-board/20140102030405/build_stats", STATS},
	    {"x/build.json", "{\"machine\": \"my-board\"}"}},
	"20140102030405", "my-board", "world", "world"},
    {"a directory of another kind",
	{{"x/my-builds/20140102030405/build_stats", STATS},
	    {"x/my-builds/20140102030405/a-1-r0/do_x", TASK}},
	"20140102030405", "", "", ""},
    {"a run at the top", {{"build_stats", STATS}, {"a-1-r0/do_x", TASK}},
	"20261122125352", "", "", ""},
    {"a run at the top, with a name",
	{{"build_stats", STATS}, {"build.json", "{\"name\": \"nightly\"}"}},
	"nightly", "", "", ""},
    {"build.json of another run",
	{{"20140102030405/build_stats", STATS},
	    {"build.json",
		"{\"name\": \"20200102030405\", \"machine\": \"no\"}"}},
	"20140102030405", "", "", ""},
    {"the nearest build.json",
	{{"a/b/20140102030405/build_stats", STATS},
	    {"build.json", "{\"machine\": \"far\", \"image\": \"i\"}"},
	    {"a/b/build.json", "{\"machine\": \"near\"}"},
	    {"a/c/build.json", "{\"machine\": \"beside\"}"}},
	"20140102030405", "near", "i", ""},
    {"the image recipe among the tasks",
	{{"20140102030405/build_stats", STATS},
	    {"20140102030405/my-image-1.0-r0/do_rootfs", TASK}},
	"20140102030405", "", "my-image", ""},
    {"the rootfs in build_stats",
	{{"20140102030405/build_stats",
	    STATS "Uncompressed Rootfs size: 9M\t/b/work/my_board-x-linux/"
		  "img/1.0/rootfs\n"}},
	"20140102030405", "my-board", "img", ""},
    {"buildhistory",
	{{"20140102030405/build_stats", STATS},
	    {"buildhistory/images/m_b/glibc/img/build-id.txt",
		"m-b: img configured for poky 5\n"}},
	"20140102030405", "m-b", "img", ""},
    {"an error report of another build",
	{{"20140102030405/build_stats", STATS},
	    {"error-report/error_report_20150102030405.txt",
		"{\"machine\": \"no\", \"failures\": []}"}},
	"20140102030405", "", "", ""},
    {"no build_stats, the name is the time",
	{{"x/20140102030405/a-1-r0/do_x", "Status: PASSED\n"}},
	"20140102030405", "", "", ""},
    {"markup and control bytes",
	{{"20140102030405/build_stats", STATS},
	    {"build.json", "{\"machine\": \"<b>&\\u0007\"}"}},
	"20140102030405", "<b>&\xef\xbf\xbd", "", ""},
};

static void
environments_come_from_where_they_can(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(origin_rows); i++) {
		const struct origin_row *row = &origin_rows[i];
		struct errinfo ei;
		struct found f;
		size_t n = 0;
		print_message("           %s\n", row->what);
		while (n < N(row->files) && row->files[n].name != NULL)
			n++;
		struct buf tar = make_tar(row->files, n);
		assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
		assert_string_equal(f.one[0].name, row->name);
		assert_string_equal(f.one[0].machine, row->machine);
		assert_string_equal(f.one[0].image, row->image);
		assert_string_equal(f.one[0].target, row->target);
		found_clear(&f);
		buf_clear(&tar);
	}
}

static void
identities_are_kept_apart(void **state)
{
	static const char uuid[] =
	    "{\"uuid\": \"0192f3d6-0a1b-4c2d-8e3f-001122334455\"}";
	const struct entry rows[][2] = {
	    {{"20140102030405/build_stats", STATS}, {"x", ""}},
	    {{"20140102030406/build_stats", STATS}, {"x", ""}},
	    {{"20140102030405/build_stats",
		 "Host Info: Linux other 6 \n" STATS},
		{"x", ""}},
	    {{"20140102030405/build_stats",
		 "Build Started: 1795352032.73 \n" STATS},
		{"x", ""}},
	    {{"20140102030405/build_stats", STATS}, {"build.json", uuid}},
	};
	struct one seen[N(rows)];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf tar = make_tar(rows[i], 2);
		struct errinfo ei;
		struct found f;
		assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
		seen[i] = f.one[0];
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(
			    seen[i].identity, seen[k].identity, 32);
		found_clear(&f);
		buf_clear(&tar);
	}
}

static void
repairs_are_said(void **state)
{
	static const struct {
		struct entry files[3];
		unsigned flags;
		size_t repairs;
		const char *text;
	} rows[] = {
	    {{{"monitor_disk.log", "1795352033\n/dev/nvme0n1p2: 7\n\n"},
		 {"reduced_proc_net.log", "1795352033\nlo: 0 0 0 0\n\n"},
		 {"reduced_proc_diskstats.log", "1795352033\n1 1 1\n\n"}},
		SERIES_UNIT_REPAIRED | SERIES_NVME_TWICE, 2,
		"Disk throughput was recorded"},
	    {{{"host_stats_interval", "Filesystem /dev/nvnvme0n1\n"},
		 {"reduced_proc_net.log", ""},
		 {"reduced_proc_diskstats.log", "1795352033\n1 1 1\n\n"}},
		SERIES_UNIT_REPAIRED | SERIES_NVME_TWICE, 2,
		"Disk throughput was recorded"},
	    {{{"monitor_disk.log", "1795352033\n/dev/nvme0n1p2: 7\n\n"},
		 {"reduced_proc_diskstats.log", "1795352033\n1 1 1\n\n"}},
		SERIES_UNIT_REPAIRED, 1, "Disk throughput was recorded"},
	    {{{"reduced_proc_diskstats.log", "1795352033\n0.0 0.0 0.0\n\n"}},
		SERIES_NO_DATA, 1, "The disk statistics are all zero"},
	    {{{"reduced_proc_stat.log", "1795352033\n0 0 0\n\n1795"}}, 0, 1,
		"reduced_proc_stat.log: its last sample was cut"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct buf tar = BUF_INIT;
		struct errinfo ei;
		struct found f;
		char name[128];
		tar_add(&tar, RUN "build_stats", STATS);
		for (size_t k = 0; k < 3 && rows[i].files[k].name != NULL;
		     k++) {
			snprintf(name, sizeof(name), RUN "%s",
			    rows[i].files[k].name);
			tar_add(&tar, name, rows[i].files[k].text);
		}
		tar_end(&tar);
		assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
		assert_int_equal(f.one[0].disk_flags, rows[i].flags);
		assert_int_equal(f.one[0].repairs, rows[i].repairs);
		assert_true(
		    slice_starts(slice_of(f.one[0].repair), rows[i].text));
		found_clear(&f);
		buf_clear(&tar);
	}
}

/* ---- what is refused ---- */

static void
bad_bundles_are_refused_with_their_place(void **state)
{
	static const char uuid[] =
	    "{\"uuid\": \"0192f3d6-0a1b-4c2d-8e3f-001122334455\"}";
	const struct {
		struct entry files[3];
		const char *why;
	} rows[] = {
	    {{{"README", "x"}}, "no buildstats in what was sent"},
	    {{{RUN "reduced_proc_stat.log", ""}},
		"no buildstats in what was sent"},
	    {{{"../x/build_stats", STATS}},
		"the name ../x/build_stats has the component '.' or '..'"},
	    {{{"/x/build_stats", STATS}},
		"the name /x/build_stats is absolute"},
	    {{{"a//build_stats", STATS}},
		"the name a//build_stats has an empty component"},
	    {{{RUN "build_stats", "\x7f"
				  "ELF"}},
		"build_stats: no line of it is known"},
	    {{{RUN "a-1-r0/do_x", "\x7f"
				  "ELF\n"}},
		"a-1-r0/do_x is no task file"},
	    {{{RUN "build_stats", STATS}, {RUN "build_stats", STATS}},
		"20261122125347/build_stats comes twice"},
	    {{{RUN "build_stats", STATS}, {RUN "host_stats", "a"},
		 {RUN "host_stats", "a"}},
		"20261122125347/host_stats comes twice"},
	    {{{RUN "build_stats", STATS}, {"a/build.json", "{\"x\": "}},
		"a/build.json: the JSON ends early"},
	    {{{RUN "build_stats", STATS},
		 {RUN "reduced_proc_pressure/io.log", "x\n"}},
		"reduced_proc_pressure/io.log line 1: not a time"},
	    {{{"x/a-1-r0/do_x", "Status: PASSED\n"}},
		"nothing tells when the build in x started"},
	    {{{"a/build_stats", STATS}, {"b/build_stats", STATS},
		 {"build.json", uuid}},
		"build.json: its uuid would name more than one build"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct errinfo ei;
		struct found f;
		size_t n = 0;
		while (n < N(rows[i].files) && rows[i].files[n].name != NULL)
			n++;
		struct buf tar = make_tar(rows[i].files, n);
		enum err e = read_into(&f, &tar, NULL, &ei);
		assert_string_equal(ei.text, rows[i].why);
		assert_int_equal(e, ERR_INPUT);
		found_clear(&f);
		buf_clear(&tar);
	}
}

/* A file that says it is larger than its kind may be. */
static void
large_files_are_refused(void **state)
{
	struct bundle *bu = bundle_new(NULL, note, NULL);
	struct errinfo ei;
	char data[4096] = {0};
	bool want;
	enum err e = ERR_OK;

	(void)state;
	assert_int_equal(bundle_member(bu, SLICE(RUN "build_stats"),
			     (size_t)2 << 20, &want, &ei),
	    ERR_TOO_BIG);
	assert_string_equal(ei.text, RUN "build_stats has more than 1024 KiB");
	/* ... or that lies about it */
	assert_int_equal(
	    bundle_member(bu, SLICE(RUN "a-1-r0/do_x"), 10, &want, &ei),
	    ERR_OK);
	assert_true(want);
	for (int i = 0; i < 1000 && e == ERR_OK; i++)
		e = bundle_data(bu, data, sizeof(data), &ei);
	assert_int_equal(e, ERR_TOO_BIG);
	bundle_free(bu);
}

/* Logs are read by their start and reports without their logs, however long
 * they are. */
static void
companions_may_be_long(void **state)
{
	struct buf tar = BUF_INIT, text = BUF_INIT;
	struct errinfo ei;
	struct found f;

	(void)state;
	tar_add(&tar, RUN "build_stats", STATS);
	buf_adds(&text, "Build Configuration:\nDISTRO = \"d\"\n\n");
	while (text.len < 3 << 20)
		buf_adds(&text, "NOTE: recipe: task do_x: Started\n");
	tar_add(&tar, "console.log", text.data);
	buf_reset(&text);
	buf_adds(&text, "{\"component\": \"img\", \"failures\": [{\"log\": \"");
	while (text.len < 6 << 20)
		buf_adds(&text, "error: \\\"x\\\" undeclared\\n");
	buf_adds(&text, "\"}], \"machine\": \"m\"}");
	tar_add(
	    &tar, "error-report/error_report_20261122125347.txt", text.data);
	tar_end(&tar);
	assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
	assert_string_equal(f.one[0].distro, "d");
	assert_string_equal(f.one[0].machine, "m");
	assert_string_equal(f.one[0].target, "img");
	assert_int_equal(f.one[0].repairs, 0);
	found_clear(&f);
	buf_clear(&text);
	buf_clear(&tar);
}

static void
a_broken_report_is_left_out_visibly(void **state)
{
	static const struct entry files[] = {
	    {RUN "build_stats", STATS},
	    {"error-report/error_report_20261122125347.txt", "{\"machine"},
	};
	struct buf tar = make_tar(files, N(files));
	struct errinfo ei;
	struct found f;

	(void)state;
	assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
	assert_string_equal(f.one[0].repair,
	    "error-report/error_report_20261122125347.txt can't be read and "
	    "was left out");
	found_clear(&f);
	buf_clear(&tar);
}

static void
unfinished_builds_are_incomplete(void **state)
{
	static const struct entry files[] = {
	    {RUN "build_stats", "Build Started: 1795352032.72 \n"
				"Failed at: a-1-r0 at task: do_x \n"},
	    {RUN "a-1-r0/do_x", "Event: TaskStarted\nStatus: FAILED\n"},
	    {RUN "b-1-r0/do_y", "Event: TaskStarted\n"},
	};
	struct buf tar = make_tar(files, N(files));
	struct errinfo ei;
	struct found f;

	(void)state;
	assert_int_equal(read_into(&f, &tar, NULL, &ei), ERR_OK);
	assert_int_equal(f.one[0].status, BUILD_INCOMPLETE);
	assert_int_equal(f.one[0].failures, 1);
	assert_true(f.one[0].ended == TIME_UNKNOWN);
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
	    cmocka_unit_test(environments_come_from_where_they_can),
	    cmocka_unit_test(identities_are_kept_apart),
	    cmocka_unit_test(repairs_are_said),
	    cmocka_unit_test(bad_bundles_are_refused_with_their_place),
	    cmocka_unit_test(large_files_are_refused),
	    cmocka_unit_test(companions_may_be_long),
	    cmocka_unit_test(a_broken_report_is_left_out_visibly),
	    cmocka_unit_test(unfinished_builds_are_incomplete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
