/* options.c: see options.h. */
#include "web/options.h"

#include <ctype.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/mask.h"

#define PROGRAM "buildstats-fcgi"
#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

enum kind { TEXT, NUMBER, OCTAL, YESNO, FLAG, RULES };

struct option_row {
	const char *name, *argument;
	enum kind kind;
	size_t at; /* offset in struct options */
	int64_t min, max;
	const char *fallback; /* as it would be given */
	const char *help;
};

#define AT(field) offsetof(struct options, field)

static const struct option_row rows[] = {
    {"db", "CONNINFO", TEXT, AT(db), 0, 0, "dbname=buildstats",
	"the database, as psql takes it"},
    {"socket", "PATH", TEXT, AT(socket), 0, 0, NULL,
	"listen there; else standard input is the socket"},
    {"socket-mode", "MODE", OCTAL, AT(socket_mode), 0, 0777, "0660",
	"permissions of that socket"},
    {"workers", "N", NUMBER, AT(workers), 0, 256, "1",
	"processes that serve requests"},
    {"base", "PATH", TEXT, AT(base), 0, 0, "/buildstats/",
	"path below which everything is served"},
    {"site", "URL", TEXT, AT(site), 0, 0, NULL,
	"how links begin, http://host; else the request's Host"},
    {"xsl-dir", "DIR", TEXT, AT(xsl_dir), 0, 0, BS_DATADIR "/xsl",
	"the sheets"},
    {"anonymous-upload", "yes|no", YESNO, AT(anonymous_upload), 0, 0, "yes",
	"take uploads without a token"},
    {"max-upload", "BYTES", NUMBER, AT(max_upload), 1, INT64_C(1) << 40,
	"536870912", "largest upload, as sent"},
    {"mask", "RULES", RULES, AT(mask), 0, 0, "credentials",
	"taken out of logs: credentials,emails,homes,hosts or none"},
    {"raw", "DIR", TEXT, AT(raw), 0, 0, NULL,
	"keep the bytes of uploads there for a while"},
    {"raw-days", "N", NUMBER, AT(raw_days), 1, 3650, "30", "for so long"},
    {"raw-max", "BYTES", NUMBER, AT(raw_max), 0, INT64_C(1) << 50,
	"21474836480", "and no more than that in all; 0 for no limit"},
    {"spool", "DIR", TEXT, AT(spool), 0, 0, NULL,
	"take builds that report task by task; keep what they say there"},
    {"silent", "SECONDS", NUMBER, AT(silent), 10, INT64_C(30) * 86400, "3600",
	"a running build that says nothing for so long was cut short"},
    {"background", "yes|no", YESNO, AT(background), 0, 0, "yes",
	"run the process that reads the spool and indexes logs"},
    {"access-log", NULL, FLAG, AT(access_log), 0, 0, NULL,
	"a line on standard error for each request"},
    {"debug", NULL, FLAG, AT(debug), 0, 0, NULL, "say more"},
    {"list-routes", NULL, FLAG, AT(list_routes), 0, 0, NULL,
	"print what is served, in Markdown, and exit"},
};

static void
print_help(void)
{
	puts("usage: " PROGRAM " [option]...\n"
	     "\nServes build statistics over FastCGI.\n");
	for (size_t i = 0; i < N_OF(rows); i++) {
		char head[64];
		snprintf(head, sizeof(head), "--%s %s", rows[i].name,
		    rows[i].argument != NULL ? rows[i].argument : "");
		printf("  %-28s%s", head, rows[i].help);
		if (rows[i].fallback != NULL)
			printf(" (%s)", rows[i].fallback);
		putchar('\n');
	}
	puts("  --version                   print the version and exit\n"
	     "  --help                      print this and exit\n"
	     "\nEach is also a variable: --max-upload is "
	     "BUILDSTATS_MAX_UPLOAD.");
}

static bool
set_number(const struct option_row *row, int64_t *out, const char *s)
{
	char *end;

	if (row->kind == NUMBER)
		return str_to_i64(s, strlen(s), out) && *out >= row->min &&
		       *out <= row->max;
	if (s[0] < '0' || s[0] > '7' || strlen(s) > 5)
		return false;
	*out = strtol(s, &end, 8);
	return *end == '\0' && *out <= row->max;
}

