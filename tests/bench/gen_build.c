/* gen_build: made-up builds of any size, as a tar on standard output. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "gen.h"
#include "gen_options.h"

static void
usage(FILE *f)
{
	fputs("usage: gen_build [--builds N] [--first N] " GEN_OPTIONS_USAGE
	      " > TAR\n",
	    f);
}

/* Writes the builds one after the other; false when the output breaks. */
static bool
write_builds(struct gen *g, size_t first, size_t builds)
{
	struct buf tar = BUF_INIT;
	bool ok = true;

	for (size_t i = first; ok && i < first + builds; i++) {
		char prefix[32] = "";

		if (builds > 1)
			snprintf(prefix, sizeof(prefix), "b%zu", i);
		gen_build(g, i, prefix, &tar);
		if (i == first + builds - 1)
			gen_tar_end(&tar);
		ok = !tar.failed &&
		     fwrite(tar.data, 1, tar.len, stdout) == tar.len;
		tar.len = 0;
	}
	buf_clear(&tar);
	return ok && fflush(stdout) == 0;
}

int
main(int argc, char **argv)
{
	enum { O_BUILDS = 1, O_FIRST, O_HELP };
	static const struct option own[] = {
	    {"builds", required_argument, NULL, O_BUILDS},
	    {"first", required_argument, NULL, O_FIRST},
	    {"help", no_argument, NULL, O_HELP},
	    GEN_OPTIONS_LONG,
	    {0},
	};
	struct gen_cli cli = GEN_CLI_INIT;
	size_t builds = 1, first = 0;
	struct gen *g;
	struct errinfo ei;
	int c;

	log_open("gen_build", LOG_LEVEL_INFO);
	while ((c = getopt_long(argc, argv, "", own, NULL)) != -1) {
		if (c == O_BUILDS) {
			builds = strtoul(optarg, NULL, 10);
		} else if (c == O_FIRST) {
			first = strtoul(optarg, NULL, 10);
		} else if (c == O_HELP) {
			usage(stdout);
			return 0;
		} else if (!gen_cli_take(&cli, c, optarg)) {
			usage(stderr);
			return 2;
		}
	}
	if (gen_new(&g, cli.model, &cli.o, &ei)) {
		log_error("%s", ei.text);
		return 1;
	}
	if (!write_builds(g, first, builds)) {
		log_error("standard output: cannot be written");
		return 1;
	}
	gen_free(g);
	return 0;
}
