/* test_raw.c: the bytes of uploads that are kept for a while. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "archive/digest.h"
#include "model/raw.h"

static char dir[256];

static int
make_dir(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(dir, sizeof(dir), "%s/raw.XXXXXX", tmp != NULL ? tmp : "/tmp");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

/* Removes the files, and counts them. */
static size_t
empty(bool remove)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	size_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		n++;
		if (remove)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
	return n;
}

static int
remove_dir(void **state)
{
	(void)state;
	empty(true);
	return rmdir(dir);
}

/* Keeps a text and tells its name. */
static void
keep(const char *text, char name[RAW_NAME_MAX])
{
	struct receipt_upload upload;
	struct raw *r = raw_new(dir);

	raw_add(r, text, strlen(text));
	raw_end(r, &upload);
	assert_int_equal(strlen(upload.raw), RAW_NAME_MAX - 1);
	memcpy(name, upload.raw, RAW_NAME_MAX);
	raw_keep(r);
	raw_free(r);
}

static void
what_is_kept_comes_back(void **state)
{
	unsigned char sum[32];
	struct receipt_upload upload;
	struct errinfo ei;
	struct raw *r = raw_new(dir);
	char text[32];
	int fd;

	(void)state;
	raw_add(r, "hello ", 6);
	raw_add(r, "world", 5);
	raw_end(r, &upload);
	digest_of("hello world", 11, sum);
	assert_int_equal(upload.bytes, 11);
	assert_memory_equal(upload.sha256, sum, 32);
	raw_keep(r);
	assert_int_equal(raw_open(dir, upload.raw, &fd, &ei), ERR_OK);
	assert_int_equal(read(fd, text, sizeof(text)), 11);
	assert_memory_equal(text, "hello world", 11);
	close(fd);
	raw_free(r);
	assert_int_equal(empty(true), 1);
}

static void
what_is_not_wanted_goes(void **state)
{
	struct receipt_upload upload;
	struct raw *r = raw_new(dir);

	(void)state;
	raw_add(r, "x", 1);
	raw_free(r);
	assert_int_equal(empty(false), 0);
	r = raw_new(dir);
	raw_add(r, "x", 1);
	raw_end(r, &upload);
	raw_free(r);
	assert_int_equal(empty(false), 0);
}

static void
without_a_directory_bytes_are_counted(void **state)
{
	static const char *const dirs[] = {NULL, "/proc/nowhere/raw"};
	struct receipt_upload upload;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct raw *r = raw_new(dirs[i]);
		raw_add(r, "abc", 3);
		raw_end(r, &upload);
		assert_int_equal(upload.bytes, 3);
		assert_string_equal(upload.raw, "");
		raw_keep(r);
		raw_free(r);
	}
}

static void
only_such_names_are_opened(void **state)
{
	static const char *const names[] = {"", "..", "../x", "/etc/passwd",
	    "0123456789abcdef0123456789abcde",
	    "0123456789ABCDEF0123456789ABCDEF",
	    "0123456789abcdef0123456789abcdef"};
	struct errinfo ei;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(
		    raw_open(dir, names[i], &fd, &ei), ERR_NOT_FOUND);
		assert_int_equal(fd, -1);
	}
}

/* Makes a file in the directory so many days older. */
static void
age(const char *name, int days)
{
	struct timespec times[2] = {{time(NULL) - days * 86400, 0}};
	char path[512];

	times[1] = times[0];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
touch(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs("mine", f);
	fclose(f);
}

static bool
is_there(const char *name)
{
	struct errinfo ei;
	int fd;

	if (raw_open(dir, name, &fd, &ei) != ERR_OK)
		return false;
	close(fd);
	return true;
}

static void
old_ones_go(void **state)
{
	static const char crashed[] = ".new-0123456789abcdef0123456789abcdef";
	char a[RAW_NAME_MAX], b[RAW_NAME_MAX], c[RAW_NAME_MAX];
	struct raw_pruned out;
	struct errinfo ei;

	(void)state;
	keep("aaaa", a);
	keep("bbb", b);
	keep("cc", c);
	touch("another.txt");
	touch(crashed);
	age(a, 31);
	age(b, 3);
	age("another.txt", 99);
	assert_int_equal(raw_prune(dir, 30, 0, &out, &ei), ERR_OK);
	assert_int_equal(out.files, 1);
	assert_int_equal(out.bytes, 4);
	assert_int_equal(out.left, 3 + 2 + 4);
	assert_false(is_there(a));
	assert_true(is_there(b));
	age(crashed, 2);
	assert_int_equal(raw_prune(dir, 30, 2, &out, &ei), ERR_OK);
	assert_int_equal(out.files, 2);
	assert_false(is_there(b));
	assert_true(is_there(c));
	assert_int_equal(empty(true), 2);
	assert_int_equal(
	    raw_prune("/proc/nowhere", 30, 0, NULL, &ei), ERR_INTERNAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_kept_comes_back),
	    cmocka_unit_test(what_is_not_wanted_goes),
	    cmocka_unit_test(without_a_directory_bytes_are_counted),
	    cmocka_unit_test(only_such_names_are_opened),
	    cmocka_unit_test(old_ones_go),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
