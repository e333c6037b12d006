/*
 * build.h: one bitbake invocation as its files tell it.
 *
 * These are plain structs in an arena, without HTTP, XML or SQL.  The readers
 * of buildstats directories fill them, the store keeps them, the exporter
 * writes the files again from them.
 *
 * Times are microseconds since the epoch, UTC; TIME_UNKNOWN where the files
 * don't say.  Texts are clean UTF-8 (utf8_scrub) unless called bytes.
 */
#ifndef MODEL_BUILD_H
#define MODEL_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/events.h"

struct arena;
struct buf;

#define TIME_UNKNOWN INT64_MIN

enum build_status {
	BUILD_RUNNING = 0,    /* live reporting says so */
	BUILD_SUCCEEDED = 1,  /* finished, nothing failed */
	BUILD_FAILED = 2,     /* at least one task failed for good */
	BUILD_INCOMPLETE = 3, /* killed, or its end was never seen */
};

enum task_status {
	TASK_PASSED = 1,
	TASK_FAILED = 2,
	TASK_UNFINISHED = 3, /* no Status line: killed */
};

/*
 * How a number was written.  A value is kept as an int64 that, together with
 * its form, reproduces the very text that bitbake wrote.
 */
enum num_form {
	NUM_INT = 0,  /* "930": the integer */
	NUM_FIX2 = 1, /* "12.34": hundredths, always two decimals */
	NUM_USEC = 2, /* Python's repr of sec + usec * 1e-6: microseconds */
	NUM_REAL = 3, /* Python's repr of any double: its bits */
};

/* The number as a double, exactly the one that bitbake printed. */
double num_to_double(enum num_form form, int64_t value);
/* The number as text; at most 32 bytes with the NUL; returns the length. */
size_t num_to_text(char out[32], enum num_form form, int64_t value);
/*
 * Reads s whole, in the first form that gives s back letter for letter; false
 * when none does: it is no finite number, out of range, or written in a way
 * that bitbake doesn't ("007", "+1", "1.50e3").
 */
bool num_parse(struct slice s, enum num_form *form, int64_t *value);
/* The same in a given form: "0.25" may be NUM_FIX2 as well as NUM_USEC. */
bool num_parse_as(struct slice s, enum num_form form, int64_t *value);

/* A named number: key as bitbake wrote it, name as URLs and JSON use it. */
struct metric {
	const char *key;  /* "Child rusage ru_maxrss" */
	const char *name; /* "child_rusage.ru_maxrss" */
};

/*
 * The URL-safe name of a key: lower case, a point before its last word, '_'
 * between the others and for what URLs don't like.
 */
const char *metric_name_of(struct arena *a, struct slice key);

/*
 * The shape of a task block: its text with every number replaced by SLOT,
 * the line "<PF>: <task>" by the bytes SLOT_NAME.  Nearly all tasks of a
 * build share two or three shapes, so that keeping a task "exactly as
 * written" costs a small integer, and unknown lines survive.
 */
#define SHAPE_SLOT '\x01'
#define SHAPE_NAME '\x02'

struct shape_slot {
	uint32_t metric; /* index into build->metrics */
	enum num_form form;
};

struct shape {
	struct slice text; /* bytes */
	size_t nslots;
	const struct shape_slot *slots;
	enum task_status status;
	/* slot numbers of these well-known numbers, or -1 */
	int started, ended, elapsed;
};

/*
 * One run of a task: one "Event: TaskStarted" block of a task file.  A build's
 * tasks are sorted by package, name and block; the last block of a (package,
 * name) decides how that task ended.
 */
struct task {
	uint32_t package; /* index into build->packages */
	uint32_t name;    /* index into build->task_names */
	uint32_t shape;   /* index into build->shapes */
	uint32_t block;   /* 0, or k for the (k+1)th block of the same file */
	const int64_t *values; /* one per slot of the shape */
};

/*
 * A recipe built once: PF = recipe-[epoch_]version-revision.  Packages and
 * task names of a build are sorted bytewise.
 */
