/*
 * reparse.c: the verb reparse.  Uploads whose bytes are kept (--raw) are read
 * once more, by today's readers: what these understand better replaces what is
 * stored, under the same numbers; all else stays.
 */
#include <stdio.h>
#include <string.h>

#include "admin/take.h"
#include "archive/digest.h"
#include "archive/inflate.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "db/stmt.h"
#include "model/build_list.h"
#include "model/raw.h"
#include "model/report_input.h"

DEFINE_CLEANUP(struct bundle *, cleanup_bundle, bundle_free);
DEFINE_CLEANUP(struct arena *, cleanup_arena, arena_free);
DEFINE_CLEANUP(struct inflate *, cleanup_inflate, inflate_free);
DEFINE_CLEANUP(struct report_input *, cleanup_input, report_input_free);
DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);

struct reparse {
	struct admin *ad;
	struct arena *a; /* of one receipt */
	struct receipt_row receipt;
	struct taking take;
};

static enum err
read_bundle(struct reparse *re, int fd, struct errinfo *ei)
{
	re->take.received = re->receipt.received;
	CLEANUP(cleanup_bundle) struct bundle *bu = take_bundle(&re->take);
	enum err err = take_tar(bu, fd, ei);

	return err == ERR_OK ? bundle_end(bu, ei) : err;
}

static enum err
read_report(struct reparse *re, int fd, struct report *out, struct errinfo *ei)
{
	CLEANUP(cleanup_input)
	struct report_input *in = report_input_new(re->a, re->ad->mask);
	CLEANUP(cleanup_inflate)
	struct inflate *f =
	    inflate_new((uint64_t)REPORT_BODY_MAX, take_read, &fd);
	struct slice piece;
	enum err err;

	do {
		err = inflate_next(f, &piece, ei);
		if (err == ERR_OK)
			err = report_input_add(in, piece, ei);
	} while (err == ERR_OK && piece.n > 0);
	return err == ERR_OK ? report_input_end(in, out, ei) : err;
}

/* A report's content is the document, whatever is made of it: by this it
 * differs from what another version made. */
static void
mark_version(struct build *b, unsigned mask)
{
	CLEANUP(cleanup_digest) struct digest *d = digest_new();

	digest_add(d, b->identity, sizeof(b->identity));
	digest_add(d, PACKAGE_VERSION, sizeof(PACKAGE_VERSION));
	digest_add(d, &mask, sizeof(mask));
	digest_end(d, b->content);
}

static enum err
take_report(struct reparse *re, int fd, struct errinfo *ei)
{
	struct report report;
	struct build b;
	enum err err = read_report(re, fd, &report, ei);

	if (err != ERR_OK)
		return err;
	b = *report_build(re->a, &report, re->receipt.received);
	mark_version(&b, re->ad->mask);
	return take_build(&re->take, &b, ei);
}

/* A token's name goes for all builds that were sent with it, but isn't in
 * what was sent: if they have one builder, it stays theirs. */
static enum err
keep_builder(struct reparse *re, struct errinfo *ei)
{
	struct build_list builds;
	enum err err = build_list_of(re->ad->db, re->a, re->receipt.builds,
	    re->receipt.nbuilds, &builds, ei);

	re->take.builder = NULL;
	if (err != ERR_OK || builds.n == 0)
		return err;
	for (size_t i = 1; i < builds.n; i++)
		if (strcmp(builds.row[i].builder, builds.row[0].builder) != 0)
			return ERR_OK;
	if (builds.row[0].builder[0] != '\0') {
		re->take.builder = builds.row[0].builder;
		re->take.always = true;
	}
	return ERR_OK;
}

static enum err
read_again(struct reparse *re, struct errinfo *ei)
{
	CLEANUP(cleanup_fd) int fd = -1;
	enum err err = raw_open(re->ad->raw, re->receipt.raw, &fd, ei);

	if (err == ERR_OK)
		err = keep_builder(re, ei);
	if (err != ERR_OK)
		return err;
	if (strcmp(re->receipt.kind, "bundle") == 0)
		return read_bundle(re, fd, ei);
	if (strcmp(re->receipt.kind, "report") == 0)
		return take_report(re, fd, ei);
	return err_set(ei, ERR_UNSUPPORTED, "what is kept of %s can't be read",
	    re->receipt.kind);
}

static enum err
reparse_one(struct admin *ad, const char *code, struct errinfo *ei)
{
	CLEANUP(cleanup_arena) struct arena *a = arena_new(0);
	CLEANUP(cleanup_arena) struct arena *scratch = arena_new(0);
	struct reparse re = {
	    .ad = ad, .a = a, .take = {.ad = ad, .scratch = scratch}};
	enum err err = receipt_load(ad->db, a, code, &re.receipt, ei);

	if (err == ERR_OK) {
		printf("%s (%s)\n", code, re.receipt.kind);
		err = read_again(&re, ei);
	}
	return err == ERR_OK ? ERR_OK : err_prefix(ei, "%s", code);
}

/* Goes on after one that can't be read; a database that fails ends it. */
static enum err
reparse_all(struct admin *ad, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	size_t failed = 0;
	int64_t since = INT64_C(0);
	enum err err;

	if (ad->since != NULL &&
	    !str_to_time(ad->since, strlen(ad->since), &since))
		return admin_usage(ad, ei, "--since: a date, e.g. 2026-03-01");
	err = STMT_QUERY(ad->db, Q_RECEIPT_CODES, &r, ei, DB_TM(since));
	if (err != ERR_OK)
		return err;
	for (size_t i = 0; i < rows_count(r); i++) {
		err = reparse_one(ad, row_text(r, i, 0), ei);
		if (err == ERR_DB || err == ERR_BUSY)
			return err;
		if (err == ERR_OK)
			continue;
		printf("! %s\n", ei->text);
		failed++;
	}
	printf("%zu uploads read again, %zu could not be\n",
	    rows_count(r) - failed, failed);
	return failed == 0 ? ERR_OK
			   : err_set(ei, ERR_INTERNAL,
				 "%zu uploads can't be read again", failed);
}

enum err
cmd_reparse(struct admin *ad, int n, char **argv, struct errinfo *ei)
{
	enum err err = ERR_OK;

	if (ad->raw == NULL)
		return admin_usage(ad, ei,
		    "reparse: --raw DIR, or BUILDSTATS_RAW, is missing");
	if (ad->all == (n > 0))
		return admin_usage(
		    ad, ei, "reparse: receipts' codes, or --all");
	if (ad->all)
		return reparse_all(ad, ei);
	for (int i = 0; i < n && err == ERR_OK; i++)
		err = reparse_one(ad, argv[i], ei);
	return err;
}
