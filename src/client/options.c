/* options.c: see options.h. */
#include "client/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "client/files.h"
#include "client/say.h"
#include "model/mask.h"

#define SYSTEM_CONFIG "/etc/buildstats/client.conf"
#define CONFIG_MAX ((size_t)64 << 10)
#define TAGS_MAX 32
#define TEXT_MAX 4096

enum kind { TEXT, PATH, FLAG, NUMBER, LIST };

struct row {
	const char *name; /* on the command line, after "--" */
	int letter;       /* 0: none */
	enum kind kind;
	size_t at;       /* offset in struct options */
	const char *arg; /* how help calls the argument */
	const char *key; /* in files, or NULL; upper case with BUILDSTATS_ in
			    front it is the environment variable */
	unsigned max;    /* of a number */
	const char *help;
};

#define AT(field) offsetof(struct options, field)

static const struct row rows[] = {
    {"server", 's', TEXT, AT(server), "URL", "server", 0,
	"the server (http://localhost:8080/buildstats/)"},
    {"token", 't', TEXT, AT(token), "TOKEN", "token", 0,
	"upload token; better kept in the configuration file"},
    {"builder", 'b', TEXT, AT(builder), "NAME", "builder", 0,
	"name of the machine or person that built"},
    {"machine", 'm', TEXT, AT(machine), "NAME", "machine", 0,
	"MACHINE, over what the files say"},
    {"distro", 'd', TEXT, AT(distro), "NAME", "distro", 0,
	"DISTRO, over what the files say"},
    {"tag", 'T', LIST, AT(tags), "TAG", "tags", 0,
	"label the builds; may be repeated"},
    {"ci-url", 0, TEXT, AT(ci_url), "URL", "ci-url", 0,
	"the autobuilder's page about the builds"},
    {"spool", 'S', PATH, AT(spool), "DIR", "spool", 0,
	"keep in DIR what could not be sent"},
    {"flush", 'F', FLAG, AT(flush), NULL, NULL, 0,
	"send what is kept in the spool directory"},
    {"dry-run", 'n', FLAG, AT(dry_run), NULL, NULL, 0,
	"show what would leave this machine, send nothing"},
    {"save", 0, PATH, AT(save), "DIR", NULL, 0,
	"with --dry-run: write what would be sent to DIR"},
    {"follow", 0, FLAG, AT(follow), NULL, NULL, 0,
	"report the build of each spool DIR of the bitbake class"},
    {"force", 'f', FLAG, AT(force), NULL, NULL, 0,
	"send builds again that were sent before"},
    {"watch", 'w', FLAG, AT(watch), NULL, NULL, 0,
	"watch each DIR and send its builds as they end"},
    {"settle", 0, NUMBER, AT(settle), "SECONDS", "settle", 86400,
	"when watching, an unfinished build untouched so long is over (600)"},
    {"state", 0, PATH, AT(state), "DIR", "state", 0,
	"keep the record of what was sent in DIR"},
    {"config", 'c', PATH, AT(config), "FILE", NULL, 0,
	"read FILE instead of ~/.config/buildstats/config"},
    {"proxy", 'x', TEXT, AT(proxy), "URL", "proxy", 0, "go through this proxy"},
    {"cacert", 0, PATH, AT(cacert), "FILE", "cacert", 0,
	"trust the certificate authorities in FILE"},
    {"insecure", 'k', FLAG, AT(insecure), NULL, NULL, 0,
	"don't verify the server's certificate"},
    {"retries", 0, NUMBER, AT(retries), "N", "retries", 100,
	"tries after the first (4)"},
    {"retry-max-time", 0, NUMBER, AT(retry_max_time), "SECONDS",
	"retry-max-time", 86400, "begin no further try after this (120)"},
    {"timeout", 0, NUMBER, AT(timeout), "SECONDS", "timeout", 86400,
	"give up a request when nothing moves so long (120)"},
    {"failures", 0, FLAG, AT(failures), NULL, NULL, 0,
	"print a line for each failure below its build's"},
    {"no-logs", 0, FLAG, AT(no_logs), NULL, NULL, 0,
	"don't send the logs of failed tasks"},
    {"no-event-log", 0, FLAG, AT(no_event_log), NULL, NULL, 0,
	"don't send what bitbake's event log tells"},
    {"mask", 0, TEXT, AT(mask), "RULES", "mask", 0,
	"take these out of logs: credentials, emails, homes, hosts; none "
	"(credentials)"},
    {"quiet", 'q', FLAG, AT(quiet), NULL, NULL, 0, "no progress, no notes"},
    {"verbose", 'v', FLAG, AT(verbose), NULL, NULL, 0, "say more on stderr"},
    {"help", 'h', FLAG, AT(help), NULL, NULL, 0, "print this text"},
    {"version", 'V', FLAG, AT(version), NULL, NULL, 0, "print the version"},
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

/* Which source set a list last: a later one replaces it. */
struct reading {
	struct arena *a;
	struct options *o;
	enum option_source source;
	bool list_begun;
};

void
options_init(struct options *o)
{
	*o = (struct options){
	    .server = "http://localhost:8080/buildstats/",
	    .retries = 4,
	    .retry_max_time = 120,
	    .timeout = 120,
	    .settle = 600,
	    .mask = "credentials",
	};
}

static void *
field(struct options *o, const struct row *r)
{
	return (char *)o + r->at;
}

/* In files and the environment a list is one text: a, b c. */
static enum err
add_tags(struct reading *rd, struct option_list *list, struct slice value,
    struct errinfo *ei)
{
	const char *blanks = ", \t";

	if (!rd->list_begun)
		list->n = 0;
	rd->list_begun = true;
	while (value.n > 0) {
		size_t n = 0;
		while (n < value.n && (rd->source == FROM_ARGV ||
					  strchr(blanks, value.p[n]) == NULL))
			n++;
		if (n > 0) {
			if (list->n == TAGS_MAX)
				return err_set(ei, ERR_INPUT,
				    "more than %d tags", TAGS_MAX);
			list->text = arena_grow(rd->a, list->text, &list->cap,
			    list->n + 1, sizeof(*list->text));
			list->text[list->n++] =
			    arena_strndup(rd->a, value.p, n);
		}
		if (n < value.n)
			n++;
		value.p += n;
		value.n -= n;
	}
	return ERR_OK;
}

static const char *
path_value(struct arena *a, struct slice value)
{
	const char *home = getenv("HOME");
	int n = (int)value.n;

	if (home != NULL && slice_starts(value, "~/"))
		return arena_printf(a, "%s%.*s", home, n - 1, value.p + 1);
	return arena_strndup(a, value.p, value.n);
}

static enum err
set_value(struct reading *rd, const struct row *r, struct slice value,
    struct errinfo *ei)
{
	void *at = field(rd->o, r);
	uint64_t number;

	if (value.n > TEXT_MAX || !utf8_clean(value.p, value.n) ||
	    (value.n > 0 && memchr(value.p, '\n', value.n) != NULL))
		return err_set(
		    ei, ERR_INPUT, "is too long or has control characters");
	switch (r->kind) {
	case TEXT:
		*(const char **)at = arena_strndup(rd->a, value.p, value.n);
		return ERR_OK;
	case PATH:
		*(const char **)at = path_value(rd->a, value);
		return ERR_OK;
	case LIST:
		return add_tags(rd, at, value, ei);
	case NUMBER:
		if (!str_to_u64(value.p, value.n, &number) || number > r->max)
			return err_set(ei, ERR_INPUT,
			    "'%.*s' is not a number from 0 to %u", (int)value.n,
			    value.p, r->max);
		*(unsigned *)at = (unsigned)number;
		return ERR_OK;
	case FLAG:
	default:
		*(bool *)at = true;
		return ERR_OK;
	}
}

static const struct row *
row_of_key(struct slice key)
{
	for (size_t i = 0; i < NROWS; i++)
		if (rows[i].key != NULL && slice_is(key, rows[i].key))
			return &rows[i];
	return NULL;
}

enum err
options_read_text(struct arena *a, struct options *o, enum option_source source,
    const char *file, struct slice text, struct errinfo *ei)
{
	struct reading rd = {.a = a, .o = o, .source = source};
	struct slice line, key;

	for (int number = 1; slice_line(&text, &line); number++) {
		const struct row *r;
		line = slice_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!slice_cut(&line, '=', &key))
			return err_set(ei, ERR_INPUT,
			    "%s line %d: expected 'key = value'", file, number);
		key = slice_trim(key);
		r = row_of_key(key);
		if (r == NULL)
			return err_set(ei, ERR_INPUT,
			    "%s line %d: unknown key '%.*s'", file, number,
			    (int)(key.n < 64 ? key.n : 64), key.p);
		if (set_value(&rd, r, slice_trim(line), ei) != ERR_OK)
			return err_prefix(
			    ei, "%s line %d: %s", file, number, r->key);
	}
	return ERR_OK;
}

