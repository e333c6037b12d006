/* test_bundle_input.c: what a bundle tells of its builds, and what is refused.
 */
#include "bundle_help.h"

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
