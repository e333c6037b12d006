/*
 * fuzz_logtext.c: everything that reads a log.  The first byte holds the rules
 * of masking, the second says in what pieces the log comes; how it is cut must
 * not matter.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "archive/digest.h"
#include "archive/zstd.h"
#include "base/arena.h"
#include "base/buf.h"
#include "model/ansi.h"
#include "model/failure_code.h"
#include "model/log_take.h"
#include "model/log_words.h"
#include "model/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool ok)
{
	if (!ok)
		abort();
}

static void
check_text(const char *s, size_t max)
{
	check(strlen(s) <= max && utf8_clean(s, strlen(s)));
}

static const struct taken_log *
take(struct arena *a, struct slice s, size_t step, unsigned rules)
{
	struct log_taker *t = log_taker_new(a, rules);
	const struct taken_log *log;

	while (s.n > 0) {
		size_t n = s.n < step ? s.n : step;
		log_taker_add(t, s.p, n);
		s.p += n;
		s.n -= n;
	}
	log = log_taker_end(t);
	log_taker_free(t);
	return log;
}

/* All of its bytes, from its pieces. */
static struct slice
whole(struct arena *a, const struct taken_log *log)
{
	char *text = arena_alloc(a, log->size + 1);
	uint64_t at = 0;

	for (size_t i = 0; i < log->npieces; i++) {
		const struct log_piece *p = &log->pieces[i];
		struct slice out;
		check(zstd_unpack(a, p->zstd, LOG_CHUNK_BYTES, &out, NULL) ==
		      ERR_OK);
		check(p->start == at && p->size == out.n);
		check(at + out.n <= log->size);
		memcpy(text + at, out.p, out.n);
		at += out.n;
	}
	check(at == log->size);
	return (struct slice){text, log->size};
}

static void
check_numbers(const struct taken_log *log)
{
	size_t bytes = 0;

	check(log->first_error <= log->lines);
	check(log->nexcerpt <= LOG_EXCERPT_LINES);
	check(log->nerrors <= LOG_ERRORS_MAX && log->nblock <= 64);
	for (size_t i = 0; i < log->nexcerpt; i++) {
		uint32_t n = log->excerpt[i].number;
		check(n >= 1 && n <= log->lines);
		check(i == 0 || n > log->excerpt[i - 1].number);
		check_text(log->excerpt[i].text, 500);
		bytes += strlen(log->excerpt[i].text) + 1;
	}
	check(bytes <= LOG_EXCERPT_BYTES);
	for (size_t i = 1; i < log->nerrors; i++)
		check(log->error_lines[i] > log->error_lines[i - 1]);
	check_text(log->first_line, 300);
	check(log->nshown <= LOG_MASKED_MAX && log->nshown <= log->masked);
	for (size_t i = 0; i < log->nshown; i++) {
		check(log->shown[i].line >= 1 &&
		      log->shown[i].line <= log->lines);
		check_text(log->shown[i].hit.preview, 80);
	}
}

static void
check_log(struct arena *a, struct slice s, size_t step, unsigned rules)
{
	const struct taken_log *one = take(a, s, SIZE_MAX, rules);
	const struct taken_log *two = take(a, s, step, rules);
	struct slice all = whole(a, one);
	unsigned char sha[DIGEST_BYTES];

	digest_of(all.p, all.n, sha);
	check(memcmp(sha, one->sha256, sizeof(sha)) == 0);
	check(memcmp(sha, two->sha256, sizeof(sha)) == 0);
	if (rules == 0)
		check(all.n == s.n && memcmp(all.p, s.p, s.n) == 0);
	check_numbers(one);
	check(one->lines == two->lines && one->masked == two->masked);
	check(strcmp(one->first_line, two->first_line) == 0);
}

static void
check_line(struct arena *a, struct slice line)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct ansi_style state = {0};
	struct ansi_span spans[4];
	const char *text = error_line_text(a, line, 300);
	size_t n = ansi_line(a, &state, line, spans, 4);

	check_text(text, 300);
	check_text(error_line_brief(a, text, 100), 100);
	check(n <= 4);
	for (size_t i = 0; i < n; i++)
		check_text(spans[i].text, line.n * 3);
	ansi_classes(a, &state);
	signature_normalise(&once, line);
	signature_normalise(&twice, (struct slice){once.data, once.len});
	check(once.len == twice.len &&
	      (once.len == 0 || memcmp(once.data, twice.data, once.len) == 0));
	buf_clear(&once);
	buf_clear(&twice);
}

static void
check_words(struct slice s, size_t step)
{
	struct log_words *w = log_words_new(), *v = log_words_new();
	const int32_t *one, *two;
	size_t n, m;

	log_words_add(w, s.p, s.n);
	for (size_t i = 0; i < s.n; i += step)
		log_words_add(v, s.p + i, s.n - i < step ? s.n - i : step);
	one = log_words_end(w, &n);
	two = log_words_end(v, &m);
	check(n == m && memcmp(one, two, n * sizeof(*one)) == 0);
	for (size_t i = 1; i < n; i++)
		check(one[i - 1] < one[i]);
	log_words_free(w);
	log_words_free(v);
}

static void
check_query(struct arena *a, struct slice s)
{
	struct query_term term[QUERY_TERMS_MAX];
	const char *text = arena_strndup(a, s.p, s.n);
	size_t n = query_terms(a, text, term);
	int id;
	char code[FAILURE_CODE_MAX];

	for (size_t i = 0; i < n && i < QUERY_TERMS_MAX; i++)
		check(term[i].text[0] != '\0');
	if (failure_code_read(text, &id))
		check(id > 0 && strlen(failure_code(code, id)) == strlen(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct signature sig[3];
	struct arena *a;
	struct slice s, rest, line;
	size_t step;

	if (size < 2)
		return 0;
	a = arena_new(0);
	s = (struct slice){(const char *)data + 2, size - 2};
	step = (size_t)data[1] + 1;
	check_log(a, s, step, data[0] & 15);
	check_words(s, step);
	for (rest = s; slice_line(&rest, &line);)
		check_line(a, line);
	check_query(a, s);
	if (signature_make(a, "r", "t", take(a, s, step, 0), "", sig))
		for (int i = 0; i < 3; i++)
			check_text(sig[i].text, SIGNATURE_TEXT_MAX);
	arena_free(a);
	return 0;
}
