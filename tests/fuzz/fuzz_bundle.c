/*
 * fuzz_bundle.c: the files of a bundle, without a tar around them: a line with
 * the path, then the text up to a line "---".
 */
#include <stdint.h>

#include "bundle_check.h"
#include "model/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err
add(struct bundle *bu, struct slice path, struct slice text, struct errinfo *ei)
{
	bool want;
	enum err e = bundle_member(bu, path, text.n, &want, ei);

	if (e != ERR_OK || !want)
		return e;
	/* In two pieces, as a tar may give it. */
	if ((e = bundle_data(bu, text.p, text.n / 2, ei)) == ERR_OK)
		e = bundle_data(
		    bu, text.p + text.n / 2, text.n - text.n / 2, ei);
	return e != ERR_OK ? e : bundle_member_end(bu, ei);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mark[] = "---\n";
	struct bundle_limits limits = bundle_limits_default;
	struct slice rest = {(const char *)data, size}, path;
	struct errinfo ei = {0};
	enum err e = ERR_OK;

	limits.pending_bytes = (size_t)400 << 10;
	struct bundle *bu = bundle_new(&limits, check_build, NULL);
	struct receipt *receipt = receipt_new("bundle");
	bundle_note(bu, receipt, 1700000000000000);
	while (e == ERR_OK && slice_line(&rest, &path)) {
		const char *end = memmem(rest.p, rest.n, mark, 4);
		struct slice text = {
		    rest.p, end != NULL ? (size_t)(end - rest.p) : rest.n};
		rest.p += text.n;
		rest.n -= text.n;
		if (rest.n > 0) {
			rest.p += 4;
			rest.n -= 4;
		}
		e = add(bu, path, text, &ei);
	}
	if (e == ERR_OK)
		e = bundle_end(bu, &ei);
	require(e == ERR_OK || (ei.text[0] != '\0' && e == ei.code));
	bundle_free(bu);
	receipt_free(receipt);
	return 0;
}
