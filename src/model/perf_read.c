/* perf_read.c: see perf_read.h. */
#include "model/perf_read.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/flat_doc.h"
#include "model/scan.h"

#define NAME_BYTES 60
#define MESSAGE_BYTES 2000
#define VALUE_MAX 1e18
#define ELAPSED_MAX 1e9 /* seconds */

const char *
perf_name(struct arena *a, struct slice s)
{
	size_t n = s.n < NAME_BYTES ? s.n : NAME_BYTES;
	char *out = arena_strndup(a, n > 0 ? s.p : "", n);

	for (char *p = out; *p != '\0'; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') &&
		    !is_digit(*p) && *p != '-' && *p != '.')
			*p = '_';
	return out;
}

static const char *
text_of(struct arena *a, struct slice s, size_t max)
{
	return utf8_scrub(a, s.p, s.n < max ? s.n : max);
}

/* ---- sniffing ---- */

/* "host,branch:commit,commit," and twelve numbers, or one more: what has
 * written test1's two sizes into one column. */
static bool
is_globalres(struct slice line)
{
	size_t commas = 0;

	for (size_t i = 0; i < line.n; i++) {
		if ((unsigned char)line.p[i] < ' ')
			return false;
		commas += line.p[i] == ',';
	}
	return commas == 14 || commas == 15;
}

struct sniffing {
	unsigned host, tests, layers, bitbake, distro, tasks;
};

static enum err
sniff_value(void *arg, const struct flat_path *p, struct slice value,
    struct errinfo *ei)
{
	struct sniffing *s = arg;

	(void)value, (void)ei;
	s->host |= p->n == 1 && flat_is(p, 0, "tester_host");
	s->tests |= flat_is(p, 0, "tests");
	s->layers |= flat_is(p, 0, "layers");
	s->bitbake |= flat_is(p, 0, "bitbake");
	s->distro |= flat_is(p, 0, "distro") || flat_is(p, 0, "host_distro");
	s->tasks |= flat_is(p, 1, "tasks") || flat_is(p, 2, "tasks");
	return ERR_OK;
}

static enum perf_kind
sniff_json(struct slice text)
{
	struct sniffing s = {0};
	struct errinfo ei;

	if (flat_json("", text, sniff_value, &s, &ei) != ERR_OK)
		return PERF_NONE;
	if (s.host)
		return PERF_RESULTS;
	if (s.layers && (s.bitbake || s.distro))
		return PERF_METADATA;
	return s.tasks ? PERF_BUILDSTATS : PERF_NONE;
}

enum perf_kind
perf_sniff(struct slice text)
{
	struct slice s = slice_trim(text), line, head = s;

	if (s.n == 0)
		return PERF_NONE;
	if (s.p[0] == '{' || s.p[0] == '[')
		return sniff_json(s);
	if (head.n > 4096)
		head.n = 4096;
	if (s.p[0] == '<')
		return slice_contains(head, "<metadata>")       ? PERF_METADATA
		       : slice_contains(head, "oeqa.buildperf") ? PERF_RESULTS
								: PERF_NONE;
	return slice_line(&s, &line) && is_globalres(line) ? PERF_GLOBALRES
							   : PERF_NONE;
}

/* ---- results ---- */

struct reading {
	struct arena *a;
	struct perf_results *out;
	struct perf_test *test; /* at hand; NULL: none, or too many */
	const char *measurement;
	double utime, stime; /* of the measurement at hand */
};

static void
begin_test(struct reading *r, struct slice name)
{
	struct perf_results *out = r->out;

	r->test = NULL;
	r->measurement = "";
	if (out->ntests == PERF_TESTS_MAX)
		return;
	out->test = arena_grow(r->a, out->test, &out->tests_cap,
	    out->ntests + 1, sizeof(*out->test));
	r->test = &out->test[out->ntests++];
	*r->test = (struct perf_test){perf_name(r->a, name), "SUCCESS", ""};
}

