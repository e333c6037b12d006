/* result_log.c: see result_log.h. */
#include "model/result_log.h"

#include <stdlib.h>
#include <string.h>

#include "archive/unzlib.h"
#include "base/base64_stream.h"
#include "base/memory.h"

#define STEP ((size_t)4096)

struct result_inflate {
	uint64_t max, left;
	result_log_fn fn;
	void *arg;
	bool compressed, ended;
	enum result_log_state state;
	struct base64 base64;
	struct unzlib *z;
};

struct result_inflate *
result_inflate_new(uint64_t max, result_log_fn fn, void *arg)
{
	struct result_inflate *l = must(calloc(1, sizeof(*l)));

	l->max = max;
	l->fn = fn;
	l->arg = arg;
	return l;
}

void
result_inflate_free(struct result_inflate *l)
{
	if (l == NULL)
		return;
	unzlib_free(l->z);
	free(l);
}

void
result_inflate_begin(struct result_inflate *l, bool compressed)
{
	unzlib_free(l->z);
	l->z = compressed ? unzlib_new(l->max, l->fn, l->arg) : NULL;
	l->base64 = (struct base64){0};
	l->compressed = compressed;
	l->ended = false;
	l->left = l->max;
	l->state = RESULT_LOG_GOOD;
}

static void
inflate_some(struct result_inflate *l, const char *p, size_t n)
{
	unsigned char out[BASE64_ROOM(STEP)];
	size_t got;

	if (!base64_add(&l->base64, p, n, out, &got)) {
		l->state = RESULT_LOG_BROKEN;
		return;
	}
	switch (unzlib_add(l->z, out, got)) {
	case UNZLIB_MORE:
		break;
	case UNZLIB_END:
		l->ended = true;
		break;
	case UNZLIB_BROKEN:
		l->state = RESULT_LOG_BROKEN;
		break;
	case UNZLIB_LIMIT:
		l->state = RESULT_LOG_LIMIT;
		break;
	}
}

enum result_log_state
result_inflate_add(struct result_inflate *l, struct slice piece)
{
	if (!l->compressed) {
		if (piece.n > l->left)
			l->state = RESULT_LOG_LIMIT;
		if (l->state != RESULT_LOG_GOOD)
			return l->state;
		l->left -= piece.n;
		l->fn(l->arg, piece.p, piece.n);
		return l->state;
	}
	for (size_t i = 0; i < piece.n && l->state == RESULT_LOG_GOOD;) {
		size_t n = piece.n - i < STEP ? piece.n - i : STEP;
		inflate_some(l, piece.p + i, n);
		i += n;
	}
	return l->state;
}

enum result_log_state
result_inflate_end(struct result_inflate *l)
{
	if (l->state == RESULT_LOG_GOOD && l->compressed && !l->ended)
		l->state = RESULT_LOG_BROKEN;
	return l->state;
}
