/* receipt.c: see receipt.h. */
#include "model/receipt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "db/stmt.h"

#define CODE_CHARS 20
#define NKINDS (RECEIPT_MASKED + 1)
#define COUNTS_MAX 64
#define WHERE_MAX 300
#define TEXT_MAX 500

struct note {
	const char *where, *text;
	uint32_t line;
};

/* Notes of a kind; the rest of them is counted. */
struct notes {
	size_t n, cap;
	struct note *note;
	uint64_t dropped;
};

struct count {
	const char *what;
	uint64_t n;
};

struct receipt {
	struct arena *arena;
	const char *kind;
	struct notes notes[NKINDS];
	size_t ncounts;
	struct count count[COUNTS_MAX];
	size_t nbuilds, builds_cap;
	int32_t *build;
};

static const char *const kind_names[NKINDS] = {
    [RECEIPT_READ] = "read",
    [RECEIPT_IGNORED] = "ignored",
    [RECEIPT_REPAIRED] = "repaired",
    [RECEIPT_DUPLICATE] = "duplicate",
    [RECEIPT_MASKED] = "masked",
};

struct receipt *
receipt_new(const char *kind)
{
	struct receipt *r = must(calloc(1, sizeof(*r)));

	r->arena = arena_new(0);
	r->kind = arena_strdup(r->arena, kind);
	return r;
}

void
receipt_free(struct receipt *r)
{
	if (r == NULL)
		return;
	arena_free(r->arena);
	free(r);
}

/* Clean and of a bounded length: names come from outside. */
static const char *
clean(struct arena *a, const char *s, size_t max)
{
	size_t n = s != NULL ? strnlen(s, max) : 0;

	return n > 0 ? utf8_cut(a, utf8_scrub(a, s, n), max) : "";
}

void
receipt_note(struct receipt *r, enum receipt_note what, const char *where,
    uint32_t line, const char *text)
{
	struct notes *k = &r->notes[what];

	if (k->n == RECEIPT_NOTES_MAX) {
		k->dropped++;
		return;
	}
	k->note =
	    arena_grow(r->arena, k->note, &k->cap, k->n + 1, sizeof(*k->note));
	k->note[k->n++] = (struct note){clean(r->arena, where, WHERE_MAX),
	    clean(r->arena, text, TEXT_MAX), line};
}

void
receipt_count(struct receipt *r, const char *what, uint64_t n)
{
	if (n == 0)
		return;
	for (size_t i = 0; i < r->ncounts; i++)
		if (strcmp(r->count[i].what, what) == 0) {
			r->count[i].n += n;
			return;
		}
	if (r->ncounts == COUNTS_MAX) {
		r->notes[RECEIPT_READ].dropped += n;
		return;
	}
	r->count[r->ncounts++] =
	    (struct count){clean(r->arena, what, WHERE_MAX), n};
}

void
receipt_build(struct receipt *r, int build)
{
	for (size_t i = 0; i < r->nbuilds; i++)
		if (r->build[i] == build)
			return;
	r->build = arena_grow(r->arena, r->build, &r->builds_cap,
	    r->nbuilds + 1, sizeof(*r->build));
	r->build[r->nbuilds++] = build;
}

/* ---- as JSON ---- */

/* What was read: counts, then what there is to say about it. */
static void
add_read(struct buf *out, const struct receipt *r)
{
	const struct notes *k = &r->notes[RECEIPT_READ];
	const char *comma = "";

	buf_adds(out, "{\"read\":[");
	for (size_t i = 0; i < r->ncounts; i++) {
		buf_addf(out, "%s{\"what\":", comma);
		buf_add_json(out, r->count[i].what);
		buf_addf(
		    out, ",\"n\":%llu}", (unsigned long long)r->count[i].n);
		comma = ",";
	}
	for (size_t i = 0; i < k->n; i++) {
		buf_addf(out, "%s{\"what\":", comma);
		buf_add_json(out, k->note[i].where);
		buf_adds(out, ",\"text\":");
		buf_add_json(out, k->note[i].text);
		buf_adds(out, ",\"n\":1}");
		comma = ",";
	}
	buf_addc(out, ']');
}

