/* member.c: see member.h. */
#include "model/member.h"

#include <string.h>

#include "model/pf.h"
#include "model/scan.h"

/* ---- paths ---- */

static enum err
refuse(struct slice path, struct errinfo *ei, const char *why)
{
	int n = path.n > 200 ? 200 : (int)path.n;

	return err_set(ei, ERR_INPUT, "the name %.*s%s %s", n, path.p,
	    path.n > 200 ? "..." : "", why);
}

static enum err
check_component(const struct bundle_limits *limits, struct slice path,
    struct slice part, struct errinfo *ei)
{
	if (part.n == 0)
		return refuse(path, ei, "has an empty component");
	if (slice_is(part, "..") || slice_is(part, "."))
		return refuse(path, ei, "has the component '.' or '..'");
	if (part.n > limits->name_bytes)
		return refuse(path, ei, "has too long a component");
	return ERR_OK;
}

enum err
member_check_path(
    const struct bundle_limits *limits, struct slice *path, struct errinfo *ei)
{
	struct slice rest, part;
	bool more = true;

	if (path->n > limits->path_bytes)
		return refuse(*path, ei, "is too long");
	if (path->n > 0 && memchr(path->p, '\0', path->n) != NULL)
		return refuse(*path, ei, "holds a NUL byte");
	if (path->n > 0 && path->p[0] == '/')
		return refuse(*path, ei, "is absolute");
	while (slice_starts(*path, "./")) {
		path->p += 2;
		path->n -= 2;
	}
	rest = *path;
	for (size_t depth = 1; more; depth++) {
		enum err e;
		more = slice_cut(&rest, '/', &part);
		if ((e = check_component(limits, *path, part, ei)) != ERR_OK)
			return e;
		if (depth > limits->depth)
			return refuse(*path, ei, "is nested too deep");
	}
	return ERR_OK;
}

bool
dir_holds(struct slice dir, struct slice below)
{
	if (dir.n == 0)
		return true;
	return below.n >= dir.n && memcmp(below.p, dir.p, dir.n) == 0 &&
	       (below.n == dir.n || below.p[dir.n] == '/');
}

bool
dir_pop(struct slice *dir, struct slice *last)
{
	size_t n = dir->n;

	while (n > 0 && dir->p[n - 1] != '/')
		n--;
	*last = (struct slice){dir->p + n, dir->n - n};
	dir->n = n > 0 ? n - 1 : 0;
	return last->n > 0;
}

/* ---- kinds ---- */

static const struct {
	const char *name;
	enum member_kind kind;
	enum series_kind series;
} run_files[] = {
    {"build_stats", MEMBER_BUILD_STATS, 0},
    {"reduced_proc_stat.log", MEMBER_LOG, SERIES_CPU},
    {"reduced_proc_meminfo.log", MEMBER_LOG, SERIES_MEMORY},
    {"reduced_proc_diskstats.log", MEMBER_LOG, SERIES_DISK},
    {"monitor_disk.log", MEMBER_LOG, SERIES_SPACE},
    {"reduced_proc_net.log", MEMBER_NET_LOG, SERIES_NET},
    {"build.json", MEMBER_BUILD_JSON, 0},
    {"event-log.json", MEMBER_EVENT_DOC, 0},
    {"task-depends.dot", MEMBER_DEPENDS, 0},
    {"pn-depends.dot", MEMBER_DEPENDS, 0},
    {"console.log", MEMBER_CONSOLE, 0},
    {"metrics", MEMBER_NUMBERS, 0},
};

static bool
is_run_file(struct member *m)
{
	for (size_t i = 0; i < sizeof(run_files) / sizeof(run_files[0]); i++) {
		if (!slice_is(m->name, run_files[i].name))
			continue;
		m->kind = run_files[i].kind;
		m->series = run_files[i].series;
		return true;
	}
	if (!slice_starts(m->name, "host_stats"))
		return false;
	m->kind = MEMBER_TEXT;
	return true;
}

static bool
is_pressure(struct member *m, struct slice parent)
{
	static const char *const files[][2] = {
	    {"cpu.log", "cpu"}, {"io.log", "io"}, {"memory.log", "memory"}};

	if (!slice_is(parent, "reduced_proc_pressure"))
		return false;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!slice_is(m->name, files[i][0]))
			continue;
		m->kind = MEMBER_LOG;
		m->series = SERIES_PRESSURE;
		m->subject = files[i][1];
	}
	return true;
}

static bool
is_buildhistory(struct member *m, struct slice path)
{
	if (!history_path(path, &m->history))
		return false;
	m->dir = m->history.dir;
	switch (m->history.file) {
	case HISTORY_OTHER:
	case HISTORY_RECIPE:
		m->kind = MEMBER_HISTORY;
		break;
	case HISTORY_BUILD_ID:
		m->kind = MEMBER_BUILD_ID;
		break;
	case HISTORY_REVS:
		m->kind = MEMBER_REVS;
		break;
	default:
		m->kind = MEMBER_SIZES;
		break;
	}
	return true;
}

/* ---- logs of tasks ---- */

