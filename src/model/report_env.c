/* report_env.c: see report_env.h. */
#include "model/report_env.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "model/environment_files.h"
#include "model/layer_line.h"

#define VALUE_MAX 255
#define TARGETS_MAX 1000
#define CHARACTER_MAX 4 /* bytes */

void
report_note(struct report_notes *notes, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list ap;

	if (notes->n == REPORT_NOTES_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	notes->note = arena_grow(notes->arena, notes->note, &notes->cap,
	    notes->n + 1, sizeof(*notes->note));
	notes->note[notes->n++] = utf8_scrub(notes->arena, text, strlen(text));
}

/* Bytes of the first max characters. */
static size_t
characters(const char *s, size_t max)
{
	size_t i = 0;

	while (s[i] != '\0') {
		if (((unsigned char)s[i] & 0xc0) != 0x80 && max-- == 0)
			break;
		i++;
	}
	return i;
}

const char *
report_text(const struct jin_at *object, const struct report_field *field,
    struct report_notes *notes)
{
	struct jin_at at;
	struct slice s;
	size_t most = (field->max + 1) * CHARACTER_MAX, n;
	char *text;

	if (!jin_member(object, field->key, &at))
		return "";
	if (!jin_bytes(&at, &s)) {
		report_note(notes, "%s%s is no text and was left out",
		    field->place, field->key);
		return "";
	}
	s = slice_trim(s);
	if (s.n > most)
		s.n = most;
	text = utf8_scrub(notes->arena, s.p, s.n);
	n = characters(text, field->max);
	if (text[n] != '\0')
		report_note(notes, "%s%s was cut at %zu characters",
		    field->place, field->key, field->max);
	text[n] = '\0';
	return text;
}

/* "core-image-minimal:do_build world", several split by blanks. */
static void
read_component(struct arena *a, const char *text, struct environment *env)
{
	struct slice rest = slice_of(text), word;
	const char **list = NULL;
	size_t n = 0, cap = 0;
	bool more = rest.n > 0;

	while (more && n < TARGETS_MAX) {
		more = slice_cut(&rest, ' ', &word);
		if (slice_ends(word, ":do_build"))
			word.n -= strlen(":do_build");
		if (word.n == 0 || word.n > VALUE_MAX)
			continue;
		list = arena_grow(a, list, &cap, n + 1, sizeof(*list));
		list[n++] = utf8_scrub(a, word.p, word.n);
	}
	env->targets = list;
	env->ntargets = n;
}

/* "branch: sha" at the last ": ". */
static void
read_branch_commit(struct arena *a, const char *text, struct environment *env)
{
	struct layer_list list = {.arena = a};
	struct slice s = slice_of(text);
	size_t n = s.n;

	if (s.n > VALUE_MAX)
		return;
	while (n >= 2 && memcmp(s.p + n - 2, ": ", 2) != 0)
		n--;
	if (n < 2)
		return;
	layer_line_add(&list, slice_of(arena_printf(a, "meta = %.*s:%s",
				  (int)(n - 2), s.p, s.p + n)));
	layer_list_finish(&list);
	if (list.n == 1) {
		env->branch = list.layers[0].branch;
		env->commit = list.layers[0].commit;
	}
}

static void
read_layer_version(const struct jin_at *top, struct environment *env,
    struct report_notes *notes)
{
	struct layer_list list = {.arena = notes->arena};
	struct jin_at array;
	struct slice text;
	size_t n;

	if (!jin_member(top, "layer_version", &array))
		return;
	if (jin_array(&array, &n, NULL) != ERR_OK) {
		report_note(
		    notes, "layer_version is no array and was left out");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct jin_at item = jin_element(&array, i);
		if (jin_bytes(&item, &text))
			layer_line_add(&list, text);
		else
			report_note(notes,
			    "layer_version[%zu] is no text and was left out",
			    i);
	}
	layer_list_finish(&list);
	env->nlayers = list.n;
	env->layers = list.layers;
}

void
report_environment_read(const struct jin_at *top, struct environment *env,
    struct report_notes *notes)
{
	static const struct {
		struct report_field field;
		const char *banner;
	} values[] = {
	    {{"", "machine", 50}, "MACHINE"},
	    {{"", "distro", 50}, "DISTRO"},
	    {{"", "build_sys", 200}, "BUILD_SYS"},
	    {{"", "nativelsb", 100}, "NATIVELSBSTRING"},
	    {{"", "bitbake_version", 50}, "BB_VERSION"},
	};
	/* As many targets as may be asked for at once. */
	static const struct report_field component = {"", "component", 32768},
					 commit = {"", "branch_commit", 250};
	struct arena *a = notes->arena;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		banner_value_read(a, slice_of(values[i].banner),
		    slice_of(report_text(top, &values[i].field, notes)), env);
	read_component(a, report_text(top, &component, notes), env);
	read_branch_commit(a, report_text(top, &commit, notes), env);
	read_layer_version(top, env, notes);
}
