/*
 * told_parts.h: what of a build's told failures is stored ahead of them: their
 * logs and signatures.
 */
#ifndef MODEL_TOLD_PARTS_H
#define MODEL_TOLD_PARTS_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct db;
struct signature_set;

#define FIRST_LINE_MAX 300

struct told_part {
	int32_t log;            /* log.id, 0: none */
	int32_t sig[3];         /* signature.id by strength, 0: none */
	const char *first_line; /* "" if unknown */
	const char *message;    /* of a failure without a log, "" */
};

/* One for each of build->told. */
struct told_parts {
	const struct told_part *part;
};

/* A failure's error in one line, and its signatures; its log is the one that is
 * given. */
const char *told_first_line(
    struct arena *a, const struct told_failure *t, const struct taken_log *log);
void told_sign(struct arena *a, const struct told_failure *t,
    const struct taken_log *log, struct signature_set *set);

/* Stores them: outside of transactions, or with db_aside(). */
enum err told_parts_store(struct db *db, struct arena *a, const struct build *b,
    const struct told_parts **out, struct errinfo *ei) MUST_CHECK;

#endif
