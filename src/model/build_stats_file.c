/* build_stats_file.c: see build_stats_file.h. */
#include "model/build_stats_file.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/task_file.h"

#define US 1000000
#define ROOTFS_MAX 1000

struct reader {
	struct arena *arena;
	struct build_stats *out;
	size_t failed_cap, rootfs_cap;
	double elapsed; /* seconds, -1 */
	const char *wrong;
};

static struct slice
first_word(struct slice s)
{
	struct slice word;

	s = slice_trim(s);
	slice_cut(&s, ' ', &word);
	return word;
}

static void
read_started(struct reader *r, struct slice value)
{
	struct slice text = first_word(value);
	double s;

	if (!str_to_double(text.p, text.n, &s) || s < EPOCH_MIN ||
	    s > EPOCH_MAX) {
		r->wrong = "not a time";
		return;
	}
	if (r->out->started != TIME_UNKNOWN)
		return;
	r->out->started = llround(s * US);
	r->out->start_text = text;
}

static void
read_elapsed(struct reader *r, struct slice value)
{
	struct slice text = first_word(value);

	if (!str_to_double(text.p, text.n, &r->elapsed) || r->elapsed < 0 ||
	    r->elapsed > EPOCH_MAX)
		r->wrong = "not a duration";
}

static void
read_cpu(struct reader *r, struct slice value)
{
	struct slice text = first_word(value);

	if (text.n > 0 && text.p[text.n - 1] == '%')
		text.n--;
	if (!str_to_double(text.p, text.n, &r->out->cooker_cpu))
		r->wrong = "not a number";
}

static void
read_host(struct reader *r, struct slice value)
{
	if (r->out->host_info.n == 0)
		r->out->host_info = slice_trim(value);
}

/* What "du -h" prints: "93M", "1.2G", "512". */
static bool
read_size(struct slice s, int64_t *bytes)
{
	static const char units[] = "KMGTP";
	const char *unit;
	double v;

	if (s.n == 0)
		return false;
	unit = s.p[s.n - 1] != '\0' ? strchr(units, s.p[s.n - 1]) : NULL;
	if (!str_to_double(s.p, s.n - (unit != NULL), &v))
		return false;
	if (unit != NULL)
		v = ldexp(v, 10 * (int)(unit - units + 1));
	if (v < 0 || v > 0x1p62)
		return false;
	*bytes = llround(v);
	return true;
}

static void
read_rootfs(struct reader *r, struct slice value)
{
	struct slice rest = slice_trim(value), size;
	struct build_stats *out = r->out;
	int64_t bytes;

	if (!slice_cut(&rest, '\t', &size) || out->nrootfs == ROOTFS_MAX ||
	    !read_size(slice_trim(size), &bytes))
		return;
	out->rootfs = arena_grow(r->arena, out->rootfs, &r->rootfs_cap,
	    out->nrootfs + 1, sizeof(*out->rootfs));
	out->rootfs[out->nrootfs++] = (struct rootfs){
	    utf8_scrub(r->arena, rest.p, rest.n),
	    bytes,
	};
}

/* "zlib-1.3-r0 at task: do_compile" */
static void
read_failed(struct reader *r, struct slice value)
{
	static const char middle[] = " at task: ";
	struct build_stats *out = r->out;
	struct slice s = slice_trim(value), pf, task;
	const char *at = memmem(s.p, s.n, middle, sizeof(middle) - 1);

	if (at == NULL)
		return;
	pf = (struct slice){s.p, (size_t)(at - s.p)};
	task.p = at + sizeof(middle) - 1;
	task.n = s.n - pf.n - (sizeof(middle) - 1);
	if (pf.n == 0 || task.n == 0 || pf.n > 255 || task.n > 255)
		return;
	out->failed = arena_grow(r->arena, out->failed, &r->failed_cap,
	    out->nfailed + 1, sizeof(*out->failed));
	out->failed[out->nfailed++] = (struct build_stats_failed){pf, task};
}

static const struct {
	const char *key;
	void (*read)(struct reader *r, struct slice value);
} lines[] = {
    {"Host Info: ", read_host},
    {"Build Started: ", read_started},
    {"Uncompressed Rootfs size: ", read_rootfs},
    {"Failed at: ", read_failed},
    {"Elapsed time: ", read_elapsed},
    {"CPU usage: ", read_cpu},
};

/* False if the line isn't known. */
static bool
read_line(struct reader *r, struct slice line, const char **key)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t n = strlen(lines[i].key);
		if (!slice_starts(line, lines[i].key))
			continue;
		*key = lines[i].key;
		lines[i].read(r, (struct slice){line.p + n, line.n - n});
		return true;
	}
	return false;
}

static void
note_odd(struct build_stats *out, size_t no, struct slice line)
{
	line = slice_trim(line);
	if (line.n > 0 && out->nodd < BUILD_STATS_ODD_MAX)
		out->odd[out->nodd++] =
		    (struct build_stats_odd){(uint32_t)no, line};
}

enum err
build_stats_read(struct arena *a, struct slice text, struct build_stats *out,
    struct errinfo *ei)
{
	struct reader r = {.arena = a, .out = out, .elapsed = -1};
	bool known = false;
	struct slice rest = text, line;
	const char *key = "";

	*out = (struct build_stats){
	    .started = TIME_UNKNOWN,
	    .ended = TIME_UNKNOWN,
	    .start_text = {"", 0},
	    .host_info = {"", 0},
	    .cooker_cpu = -1,
	};
	for (size_t no = 1; slice_line(&rest, &line); no++) {
		if (memchr(line.p, '\0', line.n) != NULL)
			return err_set(ei, ERR_INPUT,
			    "build_stats line %zu: a NUL byte: not a text", no);
		if (read_line(&r, line, &key))
			known = true;
		else
			note_odd(out, no, line);
		if (r.wrong != NULL)
			return err_set(ei, ERR_INPUT,
			    "build_stats line %zu: %s%s", no, key, r.wrong);
	}
	if (!known && text.n > 0)
		return err_set(
		    ei, ERR_INPUT, "build_stats: no line of it is known");
	if (r.elapsed >= 0 && out->started != TIME_UNKNOWN)
		out->ended = out->started + llround(r.elapsed * US);
	return ERR_OK;
}
