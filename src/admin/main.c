/*
 * main.c: buildstats-admin, what the person who runs a server needs: the
 * schema, tokens, import and export, pruning, and a look at the state.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/admin.h"
#include "base/log.h"
#include "base/str.h"
#include "db/db.h"
#include "model/mask.h"

static const char program[] = "buildstats-admin";

static const struct verb {
	const char *name, *args, *what;
	admin_fn run;
	int min, max; /* arguments behind the verb */
} verbs[] = {
    {"migrate", "", "bring the schema up to date, make partitions", cmd_migrate,
	0, 0},
    {"partitions", "", "make this month's and the next two months' partitions",
	cmd_partitions, 0, 0},
    {"token", "add BUILDER | list | revoke ID", "upload tokens", cmd_token, 1,
	2},
    {"import", "PATH...", "store the builds in tars or directories; - is stdin",
	cmd_import, 1, 100000},
    {"export", "ID", "write a build's directory to stdout as a tar (zstd)",
	cmd_export, 1, 1},
    {"prune", "--before DATE | --keep-months N | --receipts",
	"delete old builds, or only receipts that have expired", cmd_prune, 0,
	0},
    {"signatures", "[--all]",
	"compute again what another version of the normaliser made",
	cmd_signatures, 0, 0},
    {"reparse", "CODE... | --all [--since DATE]",
	"read uploads again whose bytes are kept", cmd_reparse, 0, 100000},
    {"doctor", "", "check the database, print its sizes", cmd_doctor, 0, 0},
    {"verify", "[ID]", "read every stored build (or one) and check it",
	cmd_verify, 0, 1},
};
#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

enum {
	OPT_DB = 256,
	OPT_SQL_DIR,
	OPT_BEFORE,
	OPT_KEEP,
	OPT_BUILDER,
	OPT_RECEIPTS,
	OPT_ALL,
	OPT_RAW,
	OPT_MASK,
	OPT_SINCE
};

