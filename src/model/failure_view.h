/*
 * failure_view.h: what the pages of a failure and of a signature say beyond
 * its row: how well known it is, where it was seen, where it is gone.
 *
 * Of each signature the newest KNOWN_MAX failures are looked at; a log's bytes
 * never are.
 */
#ifndef MODEL_FAILURE_VIEW_H
#define MODEL_FAILURE_VIEW_H

#include "model/config_diff.h"
#include "model/failure_list.h"
#include "model/failure_store.h"
#include "model/signature.h"

#define STRENGTHS 3

/* signature.id by strength, [strength - 1]; 0: none. */
struct failure_like {
	int sig[STRENGTHS];
};

struct failure_strength {
	struct failure_known known;
	int builders; /* ever, not today alone */
};

/* What is known of a failure's like, number id aside (0: none is).  Builders
 * are counted of the strength that decides (failure_view_strength), or else of
 * the first. */
enum err failure_view_known(struct db *db, const struct failure_like *like,
    int id, int64_t now, struct failure_strength out[STRENGTHS],
    struct errinfo *ei) MUST_CHECK;

/* The strength that decides what is "the same" for people: error lines, or
 * without those recipe, task and message; 0 without either. */
int failure_view_strength(const struct failure_like *like);

/* A target on which it was seen. */
struct spread_target {
	const char *machine, *distro, *branch;
	int64_t times, first, last;
	int builders, hosts;
	int recipe;      /* of the latest one there; 0: none */
	int64_t started; /* the latest build there that had it */
	int gone_build;  /* the first later build that made the recipe there;
			    0: none did */
	int64_t gone_since;
};

#define FAILURE_TARGETS_MAX 40

struct failure_spread {
	struct spread_target *target; /* latest first */
	size_t n;
	bool more; /* there are more targets than these */
};

/* Of the strongest signature in like that isn't 0. */
enum err failure_view_spread(struct db *db, struct arena *a,
    const struct failure_like *like, struct failure_spread *out,
    struct errinfo *ei) MUST_CHECK;

/* Sets gone_build and gone_since of targets by the newest later successes. */
enum err failure_view_gone(struct db *db, struct arena *a,
    struct failure_spread *spread, struct errinfo *ei) MUST_CHECK;

/* What its row doesn't say; nothing of one that isn't there. */
struct failure_more {
	int recipe;          /* its number; 0: of none */
	const char *message; /* told instead of a log, or "" */
};
enum err failure_view_more(struct db *db, struct arena *a, int id,
    struct failure_more *out, struct errinfo *ei) MUST_CHECK;

/* A signature by its number; ERR_NOT_FOUND. */
struct signature_row {
	enum signature_strength strength;
	int version;
	const char *text;
};
enum err signature_find(struct db *db, struct arena *a, const char *id,
    int *number, struct signature_row *out, struct errinfo *ei) MUST_CHECK;

/* How often a signature was seen over time. */
struct failure_times {
	int64_t from, step; /* µs; of the first bin, of each */
	size_t n;
	int64_t *count;
};
#define FAILURE_BINS_MAX 60
/* First and last are those of known. */
enum err failure_view_times(struct db *db, struct arena *a,
    const struct failure_like *like, const struct failure_known *known,
    struct failure_times *out, struct errinfo *ei) MUST_CHECK;

/* Failures of one recipe in several builds. */
struct recipe_builds {
	int recipe;
	const int32_t *build;
	size_t n;
};
struct failure_of_build {
	int build, id;
	const char *task;
};
struct failures_of_builds {
	struct failure_of_build *failure;
	size_t n;
};
enum err failure_view_of_builds(struct db *db, struct arena *a,
    const struct recipe_builds *builds, struct failures_of_builds *out,
    struct errinfo *ei) MUST_CHECK;

/* The configurations of two builds, in the order in which bitbake reads them;
 * texts of more than 1 MiB are left out. */
enum err failure_view_configs(struct db *db, struct arena *a,
    const struct build_row *here, const struct build_row *there,
    struct config_side out[2], struct errinfo *ei) MUST_CHECK;

#endif