static void
begin_measurement(struct reading *r, struct slice name)
{
	r->measurement = perf_name(r->a, name);
	r->utime = r->stime = NAN;
}

static void
add_number(struct reading *r, const char *what, const char *unit, double value)
{
	struct perf_results *out = r->out;

	if (r->test == NULL || r->measurement[0] == '\0' ||
	    out->nnumbers == PERF_NUMBERS_MAX || !(value >= 0) ||
	    value > VALUE_MAX)
		return;
	for (size_t i = out->nnumbers; i-- > 0;) {
		struct perf_number *n = &out->number[i];
		if (n->measurement != r->measurement ||
		    n->test != r->test->name)
			break;
		if (strcmp(n->what, what) == 0) {
			n->value = value;
			return;
		}
	}
	out->number = arena_grow(r->a, out->number, &out->numbers_cap,
	    out->nnumbers + 1, sizeof(*out->number));
	out->number[out->nnumbers++] = (struct perf_number){
	    r->test->name, r->measurement, what, unit, value};
}

/* A member of rusage or iostat, which are called the same everywhere. */
static void
add_usage(struct reading *r, struct slice key, double v)
{
	static const struct {
		const char *key, *what;
		double unit;
	} known[] = {
	    {"ru_maxrss", "maxrss", 1024},
	    {"rchar", "rchar", 1},
	    {"wchar", "wchar", 1},
	    {"read_bytes", "read_bytes", 1},
	    {"write_bytes", "write_bytes", 1},
	};

	if (slice_is(key, "ru_utime"))
		r->utime = v;
	else if (slice_is(key, "ru_stime"))
		r->stime = v;
	if (slice_is(key, "ru_utime") || slice_is(key, "ru_stime"))
		add_number(r, "cputime", "s",
		    isnan(r->utime)   ? r->stime
		    : isnan(r->stime) ? r->utime
				      : r->utime + r->stime);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_is(key, known[i].key))
			add_number(r, known[i].what, "B", v * known[i].unit);
}

static bool
number_of(struct slice s, double *out)
{
	s = slice_trim(s);
	return str_to_double(s.p, s.n, out);
}

static void
set_started(struct perf_results *out, double seconds)
{
	if (seconds > 0 && seconds < 1e11)
		out->started = (int64_t)llround(seconds * 1e6);
}

static void
set_elapsed(struct perf_results *out, double seconds)
{
	if (seconds >= 0 && seconds < ELAPSED_MAX)
		out->elapsed = seconds;
}

static void
read_top(struct reading *r, const struct flat_path *p, struct slice value)
{
	double v;

	if (flat_is(p, 0, "tester_host"))
		r->out->host = text_of(r->a, value, 255);
	else if (flat_is(p, 0, "start_time") && number_of(value, &v))
		set_started(r->out, v);
	else if (flat_is(p, 0, "elapsed_time") && number_of(value, &v))
		set_elapsed(r->out, v);
}

/* tests TEST measurements MEASUREMENT values [rusage] KEY */
static void
read_measurement(
    struct reading *r, const struct flat_path *p, struct slice value)
{
	const char *name = perf_name(r->a, p->key[3]);
	double v;

	if (strcmp(name, r->measurement) != 0)
		begin_measurement(r, p->key[3]);
	if (!flat_is(p, 4, "values") || !number_of(value, &v))
		return;
	if (p->n == 7)
		add_usage(r, p->key[6], v);
	else if (p->n == 6 && flat_is(p, 5, "elapsed_time"))
		add_number(r, "elapsed", "s", v);
	else if (p->n == 6 && flat_is(p, 5, "size"))
		add_number(r, "size", "B", v * 1024);
}

static enum err
json_value(void *arg, const struct flat_path *p, struct slice value,
    struct errinfo *ei)
{
	struct reading *r = arg;

