/* config_diff.c: see config_diff.h. */
#include "model/config_diff.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* Longer values are compared and shown by their beginning. */
#define VALUE_MAX ((size_t)16 << 10)
#define LONG_LIST 72
/* What putting values together may take: a line each makes one longer. */
#define JOINED_MAX ((size_t)4 << 20)

struct setting {
	const char *name;
	const char *value, *weak; /* weak: of ??=; NULL if not set */
};

struct config {
	struct arena *arena;
	struct setting *setting;
	size_t n;
	size_t *slot;  /* hash table of index + 1 */
	size_t joined; /* bytes */
};

#define SLOTS ((size_t)CONFIG_VARIABLES_MAX * 2)

/* ---- the table of variables ---- */

static size_t
hash(struct slice s)
{
	size_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h;
}

static struct setting *
find(const struct config *c, struct slice name, size_t **slot)
{
	size_t i = hash(name) % SLOTS;

	while (
	    c->slot[i] != 0 && !slice_is(name, c->setting[c->slot[i] - 1].name))
		i = (i + 1) % SLOTS;
	if (slot != NULL)
		*slot = &c->slot[i];
	return c->slot[i] != 0 ? &c->setting[c->slot[i] - 1] : NULL;
}

/* NULL if there are too many. */
static struct setting *
setting_of(struct config *c, struct slice name)
{
	size_t *slot;
	struct setting *s = find(c, name, &slot);

	if (s != NULL || c->n == CONFIG_VARIABLES_MAX)
		return s;
	s = &c->setting[c->n++];
	*s = (struct setting){
	    .name = utf8_scrub(c->arena, name.p, name.n),
	};
	/* A scrubbed name would not be found again. */
	if (strlen(s->name) != name.n || memcmp(s->name, name.p, name.n) != 0) {
		c->n--;
		return NULL;
	}
	*slot = c->n;
	return s;
}

/* ---- what operators do ---- */

enum op { OP_SET, OP_DEFAULT, OP_WEAK, OP_APPEND, OP_PREPEND };

static bool
ends_with_word(const char *name, const char *word)
{
	const char *p = strstr(name, word);

	for (; p != NULL; p = strstr(p + 1, word)) {
		char after = p[strlen(word)];
		if (after == '\0' || after == ':' || after == '_')
			return true;
	}
	return false;
}

/* Each such assignment counts, not the last one alone. */
static bool
is_added_up(const char *name)
{
	static const char *const words[] = {
	    ":append", ":prepend", ":remove", "_append", "_prepend", "_remove"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (ends_with_word(name, words[i]))
			return true;
	return false;
}

static const char *
join(struct config *c, const char *x, const char *between, const char *y)
{
	size_t n;

	if (x == NULL || x[0] == '\0')
		return y;
	n = strlen(x) + strlen(y);
	if (y[0] == '\0' || n > VALUE_MAX || c->joined + n > JOINED_MAX)
		return x;
	c->joined += n;
	return arena_printf(c->arena, "%s%s%s", x, between, y);
}

struct assignment {
	struct slice name;
	enum op op;
	const char *between; /* of what is added and what was there */
	struct slice value;
};

static void
assign(struct config *c, const struct assignment *as)
{
	struct setting *s = setting_of(c, as->name);
	size_t n = as->value.n < VALUE_MAX ? as->value.n : VALUE_MAX;
	const char *value;

	if (s == NULL)
		return;
	value = utf8_scrub(c->arena, as->value.p, n);
	switch (as->op) {
	case OP_SET:
		s->value = is_added_up(s->name) ? join(c, s->value, " ", value)
						: value;
		break;
	case OP_DEFAULT:
		s->value = s->value != NULL ? s->value : value;
		break;
	case OP_WEAK:
		s->weak = value;
		break;
	case OP_APPEND:
		s->value = join(c, s->value, as->between, value);
		break;
	case OP_PREPEND:
		s->value = join(
		    c, value, as->between, s->value != NULL ? s->value : "");
		break;
	}
}

/* ---- reading lines ---- */

static const struct operator_text {
	const char *text;
	enum op op;
	const char *between;
} operators[] = {
    {"?\?=", OP_WEAK, ""},
    {"?=", OP_DEFAULT, ""},
    {":=", OP_SET, ""},
    {"+=", OP_APPEND, " "},
    {"=+", OP_PREPEND, " "},
    {".=", OP_APPEND, ""},
    {"=.", OP_PREPEND, ""},
    {"=", OP_SET, ""},
};

static bool
is_name_byte(char ch)
{
	return isalnum((unsigned char)ch) ||
	       (ch != '\0' && strchr("-_+.${}/~:@", ch) != NULL);
}

/* The length of "VAR", "VAR:append", "VAR[flag]" at the start of a line.  What
 * belongs to the operator behind it is left to that. */
static size_t
name_length(struct slice line)
{
	size_t n = 0;

	while (n < line.n && is_name_byte(line.p[n]))
		n++;
	while (n > 0 && strchr(":+.", line.p[n - 1]) != NULL && n < line.n &&
	       line.p[n] == '=')
		n--;
	if (n == 0 || n == line.n || line.p[n] != '[')
		return n;
	while (n < line.n && line.p[n] != ']')
		n++;
	return n < line.n ? n + 1 : 0;
}

static struct slice
skip(struct slice s, size_t n)
{
	return (struct slice){s.p + n, s.n - n};
}

/* What stands between the quotes; false if there are none. */
static bool
unquote(struct slice text, struct slice *value)
{
	char quote = text.n > 0 ? text.p[0] : '\0';

	if (text.n < 2 || (quote != '"' && quote != '\'') ||
	    text.p[text.n - 1] != quote)
		return false;
	*value = (struct slice){text.p + 1, text.n - 2};
	return true;
}

static bool
read_assignment(struct slice line, struct assignment *out)
{
	size_t n = name_length(line);
	struct slice rest;

	if (n == 0)
		return false;
	out->name = (struct slice){line.p, n};
	rest = slice_trim(skip(line, n));
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (!slice_starts(rest, operators[i].text))
			continue;
		out->op = operators[i].op;
		out->between = operators[i].between;
		rest = slice_trim(skip(rest, strlen(operators[i].text)));
		return unquote(rest, &out->value);
	}
	return false;
}

