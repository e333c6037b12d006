/* test_environment.c: build.json, and what other files tell instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/environment.h"
#include "model/environment_files.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define SHA "0123456789abcdef0123456789abcdef01234567"

static const char whole[] =
    "{\"uuid\": \"0192F3D6-0a1b-4c2d-8e3f-001122334455\",\n"
    " \"name\": \"20261122125347\", \"builder\": \" birch \",\n"
    " \"machine\": \"qemux86-64\", \"distro\": \"poky\",\n"
    " \"distro_version\": \"5.2\", \"image\": \"\", \"targets\": [\"world\"],\n"
    " \"host\": {\"name\": \"h\", \"distro\": \"debian-12\", \"arch\": "
    "\"x86_64\"},\n"
    " \"bitbake_version\": \"2.12.0\", \"branch\": null,\n"
    " \"layers\": [{\"name\": \"meta\", \"branch\": \"master\",\n"
    "   \"commit\": \"" SHA "\", \"modified\": true}, {\"name\": \"x\"}],\n"
    " \"mode\": \"clean\", \"tags\": [\"nightly\", \"z\\u00fc\"],\n"
    " \"threads\": 8, \"more\": {\"any\": [1, 2.50, \"a\\u0000b\"]}}\n";

static void
build_json_is_read(void **state)
{
	struct arena *a = arena_new(0);
	struct env_facts f;
	struct errinfo ei = {0};

	(void)state;
	assert_int_equal(
	    build_json_read(a, "build.json", SLICE(whole), &f, &ei), ERR_OK);
	assert_string_equal(f.name, "20261122125347");
	assert_string_equal(f.env.uuid, "0192f3d6-0a1b-4c2d-8e3f-001122334455");
	assert_string_equal(f.env.builder, "birch");
	assert_string_equal(f.env.host_distro, "debian-12");
	assert_string_equal(f.env.branch, "");
	assert_int_equal(f.env.ntargets, 1);
	assert_int_equal(f.env.nlayers, 2);
	assert_int_equal(f.env.layers[0].modified, 1);
	assert_int_equal(f.env.layers[1].modified, -1);
	assert_string_equal(f.env.tags[1], "z\xc3\xbc");
	assert_non_null(strstr(f.env.json, "\"threads\":8"));
	assert_non_null(strstr(f.env.json, "2.50"));
	/* What PostgreSQL could not store isn't kept. */
	assert_non_null(strstr(f.env.json, "a\\ufffdb"));
	env_complete(a, &f.env);
	assert_string_equal(f.env.branch, "master");
	assert_string_equal(f.env.commit, SHA);
	assert_string_equal(f.env.image, "world");
	arena_free(a);
}

static void
wrong_build_json_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
	    {"", "build.json: the JSON ends early"},
	    {"{\"machine\": ", "build.json: the JSON ends early"},
	    {"{\"machine\": \"x", "build.json: the JSON ends early"},
	    {"[1]", "build.json: expected an object"},
	    {"null", "build.json: expected an object"},
	    {"7", "build.json: expected an object"},
	    {"{\"machine\": 7}", "build.json: machine: expected a string"},
	    {"{\"targets\": \"a\"}", "build.json: targets: expected an array"},
	    {"{\"targets\": [\"a\", {}]}",
		"build.json: targets[1]: expected a string"},
	    {"{\"layers\": [{\"name\": \"a\"}, {\"name\": \"b\", "
	     "\"commit\": 5}]}",
		"build.json: layers[1].commit: expected a string"},
	    {"{\"layers\": [7]}", "build.json: layers[0]: expected an object"},
	    {"{\"layers\": [{}]}",
		"build.json: layers[0]: a layer without a name"},
	    {"{\"layers\": [{\"name\": \"a\", \"modified\": \"no\"}]}",
		"build.json: layers[0].modified: expected true or false"},
	    {"{\"host\": \"h\"}", "build.json: host: expected an object"},
	    {"{\"host\": {\"arch\": []}}",
		"build.json: host.arch: expected a string"},
	    {"{\"uuid\": \"12\"}", "build.json: uuid: not a UUID"},
	    {"{\"mode\": \"dirty\"}",
		"build.json: mode: neither clean nor incremental"},
	    {"{\"more\": {\"x\": [1, 1e999]}}",
		"build.json: more.x[1]: number out of range"},
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct arena *a = arena_new(0);
		struct env_facts f;
		struct errinfo ei = {0};
		enum err e = build_json_read(
		    a, "build.json", slice_of(rows[i].text), &f, &ei);
		assert_string_equal(ei.text, rows[i].why);
		assert_int_equal(e, ERR_INPUT);
		arena_free(a);
	}
}