static const struct option longopts[] = {
    {"db", required_argument, NULL, OPT_DB},
    {"sql-dir", required_argument, NULL, OPT_SQL_DIR},
    {"before", required_argument, NULL, OPT_BEFORE},
    {"keep-months", required_argument, NULL, OPT_KEEP},
    {"builder", required_argument, NULL, OPT_BUILDER},
    {"receipts", no_argument, NULL, OPT_RECEIPTS},
    {"all", no_argument, NULL, OPT_ALL},
    {"raw", required_argument, NULL, OPT_RAW},
    {"mask", required_argument, NULL, OPT_MASK},
    {"since", required_argument, NULL, OPT_SINCE},
    {"dry-run", no_argument, NULL, 'n'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static void
help(void)
{
	printf("usage: %s [--db CONNINFO] VERB ...\n\n", program);
	for (size_t i = 0; i < NVERBS; i++)
		printf("  %s%s%s\n        %s\n", verbs[i].name,
		    verbs[i].args[0] != '\0' ? " " : "", verbs[i].args,
		    verbs[i].what);
	printf("\n"
	       "  --db CONNINFO    the database (BUILDSTATS_DB, else "
	       "dbname=buildstats)\n"
	       "  --sql-dir DIR    where migrations are "
	       "(BUILDSTATS_SQL_DIR)\n"
	       "  --builder NAME   import: the builder of what doesn't say\n"
	       "  --mask RULES     import, reparse: what is taken out of logs "
	       "(BUILDSTATS_MASK,\n"
	       "                   else credentials)\n"
	       "  --raw DIR        reparse: where uploads are kept "
	       "(BUILDSTATS_RAW)\n"
	       "  --since DATE     reparse: of them, what came since\n"
	       "  --before DATE    prune: what started before, e.g. "
	       "2026-03-01\n"
	       "  --keep-months N  prune: all but this month and N before it\n"
	       "  --receipts       prune: only receipts that have expired\n"
	       "  --all            signatures, reparse: all of them\n"
	       "  --dry-run        prune: only say what would go\n"
	       "  --help, --version\n");
}

static int
usage_error(const char *what)
{
	fprintf(stderr, "%s: %s; see %s --help\n", program, what, program);
	return 2;
}

enum err
admin_usage(struct admin *ad, struct errinfo *ei, const char *what)
{
	ad->wrong_usage = true;
	return err_set(ei, ERR_INPUT, "%s", what);
}

enum err
admin_id(const char *text, int *id, struct errinfo *ei)
{
	int64_t v;

	if (!str_to_i64(text, strlen(text), &v) || v <= 0 || v > INT32_MAX)
		return err_set(ei, ERR_INPUT, "%s: not an id", text);
	*id = (int)v;
	return ERR_OK;
}

static const char *
env_or(const char *name, const char *otherwise)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : otherwise;
}

static int
run(const struct verb *v, struct admin *ad, int n, char **argv)
{
	struct errinfo ei = {0};
	enum err err = v->run(ad, n, argv, &ei);

	if (fflush(stdout) != 0 && err == ERR_OK)
		err = err_set(&ei, ERR_INTERNAL, "output can't be written");
	if (err == ERR_OK)
		return 0;
	if (ad->wrong_usage)
		return usage_error(ei.text);
	fprintf(stderr, "%s: %s: %s\n", program, v->name, ei.text);
	if (ei.detail[0] != '\0')
		fprintf(stderr, "%s: %s: the server said: %s\n", program,
		    v->name, ei.detail);
	return 1;
}

static int
dispatch(struct admin *ad, const char *conninfo, int n, char **argv)
{
	const struct verb *v = NULL;
	int status;

	if (n < 1)
		return usage_error("a verb is missing");
	for (size_t i = 0; i < NVERBS; i++)
		if (strcmp(verbs[i].name, argv[0]) == 0)
			v = &verbs[i];
	if (v == NULL)
		return usage_error("no such verb");
	if (n - 1 < v->min)
		return usage_error("an argument is missing");
	if (n - 1 > v->max)
		return usage_error("too many arguments");
	ad->db = db_new(conninfo);
	status = run(v, ad, n - 1, argv + 1);
	db_free(ad->db);
	return status;
}

static bool
months(const char *text, int *out)
{
	int64_t v;

	if (!str_to_i64(text, strlen(text), &v) || v < 0 || v > 1200)
		return false;
	*out = (int)v;
	return true;
}

int
main(int argc, char **argv)
{
	const char *conninfo = env_or("BUILDSTATS_DB", "dbname=buildstats");
	struct admin ad = {
	    .sql_dir = env_or("BUILDSTATS_SQL_DIR", BS_DATADIR "/sql/migrate"),
	    .keep_months = -1,
	    .raw = env_or("BUILDSTATS_RAW", NULL),
	};
	const char *mask = env_or("BUILDSTATS_MASK", NULL);
	int c;

	log_open(program, LOG_LEVEL_WARN);
	opterr = 0;
	while ((c = getopt_long(argc, argv, "nhV", longopts, NULL)) != -1) {
		switch (c) {
		case OPT_DB:
			conninfo = optarg;
			break;
		case OPT_SQL_DIR:
			ad.sql_dir = optarg;
			break;
		case OPT_BEFORE:
			ad.before = optarg;
			break;
		case OPT_KEEP:
			if (!months(optarg, &ad.keep_months))
				return usage_error("--keep-months: a number");
			break;
		case OPT_BUILDER:
			ad.builder = optarg;
			break;
		case OPT_RECEIPTS:
			ad.receipts = true;
			break;
		case OPT_ALL:
			ad.all = true;
			break;
		case OPT_RAW:
			ad.raw = optarg;
			break;
		case OPT_MASK:
			mask = optarg;
			break;
		case OPT_SINCE:
			ad.since = optarg;
			break;
		case 'n':
			ad.dry_run = true;
			break;
		case 'h':
			help();
			return 0;
		case 'V':
			printf("%s %s\n", program, PACKAGE_VERSION);
			return 0;
		default:
			return usage_error("bad option");
		}
	}
	ad.mask = MASK_DEFAULT;
	if (mask != NULL && !mask_rules_read(mask, &ad.mask))
		return usage_error("--mask: credentials, emails, homes, hosts, "
				   "with commas between, or none");
	return dispatch(&ad, conninfo, argc - optind, argv + optind);
}
