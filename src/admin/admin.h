/*
 * admin.h: what the verbs of buildstats-admin share.
 */
#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include <stdbool.h>

#include "base/err.h"

struct db;

/* What stands before the verb on the command line. */
struct admin {
	const char *sql_dir;
	bool dry_run;
	const char *before;  /* --before DATE */
	int keep_months;     /* --keep-months N, or -1 */
	const char *builder; /* --builder NAME */
	struct db *db;
	bool wrong_usage; /* admin_usage() was called */
};

/*
 * A verb.  argv holds what follows it, without options; n is within the row's
 * bounds.  The database isn't connected yet.  ERR_OK ends with status 0,
 * anything else is printed and ends with 1.
 */
typedef enum err (*admin_fn)(
    struct admin *ad, int n, char **argv, struct errinfo *ei);

enum err cmd_migrate(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_partitions(
    struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_token(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_prune(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_doctor(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_import(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_export(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_verify(struct admin *ad, int n, char **argv, struct errinfo *ei);

/* A positive id, whole; ERR_INPUT "TEXT: not an id". */
enum err admin_id(const char *text, int *id, struct errinfo *ei) MUST_CHECK;

/* Wrong usage found by a verb: the text for the person, exit status 2. */
enum err admin_usage(
    struct admin *ad, struct errinfo *ei, const char *what) MUST_CHECK;

#endif
