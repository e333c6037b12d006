/* verify_logs.c: are the stored logs what they were?  For the verb verify. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "archive/digest.h"
#include "base/cleanup.h"
#include "model/log_pieces.h"

DEFINE_CLEANUP(struct digest *, cleanup_digest, digest_free);

struct sum {
	uint64_t size;
	uint32_t lines; /* that ended */
	char last;      /* byte */
};

static void
add(struct sum *s, struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;

	s->size += text.n;
	if (text.n == 0)
		return;
	s->last = end[-1];
	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		s->lines++;
		p++;
	}
}

/* Adds up all pieces; each must begin where the one before ended. */
static enum err
add_pieces(
    struct log_pieces *p, struct digest *d, struct sum *s, struct errinfo *ei)
{
	bool more;
	enum err err = log_pieces_seek(p, 0, &more, ei);

	while (err == ERR_OK && more) {
		if (p->start != s->size || p->first_line != s->lines + 1)
			return err_set(ei, ERR_INTERNAL,
			    "piece %d begins at byte %" PRIu64 ", line %u",
			    (int)p->n, p->start, (unsigned)p->first_line);
		digest_add(d, p->text.p, p->text.n);
		add(s, p->text);
		err = log_pieces_next(p, &more, ei);
	}
	return err;
}

static enum err
check_log(struct db *db, const struct rows *r, size_t i, struct errinfo *ei)
{
	CLEANUP(log_pieces_clear) struct log_pieces p;
	CLEANUP(cleanup_digest) struct digest *d = digest_new();
	unsigned char hash[DIGEST_BYTES];
	struct slice want = row_bytes(r, i, 1);
	struct sum s = {.last = '\n'};
	enum err err;

	log_pieces_init(&p, db, (int)row_int(r, i, 0), 8);
	if ((err = add_pieces(&p, d, &s, ei)) != ERR_OK)
		return err;
	digest_end(d, hash);
	if (want.n != sizeof(hash) || memcmp(want.p, hash, want.n) != 0)
		return err_set(ei, ERR_INTERNAL, "not the bytes of its hash");
	if ((int64_t)s.size != row_int(r, i, 2) ||
	    (int64_t)s.lines + (s.last != '\n') != row_int(r, i, 3))
		return err_set(ei, ERR_INTERNAL,
		    "%" PRIu64 " bytes, not as its row says", s.size);
	return ERR_OK;
}

/* A thousand of them, behind *last. */
static enum err
check_some(
    struct db *db, int id, int *last, size_t counts[2], struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err = id != 0
			   ? STMT_QUERY(db, Q_LOG_LIST_OF_BUILD, &r, ei,
				 DB_I4(*last), DB_I4(id))
			   : STMT_QUERY(db, Q_LOG_LIST, &r, ei, DB_I4(*last));

	if (err != ERR_OK)
		return err;
	*last = 0;
	for (size_t i = 0; i < rows_count(r); i++) {
		*last = (int)row_int(r, i, 0);
		counts[0]++;
		err = check_log(db, r, i, ei);
		if (err == ERR_DB || err == ERR_BUSY)
			return err;
		if (err == ERR_OK)
			continue;
		printf("! log %d: %s\n", *last, ei->text);
		counts[1]++;
	}
	return ERR_OK;
}

enum err
verify_logs(struct db *db, int id, struct errinfo *ei)
{
	size_t counts[2] = {0}; /* read, damaged */
	int last = 0;
	enum err err;

	do {
		err = check_some(db, id, &last, counts, ei);
	} while (err == ERR_OK && last != 0);
	if (err != ERR_OK)
		return err;
	printf("%zu logs read, %zu damaged\n", counts[0], counts[1]);
	if (counts[1] > 0)
		return err_set(
		    ei, ERR_INTERNAL, "%zu logs are damaged", counts[1]);
	return ERR_OK;
}
