/*
 * follow.h: reports a build while it runs, from the spool that the class
 * buildstats-report keeps; docs/protocol.md describes its files.
 *
 * The spool of a build is a directory.  bitbake appends lines to `events`.  One
 * follower, which holds a lock, looks into what they name (logs, packages),
 * and appends what is worth sending to `found`; each line of that is sent to
 * every server, numbered by its place.  The numbers of tasks and the sampled
 * logs are read where buildstats.bbclass writes them.  How much a server has,
 * its journal tells (sent-N); what that lacks after a kill is sent again, which
 * the server notices.
 */
#ifndef CLIENT_FOLLOW_H
#define CLIENT_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "client/client.h"
#include "model/intern.h"

struct arena;
struct jobj;

#define FOLLOW_SERVERS_MAX 8
#define FOLLOW_EVENTS_MAX 500 /* of a request */

enum follow_report {
	REPORT_TASKS = 1,
	REPORT_LOGS = 2,
	REPORT_SERIES = 4,
	REPORT_SIZES = 8,
	REPORT_ELF = 16,
	REPORT_QA = 32,
};

/* A file that goes in pieces: of a task, or another one of the run. */
struct follow_item {
	const char *member;    /* "zlib-1.3.1-r0/do_compile", "build_stats" */
	const char *pf, *task; /* of a task, else NULL */
	int64_t ready;         /* bytes of it that can be sent */
	int64_t size;          /* as last seen */
	int64_t since;         /* when `ready` grew last; ms */
	double started;        /* of the task that runs, or 0 */
	int64_t sent[FOLLOW_SERVERS_MAX];
	int64_t out[FOLLOW_SERVERS_MAX]; /* the same after masking */
};

/* The directory of a recipe as it was scanned last. */
struct follow_dir {
	int64_t changed; /* ns */
	size_t open;     /* files that are not complete */
};

/* A line of `found`. */
struct follow_note {
	double time;
	const char *kind; /* "failure", ... */
	struct slice line;
};

struct follow_server {
	struct target target;
	const char *token, *builder; /* or NULL */
	unsigned mask, number;
	/* as its journal tells */
	int64_t id; /* 0: not begun */
	const char *build_token, *url;
	size_t notes; /* of these it has so many */
	bool finished;
	struct intern shapes;
	/* the request that waits for its 200 */
	struct buf body, journal;
	size_t body_events;
	bool more; /* there was more than fits into a request */
	/* pace */
	int64_t next_seq, last_request, last_snapshot, not_before;
	uint64_t snapshot; /* what was told last */
	unsigned failures, restarts;
	bool dead; /* refused for good */
	char why[ERR_TEXT_MAX];
};

/* The layers of the build, whose state git tells. */
struct follow_layer {
	const char *name, *path;
};

struct follow {
	struct client *c;
	struct arena *a, *scratch;
	const char *dir;
	const char *run; /* the run's directory */
	unsigned report;
	bool dry_run;
	struct slice begin; /* begin.json */
	const char *host;   /* the node's name, or "" */
	double started;
	size_t nlayers, nservers, nitems, nnotes;
	struct follow_layer *layer;
	struct follow_server server[FOLLOW_SERVERS_MAX];
	size_t items_cap, notes_cap;
	struct follow_item *item;
	struct intern members; /* of the items */
	struct follow_note *note;
	struct intern dirs; /* of the run */
	struct follow_dir *dir_state;
	size_t dirs_cap;
	struct intern left_out;   /* beginnings of names that aren't sent */
	struct intern left_lines; /* and of lines of task files */
	/* `events` */
	int64_t events_at;
	uint64_t line, scanned; /* read, and of these looked into */
	int64_t done, total, setscene_done, setscene_total;
	int found; /* file descriptor */
	int64_t elf_bytes;
	bool over;       /* bitbake has ended or is gone */
	bool has_end;    /* `found` has its end */
	const char *end; /* the line of it, or NULL */
	double end_time;
	size_t end_number;
	int64_t begun, looked; /* clocks, ms */
	bool told_disk;
};

/* ---- follow_spool.c ---- */

/* Reads spool.json, begin.json, the journals and `found`, which is cut behind
 * the last line that is whole. */
enum err follow_open(struct follow *f, struct errinfo *ei) MUST_CHECK;
void follow_close(struct follow *f);
/* Takes the lines that `events` has by now. */
void follow_read_events(struct follow *f);
/* Appends lines to `found`, the last one saying how far `events` was looked
 * into, and takes them as notes; false when they can't be written. */
bool follow_add_found(struct follow *f, struct buf *lines);
/* Is the bitbake that writes the spool still there? */
bool follow_is_alive(const struct follow *f);
/* A small file of the spool, replaced as a whole; errors don't matter. */
void follow_put(const struct follow *f, const char *name, const char *text);
void follow_remove(const struct follow *f);

/* ---- follow_found.c: what a line of `events` leads to ---- */

/* Appends lines for `found`; j is the line of a task. */
void follow_look_into(struct follow *f, const struct jobj *j, struct buf *out);
/* The state of the layers. */
void follow_layers(struct follow *f, struct buf *out);

/* ---- follow_sizes.c ---- */

void follow_elf(struct follow *f, const char *split, struct buf *out);
void follow_packages(struct follow *f, const struct jobj *j, struct buf *out);
void follow_image(struct follow *f, const struct jobj *j, struct buf *out);
/* Begins a line of `found`: {"time":T,"event":"KIND" */
void follow_line(struct buf *out, double time, const char *kind);

/* ---- follow_items.c ---- */

struct follow_item *follow_item(struct follow *f, const char *member);
/* Sees what the run's directory has by now. */
void follow_scan(struct follow *f);
/* All lines of a journal. */
void follow_journal_text(
    struct follow *f, struct follow_server *s, struct slice text);

/* ---- follow_body.c ---- */

/* What should go to the server now, into s->body and s->journal; nothing if
 * there is nothing yet. */
void follow_body(struct follow *f, struct follow_server *s);
/* Has it everything, its end too? */
bool follow_has_all(const struct follow *f, const struct follow_server *s);
/* begin.json as the server may see it. */
void follow_begin_body(
    const struct follow *f, const struct follow_server *s, struct buf *out);

/* ---- follow_send.c ---- */

/* Begins the build, or sends the body; what fails is tried again later. */
void follow_send(struct follow *f, struct follow_server *s);

/* ---- follow.c ---- */

/* Follows the build of a spool, or flushes all spools in a directory; true
 * when nothing is left. */
bool follow_path(struct client *c, const char *dir);
/* Flushes the spools in a directory but for one (or NULL). */
bool follow_flush(struct client *c, const char *dir, const char *but);

#endif