/* A missing file is no error unless it was asked for. */
static enum err
read_config(struct arena *a, struct options *o, enum option_source source,
    const char *file, struct errinfo *ei)
{
	struct slice text;
	enum err e = file_read(a, file, CONFIG_MAX, &text, ei);

	if (e == ERR_NOT_FOUND && o->config == NULL)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	return options_read_text(a, o, source, file, text, ei);
}

static const char *
user_config(struct arena *a, const struct options *o)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");

	if (o->config != NULL)
		return o->config;
	if (xdg != NULL && xdg[0] == '/')
		return arena_printf(a, "%s/buildstats/config", xdg);
	if (home != NULL && home[0] == '/')
		return arena_printf(a, "%s/.config/buildstats/config", home);
	return NULL;
}

static enum err
read_environment(struct arena *a, struct options *o, struct errinfo *ei)
{
	for (size_t i = 0; i < NROWS; i++) {
		struct reading rd = {.a = a, .o = o, .source = FROM_ENV};
		char name[64] = "BUILDSTATS_";
		const char *value;

		if (rows[i].key == NULL)
			continue;
		snprintf(name, sizeof(name), "BUILDSTATS_%s", rows[i].key);
		for (char *p = name; *p != '\0'; p++)
			*p = *p == '-'                ? '_'
			     : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A')
						      : *p;
		value = getenv(name);
		if (value == NULL || value[0] == '\0')
			continue;
		if (set_value(&rd, &rows[i], slice_of(value), ei) != ERR_OK)
			return err_prefix(ei, "%s", name);
	}
	return ERR_OK;
}

