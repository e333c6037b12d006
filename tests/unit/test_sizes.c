/* test_sizes.c: buildhistory read, packed, and compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/build.h"
#include "model/history_file.h"
#include "model/history_path.h"
#include "model/size_diff.h"

static struct arena *a;
static struct errinfo ei;

static int
set_up(void **state)
{
	(void)state;
	a = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void
assert_slice(struct slice s, const char *want)
{
	assert_string_equal(arena_strndup(a, s.p, s.n), want);
}

/* ---- paths ---- */

static void
check_path(const char *path, enum history_file file, const char *dir)
{
	struct history_at at;

	assert_true(history_path(slice_of(path), &at));
	assert_int_equal(at.file, file);
	assert_slice(at.dir, dir);
}

static void
test_paths(void **state)
{
	struct history_at at;

	(void)state;
	check_path(
	    "x/buildhistory/packages/arch/zlib/latest", HISTORY_RECIPE, "x");
	check_path("buildhistory/packages/arch/zlib/zlib-dev/latest",
	    HISTORY_PACKAGE, "");
	check_path("bh/packages/arch/zlib/zlib/files-in-package.txt",
	    HISTORY_PACKAGE_FILES, "bh");
	check_path("images/m/glibc/core/image-info.txt", HISTORY_IMAGE, "");
	check_path("buildhistory/metadata-revs", HISTORY_REVS, "");
	check_path("tmp/buildhistory/commit", HISTORY_COMMIT, "tmp");
	check_path("buildhistory/sdk/x/y", HISTORY_OTHER, "");
	check_path("b/buildstats/20261122/elf-sizes", HISTORY_ELF,
	    "b/buildstats/20261122");
	assert_false(history_path(SLICE("x/zlib-1.2-r0/latest"), &at));
	assert_false(history_path(SLICE("commit"), &at));
	assert_true(history_path(
	    SLICE("buildhistory/packages/arch/zlib/zlib-dev/latest"), &at));
	assert_slice(at.part[0], "arch");
	assert_slice(at.part[1], "zlib");
	assert_slice(at.part[2], "zlib-dev");
}

/* ---- files ---- */

static void
test_latest(void **state)
{
	struct history_latest l;

	(void)state;
	history_latest_read(a,
	    SLICE("PE = 1\nPV = 6.4\nPR = r0\nRDEPENDS = a (>= 1)\n"
		  "PKGSIZE = 125444\nFILELIST = /a=b\n"),
	    &l);
	assert_string_equal(l.version, "1_6.4-r0");
	assert_int_equal(l.bytes, 125444);
	history_latest_read(a,
	    SLICE("PV = \"1.0\"\nPR = \"r0\"\nPKGV = 1.0+git\nPKGSIZE = -4\n"),
	    &l);
	assert_string_equal(l.version, "1.0+git-r0");
	assert_int_equal(l.bytes, -1);
	history_latest_read(a, SLICE(""), &l);
	assert_string_equal(l.version, "");
}

static void
test_images(void **state)
{
	struct slice text =
	    SLICE("208\tKiB\tbusybox\n12\tKiB base-files\nbroken\n");
	struct slice info = SLICE("libc6 glibc glibc 2.40 1200\n");
	struct slice name, version;
	int64_t bytes;

	(void)state;
	assert_int_equal(
	    history_image_size(SLICE("DISTRO = x\nIMAGESIZE = 14336\n")),
	    14336 * 1024);
	assert_int_equal(history_image_size(SLICE("IMAGESIZE = much\n")), -1);
	assert_true(history_installed_size(&text, &name, &bytes));
	assert_slice(name, "busybox");
	assert_int_equal(bytes, 208 * 1024);
	assert_true(history_installed_size(&text, &name, &bytes));
	assert_slice(name, "base-files");
	assert_true(history_installed_size(&text, &name, &bytes));
	assert_int_equal(name.n, 0);
	assert_false(history_installed_size(&text, &name, &bytes));
	assert_true(history_installed_info(&info, &name, &version));
	assert_slice(name, "libc6");
	assert_slice(version, "2.40");
}

