/*
 * admin.h: what the verbs of buildstats-admin share.
 */
#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct db;

/* What stands before the verb on the command line. */
struct admin {
	const char *sql_dir;
	bool dry_run;
	const char *before;  /* --before DATE */
	int keep_months;     /* --keep-months N, or -1 */
	const char *builder; /* --builder NAME */
	const char *raw;     /* --raw DIR, or NULL */
	const char *since;   /* --since DATE, or NULL */
	unsigned mask;       /* --mask: rules of model/mask.h */
	bool receipts;       /* --receipts */
	bool all;            /* --all */
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
enum err cmd_signatures(
    struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_doctor(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_import(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_export(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_reparse(struct admin *ad, int n, char **argv, struct errinfo *ei);
enum err cmd_verify(struct admin *ad, int n, char **argv, struct errinfo *ei);

/* Every stored log, or those of build id, have the bytes that their hash says;
 * prints what is damaged. */
enum err verify_logs(struct db *db, int id, struct errinfo *ei) MUST_CHECK;

struct tar_writer;
/* The logs of a build's failed tasks, as logs/RECIPE.TASK.log. */
enum err export_logs(struct db *db, int id, struct tar_writer *tar,
    struct errinfo *ei) MUST_CHECK;

/* In a transaction: what belonged to pruned builds, before `before`, and what
 * nobody refers to any more; or only old receipts. */
enum err prune_failures(
    struct db *db, int64_t before, bool dry_run, struct errinfo *ei) MUST_CHECK;
enum err prune_receipts(
    struct db *db, bool dry_run, struct errinfo *ei) MUST_CHECK;

/* A positive id, whole; ERR_INPUT "TEXT: not an id". */
enum err admin_id(const char *text, int *id, struct errinfo *ei) MUST_CHECK;

/* Wrong usage found by a verb: the text for the person, exit status 2. */
enum err admin_usage(
    struct admin *ad, struct errinfo *ei, const char *what) MUST_CHECK;

#endif