static void
malformed_json_is_refused(void **state)
{
	static const char *const rows[] = {"{\"a\": 1} x", "{a: 1}", "{'a': 1}",
	    "{\"a\": 1,}", "{\"machine\": \"\xff\"}", "{\"a\": NaN}",
	    "{\"a\": tru}", "{} {}"};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct arena *a = arena_new(0);
		struct env_facts f;
		struct errinfo ei = {0};
		assert_int_equal(build_json_read(a, "build.json",
				     slice_of(rows[i]), &f, &ei),
		    ERR_INPUT);
		assert_true(slice_starts(slice_of(ei.text), "build.json: "));
		arena_free(a);
	}
}

static void
json_limits_hold(void **state)
{
	struct arena *a = arena_new(0);
	struct buf b = BUF_INIT;
	struct env_facts f;
	struct errinfo ei = {0};

	(void)state;
	buf_adds(&b, "{\"a\":");
	for (int i = 0; i < 64; i++)
		buf_addc(&b, '[');
	for (int i = 0; i < 64; i++)
		buf_addc(&b, ']');
	buf_addc(&b, '}');
	assert_int_equal(build_json_read(a, "build.json",
			     (struct slice){b.data, b.len}, &f, &ei),
	    ERR_INPUT);
	assert_string_equal(ei.text, "build.json: nested deeper than 32");

	buf_reset(&b);
	buf_addc(&b, '[');
	for (int i = 0; i < 5000; i++)
		buf_adds(&b, "{},");
	buf_adds(&b, "{}]");
	assert_int_equal(build_json_read(a, "build.json",
			     (struct slice){b.data, b.len}, &f, &ei),
	    ERR_TOO_BIG);
	assert_string_equal(ei.text, "build.json: too many values");

	buf_reset(&b);
	buf_adds(&b, "{\"machine\": \"");
	for (int i = 0; i < 10240; i++)
		buf_addc(&b, 'x');
	buf_adds(&b, "\"}");
	assert_int_equal(build_json_read(a, "build.json",
			     (struct slice){b.data, b.len}, &f, &ei),
	    ERR_INPUT);
	assert_string_equal(
	    ei.text, "build.json: machine: longer than 255 bytes");
	buf_clear(&b);
	arena_free(a);
}

/* ---- other files ---- */

static const char console[] =
    "Loading cache...done.\nBuild Configuration:\nMACHINE = \"old\"\n\n"
    "NOTE: x\n\nBuild Configuration (mc:default):\n"
    "BB_VERSION           = \"2.19.0\"\nBUILD_SYS            = "
    "\"x86_64-linux\"\nNATIVELSBSTRING      = \"universal/debian-12\"\n"
    "TARGET_SYS           = \"x86_64-oe-linux\"\n"
    "MACHINE              = \"qemux86-64\"\nDISTRO               = "
    "\"poky\"\nDISTRO_VERSION       = \"5.2\"\n"
    "TUNE_FEATURES        = \"m64 x86-64-v3\"\nmeta                 \n"
    "meta-poky            = \"master:" SHA "\"\n"
    "meta-x               = \"<unknown>:<unknown>\"\n"
    "meta-y               = \"fix/a:b:" SHA "\"\n\nMACHINE = \"not this\"\n";

static void
the_last_banner_counts(void **state)
{
	struct arena *a = arena_new(0);
	struct env_facts f;

	(void)state;
	env_facts_init(&f);
	console_log_read(a, SLICE(console), &f);
	assert_string_equal(f.env.machine, "qemux86-64");
	assert_string_equal(f.env.distro, "poky");
	assert_string_equal(f.env.distro_version, "5.2");
	assert_string_equal(f.env.host_distro, "debian-12");
	assert_string_equal(f.env.host_arch, "x86_64");
	assert_string_equal(f.env.bitbake_version, "2.19.0");
	assert_int_equal(f.env.nlayers, 4);
	assert_string_equal(f.env.layers[0].name, "meta");
	assert_string_equal(f.env.layers[0].commit, SHA);
	assert_string_equal(f.env.layers[2].branch, "");
	assert_string_equal(f.env.layers[3].branch, "fix/a:b");
	arena_free(a);
}

