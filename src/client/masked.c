/* masked.c: see masked.h. */
#include "client/masked.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "model/log_lines.h"
#include "json/jlines.h"

#define PIECE ((size_t)128 << 10)
#define HITS_MAX 20 /* of a line */

DEFINE_CLEANUP(struct jlines *, cleanup_jlines, jlines_free);

struct masking {
	const struct masked_file *file;
	struct mask mask;
	struct masked *found; /* or NULL */
	uint32_t line;
	struct buf text; /* of a line */
	masked_fn fn;
	void *arg;
	bool stopped;
};

/* "logs/...", "error-report/...", "buildstats/NAME/host_stats..." */
bool
masked_wants(const char *member)
{
	const char *name = strrchr(member, '/');
	struct slice s = slice_of(member);

	return slice_starts(s, "logs/") || slice_starts(s, "error-report/") ||
	       slice_is(s, "console.log") ||
	       strncmp(name != NULL ? name + 1 : member, "host_stats", 10) == 0;
}

static bool
is_report(const char *member)
{
	return slice_starts(slice_of(member), "error-report/");
}

static void
hand_on(void *arg, const char *p, size_t n)
{
	struct masking *m = arg;

	if (!m->stopped && n > 0)
		m->stopped = !m->fn(m->arg, p, n);
}

static void
note(struct masking *m, const struct mask_hit *hit, size_t n)
{
	struct masked *to = m->found;

	if (to == NULL)
		return;
	to->count += n;
	for (size_t i = 0; i < n && i < HITS_MAX; i++) {
		if (to->n == MASKED_PLACES_MAX)
			return;
		to->place = arena_grow(
		    to->a, to->place, &to->cap, to->n + 1, sizeof(*to->place));
		to->place[to->n++] = (struct masked_place){
		    arena_strdup(to->a, m->file->member), m->line, hit[i]};
	}
}

static size_t
mask_text(struct masking *m, struct slice line, struct buf *out)
{
	struct mask_hit hit[HITS_MAX];
	size_t n = mask_line(&m->mask, line, out, hit, HITS_MAX);

	note(m, hit, n);
	return n;
}

static void
take_line(void *arg, struct slice piece, bool ends)
{
	struct masking *m = arg;

	buf_reset(&m->text);
	mask_text(m, piece, &m->text);
	if (ends)
		buf_addc(&m->text, '\n');
	hand_on(m, m->text.data, m->text.len);
	m->line += ends;
}

static bool
change_line(void *arg, struct slice line, struct buf *changed)
{
	return mask_text(arg, line, changed) > 0;
}

/* Gives the bytes of the file to one of the two. */
static enum err
read_file(const struct masking *m, struct log_lines *lines, struct jlines *json,
    struct errinfo *ei)
{
	const struct masked_file *f = m->file;
	char piece[PIECE];
	uint64_t at = 0;

	while (at < f->size && !m->stopped) {
		uint64_t left = f->size - at;
		ssize_t got =
		    pread(f->fd, piece, left < PIECE ? left : PIECE, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(ei, ERR_INTERNAL, "%s: %s", f->path,
			    strerror(errno));
		if (got == 0)
			return err_set(ei, ERR_CONFLICT,
			    "%s: got shorter while it was read", f->path);
		if (json != NULL)
			jlines_add(json, piece, (size_t)got);
		else
			log_lines_add(lines, piece, (size_t)got);
		at += (uint64_t)got;
	}
	return ERR_OK;
}

enum err
masked_read(const struct masked_file *f, struct masked *found, masked_fn fn,
    void *arg, struct errinfo *ei)
{
	CLEANUP(cleanup_jlines) struct jlines *json = NULL;
	struct masking m = {.file = f,
	    .mask = {.rules = f->rules},
	    .found = found,
	    .fn = fn,
	    .arg = arg};
	struct jlines_sink sink = {change_line, hand_on, &m};
	struct log_lines lines = {.piece = take_line, .arg = &m};
	enum err e;

	if (is_report(f->member))
		json = jlines_new(&sink);
	else
		m.line = 1;
	e = read_file(&m, &lines, json, ei);
	if (json != NULL)
		jlines_end(json);
	else
		log_lines_end(&lines);
	log_lines_clear(&lines);
	buf_clear(&m.text);
	return e;
}