/* "include conf/x.conf": each name becomes a variable of its own, that is set
 * or not. */
static bool
read_directive(struct config *c, struct slice line)
{
	static const char *const words[] = {
	    "include ", "include_all ", "require ", "inherit "};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!slice_starts(line, words[i]))
			continue;
		assign(c, &(struct assignment){line, OP_SET, "", SLICE("yes")});
		return true;
	}
	return false;
}

static void
unset(struct config *c, struct slice name)
{
	struct setting *s = find(c, name, NULL);

	if (s != NULL)
		s->value = s->weak = NULL;
}

static void
read_line(struct config *c, struct slice line)
{
	struct assignment as;

	line = slice_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return;
	if (slice_starts(line, "unset ")) {
		unset(c, slice_trim(skip(line, strlen("unset "))));
		return;
	}
	if (slice_starts(line, "export "))
		line = slice_trim(skip(line, strlen("export ")));
	if (!read_directive(c, line) && read_assignment(line, &as))
		assign(c, &as);
}

/* Joins lines that end in a backslash. */
static void
read_text(struct config *c, struct slice rest)
{
	struct buf whole = BUF_INIT;
	struct slice line;

	whole.limit = VALUE_MAX * 2;
	while (slice_line(&rest, &line)) {
		bool comment = whole.len == 0 && slice_trim(line).n > 0 &&
			       slice_trim(line).p[0] == '#';
		while (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (!comment && line.n > 0 && line.p[line.n - 1] == '\\') {
			buf_add(&whole, line.p, line.n - 1);
			buf_addc(&whole, ' ');
			continue;
		}
		buf_add(&whole, line.p, line.n);
		if (!whole.failed && whole.len > 0)
			read_line(c, (struct slice){whole.data, whole.len});
		buf_reset(&whole);
		whole.failed = false;
	}
	buf_clear(&whole);
}

/* Blanks in any number are one: they part words, or nothing. */
static const char *
one_blank(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 1);
	size_t n = 0;

	for (; *s != '\0'; s++) {
		bool blank = isspace((unsigned char)*s);
		if (blank && (n == 0 || out[n - 1] == ' '))
			continue;
		out[n++] = blank ? ' ' : *s;
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

static void
read_side(struct config *c, struct arena *a, struct config_side side)
{
	*c = (struct config){
	    .arena = a,
	    .setting =
		arena_calloc(a, CONFIG_VARIABLES_MAX, sizeof(*c->setting)),
	    .slot = arena_calloc(a, SLOTS, sizeof(*c->slot)),
	};
	for (size_t i = 0; i < side.n; i++)
		read_text(c, side.text[i]);
	for (size_t i = 0; i < c->n; i++) {
		struct setting *s = &c->setting[i];
		s->value = s->value != NULL ? s->value : s->weak;
		if (s->value != NULL)
			s->value = one_blank(a, s->value);
	}
}

/* ---- what differs ---- */

/* Also how names begin. */
static bool
is_local(const char *name)
{
	static const char *const heads[] = {"BB_DISKMON", "BB_HASHSERVE",
	    "BB_HEARTBEAT", "BB_LOG_HOST_STAT", "BB_NUMBER_", "BB_PRESSURE",
	    "BUILDHISTORY_", "CONF_VERSION", "DEPLOY_DIR", "DL_DIR",
	    "PARALLEL_MAKE", "PREMIRRORS", "SOURCE_MIRROR_URL", "SSTATE_DIR",
	    "SSTATE_MIRRORS", "TMPDIR", "TOPDIR"};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (strncmp(heads[i], name, strlen(heads[i])) == 0)
			return true;
	return false;
}

static bool
has_word(const char *list, struct slice word)
{
	struct slice rest = slice_of(list), w;

	while (rest.n > 0) {
		slice_cut(&rest, ' ', &w);
		if (w.n == word.n && memcmp(w.p, word.p, w.n) == 0)
			return true;
	}
	return false;
}

/* The words of a long list that another one lacks; else all of it. */
static const char *
shown(struct arena *a, const char *value, const char *other)
{
	struct slice rest = slice_of(value), word;
	struct buf b = BUF_INIT;
	const char *text;
	size_t cut;

	if (other != NULL && strlen(value) > LONG_LIST &&
	    strlen(other) > LONG_LIST) {
		while (rest.n > 0 && b.len < CONFIG_VALUE_MAX) {
			slice_cut(&rest, ' ', &word);
			if (word.n == 0 || has_word(other, word))
				continue;
			buf_addc(&b, ' ');
			buf_add(&b, word.p, word.n);
		}
		text = arena_printf(a, "…%s", b.len > 0 ? b.data : "");
		buf_clear(&b);
		value = text;
	}
	cut = strlen(value);
	if (cut <= CONFIG_VALUE_MAX)
		return value;
	cut = CONFIG_VALUE_MAX;
	while (cut > 0 && ((unsigned char)value[cut] & 0xc0) == 0x80)
		cut--;
	return arena_printf(a, "%.*s…", (int)cut, value);
}

static const char *
value_in(const struct config *c, const char *name)
{
	const struct setting *s = find(c, slice_of(name), NULL);

	return s != NULL ? s->value : NULL;
}

static int
compare(const void *a, const void *b)
{
	const struct config_difference *x = a, *y = b;

	if (x->local != y->local)
		return x->local ? 1 : -1;
	return strcmp(x->variable, y->variable);
}

static void
add_difference(struct arena *a, struct config_difference *d, const char *name,
    const char *here, const char *there)
{
	*d = (struct config_difference){
	    .variable = name,
	    .here = here != NULL ? shown(a, here, there) : NULL,
	    .there = there != NULL ? shown(a, there, here) : NULL,
	    .local = is_local(name),
	};
}

size_t
config_diff(struct arena *a, struct config_side here, struct config_side there,
    struct config_difference *out, size_t max)
{
	struct config x, y;
	struct config_difference *all;
	size_t n = 0;

	read_side(&x, a, here);
	read_side(&y, a, there);
	all = arena_calloc(a, x.n + y.n + 1, sizeof(*all));
	for (size_t i = 0; i < x.n; i++) {
		const struct setting *s = &x.setting[i];
		const char *other = value_in(&y, s->name);
		if (s->value == NULL
			? other != NULL
			: other == NULL || strcmp(s->value, other) != 0)
			add_difference(a, &all[n++], s->name, s->value, other);
	}
	for (size_t i = 0; i < y.n; i++) {
		const struct setting *s = &y.setting[i];
		if (s->value != NULL &&
		    find(&x, slice_of(s->name), NULL) == NULL)
			add_difference(a, &all[n++], s->name, NULL, s->value);
	}
	qsort(all, n, sizeof(*all), compare);
	for (size_t i = 0; i < n && i < max; i++)
		out[i] = all[i];
	return n;
}

const char *
config_value(struct arena *a, struct config_side side, const char *variable)
{
	struct config c;
	const struct setting *s;

	read_side(&c, a, side);
	s = find(&c, slice_of(variable), NULL);
	return s == NULL ? NULL : s->value != NULL ? s->value : s->weak;
}