	(void)ei;
	if (p->n == 1)
		read_top(r, p, value);
	if (p->n < 3 || !flat_is(p, 0, "tests"))
		return ERR_OK;
	if (r->test == NULL ||
	    strcmp(r->test->name, perf_name(r->a, p->key[1])) != 0)
		begin_test(r, p->key[1]);
	if (r->test == NULL)
		return ERR_OK;
	if (p->n == 3 && flat_is(p, 2, "status"))
		r->test->status = text_of(r->a, value, 40);
	else if (p->n == 3 && flat_is(p, 2, "message"))
		r->test->message = text_of(r->a, value, MESSAGE_BYTES);
	else if (p->n > 4 && flat_is(p, 2, "measurements"))
		read_measurement(r, p, value);
	return ERR_OK;
}

/* "2023-11-14T22:13:20.123456", of UTC. */
static void
read_timestamp(struct perf_results *out, struct slice s)
{
	char text[40];
	int64_t us;

	if (s.n == 0 || s.n > 30)
		return;
	memcpy(text, s.p, s.n);
	text[s.n] = 'Z';
	if (str_to_time(text, s.n + 1, &us))
		out->started = us;
}

/* testsuites testsuite testcase sysres|diskusage ... */
static void
read_case(struct reading *r, const struct flat_path *p, struct slice value)
{
	double v;

	if (p->n == 4 && flat_is(p, 3, "@name"))
		begin_test(r, value);
	if (r->test == NULL || p->n < 4)
		return;
	if (flat_is(p, 3, "error"))
		r->test->status = "ERROR";
	else if (flat_is(p, 3, "failure"))
		r->test->status = "FAILURE";
	else if (flat_is(p, 3, "skipped"))
		r->test->status = "SKIPPED";
	if ((flat_is(p, 4, "@message") || flat_is(p, 3, "skipped")) &&
	    r->test->message[0] == '\0')
		r->test->message = text_of(r->a, value, MESSAGE_BYTES);
	if (flat_is(p, 4, "@name"))
		begin_measurement(r, value);
	if (!number_of(value, &v))
		return;
	if (p->n == 5 && flat_is(p, 4, "time"))
		add_number(r, "elapsed", "s", v);
	else if (p->n == 5 && flat_is(p, 4, "size"))
		add_number(r, "size", "B", v * 1024);
	else if (p->n == 6 && p->key[5].n > 0)
		add_usage(r, slice_from(p->key[5], 1), v);
}

static enum err
xml_value(void *arg, const struct flat_path *p, struct slice value,
    struct errinfo *ei)
{
	struct reading *r = arg;
	double v;

	(void)ei;
	if (!flat_is(p, 1, "testsuite"))
		return ERR_OK;
	if (flat_is(p, 2, "@hostname"))
		r->out->host = text_of(r->a, value, 255);
	else if (flat_is(p, 2, "@timestamp"))
		read_timestamp(r->out, value);
	else if (flat_is(p, 2, "@time") && number_of(value, &v))
		set_elapsed(r->out, v);
	else if (flat_is(p, 2, "testcase"))
		read_case(r, p, value);
	return ERR_OK;
}

static bool
is_xml(struct slice text)
{
	return byte_at(slice_trim(text), 0) == '<';
}

static struct perf_results
no_results(void)
{
	return (struct perf_results){
	    .host = "", .started = TIME_UNKNOWN, .elapsed = NAN};
}

enum err
perf_results_read(struct arena *a, const char *label, struct slice text,
    struct perf_results *out, struct errinfo *ei)
{
	struct reading r = {.a = a, .out = out, .measurement = ""};

	*out = no_results();
	return is_xml(text) ? flat_xml(label, text, xml_value, &r, ei)
			    : flat_json(label, text, json_value, &r, ei);
}

/* ---- globalres ---- */