static void
add_notes(struct buf *out, const struct receipt *r, enum receipt_note what)
{
	const struct notes *k = &r->notes[what];

	buf_addf(out, ",\"%s\":[", kind_names[what]);
	for (size_t i = 0; i < k->n; i++) {
		buf_adds(out, i > 0 ? ",{\"where\":" : "{\"where\":");
		buf_add_json(out, k->note[i].where);
		buf_addf(
		    out, ",\"line\":%u,\"text\":", (unsigned)k->note[i].line);
		buf_add_json(out, k->note[i].text);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void
add_dropped(struct buf *out, const struct receipt *r)
{
	const char *comma = "";

	buf_adds(out, ",\"dropped\":{");
	for (size_t i = 0; i < NKINDS; i++) {
		if (r->notes[i].dropped == 0)
			continue;
		buf_addf(out, "%s\"%s\":%llu", comma, kind_names[i],
		    (unsigned long long)r->notes[i].dropped);
		comma = ",";
	}
	buf_adds(out, "}}");
}

static void
add_content(struct buf *out, const struct receipt *r)
{
	add_read(out, r);
	for (enum receipt_note k = RECEIPT_IGNORED; k < NKINDS; k++)
		add_notes(out, r, k);
	add_dropped(out, r);
}

/* ---- into the database and back ---- */

/* 100 random bits. */
static enum err
make_code(char code[RECEIPT_CODE_MAX], struct errinfo *ei)
{
	static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char random[CODE_CHARS];

	_Static_assert(sizeof(letters) == 33, "five bits a letter");
	_Static_assert(CODE_CHARS < RECEIPT_CODE_MAX, "with its NUL");
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return err_set(
		    ei, ERR_INTERNAL, "the system gives no random numbers");
	for (size_t i = 0; i < CODE_CHARS; i++)
		code[i] = letters[random[i] & 31];
	code[CODE_CHARS] = '\0';
	return ERR_OK;
}

enum err
receipt_store(struct db *db, const struct receipt *r,
    const struct receipt_upload *u, char code[RECEIPT_CODE_MAX],
    struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf content = BUF_INIT;
	enum err err = make_code(code, ei);

	if (err != ERR_OK)
		return err;
	add_content(&content, r);
	return STMT_EXEC(db, Q_RECEIPT_STORE, ei, DB_T(code), DB_T(r->kind),
	    DB_I8((int64_t)u->bytes), db_bytea(u->sha256, sizeof(u->sha256)),
	    db_int4s(r->build, r->nbuilds), db_jsonb(content.data),
	    DB_T(u->raw != NULL ? u->raw : ""));
}

enum err
receipt_load(struct db *db, struct arena *a, const char *code,
    struct receipt_row *out, struct errinfo *ei)
{
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	enum err err;

	*out = (struct receipt_row){0};
	if (strlen(code) != CODE_CHARS || !utf8_clean(code, CODE_CHARS))
		return err_set(ei, ERR_NOT_FOUND, "there is no such receipt");
	err = STMT_QUERY(db, Q_RECEIPT_LOAD, &r, ei, DB_T(code));
	if (err != ERR_OK)
		return err;
	if (rows_count(r) == 0)
		return err_set(ei, ERR_NOT_FOUND,
		    "there is no such receipt; they are kept for %d days",
		    RECEIPT_DAYS);
	out->received = row_time(r, 0, 0);
	out->code = arena_strdup(a, row_text(r, 0, 1));
	out->kind = arena_strdup(a, row_text(r, 0, 2));
	out->raw = arena_strdup(a, row_text(r, 0, 3));
	out->sha256 = arena_strdup(a, row_text(r, 0, 4));
	out->bytes = row_int(r, 0, 5);
	out->nbuilds = row_int4s(r, 0, 6, a, &out->builds);
	out->content = arena_strdup(a, row_text(r, 0, 7));
	return ERR_OK;
}
