/* result_pack.c: see result_pack.h. */
#include "model/result_pack.h"

#include <math.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "model/result_read.h"
#include "model/unpack.h"

#define PACK_VERSION 1
#define LEVEL 9
#define LOG_FLAG 0x80U
#define SUITE_TIMEOUT 1U
#define SUITE_LOG 2U
#define INFLATED_MAX ((size_t)256 << 20)

/* ---- packing ---- */

static void
add_text(struct buf *out, const char *s)
{
	buf_add_varint(out, strlen(s));
	buf_adds(out, s);
}

static size_t
shared(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

void
result_pack_names(
    struct buf *out, const struct result_run *run, const struct result_group *g)
{
	CLEANUP(buf_clear) struct buf plain = BUF_INIT;
	const char *before = g->name;

	add_text(&plain, g->name);
	buf_add_varint(&plain, g->n);
	for (size_t i = g->first; i < g->first + g->n; i++) {
		const char *name = run->cases[i].name;
		size_t n = shared(before, name);
		buf_add_varint(&plain, n);
		add_text(&plain, name + n);
		before = name;
	}
	zstd_pack(out, plain.data, plain.len, LEVEL);
}

static void
add_micros(struct buf *out, int64_t micros)
{
	buf_add_varint(out, (uint64_t)(micros + 1));
}

static void
add_suite(struct buf *out, const struct result_suite *s)
{
	add_text(out, s->kind);
	add_text(out, s->name);
	add_text(out, s->exit);
	add_micros(
	    out, isfinite(s->seconds) ? (int64_t)(s->seconds * 1e6 + 0.5) : -1);
	buf_addc(out, (char)((s->timeout ? SUITE_TIMEOUT : 0) |
			     (s->log ? SUITE_LOG : 0)));
	buf_add_varint(out, s->log_size);
}

void
result_pack_cases(struct buf *out, const struct result_run *run)
{
	CLEANUP(buf_clear) struct buf plain = BUF_INIT;

	buf_addc(&plain, PACK_VERSION);
	buf_add_varint(&plain, run->ngroups);
	for (size_t i = 0; i < run->ngroups; i++)
		buf_add_varint(&plain, run->groups[i].n);
	for (size_t i = 0; i < run->ncases; i++)
		buf_addc(&plain, (char)(run->cases[i].status |
					(run->cases[i].log ? LOG_FLAG : 0)));
	for (size_t i = 0; i < run->ncases; i++)
		add_micros(&plain, run->cases[i].micros);
	buf_add_varint(&plain, run->nsuites);
	for (size_t i = 0; i < run->nsuites; i++)
		add_suite(&plain, &run->suites[i]);
	zstd_pack(out, plain.data, plain.len, LEVEL);
}

/* ---- unpacking ---- */

static const char *
read_text(struct arena *a, struct unpack *u)
{
	struct slice s = unpack_bytes(u, unpack_varint(u));

	return arena_strndup(a, s.p, s.n);
}

static int64_t
read_micros(struct unpack *u)
{
	return (int64_t)(unpack_varint(u) & INT64_MAX) - 1;
}

/* The names of a group, whose number of cases is known. */
static bool
read_names(struct arena *a, struct slice packed, struct result_run *run,
    struct result_group *g, struct errinfo *ei)
{
	struct slice plain;
	struct unpack u;
	const char *before;

	if (zstd_unpack(a, packed, INFLATED_MAX, &plain, ei) != ERR_OK)
		return false;
	u = unpack_start(plain);
	g->name = before = read_text(a, &u);
	if (unpack_varint(&u) != g->n)
		return false;
	for (size_t i = g->first; i < g->first + g->n && !u.bad; i++) {
		size_t n = (size_t)unpack_varint(&u);
		struct slice rest = unpack_bytes(&u, unpack_varint(&u));
		char *name;
		if (n > strlen(before) || u.bad)
			return false;
		name = arena_alloc(a, n + rest.n + 1);
		memcpy(name, before, n);
		memcpy(name + n, rest.p, rest.n);
		name[n + rest.n] = '\0';
		run->cases[i].name = before = name;
	}
	return !u.bad;
}

static void
read_suites(struct arena *a, struct unpack *u, struct result_run *run)
{
	size_t n = unpack_count(u, 6);

	run->suites = arena_calloc(a, n + 1, sizeof(*run->suites));
	for (size_t i = 0; i < n && !u->bad; i++) {
		struct result_suite *s = &run->suites[run->nsuites++];
		int64_t micros;
		unsigned flags;
		s->kind = read_text(a, u);
		s->name = read_text(a, u);
		s->exit = read_text(a, u);
		micros = read_micros(u);
		s->seconds = micros < 0 ? NAN : (double)micros / 1e6;
		flags = unpack_byte(u);
		s->timeout = (flags & SUITE_TIMEOUT) != 0;
		s->log = (flags & SUITE_LOG) != 0;
		s->log_size = unpack_varint(u);
	}
}

static bool
read_groups(struct arena *a, struct unpack *u, struct result_run *run)
{
	run->ngroups = unpack_count(u, 1);
	run->groups = arena_calloc(a, run->ngroups + 1, sizeof(*run->groups));
	for (size_t i = 0; i < run->ngroups; i++) {
		run->groups[i].first = run->ncases;
		run->groups[i].n = (size_t)unpack_varint(u);
		if (run->groups[i].n > RESULT_CASES_MAX - run->ncases)
			return false;
		run->ncases += run->groups[i].n;
	}
	return !u->bad && unpack_left(u) >= run->ncases;
}

static bool
read_cases(struct arena *a, struct slice plain, struct result_run *run)
{
	struct unpack u = unpack_start(plain);

	run->ncases = run->nsuites = 0;
	if (unpack_byte(&u) != PACK_VERSION || !read_groups(a, &u, run))
		return false;
	run->cases = arena_calloc(a, run->ncases + 1, sizeof(*run->cases));
	for (size_t i = 0; i < run->ncases; i++) {
		unsigned b = unpack_byte(&u);
		run->cases[i].status = (unsigned char)(b & ~LOG_FLAG);
		run->cases[i].log = (b & LOG_FLAG) != 0;
		run->cases[i].first_line = run->cases[i].excerpt = "";
	}
	for (size_t i = 0; i < run->ncases; i++)
		run->cases[i].micros = read_micros(&u);
	for (size_t g = 0; g < run->ngroups; g++)
		for (size_t i = 0; i < run->groups[g].n; i++)
			run->cases[run->groups[g].first + i].group =
			    (uint32_t)g;
	read_suites(a, &u, run);
	return !u.bad;
}

enum err
result_unpack(struct arena *a, const struct slice *names, size_t nnames,
    struct slice cases, struct result_run *run, struct errinfo *ei)
{
	struct slice plain;
	enum err err = zstd_unpack(a, cases, INFLATED_MAX, &plain, ei);

	if (err != ERR_OK)
		return err;
	if (!read_cases(a, plain, run) || run->ngroups != nnames)
		return err_set(ei, ERR_INTERNAL, "damaged test results");
	for (size_t i = 0; i < nnames; i++)
		if (!read_names(a, names[i], run, &run->groups[i], ei))
			return err_set(
			    ei, ERR_INTERNAL, "damaged names of tests");
	return ERR_OK;
}
