/* test_spool.c: src/model/spool and oestats: what is appended comes back, whole
 * and once, whatever happened to the file meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "model/build.h"
#include "model/oestats.h"
#include "model/spool.h"

#define T0 INT64_C(1795352027000000)

struct fixture {
	char dir[64];
	struct arena *a;
	struct spool_writer *w;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->dir, "/tmp/test_spool.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->a = arena_new(0);
	f->w = spool_writer_new(f->dir);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	DIR *d;
	struct dirent *e;

	spool_writer_free(f->w);
	chmod(f->dir, 0700);
	d = opendir(f->dir);
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	rmdir(f->dir);
	arena_free(f->a);
	free(f);
	return 0;
}

static void
append(struct fixture *f, unsigned type, const char *text)
{
	struct errinfo ei = {0};

	assert_int_equal(
	    spool_append(f->w, type, T0 + type, slice_of(text), &ei), ERR_OK);
}

static size_t
segments(struct fixture *f, const char ***names)
{
	struct errinfo ei = {0};
	size_t n;

	assert_int_equal(spool_list(f->a, f->dir, names, &n, &ei), ERR_OK);
	return n;
}

static struct spool_segment
only_segment(struct fixture *f)
{
	struct spool_segment s;
	const char **names;

	assert_int_equal(segments(f, &names), 1);
	assert_true(spool_open(f->dir, names[0], &s));
	return s;
}

/* "1:one 2:two ": what is in a segment from a position on. */
static const char *
texts(struct fixture *f, const struct spool_segment *s, int64_t *position,
    enum spool_found *last)
{
	struct buf out = BUF_INIT;
	struct spool_record r;
	const char *copy;

	buf_adds(&out, "");
	while ((*last = spool_read(s, *position, f->a, &r)) == SPOOL_RECORD) {
		assert_true(r.time == T0 + r.type);
		assert_true(spool_time(s, *position) == r.time);
		buf_addf(&out, "%u:%s ", r.type, r.payload.p);
		*position = r.end;
	}
	copy = arena_strdup(f->a, out.data);
	buf_clear(&out);
	return copy;
}

static void
round_trip(void **state)
{
	struct fixture *f = *state;
	struct spool_segment s;
	enum spool_found last;
	int64_t at = 0;

	append(f, 1, "one");
	append(f, 2, "");
	s = only_segment(f);
	assert_false(s.over);
	assert_string_equal(texts(f, &s, &at, &last), "1:one 2: ");
	assert_int_equal(last, SPOOL_END);
	spool_close(&s);
	append(f, 3, "three");
	s = only_segment(f);
	assert_string_equal(texts(f, &s, &at, &last), "3:three ");
	assert_true(spool_time(&s, at) == TIME_UNKNOWN);
	spool_close(&s);
	/* Its writer goes. */
	spool_writer_free(f->w);
	f->w = NULL;
	s = only_segment(f);
	assert_true(s.over);
	spool_remove(f->dir, s.name);
	spool_close(&s);
	const char **names;
	assert_int_equal(segments(f, &names), 0);
}

static void
rotation(void **state)
{
	struct fixture *f = *state;
	char *big = arena_alloc(f->a, SPOOL_SEGMENT_BYTES / 2);
	struct errinfo ei = {0};
	const char **names;

	memset(big, 'x', SPOOL_SEGMENT_BYTES / 2);
	for (int i = 0; i < 5; i++)
		assert_int_equal(
		    spool_append(f->w, 1, T0 + 1,
			(struct slice){big, SPOOL_SEGMENT_BYTES / 2}, &ei),
		    ERR_OK);
	assert_int_equal(segments(f, &names), 3);
	for (int i = 0; i < 3; i++) {
		struct spool_segment s;
		enum spool_found last;
		int64_t at = 0;
		assert_true(spool_open(f->dir, names[i], &s));
		assert_true(s.over == (i < 2));
		texts(f, &s, &at, &last);
		assert_true(at == s.size);
		spool_close(&s);
	}
}

/* Cut anywhere, or with a byte changed anywhere, a record is not there; those
 * before it are. */