static void
buildhistory_is_read(void **state)
{
	struct arena *a = arena_new(0);
	struct env_facts f;

	(void)state;
	env_facts_init(&f);
	build_id_read(a,
	    SLICE("qemuarm: core-image-minimal configured for poky 5.2 (x)\n\n"
		  "Build Configuration:\nBB_VERSION = \"2.9\"\n"),
	    &f);
	assert_string_equal(f.env.machine, "qemuarm");
	assert_string_equal(f.env.image, "core-image-minimal");
	assert_string_equal(f.env.distro, "poky");
	assert_string_equal(f.env.bitbake_version, "2.9");
	env_facts_init(&f);
	metadata_revs_read(a,
	    SLICE("meta              = master:" SHA " -- modified\n"
		  "meta-x            = dev:77\n"),
	    &f);
	assert_int_equal(f.env.nlayers, 2);
	assert_string_equal(f.env.layers[0].commit, SHA);
	assert_int_equal(f.env.layers[0].modified, 1);
	assert_string_equal(f.env.layers[1].branch, "dev");
	arena_free(a);
}

static void
paths_and_hosts_tell_something(void **state)
{
	static const struct {
		const char *dir, *target, *machine;
	} rows[] = {
	    {"core-image-sato-qemux86", "core-image-sato", "qemux86"},
	    {"core-image-sato-qemux86-64", "core-image-sato", "qemux86-64"},
	    {"world-qemuarm", "world", "qemuarm"},
	    {"world", NULL, ""},
	    {"-x", NULL, ""},
	    {"x-", NULL, ""},
	};
	struct arena *a = arena_new(0);
	struct env_facts f;

	(void)state;
	env_facts_init(&f);
	rootfs_path_read(
	    a, SLICE("/b/tmp/work/qemux86_64-poky-linux/img/1.0/rootfs"), &f);
	assert_string_equal(f.env.image, "img");
	assert_string_equal(f.env.machine, "qemux86-64");
	env_facts_init(&f);
	rootfs_path_read(a, SLICE("/some/where/else/img/1.0/rootfs"), &f);
	assert_string_equal(f.env.image, "");
	env_facts_init(&f);
	host_info_read(a, SLICE("Linux vm 6.18 #1 SMP x @0 x86_64 "), &f);
	assert_string_equal(f.env.host, "vm");
	assert_string_equal(f.env.host_arch, "x86_64");
	for (size_t i = 0; i < N(rows); i++) {
		env_facts_init(&f);
		target_machine_read(a, slice_of(rows[i].dir), &f);
		assert_string_equal(f.env.machine, rows[i].machine);
		if (rows[i].target != NULL)
			assert_string_equal(f.env.targets[0], rows[i].target);
	}
	arena_free(a);
}

static void
merging_keeps_the_first_and_says_who(void **state)
{
	struct arena *a = arena_new(0);
	struct env_facts one, two;

	(void)state;
	env_facts_init(&one);
	env_facts_init(&two);
	two.env.machine = "m";
	env_merge(a, &one.env, &two.env, "second");
	two.env.machine = "other";
	two.env.distro = "d";
	env_merge(a, &one.env, &two.env, "third");
	assert_string_equal(one.env.machine, "m");
	assert_string_equal(one.env.origin[0], "machine");
	assert_string_equal(one.env.origin[1], "second");
	assert_string_equal(one.env.origin[2], "distro");
	assert_string_equal(one.env.origin[3], "third");
	assert_null(one.env.origin[4]);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(build_json_is_read),
	    cmocka_unit_test(wrong_build_json_is_refused_with_its_place),
	    cmocka_unit_test(malformed_json_is_refused),
	    cmocka_unit_test(json_limits_hold),
	    cmocka_unit_test(the_last_banner_counts),
	    cmocka_unit_test(buildhistory_is_read),
	    cmocka_unit_test(paths_and_hosts_tell_something),
	    cmocka_unit_test(merging_keeps_the_first_and_says_who),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
