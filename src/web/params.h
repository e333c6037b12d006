/*
 * params.h: the parameters of the query string, declared in one table, typed,
 * matched by their whole name.  page.h has the page functions' side of it.
 */
#ifndef WEB_PARAMS_H
#define WEB_PARAMS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "web/page.h"

struct arena;

/* A set of parameters: PARAM(P_PAGE) | PARAM(P_PER). */
typedef uint64_t param_set;
#define PARAM(p) ((param_set)1 << (p))
_Static_assert(P__MAX <= 64, "a bit a parameter");

enum param_type {
	PARAM_TEXT,
	PARAM_WORD, /* one of a list */
	PARAM_INT,
	PARAM_REAL,
	PARAM_TIME,
	PARAM_PER /* an integer or "all" */
};

struct param_spec {
	const char *name;
	enum param_type type;
	int64_t min, max;         /* of the number; bytes of a text */
	int64_t fallback;         /* of a number that isn't given */
	const char *const *words; /* NULL-terminated */
	bool many;                /* may be given several times */
	bool whole_day;           /* a date alone means the end of that day */
	const char *summary;
};
extern const struct param_spec param_specs[P__MAX];

#define PARAM_VALUES_MAX 16
#define QUERY_BYTES_MAX 8192
#define QUERY_PAIRS_MAX 200

struct param_value {
	size_t n; /* how often it was given, empty values left out */
	const char *text[PARAM_VALUES_MAX];
	int64_t i; /* INT, PER; TIME in µs */
	double d;  /* REAL */
};

struct param_values {
	struct param_value value[P__MAX];
	bool all; /* per=all */
};

/*
 * Reads a query string.  Parameters that are not in `known` are ignored;
 * ERR_INPUT names the parameter that is wrong and why.  now: what "7d" counts
 * back from.
 */
enum err params_read(struct arena *a, const char *query, param_set known,
    int64_t now, struct param_values *out, struct errinfo *ei) MUST_CHECK;

/*
 * Percent-decodes n bytes into the arena; false for bad escapes, and for what
 * is no clean UTF-8.  plus: '+' is a blank.
 */
bool percent_decode(
    struct arena *a, const char *s, size_t n, bool plus, const char **out);

/* What the parameter takes, in words: "a number from 1 to 1,000". */
const char *param_takes(struct arena *a, enum param p);

#endif