/* getopt's tables, made from ours. */
struct getopt_tables {
	char letters[3 * NROWS + 2];
	struct option longs[NROWS + 1];
};

static void
make_tables(struct getopt_tables *t)
{
	char *p = t->letters;

	*t = (struct getopt_tables){0};
	*p++ = ':';
	for (size_t i = 0; i < NROWS; i++) {
		t->longs[i] = (struct option){rows[i].name,
		    rows[i].kind == FLAG ? no_argument : required_argument,
		    NULL, (int)i + 256};
		if (rows[i].letter == 0)
			continue;
		*p++ = (char)rows[i].letter;
		if (rows[i].kind != FLAG)
			*p++ = ':';
	}
}

static const struct row *
row_of_code(int code)
{
	if (code >= 256)
		return &rows[code - 256];
	for (size_t i = 0; i < NROWS; i++)
		if (rows[i].letter != 0 && rows[i].letter == code)
			return &rows[i];
	return NULL;
}

static enum err
bad_option(int code, char **argv, struct errinfo *ei)
{
	const char *what = argv[optind - 1];
	const char *why = code == ':' ? "needs an argument" : "unknown option";

	if (optopt != 0 && optopt < 256)
		return err_set(ei, ERR_INPUT, "-%c: %s", optopt, why);
	return err_set(ei, ERR_INPUT, "%s: %s", what,
	    optopt >= 256 && code != ':' ? "takes no argument" : why);
}

static enum err
read_argv(struct arena *a, struct options *o, int argc, char **argv,
    struct errinfo *ei)
{
	struct reading rd = {.a = a, .o = o, .source = FROM_ARGV};
	struct getopt_tables t;
	int code;

	make_tables(&t);
	optind = 0; /* starts anew: it is read twice */
	opterr = 0;
	while (
	    (code = getopt_long(argc, argv, t.letters, t.longs, NULL)) != -1) {
		const struct row *r = row_of_code(code);
		if (r == NULL)
			return bad_option(code, argv, ei);
		if (set_value(&rd, r, slice_of(optarg), ei) != ERR_OK)
			return err_prefix(ei, "--%s", r->name);
	}
	o->npaths = (size_t)(argc - optind);
	o->paths = argv + optind;
	return ERR_OK;
}

enum err
options_read(struct arena *a, struct options *o, int argc, char **argv,
    struct errinfo *ei)
{
	struct options first = *o;
	const char *file;
	enum err e = read_argv(a, &first, argc, argv, ei);

	if (e != ERR_OK || first.help || first.version) {
		*o = first;
		return e;
	}
	e = read_config(a, o, FROM_SYSTEM, SYSTEM_CONFIG, ei);
	o->config = first.config;
	file = user_config(a, o);
	if (e == ERR_OK && file != NULL)
		e = read_config(a, o, FROM_USER, file, ei);
	if (e == ERR_OK)
		e = read_environment(a, o, ei);
	if (e == ERR_OK)
		e = read_argv(a, o, argc, argv, ei);
	if (e == ERR_OK && !mask_rules_read(o->mask, &o->mask_rules))
		return err_set(
		    ei, ERR_INPUT, "--mask: '%s' is no rule", o->mask);
	return e;
}

void
options_help(void)
{
	puts("usage: " CLIENT_NAME " [OPTION]... PATH...\n"
	     "Send the build statistics that bitbake left below PATH: a "
	     "buildstats directory, a\nbuild directory, a tar, or - for a tar "
	     "on stdin.  Prints one line a build:\n"
	     "STATUS NAME N tasks, N failed URL\n");
	for (size_t i = 0; i < NROWS; i++) {
		const struct row *r = &rows[i];
		char left[40] = "    ";

		if (r->letter != 0)
			snprintf(left, sizeof(left), "-%c, ", r->letter);
		snprintf(left + 4, sizeof(left) - 4, "--%s%s%s", r->name,
		    r->arg != NULL ? " " : "", r->arg != NULL ? r->arg : "");
		printf("  %-28s %s\n", left, r->help);
	}
	puts("\nFiles: /etc/buildstats/client.conf, "
	     "~/.config/buildstats/config (lines key = value);\n"
	     "environment: BUILDSTATS_SERVER, BUILDSTATS_TOKEN, ...  "
	     "See " CLIENT_NAME "(1).");
}