static void
torn(void **state)
{
	struct fixture *f = *state;
	struct spool_segment s;
	enum spool_found last;
	int64_t first = 0, whole;
	char path[256];
	int fd;

	append(f, 1, "one");
	s = only_segment(f);
	texts(f, &s, &first, &last);
	spool_close(&s);
	append(f, 2, "two");
	s = only_segment(f);
	whole = s.size;
	snprintf(path, sizeof(path), "%s/%s", f->dir, s.name);
	fd = open(path, O_RDWR);
	for (int64_t i = first; i < whole; i++) {
		unsigned char byte, other;
		int64_t at = 0;
		assert_int_equal(pread(fd, &byte, 1, i), 1);
		other = byte ^ 0x41;
		assert_int_equal(pwrite(fd, &other, 1, i), 1);
		assert_string_equal(texts(f, &s, &at, &last), "1:one ");
		assert_int_equal(last, SPOOL_BROKEN);
		assert_int_equal(pwrite(fd, &byte, 1, i), 1);
	}
	for (int64_t n = whole - 1; n > first; n--) {
		int64_t at = 0;
		s.size = n;
		assert_string_equal(texts(f, &s, &at, &last), "1:one ");
		assert_int_equal(last, SPOOL_BROKEN);
	}
	close(fd);
	spool_put_aside(f->dir, s.name);
	spool_remove(f->dir, s.name);
	spool_close(&s);
	strcat(path, ".bad");
	assert_int_equal(access(path, F_OK), 0);
}

/* No room: nothing is acknowledged, nothing of it is read, and what comes when
 * there is room again is. */
static void
full(void **state)
{
	struct fixture *f = *state;
	struct rlimit small, before;
	struct errinfo ei = {0};
	const char **names;
	size_t n;
	struct buf all = BUF_INIT;

	signal(SIGXFSZ, SIG_IGN);
	append(f, 1, "one");
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = 50;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(
	    spool_append(f->w, 2, T0 + 2, SLICE("two two two two"), &ei),
	    ERR_BUSY);
	setrlimit(RLIMIT_FSIZE, &before);
	append(f, 3, "three");
	n = segments(f, &names);
	for (size_t i = 0; i < n; i++) {
		struct spool_segment s;
		enum spool_found last;
		int64_t at = 0;
		assert_true(spool_open(f->dir, names[i], &s));
		buf_adds(&all, texts(f, &s, &at, &last));
		assert_int_equal(last, SPOOL_END);
		spool_close(&s);
	}
	assert_string_equal(all.data, "1:one 3:three ");
	buf_clear(&all);
}

static void
no_directory(void **state)
{
	struct fixture *f = *state;
	struct spool_writer *w = spool_writer_new("/nonexistent/spool");
	struct errinfo ei = {0};
	const char **names;
	size_t n;

	assert_int_equal(spool_append(w, 1, T0, SLICE("x"), &ei), ERR_BUSY);
	spool_writer_free(w);
	assert_int_equal(
	    spool_list(f->a, "/nonexistent", &names, &n, &ei), ERR_INTERNAL);
	assert_true(spool_lock("/nonexistent") < 0);
}

static void
one_reader(void **state)
{
	struct fixture *f = *state;
	int first = spool_lock(f->dir), second;

	assert_true(first >= 0);
	assert_true(spool_lock(f->dir) < 0);
	close(first);
	second = spool_lock(f->dir);
	assert_true(second >= 0);
	close(second);
}

/* ---- events ---- */

static void
numbers(void **state)
{
	char code[OESTATS_CODE_MAX];
	int64_t last = 0, id, back;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		id = oestats_id(T0);
		assert_true(id > last);
		last = id;
		assert_true(oestats_code_read(oestats_code(code, id), &back));
		assert_true(back == id);
		/* "/b/" and it: twenty characters at most */
		assert_true(strlen(code) <= 17);
	}
	assert_true(oestats_id_time(last) >= T0);
	assert_true(oestats_id_time(last) < T0 + 2000);
	assert_true(oestats_id_read(SLICE("1795352027000000123"), T0, &id));
	assert_true(id == INT64_C(1795352027000000123));
	static const char *const wrong[] = {"", "x", "-5", "+5", " 1", "7",
	    "1795352027000000123\n", "17953520270000001234",
	    "1795952027000000123", "1785352027000000123",
	    "99999999999999999999"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(oestats_id_read(slice_of(wrong[i]), T0, &id));
	assert_false(oestats_code_read("", &id));
	assert_false(oestats_code_read("ilo", &id));
	assert_false(oestats_code_read("zzzzzzzzzzzzzzzzzzz", &id));
}

