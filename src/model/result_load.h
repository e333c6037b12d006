/* result_load.h: the test results of a build, read back and compared. */
#ifndef MODEL_RESULT_LOAD_H
#define MODEL_RESULT_LOAD_H

#include "base/err.h"
#include "model/result.h"

struct arena;
struct db;

/* What became of a case since the run of the same test before. */
enum result_turn {
	RESULT_AS_BEFORE,
	RESULT_FAILING, /* failed now, and did something else before */
	RESULT_PASSING, /* the other way round */
	RESULT_NEW,
	RESULT_GONE,
	RESULT_TURNS
};
/* "", "failing", "passing", "new", "gone". */
const char *result_turn_word(enum result_turn t);
bool result_turn_parse(const char *word, enum result_turn *out);

/* The run before; build 0: there is none. */
struct result_before {
	int id, build;
	const char *name, *build_name, *commit;
	int64_t ran;
	size_t counts[RESULT_CLASSES];
};

struct result_view {
	int id;
	struct result_run run; /* without cases until they are loaded */
	bool timed;            /* run.ran is what it says itself */
	bool alone;
	int file;
	unsigned char sha256[32];
	uint64_t size;   /* of the file */
	uint64_t masked; /* places in its logs */
	struct result_before before;
	/* once it was compared: a case each; was is the status before, NULL
	 * without a run before. */
	unsigned char *turn;
	unsigned char *was;
	size_t turns[RESULT_TURNS];
	size_t ngone;
	struct result_case *gone; /* cases of the run before */
};

struct result_views {
	size_t n;
	struct result_view *view; /* by time */
	size_t counts[RESULT_CLASSES];
	size_t turns[RESULT_TURNS];
};

/* The runs of a build and the sums; one query. */
enum err result_views_load(struct db *db, struct arena *a, int build,
    struct result_views *out, struct errinfo *ei) MUST_CHECK;

/* All of it: cases, suites, what is kept of failed ones' logs, the
 * comparison of each run with the one before, and the sums of turns. */
enum err result_views_fill(struct db *db, struct arena *a,
    struct result_views *views, struct errinfo *ei) MUST_CHECK;

/*
 * Fills turn, was, gone and turns of v from the cases of the run before.
 * Names that are not there by their letters are compared without digits and
 * hexadecimal numbers: some hold addresses, paths and times.
 */
void result_compare(
    struct arena *a, struct result_view *v, const struct result_run *before);

#endif
