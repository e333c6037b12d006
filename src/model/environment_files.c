/* environment_files.c: see environment_files.h. */
#include "model/environment_files.h"

#include <string.h>

#include "base/arena.h"
#include "model/layer_line.h"
#include "model/report_env.h"

#define VALUE_MAX 255

static const char *
text_of(struct arena *a, struct slice s)
{
	s = slice_trim(s);
	return s.n > VALUE_MAX ? "" : utf8_scrub(a, s.p, s.n);
}

/* The first word up to c, or all. */
static struct slice
before(struct slice s, char c)
{
	struct slice head;

	slice_cut(&s, c, &head);
	return head;
}

/* ---- the banner ---- */

/* NATIVELSBSTRING: "debian-12", "universal/debian-12". */
static struct slice
without_prefix(struct slice s)
{
	struct slice rest = s, head;

	return slice_cut(&rest, '/', &head) ? rest : s;
}

void
banner_value_read(
    struct arena *a, struct slice key, struct slice v, struct environment *env)
{
	if (slice_is(key, "BB_VERSION"))
		env->bitbake_version = text_of(a, v);
	else if (slice_is(key, "BUILD_SYS"))
		env->host_arch = text_of(a, before(v, '-'));
	else if (slice_is(key, "NATIVELSBSTRING"))
		env->host_distro = text_of(a, without_prefix(v));
	else if (slice_is(key, "MACHINE"))
		env->machine = text_of(a, v);
	else if (slice_is(key, "DISTRO"))
		env->distro = text_of(a, v);
	else if (slice_is(key, "DISTRO_VERSION"))
		env->distro_version = text_of(a, v);
}

/* Variables are in capitals, layers are not. */
static bool
is_variable(struct slice key)
{
	if (key.n == 0)
		return false;
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_')
			return false;
	}
	return true;
}

/* Reads lines up to the first empty one. */
static void
read_banner(struct arena *a, struct slice *rest, struct env_facts *f)
{
	struct layer_list list = {.arena = a};
	struct slice line;

	while (slice_line(rest, &line)) {
		struct slice value = line, key;
		if ((line = slice_trim(line)).n == 0)
			break;
		bool has_value = slice_cut(&value, '=', &key);
		key = slice_trim(key);
		value = slice_trim(value);
		if (value.n >= 2 && value.p[0] == '"')
			value = (struct slice){value.p + 1, value.n - 2};
		if (has_value && is_variable(key))
			banner_value_read(a, key, value, &f->env);
		else
			layer_line_add(&list, line);
	}
	layer_list_finish(&list);
	f->env.nlayers = list.n;
	f->env.layers = list.layers;
}

void
console_log_read(struct arena *a, struct slice text, struct env_facts *f)
{
	struct slice line;

	while (slice_line(&text, &line))
		if (slice_starts(line, "Build Configuration"))
			read_banner(a, &text, f);
}

/* ---- buildhistory ---- */

/* "<machine>: <image> configured for <distro> <version>" */
void
build_id_read(struct arena *a, struct slice text, struct env_facts *f)
{
	static const char middle[] = " configured for ";
	struct slice line, rest, machine, image, distro;

	console_log_read(a, text, f);
	if (!slice_line(&text, &line))
		return;
	rest = line;
	if (!slice_cut(&rest, ':', &machine))
		return;
	const char *at = memmem(rest.p, rest.n, middle, sizeof(middle) - 1);
	if (at == NULL)
		return;
	image = (struct slice){rest.p, (size_t)(at - rest.p)};
	rest.n -= image.n + sizeof(middle) - 1;
	rest.p = at + sizeof(middle) - 1;
	slice_cut(&rest, ' ', &distro);
	f->env.machine = text_of(a, machine);
	f->env.image = text_of(a, image);
	f->env.distro = text_of(a, distro);
	f->env.distro_version = text_of(a, rest);
}

void
metadata_revs_read(struct arena *a, struct slice text, struct env_facts *f)
{
	struct layer_list list = {.arena = a};
	struct slice line;

	while (slice_line(&text, &line))
		layer_line_add(&list, slice_trim(line));
	layer_list_finish(&list);
	f->env.nlayers = list.n;
	f->env.layers = list.layers;
}

/* ---- build_stats and directories ---- */

void
host_info_read(struct arena *a, struct slice line, struct env_facts *f)
{
	struct slice rest = slice_trim(line), word;

	f->env.host_info = utf8_scrub(a, rest.p, rest.n > 1024 ? 1024 : rest.n);
	slice_cut(&rest, ' ', &word);
	slice_cut(&rest, ' ', &word);
	f->env.host = text_of(a, word);
	while (slice_cut(&rest, ' ', &word))
		;
	f->env.host_arch = text_of(a, word);
}

/* The last component of a path is cut off into *last. */
static bool
pop(struct slice *path, struct slice *last)
{
	size_t n = path->n;

	while (n > 0 && path->p[n - 1] != '/')
		n--;
	if (n == 0)
		return false;
	*last = (struct slice){path->p + n, path->n - n};
	path->n = n - 1;
	return true;
}

void
rootfs_path_read(struct arena *a, struct slice path, struct env_facts *f)
{
	struct slice rootfs, version, image, arch, work;
	char *machine;

	path = slice_trim(path);
	if (!pop(&path, &rootfs) || !pop(&path, &version) ||
	    !pop(&path, &image) || !pop(&path, &arch) || !pop(&path, &work) ||
	    !slice_is(work, "work"))
		return;
	f->env.image = text_of(a, image);
	/* MACHINE_ARCH is MACHINE with its dashes made underscores. */
	arch = before(arch, '-');
	if (arch.n > VALUE_MAX)
		return;
	machine = utf8_scrub(a, arch.p, arch.n);
	for (char *p = machine; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
	f->env.machine = machine;
}

/* Machines with dashes in their names that oe-core itself has or had; any
 * other is taken to have none. */
static const char *const dashed_machines[] = {
    "-qemux86-64",
    "-genericx86-64",
    "-intel-corei7-64",
    "-intel-core2-32",
    "-beaglebone-yocto",
    "-genericarm64",
    "-raspberrypi3-64",
    "-raspberrypi4-64",
};

void
target_machine_read(struct arena *a, struct slice name, struct env_facts *f)
{
	size_t dash = name.n;
	struct slice target;

	while (dash > 0 && name.p[dash - 1] != '-')
		dash--;
	for (size_t i = 0;
	     i < sizeof(dashed_machines) / sizeof(dashed_machines[0]); i++)
		if (slice_ends(name, dashed_machines[i]))
			dash = name.n - strlen(dashed_machines[i]) + 1;
	if (dash < 2 || dash == name.n)
		return;
	target = (struct slice){name.p, dash - 1};
	f->env.machine =
	    text_of(a, (struct slice){name.p + dash, name.n - dash});
	f->env.ntargets = 1;
	f->env.targets = arena_calloc(a, 1, sizeof(char *));
	f->env.targets[0] = text_of(a, target);
}