/* "zlib.do_compile.log" in logs/. */
static bool
is_named_log(struct member *m, struct slice dir)
{
	static const char mark[] = ".do_";
	struct slice parent, name = m->name;

	if (!slice_ends(name, ".log") || !dir_pop(&dir, &parent) ||
	    !slice_is(parent, "logs"))
		return false;
	name.n -= strlen(".log");
	for (size_t i = name.n; i > 0; i--) {
		struct slice rest = {name.p + i, name.n - i};
		if (!slice_starts(rest, mark))
			continue;
		m->kind = MEMBER_TASK_LOG;
		m->current = true;
		m->recipe = (struct slice){name.p, i};
		m->task = (struct slice){rest.p + 1, rest.n - 1};
		m->dir = dir;
		return true;
	}
	return false;
}

/* "log.do_compile.1234", or "log.do_compile", to which a link points. */
static bool
read_log_name(struct member *m)
{
	struct slice rest = m->name, head, pid;

	if (!slice_starts(rest, "log.do_"))
		return false;
	rest.p += strlen("log.");
	rest.n -= strlen("log.");
	m->current = !slice_cut(&rest, '.', &head);
	m->task = head;
	pid = rest;
	for (size_t i = 0; !m->current && i < pid.n; i++)
		if (pid.p[i] < '0' || pid.p[i] > '9')
			return false;
	return true;
}

/* WORKDIR/temp: below work/ARCH/RECIPE/VERSION, or once work/ARCH/PF. */
static bool
read_workdir(struct member *m, struct slice dir)
{
	struct slice version, recipe, arch, work;

	if (!dir_pop(&dir, &version) || !dir_pop(&dir, &recipe))
		return false;
	m->recipe = recipe;
	m->dir = dir;
	if (!dir_pop(&dir, &arch))
		return true;
	if (slice_is(arch, "work")) {
		m->recipe = (struct slice){"", 0};
		m->pf = version;
		m->dir = dir;
	} else if (dir_pop(&dir, &work) && slice_is(work, "work")) {
		m->dir = dir;
	}
	return true;
}

static bool
is_task_log(struct member *m, struct slice dir)
{
	struct slice parent;

	if (is_named_log(m, dir))
		return true;
	if (!read_log_name(m) || !dir_pop(&dir, &parent))
		return false;
	m->kind = MEMBER_TASK_LOG;
	if (slice_is(parent, "temp") && read_workdir(m, dir))
		return true;
	m->pf = parent;
	m->dir = dir;
	if (dir_pop(&dir, &parent) && slice_is(parent, "logs"))
		m->dir = dir;
	return true;
}

/* ---- test results ---- */

/* LOG_DIR/oeqa/ is where testimage leaves them. */
static bool
is_results(struct member *m, struct slice dir)
{
	struct slice above = dir, parent;

	if (!slice_is(m->name, "testresults.json"))
		return false;
	m->kind = MEMBER_RESULTS;
	m->dir = dir;
	if (!dir_pop(&above, &parent) || !slice_is(parent, "oeqa"))
		return true;
	m->dir = dir = above;
	if (dir_pop(&above, &parent) && slice_is(parent, "log"))
		m->dir = above;
	return true;
}

/* What is in it decides. */
static bool
is_perf(struct member *m)
{
	static const char *const names[] = {"results.json", "results.xml",
	    "metadata.json", "metadata.xml", "buildstats.json"};
	bool found = slice_contains(m->name, "globalres");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		found |= slice_is(m->name, names[i]);
	if (found)
		m->kind = MEMBER_PERF;
	return found;
}

/* ---- all ---- */

static bool
is_task_name(struct slice s)
{
	return slice_starts(s, "do_") && memchr(s.p, '.', s.n) == NULL;
}

bool
member_is_next_task(const struct bundle_limits *limits, const struct member *m,
    struct slice before, struct slice path)
{
	size_t dir_n = before.n - m->name.n;
	struct slice name;

	if (m->kind != MEMBER_TASK || path.n <= dir_n ||
	    path.n > limits->path_bytes || memcmp(path.p, before.p, dir_n) != 0)
		return false;
	name = (struct slice){path.p + dir_n, path.n - dir_n};
	return name.n <= limits->name_bytes && is_task_name(name) &&
	       memchr(name.p, '/', name.n) == NULL &&
	       memchr(name.p, '\0', name.n) == NULL;
}

void
member_read(struct member *m, struct slice path)
{
	struct slice dir = path, parent, recipe, version;

	*m = (struct member){.kind = MEMBER_OTHER, .subject = ""};
	dir_pop(&dir, &m->name);
	m->dir = dir;
	if (is_buildhistory(m, path) || is_run_file(m) || is_results(m, dir) ||
	    is_perf(m) || is_task_log(m, dir))
		return;
	if (!dir_pop(&dir, &parent))
		return;
	m->dir = dir;
	if (is_pressure(m, parent))
		return;
	if (slice_is(parent, "error-report")) {
		if (slice_ends(m->name, ".txt"))
			m->kind = MEMBER_REPORT;
		/* TMPDIR has it in log/, beside buildstats/. */
		if (dir_pop(&dir, &parent) && slice_is(parent, "log"))
			m->dir = dir;
		return;
	}
	if (slice_is(parent, "eventlog") && slice_ends(m->name, ".json")) {
		m->kind = MEMBER_EVENT_LOG;
		if (dir_pop(&dir, &parent) && slice_is(parent, "log"))
			m->dir = dir;
		return;
	}
	m->pf = parent;
	if (is_task_name(m->name))
		m->kind = MEMBER_TASK;
	else if (memchr(m->name.p, '.', m->name.n) == NULL &&
		 pf_split(parent, &recipe, &version))
		m->kind = MEMBER_PERHAPS_TASK;
}