/* "h:mm:ss.ss" */
static bool
read_duration(struct slice s, double *out)
{
	struct slice hours, minutes;
	double h, m, sec;

	if (!slice_cut(&s, ':', &hours) || !slice_cut(&s, ':', &minutes) ||
	    !number_of(hours, &h) || !number_of(minutes, &m) ||
	    !number_of(s, &sec))
		return false;
	*out = h * 3600 + m * 60 + sec;
	return true;
}

static const struct {
	const char *test, *measurement;
	bool size;
} globalres[] = {
    {"test1", "build", false},
    {"test12", "build", false},
    {"test13", "build", false},
    {"test2", "do_rootfs", false},
    {"test3", "parse_1", false},
    {"test3", "parse_2", false},
    {"test3", "parse_3", false},
    {"test4", "deploy", false},
    {"test1", "tmpdir", true},
    {"test13", "tmpdir", true},
    {"test4", "installer_bin", true},
    {"test4", "deploy_dir", true},
};

/* test1's second size takes the place of that of test13 if it didn't run. */
#define TIME_OF_TEST13 2
#define SIZE_OF_TEST13 9

static void
add_column(struct reading *r, size_t i, struct slice field)
{
	struct perf_test test = {.name = globalres[i].test};
	double v;

	r->test = &test;
	r->measurement = globalres[i].measurement;
	if (globalres[i].size && number_of(field, &v) && v > 0)
		add_number(r, "size", "B", v * 1024);
	else if (!globalres[i].size && read_duration(field, &v))
		add_number(r, "elapsed", "s", v);
	r->test = NULL;
}

bool
perf_globalres_read(struct arena *a, struct slice line,
    struct perf_results *out, struct env_facts *facts)
{
	struct reading r = {.a = a, .out = out};
	struct slice field, branch;
	bool test13 = false;

	*out = no_results();
	env_facts_init(facts);
	if (!is_globalres(line))
		return false;
	slice_cut(&line, ',', &field);
	out->host = facts->env.host = text_of(a, field, 255);
	slice_cut(&line, ',', &field);
	for (branch = field; branch.n > 0 && branch.p[branch.n - 1] != ':';)
		branch.n--;
	if (branch.n > 0) {
		facts->env.commit = text_of(a, slice_from(field, branch.n), 64);
		branch.n--;
	}
	facts->env.branch = text_of(a, branch, 255);
	slice_cut(&line, ',', &field);
	for (size_t i = 0; i < sizeof(globalres) / sizeof(globalres[0]); i++) {
		slice_cut(&line, ',', &field);
		field = slice_trim(field);
		if (i == TIME_OF_TEST13)
			test13 = !slice_is(field, "0");
		if (i != SIZE_OF_TEST13 || test13)
			add_column(&r, i, field);
	}
	return out->nnumbers > 0;
}

/* ---- metadata ---- */

#define LAYERS_MAX 1000

struct metadata {
	struct arena *a;
	struct environment *env;
	size_t cap;
	const char *variable; /* of config, in XML */
	const char *host_id, *host_version;
};

static struct layer *
layer_called(struct metadata *m, struct slice name, bool is_new)
{
	struct environment *e = m->env;
	const char *text = text_of(m->a, name, 255);

	if (e->nlayers > 0 && !is_new &&
	    strcmp(e->layers[e->nlayers - 1].name, text) == 0)
		return &e->layers[e->nlayers - 1];
	if (e->nlayers == LAYERS_MAX)
		return &e->layers[LAYERS_MAX - 1];
	e->layers = arena_grow(
	    m->a, e->layers, &m->cap, e->nlayers + 1, sizeof(*e->layers));
	e->layers[e->nlayers] = (struct layer){text, "", "", -1};
	return &e->layers[e->nlayers++];
}

static void
set_revision(
    struct metadata *m, struct layer *l, struct slice key, struct slice value)
{
	const char *text = text_of(m->a, value, 255);