static void
add_field(struct oestats_event *e, const char *name, const char *value)
{
	e->fields[e->nfields++] = (struct oestats_field){name, slice_of(value)};
}

static void
events(void **state)
{
	struct fixture *f = *state;
	struct oestats_event e = {
	    .what = OESTATS_TASK, .live = 77, .number = 5, .time = T0};
	struct oestats_event back;
	struct spool_record r = {.type = OESTATS_TASK, .time = T0};
	struct buf out = BUF_INIT;

	add_field(&e, "package", " zlib\n");
	add_field(&e, "version", "None");
	add_field(&e, "status", "Failed");
	e.files[e.nfiles++] = (struct oestats_file){"log", {"\0\1\2", 3}};
	oestats_encode(&out, &e);
	r.payload = (struct slice){out.data, out.len};
	assert_true(oestats_decode(&r, &back));
	assert_true(back.live == 77 && back.number == 5 && back.time == T0);
	assert_string_equal(oestats_text(f->a, &back, "package"), "zlib");
	assert_string_equal(oestats_text(f->a, &back, "version"), "");
	assert_string_equal(oestats_text(f->a, &back, "missing"), "");
	assert_true(oestats_is_failure(f->a, &back));
	assert_int_equal(oestats_file_bytes(&back, "log").n, 3);
	assert_int_equal(oestats_file_bytes(&back, "qalog").n, 0);
	/* Cut anywhere it is none. */
	for (size_t n = 0; n < out.len; n++) {
		r.payload.n = n;
		assert_false(oestats_decode(&r, &back));
	}
	r.payload.n = out.len;
	r.type = 9;
	assert_false(oestats_decode(&r, &back));
	buf_clear(&out);
}

static void
checks(void **state)
{
	static const struct {
		enum oestats_what what;
		const char *pairs[8];
		const char *why; /* NULL: it is right */
	} cases[] = {
	    {OESTATS_START, {"builder", "me"}, NULL},
	    {OESTATS_START, {"builder", "None"}, "builder: there is none"},
	    {OESTATS_TASK,
		{"package", "zlib", "task", "do_compile", "status", "Failed"},
		NULL},
	    {OESTATS_TASK, {"package", "zlib", "status", "Failed"},
		"task: there is none"},
	    {OESTATS_TASK,
		{"package", "a/../b", "task", "do_x", "status", "Failed"},
		"package: this is no name"},
	    {OESTATS_TASK,
		{"package", "x", "task", "../do_x", "status", "Failed"},
		"task: this is no name"},
	    {OESTATS_TASK, {"package", "zlib", "task", "do_x", "status", "?"},
		"status: \"?\" is neither Succeeded nor Failed"},
	    {OESTATS_TASK,
		{"package", "zlib", "task", "do_x", "status", "Completed"},
		"status: \"Completed\" is neither Succeeded nor Failed"},
	    {OESTATS_STOP, {"status", "Completed"}, NULL},
	    {OESTATS_STOP, {"status", ""},
		"status: \"\" is neither Succeeded nor Failed"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct oestats_event e = {.what = cases[i].what};
		struct errinfo ei = {0};
		enum err err;
		for (size_t k = 0; k < 8 && cases[i].pairs[k] != NULL; k += 2)
			add_field(&e, cases[i].pairs[k], cases[i].pairs[k + 1]);
		err = oestats_check(f->a, &e, &ei);
		assert_int_equal(
		    err, cases[i].why == NULL ? ERR_OK : ERR_INPUT);
		assert_string_equal(
		    ei.text, cases[i].why == NULL ? "" : cases[i].why);
	}
}

#define WITH(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH(round_trip),
	    WITH(rotation),
	    WITH(torn),
	    WITH(full),
	    WITH(no_directory),
	    WITH(one_reader),
	    WITH(numbers),
	    WITH(events),
	    WITH(checks),
	};

	log_open("test_spool", LOG_LEVEL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
