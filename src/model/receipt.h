/*
 * receipt.h: what became of an upload: /receipt/CODE.
 *
 * Collected while the upload is read, stored in its transaction, kept for 30
 * days like the raw bytes, which lie in a directory of the server (--raw).
 */
#ifndef MODEL_RECEIPT_H
#define MODEL_RECEIPT_H

#include "base/err.h"
#include "base/str.h"

struct arena;
struct db;
struct mask_hit;

#define RECEIPT_DAYS 30
#define RECEIPT_CODE_MAX 24
#define RECEIPT_NOTES_MAX 200 /* of a kind; the rest is counted */

struct receipt; /* in the making */

enum receipt_note {
	RECEIPT_READ,    /* "task files", counted per kind of file */
	RECEIPT_IGNORED, /* a file or a line that was not understood */
	RECEIPT_REPAIRED,
	RECEIPT_DUPLICATE, /* was there already */
	RECEIPT_MASKED
};

struct receipt *receipt_new(const char *kind);
void receipt_free(struct receipt *r);
/* where: a path; line: 0 if it is about the whole file; text: a sentence. */
void receipt_note(struct receipt *r, enum receipt_note what, const char *where,
    uint32_t line, const char *text);
/* n more of a kind of thing that was read: "task files", "logs". */
void receipt_count(struct receipt *r, const char *what, uint64_t n);
void receipt_build(struct receipt *r, int build);

struct receipt_upload {
	uint64_t bytes;
	unsigned char sha256[32];
	const char *raw; /* file name, or "" */
};
/* code: its address, unguessable. */
enum err receipt_store(struct db *db, const struct receipt *r,
    const struct receipt_upload *u, char code[RECEIPT_CODE_MAX],
    struct errinfo *ei) MUST_CHECK;

struct receipt_row {
	int64_t received;
	const char *code, *kind, *raw, *sha256; /* hex */
	int64_t bytes;
	size_t nbuilds;
	int32_t *builds;
	const char
	    *content; /* JSON: {"read":[{"what","n"}], "ignored":[{
			 "where","line","text"}], "repaired", "duplicate",
			 "masked" likewise, "dropped":{kind:n}} */
};
enum err receipt_load(struct db *db, struct arena *a, const char *code,
    struct receipt_row *out, struct errinfo *ei) MUST_CHECK;

#endif