struct package {
	const char *pf;      /* as the directory is called */
	const char *recipe;  /* PN */
	const char *version; /* the rest, e.g. "1_2.78.0-r0"; "" if none */
};

enum series_kind {
	SERIES_CPU = 1,      /* user, system, iowait: fractions 0..1 */
	SERIES_MEMORY = 2,   /* total free buffers cached swap_total swap_free:
				bytes */
	SERIES_DISK = 3,     /* read, write: bytes/s; busy: 0 or 1 */
	SERIES_SPACE = 4,    /* used: bytes; subject is the volume */
	SERIES_NET = 5,      /* rx, tx: bytes since the previous sample;
				subject is the interface */
	SERIES_PRESSURE = 6, /* avg10 avg60 avg300: percent; stall: us since the
				previous sample; subject cpu, io or memory */
};

enum series_flag {
	SERIES_NO_DATA = 1,       /* an all-zero disk log of an old oe-core */
	SERIES_UNIT_REPAIRED = 2, /* throughput was divided by 100 */
	SERIES_NVME_TWICE = 4,    /* NVMe disks counted with their partitions */
	SERIES_TRUNCATED = 8,     /* the last sample was cut and left out */
};

#define SERIES_COLUMNS_MAX 6

struct series {
	enum series_kind kind;
	const char *subject; /* "" where the kind has none */
	unsigned flags;
	size_t n;
	unsigned ncolumns;
	const int64_t *time; /* n epoch seconds, ascending as written */
	const double *column[SERIES_COLUMNS_MAX]; /* n values each */
};

/* "cpu", "pressure", ...: a series' metrics are called that, a dot, and the
 * column. */
const char *series_kind_name(enum series_kind kind);
/* Column names of a kind in the order above; NULL-terminated. */
const char *const *series_columns(enum series_kind kind);

/* A text that is kept and shown but not read: host_stats*. */
struct build_text {
	const char *name; /* file name */
	uint64_t size;    /* bytes before compression */
	struct slice zstd;
};

struct layer {
	const char *name;
	const char *branch; /* "" if unknown */
	const char *commit; /* "" if unknown */
	int modified;       /* 1, 0, or -1 unknown */
};

/* Where a build ran and what was asked of it.  "" means unknown. */
struct environment {
	const char *uuid; /* canonical, lower case, or "" */
	const char *builder;
	const char *machine;
	const char *distro;
	const char *distro_version;
	const char *image; /* first image or target */
	size_t ntargets;
	const char **targets;
	const char *host;        /* node name */
	const char *host_info;   /* the whole Host Info line */
	const char *host_distro; /* "debian-12" */
	const char *host_arch;
	const char *bitbake_version;
	const char *branch; /* of the layer that holds oe-core's meta */
	const char *commit;
	size_t nlayers;
	struct layer *layers;
	size_t ntags;
	const char **tags;
	const char *mode;   /* "clean", "incremental" or "" */
	const char *ci_url; /* of the autobuilder's page about it */
	const char *json;   /* build.json as sent, compact, or "" */
	/* which file told what: "field" then "source", NULL-terminated */
	const char **origin;
};

/* An image that was made: build_stats' "Uncompressed Rootfs size". */
struct rootfs {
	const char *path;
	int64_t bytes;
};

/* What "Failed at" lines of build_stats say; sorted, each once. */
struct failed_at {
	uint32_t package; /* index into build->packages */
	const char *task;
};

enum failure_kind {
	FAILURE_TASK = 1,
	FAILURE_NO_PROVIDER = 2, /* recipe: the item that nothing provides */
	FAILURE_PARSE = 3
};

struct taken_log; /* model/log_take.h */

/* A failure that an error report, a log or a client told of. */
struct told_failure {
	enum failure_kind kind;
	const char *recipe, *version, *task; /* "" if unknown */
	const char *message;         /* of a failure without a log, or "" */
	const struct taken_log *log; /* or NULL */
	int64_t seen;                /* TIME_UNKNOWN */
	int number;                  /* that was given out already, or 0 */
};