static void
test_commit(void **state)
{
	struct history_commit c;

	(void)state;
	history_commit_read(a,
	    SLICE("tree 4b82\nauthor b <b@x> 1795350000 +0000\n"
		  "committer b <b@x> 1795353100 +0100\n\n"
		  "No changes: Build 20261122121032 of poky 5.1 (a of b) for "
		  "machine qemux86-64 on vm.local\n\ncmd: bitbake x\n\n"
		  "result: failed (interrupted)\n"),
	    &c);
	assert_string_equal(c.name, "20261122121032");
	assert_string_equal(c.distro, "poky");
	assert_string_equal(c.machine, "qemux86-64");
	assert_string_equal(c.host, "vm.local");
	assert_int_equal(c.time, INT64_C(1795353100000000));
	assert_int_equal(c.succeeded, 0);
	history_commit_read(a, SLICE("Initial commit\n"), &c);
	assert_string_equal(c.name, "");
	assert_int_equal(c.succeeded, -1);
	history_commit_read(a,
	    SLICE("Build 2026 of d 1 for machine m on h\n\n"
		  "result: succeeded\n"),
	    &c);
	assert_string_equal(c.name, "2026");
	assert_int_equal(c.succeeded, 1);
}

static void
test_elf(void **state)
{
	struct elf_line e;

	(void)state;
	assert_true(elf_line_read(SLICE("lua /usr/bin/a b .text 7"), &e));
	assert_slice(e.package, "lua");
	assert_slice(e.path, "/usr/bin/a b");
	assert_slice(e.section, ".text");
	assert_int_equal(e.bytes, 7);
	assert_false(elf_line_read(SLICE("lua .text 7"), &e));
	assert_false(elf_line_read(SLICE("lua /a .text -7"), &e));
	assert_false(elf_line_read(SLICE(""), &e));
}

static void
test_list(void **state)
{
	struct buf packed = BUF_INIT;
	struct file_list list, back;
	size_t broken;
	uint64_t sum = 0;

	(void)state;
	file_list_read(a,
	    SLICE("drwxr-xr-x root       root             4096 ./usr\n"
		  "-rwxr-xr-x root       root            89808 ./usr/gzip\n"
		  "-rw-r--r-- 1000       1000                5 ./a b -> c\n"
		  "lrwxrwxrwx root       root                7 ./bin -> x\n"
		  "crw------- root       root       ./dev/null\n"
		  "-rwxr-xr-x root       root            89808 ./usr/gzip\n"
		  "-rwxr-xr-x root       root            many ./usr/x\n"
		  "total 12\n"),
	    &list, &broken);
	assert_int_equal(list.n, 5);
	assert_int_equal(broken, 2);
	file_list_pack(&packed, &list, &sum);
	assert_int_equal(sum, 89808 + 5);
	assert_int_equal(
	    file_list_unpack(
		a, (struct slice){packed.data, packed.len}, 4, &back, &ei),
	    ERR_OK);
	assert_slice(back.file[0].path, "/a b -> c");
	assert_slice(back.file[1].path, "/bin");
	assert_slice(back.file[2].path, "/dev/null");
	assert_int_equal(back.file[2].type, 'c');
	assert_slice(back.file[3].path, "/usr/gzip");
	assert_int_equal(back.file[3].size, 89808);
	assert_int_equal(
	    file_list_unpack(
		a, (struct slice){packed.data, packed.len / 2}, 4, &back, &ei),
	    ERR_INTERNAL);
	assert_int_equal(
	    file_list_unpack(a, SLICE(""), SIZE_MAX, &back, &ei), ERR_INTERNAL);
	buf_clear(&packed);
}

/* ---- units ---- */

/* A package with files "PATH SIZE ...". */
static struct size_part
part(const char *name, int64_t bytes, size_t n, const char *const *path,
    const uint64_t *size)
{
	struct file_list list = {n, arena_calloc(a, n + 1, sizeof(*list.file))};
	struct buf packed = BUF_INIT;
	struct size_part p = {
	    .name = name, .version = "1-r0", .bytes = bytes, .nfiles = n};

	for (size_t i = 0; i < n; i++)
		list.file[i] =
		    (struct listed_file){slice_of(path[i]), size[i], '-'};
	file_list_pack(&packed, &list, NULL);
	p.files = (struct slice){
	    arena_strndup(
		a, packed.data != NULL ? packed.data : "", packed.len),
	    packed.len};
	buf_clear(&packed);
	return p;
}

static struct size_unit
unit(enum size_kind kind, const char *name, size_t n,
    const struct size_part *parts)
{
	struct size_unit u = {.kind = kind,
	    .name = name,
	    .recipe = "r",
	    .bytes = -1,
	    .nparts = n};

	u.part = arena_calloc(a, n + 1, sizeof(*parts));
	memcpy(u.part, parts, n * sizeof(*parts));
	size_unit_pack(a, &u);
	return u;
}

