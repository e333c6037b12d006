/* gen_log.c: see gen_log.h. */
#include "gen_log.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rng.h"

static const char *const recipes[] = {"zlib", "busybox", "openssl", "glibc",
    "gcc-runtime", "linux-yocto", "systemd", "python3", "qtbase", "u-boot",
    "curl", "util-linux", "ncurses", "perl", "bash", "coreutils", "dbus",
    "glib-2.0", "libxml2", "expat", "gnutls", "wpa-supplicant", "bluez5",
    "mesa", "wayland", "weston", "gstreamer1.0", "ffmpeg", "opkg", "rpm", "dnf",
    "cmake-native", "ninja-native", "meson", "llvm", "rust-native", "go-native",
    "nodejs", "boost", "protobuf"};
static const char *const verbs[] = {"open", "close", "read", "write", "init",
    "free", "alloc", "parse", "lookup", "insert", "remove", "flush", "attach",
    "commit", "resolve", "encode", "decode", "verify", "probe", "map"};
static const char *const nouns[] = {"stream", "buffer", "table", "context",
    "handle", "device", "queue", "entry", "node", "socket", "session", "cache",
    "frame", "codec", "packet", "symbol", "region", "option", "record", "key"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A name that belongs to number n: "table_lookup", "zlib_packet_encode3". */
static const char *
name_of(char out[64], const char *prefix, size_t n)
{
	const char *noun = nouns[n % COUNT(nouns)];
	const char *verb = verbs[n / COUNT(nouns) % COUNT(verbs)];
	size_t rest = n / (COUNT(nouns) * COUNT(verbs));

	if (rest > 0)
		snprintf(out, 64, "%s%s_%s%zu", prefix, noun, verb, rest);
	else
		snprintf(out, 64, "%s%s_%s", prefix, noun, verb);
	return out;
}

void
gen_failure(struct gen_failure *f, uint64_t number)
{
	struct rng r;
	double u;

	rng_seed(&r, rng_mix(number));
	u = rng_real(&r);
	/* Zipf with exponent 1: the share of the first k goes with log k. */
	f->problem = (size_t)(exp(u * log(GEN_PROBLEMS + 1.0)) - 1);
	f->recipe = recipes[rng_mix(f->problem) % COUNT(recipes)];
	f->task = f->problem % 4 == 1 ? "do_configure" : "do_compile";
	snprintf(f->version, sizeof(f->version), "%zu.%zu.%zu",
	    f->problem % 5 + 1, f->problem % 17, rng_below(&r, 3));
	snprintf(f->machine, sizeof(f->machine), "machine-%02zu",
	    (size_t)(40 * rng_real(&r) * rng_real(&r)));
	snprintf(f->distro, sizeof(f->distro), "distro-%zu", rng_below(&r, 6));
	snprintf(f->builder, sizeof(f->builder), "builder%03zu",
	    (size_t)(300 * rng_real(&r) * rng_real(&r)));
}

/* ---- lines ---- */

struct scribe {
	struct buf *out;
	const struct gen_failure *f;
	struct rng r;
	char dir[160]; /* of the work */
};

static void
add_compile(struct scribe *s)
{
	char name[64];
	size_t n = rng_below(&s->r, 4000);

	name_of(name, "", n);
	buf_addf(s->out,
	    "%s/recipe-sysroot-native/usr/bin/x86_64-poky-linux/"
	    "x86_64-poky-linux-gcc -m64 -march=core2 -fstack-protector-strong "
	    "-O2 -D_FORTIFY_SOURCE=2 -Wformat -Wformat-security "
	    "--sysroot=%s/recipe-sysroot -DHAVE_%s -I. -I../include -O2 -g "
	    "-fcanon-prefix-map -ffile-prefix-map=%s=/usr/src/debug/%s -c "
	    "-o %s.o ../src/%s.c\n",
	    s->dir, s->dir, nouns[n % COUNT(nouns)], s->dir, s->f->recipe, name,
	    name);
}

static void
add_check(struct scribe *s)
{
	char name[64];

	name_of(name, "", rng_below(&s->r, 4000));
	buf_addf(s->out, "checking for %s... %s\n", name,
	    rng_below(&s->r, 3) ? "yes" : "no");
}

static void
add_warning(struct scribe *s)
{
	char a[64], b[64];
	size_t line = rng_below(&s->r, 3000) + 1;

	name_of(a, "", rng_below(&s->r, 4000));
	name_of(b, "", rng_below(&s->r, 4000));
	buf_addf(s->out,
	    "../src/%s.c: In function '%s':\n../src/%s.c:%zu:%zu: warning: "
	    "unused variable '%s' [-Wunused-variable]\n",
	    a, b, a, line, rng_below(&s->r, 70) + 1, b);
}

static void
add_line(struct scribe *s)
{
	switch (rng_below(&s->r, 12)) {
	case 0:
		add_warning(s);
		break;
	case 1:
	case 2:
	case 3:
		add_check(s);
		break;
	case 4:
		buf_addf(s->out, "libtool: compile: done in %.3f s, pid %zu\n",
		    rng_real(&s->r), 1000 + rng_below(&s->r, 30000));
		break;
	default:
		add_compile(s);
	}
}

/* The error itself: the same problem says the same, in other directories,
 * with other line numbers now and then. */
static void
add_error(struct scribe *s)
{
	size_t p = s->f->problem, line = 10 + p * 7 % 900;
	char what[64], file[64];

	name_of(what, s->f->recipe, p);
	name_of(file, "", p * 31 % 4000);
	line += rng_below(&s->r, 4) == 0;
	switch (p % 6) {
	case 0:
		buf_addf(s->out,
		    "../src/%s.c: In function 'main':\n"
		    "../src/%s.c:%zu:9: error: implicit declaration of "
		    "function '%s' [-Wimplicit-function-declaration]\n"
		    "  %zu |         %s(ctx);\n      |         ^~~~~~~~\n",
		    file, file, line, what, line, what);
		break;
	case 1:
		buf_addf(s->out,
		    "configure: error: Package requirements (%s >= %zu.%zu) "
		    "were not met\n",
		    what, p % 9, p % 13);
		break;
	case 2:
		buf_addf(s->out,
		    "%s/recipe-sysroot-native/usr/bin/ld: /tmp/cc%06zx.o: in "
		    "function `main':\n%s.c:(.text.startup+0x%zx): undefined "
		    "reference to `%s'\ncollect2: error: ld returned 1 exit "
		    "status\n",
		    s->dir, rng_below(&s->r, 1 << 24), file, line, what);
		break;
	case 3:
		buf_addf(s->out,
		    "../src/%s.c:%zu:10: fatal error: %s/%s.h: No such file "
		    "or directory\n   %zu | #include <%s/%s.h>\n"
		    "compilation terminated.\n",
		    file, line, s->f->recipe, what, line, s->f->recipe, what);
		break;
	case 4:
		buf_addf(s->out,
		    "../src/%s.cpp:%zu:21: error: no member named '%s' in "
		    "'struct %s'\n",
		    file, line, what, nouns[p % COUNT(nouns)]);
		break;
	default:
		buf_addf(s->out,
		    "Traceback (most recent call last):\n  File \"%s/%s.py\", "
		    "line %zu, in <module>\nImportError: cannot import name "
		    "'%s'\n",
		    s->dir, file, line, what);
	}
}

void
gen_log(
    struct buf *out, const struct gen_failure *f, uint64_t number, size_t bytes)
{
	struct scribe s = {.out = out, .f = f};
	size_t start = out->len;

	rng_seed(&s.r, rng_mix(number) ^ 1);
	snprintf(s.dir, sizeof(s.dir),
	    "/home/%s/poky/build/tmp/work/core2-64-poky-linux/%s/%s",
	    f->builder, f->recipe, f->version);
	if (bytes == 0) {
		double v = exp(9.11 + 1.15 * rng_normal(&s.r));
		bytes = v < 400 ? 400 : v > 400e3 ? 400000 : (size_t)v;
	}
	buf_addf(out, "DEBUG: Executing shell function %s\nNOTE: make -j 16\n",
	    f->task);
	while (out->len - start + 700 < bytes)
		add_line(&s);
	add_error(&s);
	buf_adds(out, "make: *** [Makefile:418: all] Error 2\n"
		      "ERROR: oe_runmake failed\n"
		      "WARNING: exit code 1 from a shell command.\n");
	while (out->len - start < bytes)
		buf_addc(out, '\n');
}

/* ---- the document ---- */

static void
add_member(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, "    \"%s\": ", name);
	buf_add_json(out, value);
	buf_adds(out, ",\n");
}