struct told_parts;
struct told_result; /* model/result.h */
struct sizes;       /* model/sizes.h */

/* A number of the build as a whole; of several things their sum and largest. */
struct build_number {
	const char *name;
	const char *unit; /* NULL: what metric_unit(name) says */
	double sum, max;
};

struct build {
	const char *name;           /* BUILDNAME */
	unsigned char identity[32]; /* SHA-256: see bundle.h */
	unsigned char content[32];  /* SHA-256 over all files read */
	struct environment env;
	enum build_status status;
	int64_t started;
	int64_t ended;            /* TIME_UNKNOWN if never finished */
	double cooker_cpu;        /* "CPU usage" of build_stats, or -1 */
	struct slice build_stats; /* the file as written, bytes */

	size_t nmetrics;
	struct metric *metrics;
	size_t nshapes;
	struct shape *shapes;
	size_t ntask_names;
	const char **task_names;
	size_t npackages;
	struct package *packages;
	size_t ntasks;
	struct task *tasks;
	size_t nfailed_at;
	struct failed_at *failed_at;
	size_t nseries;
	struct series *series;
	size_t ntexts;
	struct build_text *texts;
	size_t nrootfs;
	struct rootfs *rootfs;

	bool named; /* build_store_names() was called */
	size_t ntold;
	struct told_failure *told;
	const struct told_parts *parts; /* failure_prepare(), or NULL */
	size_t nreports; /* error reports that told them, by their SHA-256 */
	const unsigned char (*reports)[32];

	struct build_events events;
	size_t nresults; /* of tests */
	const struct told_result *results;
	bool results_alone; /* nothing else is known of it */
	size_t nnumbers;
	struct build_number *numbers; /* each name once */
	struct sizes *sizes;          /* of what it made, or NULL */
	bool sizes_alone;             /* nothing else of it was sent */

	/* What was repaired or left out, one sentence each. */
	size_t nrepairs;
	const char **repairs;
};

/* The order of build->tasks, for qsort: package, name, block. */
int task_compare(const void *x, const void *y);

/* Wall times of a task, in microseconds; TIME_UNKNOWN. */
int64_t task_started(const struct build *b, const struct task *t);
int64_t task_ended(const struct build *b, const struct task *t);

/*
 * Ended - Started, else "Elapsed time", else -1: seconds.  (A setting of the
 * clock during a task can make the former negative: then the latter.)
 */
double task_elapsed(const struct build *b, const struct task *t);

/* A number of a shape's slot for this task, as a double. */
double task_value(const struct build *b, const struct task *t, size_t slot);

/* Appends the block as bitbake wrote it, byte for byte. */
void task_text(struct buf *out, const struct build *b, const struct task *t);

/* The first task of a package, or of a later one if it has none: the tasks of
 * package p are those from package_first(p) to package_first(p + 1) - 1. */
size_t package_first(const struct build *b, uint32_t package);

/*
 * Did this task fail for good?  Not if a later block of the same task exists,
 * nor if it is a setscene task and the real task passed.
 */
bool task_is_failure(const struct build *b, const struct task *t);

/* Succeeded: all of its tasks passed; failed: one failed for good, or
 * build_stats says so; else incomplete. */
enum build_status package_status(const struct build *b, uint32_t package);

/* A task that failed for good; task is NULL when only build_stats knows. */
struct build_failure {
	uint32_t package;
	const char *name;
	const struct task *task;
};
/* All of them, in order of package and task; *n of them. */
struct build_failure *build_failures(
    struct arena *a, const struct build *b, size_t *n);

/*
 * What the parts say: never finished (no "Elapsed time" in build_stats) is
 * incomplete, whatever has failed until then; finished with failures is
 * failed; finished with tasks that were left without a status is incomplete.
 */
enum build_status build_status_of(const struct build *b);

#endif
