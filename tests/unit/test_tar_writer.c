/* test_tar_writer.c: what the writer writes the reader reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/tar_reader.h"
#include "archive/tar_writer.h"
#include "base/arena.h"

static int
temp_file(void)
{
	char name[] = "/tmp/test_tar_writer.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	return fd;
}

static long
from_fd(void *arg, void *into, size_t n, struct errinfo *ei)
{
	(void)ei;
	return read(*(int *)arg, into, n);
}

static void
add(struct tar_writer *t, const char *path, const char *data, size_t n)
{
	struct errinfo ei;

	assert_int_equal(tar_writer_member(t, path, n, &ei), ERR_OK);
	for (size_t at = 0; at < n; at += 700) {
		size_t piece = n - at < 700 ? n - at : 700;
		assert_int_equal(
		    tar_writer_data(t, data + at, piece, &ei), ERR_OK);
	}
}

static void
expect(struct tar_reader *r, const char *path, const char *data, size_t n)
{
	struct slice got, piece;
	struct errinfo ei;
	uint64_t size;
	size_t at = 0;
	bool more;

	assert_int_equal(tar_reader_next(r, &got, &size, &more, &ei), ERR_OK);
	assert_true(more);
	assert_true(slice_is(got, path));
	assert_int_equal(size, n);
	for (;;) {
		assert_int_equal(tar_reader_data(r, &piece, &ei), ERR_OK);
		if (piece.n == 0)
			break;
		assert_true(at + piece.n <= n);
		assert_memory_equal(piece.p, data + at, piece.n);
		at += piece.n;
	}
	assert_int_equal(at, n);
}

/* Paths around what ustar's two fields hold, and far beyond. */
static void
round_trip(void **state)
{
	static const size_t lengths[] = {
	    1, 99, 100, 101, 155, 156, 255, 256, 257, 500, 985, 1000};
	static const size_t sizes[] = {0, 1, 511, 512, 513, 10000};
	struct arena *a = arena_new(0);
	char *paths[24], *data = arena_alloc(a, 10000);
	size_t n = 0;
	int fd = temp_file();
	struct tar_writer *t = tar_writer_new(fd, 3);
	struct tar_reader *r;
	struct slice path;
	struct errinfo ei;
	uint64_t size;
	bool more;

	(void)state;
	for (size_t i = 0; i < 10000; i++)
		data[i] = (char)(i * 7919 >> 3);
	for (size_t i = 0; i < 12; i++) {
		/* One long name, and one of many short components. */
		for (int parts = 0; parts < 2; parts++, n++) {
			paths[n] = arena_alloc(a, lengths[i] + 1);
			memset(paths[n], 'a' + (int)i, lengths[i]);
			for (size_t k = 9; parts && k + 1 < lengths[i]; k += 10)
				paths[n][k] = '/';
			paths[n][lengths[i]] = '\0';
		}
	}
	for (size_t i = 0; i < n; i++)
		add(t, paths[i], data, sizes[i % 6]);
	assert_int_equal(tar_writer_end(t, &ei), ERR_OK);
	tar_writer_free(t);
	lseek(fd, 0, SEEK_SET);
	r = tar_reader_new(&tar_limits_default, from_fd, &fd);
	for (size_t i = 0; i < n; i++)
		expect(r, paths[i], data, sizes[i % 6]);
	assert_int_equal(tar_reader_next(r, &path, &size, &more, &ei), ERR_OK);
	assert_false(more);
	tar_reader_free(r);
	close(fd);
	arena_free(a);
}

static off_t
write_once(int fd)
{
	struct tar_writer *t = tar_writer_new(fd, 3);
	struct errinfo ei;

	add(t, "a/b", "hello", 5);
	assert_int_equal(tar_writer_end(t, &ei), ERR_OK);
	tar_writer_free(t);
	return lseek(fd, 0, SEEK_CUR);
}

static void
same_bytes(void **state)
{
	int one = temp_file(), two = temp_file();
	char x[4096], y[4096];
	off_t n = write_once(one);

	(void)state;
	assert_int_equal(write_once(two), n);
	assert_int_equal(pread(one, x, sizeof(x), 0), n);
	assert_int_equal(pread(two, y, sizeof(y), 0), n);
	assert_memory_equal(x, y, (size_t)n);
	close(one);
	close(two);
}

/* A disk that is full is said so, at the latest at the end. */
static void
full_disk(void **state)
{
	FILE *f = fopen("/dev/full", "w");
	struct tar_writer *t;
	struct errinfo ei = {0};

	(void)state;
	if (f == NULL)
		skip();
	t = tar_writer_new(fileno(f), 3);
	add(t, "a", "hello", 5);
	assert_int_equal(tar_writer_end(t, &ei), ERR_INTERNAL);
	assert_string_equal(
	    ei.text, "cannot write the tar: No space left on device");
	tar_writer_free(t);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(round_trip),
	    cmocka_unit_test(same_bytes),
	    cmocka_unit_test(full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