void
gen_report(struct buf *out, uint64_t number, size_t log_bytes)
{
	struct gen_failure f;
	struct buf log = BUF_INIT;

	gen_failure(&f, number);
	gen_log(&log, &f, number, log_bytes);
	buf_adds(out, "{\n");
	add_member(out, "auto_conf", "");
	add_member(out, "bitbake_version", "2.19.0");
	add_member(out, "branch_commit",
	    "master: 35a2c6ed7987763dadbe45ad86095e1aee1c7314");
	add_member(out, "build_sys", "x86_64-linux");
	add_member(out, "component", "core-image-minimal");
	add_member(out, "distro", f.distro);
	add_member(out, "email", "");
	buf_adds(out, "    \"failures\": [\n        {\n            \"log\": ");
	buf_add_json(out, log.data);
	buf_addf(out,
	    ",\n            \"package\": \"%s-%s-r0\",\n"
	    "            \"recipe\": \"%s\",\n            \"task\": \"%s\"\n"
	    "        }\n    ],\n",
	    f.recipe, f.version, f.recipe, f.task);
	buf_adds(out,
	    "    \"layer_version\": [\n        \"meta                 "
	    "= \\\"master:35a2c6ed79\\\"\"\n    ],\n");
	add_member(out, "link_back", "");
	add_member(out, "local_conf", "MACHINE = \"qemux86-64\"\n");
	add_member(out, "machine", f.machine);
	add_member(out, "nativelsb", "debian-12");
	add_member(out, "target_sys", "x86_64-poky-linux");
	buf_addf(out, "    \"username\": \"%s\"\n}", f.builder);
	buf_clear(&log);
}