	if (slice_is(key, "branch") && strcmp(text, "(nobranch)") != 0)
		l->branch = text;
	else if (slice_is(key, "commit") || slice_is(key, "revision"))
		l->commit = text;
}

static void
read_distro(struct metadata *m, bool host, struct slice key, struct slice value)
{
	const char *text = text_of(m->a, value, 255);
	const char **id = host ? &m->host_id : &m->env->distro;
	const char **version =
	    host ? &m->host_version : &m->env->distro_version;

	if (slice_is(key, "id"))
		*id = text;
	else if (slice_is(key, "version_id"))
		*version = text;
}

/* at: where the member's name stands in the path. */
static void
read_member(struct metadata *m, const struct flat_path *p, size_t at,
    struct slice value)
{
	struct slice last = p->key[p->n - 1];

	if (p->n == at + 1 && flat_is(p, at, "hostname"))
		m->env->host = text_of(m->a, value, 255);
	else if (p->n == at + 1 && flat_is(p, at, "machine"))
		m->env->machine = text_of(m->a, value, 255);
	else if (p->n == at + 2 && flat_is(p, at, "distro"))
		read_distro(m, false, last, value);
	else if (p->n == at + 2 && flat_is(p, at, "host_distro"))
		read_distro(m, true, last, value);
}

static enum err
json_metadata(void *arg, const struct flat_path *p, struct slice value,
    struct errinfo *ei)
{
	struct metadata *m = arg;

	(void)ei;
	if (p->n == 0)
		return ERR_OK;
	read_member(m, p, 0, value);
	if (p->n == 3 && flat_is(p, 0, "layers"))
		set_revision(
		    m, layer_called(m, p->key[1], false), p->key[2], value);
	else if (p->n == 2 && flat_is(p, 0, "bitbake"))
		set_revision(m, layer_called(m, SLICE("bitbake"), false),
		    p->key[1], value);
	else if (p->n == 2 && flat_is(p, 0, "config") &&
		 flat_is(p, 1, "MACHINE"))
		m->env->machine = text_of(m->a, value, 255);
	return ERR_OK;
}

static enum err
xml_metadata(void *arg, const struct flat_path *p, struct slice value,
    struct errinfo *ei)
{
	struct metadata *m = arg;

	(void)ei;
	if (p->n < 2 || !flat_is(p, 0, "metadata"))
		return ERR_OK;
	read_member(m, p, 1, value);
	if (flat_is(p, 1, "layers") && flat_is(p, 3, "@name"))
		layer_called(m, value, true);
	else if (flat_is(p, 1, "layers") && p->n == 4 && m->env->nlayers > 0)
		set_revision(
		    m, &m->env->layers[m->env->nlayers - 1], p->key[3], value);
	else if (flat_is(p, 1, "bitbake") && p->n == 3)
		set_revision(m, layer_called(m, SLICE("bitbake"), false),
		    p->key[2], value);
	else if (flat_is(p, 1, "config") && flat_is(p, 3, "@name"))
		m->variable = text_of(m->a, value, 255);
	else if (flat_is(p, 1, "config") && p->n == 3 &&
		 strcmp(m->variable, "MACHINE") == 0)
		m->env->machine = text_of(m->a, value, 255);
	return ERR_OK;
}

enum err
perf_metadata_read(struct arena *a, const char *label, struct slice text,
    struct env_facts *out, struct errinfo *ei)
{
	struct metadata m = {.a = a,
	    .env = &out->env,
	    .variable = "",
	    .host_id = "",
	    .host_version = ""};
	enum err err;

	env_facts_init(out);
	err = is_xml(text) ? flat_xml(label, text, xml_metadata, &m, ei)
			   : flat_json(label, text, json_metadata, &m, ei);
	if (m.host_id[0] != '\0')
		out->env.host_distro =
		    m.host_version[0] == '\0'
			? m.host_id
			: arena_printf(a, "%s-%s", m.host_id, m.host_version);
	return err;
}