static bool
set_bool(bool *out, const char *s)
{
	static const char *const yes[] = {"yes", "on", "true", "1"};
	static const char *const no[] = {"no", "off", "false", "0"};

	for (size_t i = 0; i < N_OF(yes); i++) {
		if (strcmp(s, yes[i]) == 0)
			*out = true;
		else if (strcmp(s, no[i]) == 0)
			*out = false;
		else
			continue;
		return true;
	}
	return false;
}

static bool
set_option(struct options *o, const struct option_row *row, const char *s)
{
	void *at = (char *)o + row->at;

	switch (row->kind) {
	case TEXT:
		*(const char **)at = s;
		return s[0] != '\0';
	case NUMBER:
	case OCTAL:
		return set_number(row, at, s);
	case YESNO:
	case FLAG:
		return set_bool(at, s);
	case RULES:
		return mask_rules_read(s, at);
	}
	return false;
}

static int
complain(const char *option, const char *value)
{
	fprintf(stderr,
	    PROGRAM ": %s: \"%s\" can't be its value; see " PROGRAM " --help\n",
	    option, value);
	return 2;
}

static int
read_environment(struct options *o)
{
	for (size_t i = 0; i < N_OF(rows); i++) {
		char name[64] = "BUILDSTATS_";
		size_t n = strlen(name);
		const char *value;
		for (const char *p = rows[i].name; *p != '\0'; p++)
			name[n++] = (char)(*p == '-' ? '_' : toupper(*p));
		name[n] = '\0';
		value = getenv(name);
		if (value != NULL && value[0] != '\0' &&
		    !set_option(o, &rows[i], value))
			return complain(name, value);
	}
	return -1;
}

static int
read_arguments(struct options *o, int argc, char **argv)
{
	struct option longs[N_OF(rows) + 3] = {{0}};
	int c;

	for (size_t i = 0; i < N_OF(rows); i++)
		longs[i] = (struct option){rows[i].name,
		    rows[i].argument != NULL ? required_argument : no_argument,
		    NULL, (int)i + 256};
	longs[N_OF(rows)] = (struct option){"help", no_argument, NULL, 'h'};
	longs[N_OF(rows) + 1] =
	    (struct option){"version", no_argument, NULL, 'V'};
	while ((c = getopt_long(argc, argv, "hV", longs, NULL)) != -1) {
		const struct option_row *row = &rows[c >= 256 ? c - 256 : 0];
		const char *value = optarg != NULL ? optarg : "yes";
		if (c == 'h') {
			print_help();
			return 0;
		}
		if (c == 'V') {
			puts(PROGRAM " " PACKAGE_VERSION);
			return 0;
		}
		if (c < 256)
			return 2; /* getopt_long has said what is wrong */
		if (!set_option(o, row, value))
			return complain(row->name, value);
	}
	if (optind < argc)
		return complain("arguments", argv[optind]);
	return -1;
}

/* A base is "/" or "/a/b/"; a site has a scheme and no slash at its end. */
static int
check(const struct options *o)
{
	size_t n = strlen(o->base);
	const char *host;

	if (o->base[0] != '/' || o->base[n - 1] != '/' ||
	    strstr(o->base, "//") != NULL ||
	    strspn(o->base, "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") != n)
		return complain("base", o->base);
	if (o->workers == 0 && !o->background && !o->list_routes)
		return complain("workers", "0");
	if (o->site == NULL)
		return -1;
	host = strstr(o->site, "://");
	if ((strncmp(o->site, "http://", 7) != 0 &&
		strncmp(o->site, "https://", 8) != 0) ||
	    host[3] == '\0' || strpbrk(host + 3, "/?#\"<> ") != NULL)
		return complain("site", o->site);
	return -1;
}

int
options_read(struct options *out, int argc, char **argv)
{
	int status;

	*out = (struct options){0};
	for (size_t i = 0; i < N_OF(rows); i++)
		if (rows[i].fallback != NULL)
			set_option(out, &rows[i], rows[i].fallback);
	status = read_environment(out);
	if (status < 0)
		status = read_arguments(out, argc, argv);
	return status >= 0 ? status : check(out);
}
