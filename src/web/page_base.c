/* page_base.c: see page_base.h. */
#include "web/page_base.h"

#include "base/str.h"
#include "model/compare_find.h"

#define USUAL_MEDIAN 5

static enum err
bad_base(struct page_context *cx, size_t max)
{
	return err_set(cx->ei, ERR_INPUT,
	    "The parameter base takes a build's number, tag:NAME, or median:N "
	    "with N from 1 to %zu, not \"%.60s\".",
	    max, param_text(cx, P_BASE));
}

static enum err
read_build(struct page_context *cx, size_t max, int64_t n, int32_t *out)
{
	if (n < 1 || n > INT32_MAX)
		return bad_base(cx, max);
	*out = (int32_t)n;
	return ERR_OK;
}

enum err
base_read(struct page_context *cx, size_t max, struct base_asked *out)
{
	struct slice base = slice_of(param_text(cx, P_BASE)), head;
	int64_t n;

	*out = (struct base_asked){0};
	if (base.n == 0)
		return ERR_OK;
	if (str_to_i64(base.p, base.n, &n))
		return read_build(cx, max, n, &out->build);
	if (slice_starts(base, "tag:") && base.n > 4)
		return compare_tagged(cx->db, base.p + 4, &out->build, cx->ei);
	n = USUAL_MEDIAN;
	if (slice_cut(&base, ':', &head) && !str_to_i64(base.p, base.n, &n))
		return bad_base(cx, max);
	if (!slice_is(head, "median") || n < 1 || n > (int64_t)max)
		return bad_base(cx, max);
	out->median = (size_t)n;
	return ERR_OK;
}