static void
test_unit(void **state)
{
	const char *const path[] = {"/b", "/a"};
	const uint64_t size[] = {5, 7};
	struct size_part parts[] = {
	    part("zlib", 12, 2, path, size), part("lua", -1, 0, NULL, NULL)};
	struct size_unit u = unit(SIZE_RECIPE, "arch/r", 2, parts), back = u;
	struct file_list list;

	(void)state;
	assert_int_equal(size_unit_unpack(a, &back, &ei), ERR_OK);
	assert_int_equal(back.nparts, 2);
	assert_string_equal(back.part[0].name, "lua");
	assert_int_equal(back.part[0].bytes, -1);
	assert_int_equal(size_part_find(&back, "zlib")->bytes, 12);
	assert_null(size_part_find(&back, "nothing"));
	assert_int_equal(
	    size_part_files(a, size_part_find(&back, "zlib"), &list, &ei),
	    ERR_OK);
	assert_slice(list.file[0].path, "/a");
	u.name = "arch/s";
	size_unit_pack(a, &u);
	assert_memory_not_equal(u.sha256, back.sha256, 32);
	back.data.n--;
	assert_int_equal(size_unit_unpack(a, &back, &ei), ERR_INTERNAL);
}

/* ---- differences ---- */

static void
test_diff(void **state)
{
	const char *const path[] = {"/a", "/b", "/c"};
	const uint64_t old[] = {100, 50, 1}, new[] = {160, 50, 1};
	const char *const other[] = {"/a", "/b", "/d"};
	struct size_part before[] = {part("lua", 1000, 3, path, old),
	    part("gone", 10, 1, path, old), part("same", 1000, 0, NULL, NULL),
	    part("little", 1000, 0, NULL, NULL)};
	struct size_part after[] = {part("lua", 1060, 3, other, new),
	    part("new", 70, 1, path, old), part("same", 1000, 0, NULL, NULL),
	    part("little", 1010, 0, NULL, NULL)};
	struct size_unit x = unit(SIZE_RECIPE, "arch/r", 4, before);
	/* Another machine's packages are compared all the same. */
	struct size_unit y = unit(SIZE_RECIPE, "other/r", 4, after);
	struct sizes s = {1, &x}, t = {1, &y};
	const struct size_diff_options o = {0.01, 2};
	struct size_diff d;
	const struct size_change *c;

	(void)state;
	assert_int_equal(size_diff_make(a, &s, &t, &o, &d, &ei), ERR_OK);
	assert_int_equal(d.packages.n, 3);
	c = &d.packages.change[0];
	assert_string_equal(c->name, "new");
	assert_int_equal(c->before, SIZE_ABSENT);
	c = &d.packages.change[1];
	assert_string_equal(c->name, "lua");
	assert_int_equal(size_change_bytes(c), 60);
	assert_int_equal(c->nfiles, 3);
	assert_int_equal(c->nlisted, 2);
	assert_string_equal(c->file[0].name, "/a");
	assert_string_equal(c->file[1].name, "/c");
	assert_int_equal(c->file[1].after, SIZE_ABSENT);
	c = &d.packages.change[2];
	assert_string_equal(c->name, "gone");
	assert_int_equal(size_change_bytes(c), -10);
	assert_int_equal(d.images.n + d.sections.n, 0);
}

static void
test_diff_of_sections(void **state)
{
	const char *const name[] = {".text", ".data"};
	const uint64_t old[] = {1000, 100}, new[] = {1009, 102};
	struct size_part before[] = {part("/a", 1100, 2, name, old)};
	struct size_part after[] = {part("/a", 1111, 2, name, new)};
	struct size_unit x = unit(SIZE_ELF, "zlib", 1, before);
	struct size_unit y = unit(SIZE_ELF, "zlib", 1, after);
	struct sizes s = {1, &x}, t = {1, &y};
	const struct size_diff_options o = {0.01, 10};
	struct size_diff d;

	(void)state;
	assert_int_equal(size_diff_make(a, &s, &t, &o, &d, &ei), ERR_OK);
	assert_int_equal(d.sections.n, 1);
	assert_string_equal(d.sections.change[0].section, ".data");
	assert_string_equal(d.sections.change[0].name, "/a");
	assert_string_equal(d.sections.change[0].of, "zlib");
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_paths),
	    T(test_latest),
	    T(test_images),
	    T(test_commit),
	    T(test_elf),
	    T(test_list),
	    T(test_unit),
	    T(test_diff),
	    T(test_diff_of_sections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
