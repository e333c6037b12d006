/*
 * log_read.h: a stored log, or the part of it that is asked for; chunks that
 * don't touch it are not read.
 */
#ifndef MODEL_LOG_READ_H
#define MODEL_LOG_READ_H

#include "base/err.h"
#include "model/log_take.h"

struct arena;
struct db;

struct log_info {
	int id;
	unsigned char sha256[32];
	uint64_t size;
	uint32_t lines, first_error;
	size_t nerrors;
	int32_t *error_lines;
	size_t nexcerpt;
	struct excerpt_line *excerpt;
	bool indexed; /* its words are in the search */
};

/* ERR_NOT_FOUND. */
enum err log_info_load(struct db *db, struct arena *a, int id,
    struct log_info *out, struct errinfo *ei) MUST_CHECK;

struct log_line {
	uint32_t number;
	struct slice text; /* bytes, without LF; at most LOG_LINE_MAX */
	uint64_t size;     /* all of its bytes */
};
#define LOG_LINE_MAX 4096

/* Up to max lines from number `from` on. */
struct log_window {
	uint32_t from;
	size_t max;
	size_t n; /* what was found */
	struct log_line *line;
};
enum err log_lines(struct db *db, struct arena *a, int id, struct log_window *w,
    struct errinfo *ei) MUST_CHECK;

/* The bytes from `start` on, n of them, in pieces; for raw texts and ranges. */
typedef enum err (*log_piece_fn)(
    void *arg, struct slice piece, struct errinfo *ei);
struct log_range {
	uint64_t start, n;
};
enum err log_bytes(struct db *db, int id, struct log_range range,
    log_piece_fn fn, void *arg, struct errinfo *ei) MUST_CHECK;

/* The lines that hold needle, ASCII case aside: the numbers of up to max of
 * them from line `from` on, and how many there are in the whole log, counted up
 * to LOG_FOUND_MAX. */
struct log_search {
	const char *needle;
	uint32_t from;
	size_t max;
	size_t n; /* what was found */
	uint32_t *line;
	size_t total;
};
#define LOG_FOUND_MAX 10000
enum err log_find(struct db *db, struct arena *a, int id, struct log_search *s,
    struct errinfo *ei) MUST_CHECK;

#endif
