/* jin.c: see jin.h. */
#include "json/jin.h"

#include <json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "json/jescape.h"

#define DEPTH_MAX 32
/* json-c takes up to 900 bytes for "{}" and 80 for a number. */
#define CONTAINERS_MAX 4096
#define VALUES_MAX 65536

struct jin {
	const char *name;
	bool rewritten;
	json_object *top;
};

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);

static void
cleanup_tokener(json_tokener **t)
{
	if (*t != NULL)
		json_tokener_free(*t);
}

static enum err
single_quote(const char *name, size_t at, const struct jin_limits *limits,
    struct errinfo *ei)
{
	if (limits->rewritten)
		return err_set(
		    ei, ERR_INPUT, "%s: not JSON: a single quote", name);
	return err_set(ei, ERR_INPUT,
	    "%s: not JSON at byte %zu: a single quote", name, at);
}

/*
 * Counts what json-c would make an object of.  It takes 'x' for a string,
 * which is none, and could hide a '"' from this.
 */
static enum err
check_size(const char *name, struct slice s, const struct jin_limits *limits,
    struct errinfo *ei)
{
	size_t containers = 0, values = 0;
	bool in_text = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (in_text) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_text = false;
			continue;
		}
		if (c == '\'')
			return single_quote(name, i, limits, ei);
		in_text = c == '"';
		containers += c == '[' || c == '{';
		values += c == ',';
	}
	if (containers > limits->containers || values > limits->values)
		return err_set(ei, ERR_TOO_BIG, "%s: too many values", name);
	return ERR_OK;
}

/* json-c takes NaN and 1e999 for numbers; nothing that reads JSON does. */
static enum err
check_numbers(const struct jin_at *at, struct errinfo *ei)
{
	enum err e = ERR_OK;

	if (json_object_is_type(at->value, json_type_double) &&
	    !isfinite(json_object_get_double(at->value)))
		return jin_fail(at, "number out of range", ei);
	if (json_object_is_type(at->value, json_type_array)) {
		size_t n = json_object_array_length(at->value);
		for (size_t i = 0; i < n && e == ERR_OK; i++) {
			struct jin_at item = jin_element(at, i);
			e = check_numbers(&item, ei);
		}
	} else if (json_object_is_type(at->value, json_type_object)) {
		json_object_object_foreach(at->value, key, value)
		{
			struct jin_at item = {.in = at->in,
			    .value = value,
			    .parent = at,
			    .key = key};
			if (e == ERR_OK)
				e = check_numbers(&item, ei);
		}
	}
	return e;
}

static enum err
parse_failed(const struct jin *j, json_tokener *t, struct errinfo *ei)
{
	enum json_tokener_error why = json_tokener_get_error(t);

	if (why == json_tokener_error_depth)
		return err_set(ei, ERR_INPUT, "%s: nested deeper than %d",
		    j->name, DEPTH_MAX);
	if (why == json_tokener_continue || why == json_tokener_success ||
	    why == json_tokener_error_parse_eof)
		return err_set(
		    ei, ERR_INPUT, "%s: the JSON ends early", j->name);
	if (j->rewritten)
		return err_set(ei, ERR_INPUT, "%s: not JSON: %s", j->name,
		    json_tokener_error_desc(why));
	return err_set(ei, ERR_INPUT, "%s: not JSON at byte %zu: %s", j->name,
	    json_tokener_get_parse_end(t), json_tokener_error_desc(why));
}

enum err
jin_parse(const char *name, struct slice text, size_t max, struct jin **out,
    struct errinfo *ei)
{
	const struct jin_limits limits = {
	    .bytes = max, .containers = CONTAINERS_MAX, .values = VALUES_MAX};

	return jin_parse_within(name, text, &limits, out, ei);
}

enum err
jin_parse_within(const char *name, struct slice text,
    const struct jin_limits *limits, struct jin **out, struct errinfo *ei)
{
	CLEANUP(cleanup_tokener)
	json_tokener *t = json_tokener_new_ex(DEPTH_MAX);
	CLEANUP(cleanup_jin) struct jin *j = calloc(1, sizeof(*j));
	enum err e;

	if (t == NULL || j == NULL)
		out_of_memory();
	j->name = name;
	j->rewritten = limits->rewritten;
	if (text.n > limits->bytes)
		return err_set(ei, ERR_TOO_BIG, "%s: more than %zu KiB", name,
		    limits->bytes >> 10);
	if ((e = check_size(name, text, limits, ei)) != ERR_OK)
		return e;
	json_tokener_set_flags(
	    t, JSON_TOKENER_STRICT |
		   (limits->rewritten ? 0 : JSON_TOKENER_VALIDATE_UTF8));
	j->top = json_tokener_parse_ex(t, text.p, (int)text.n);
	/* A bare number ends only where something follows it. */
	if (json_tokener_get_error(t) == json_tokener_continue)
		j->top = json_tokener_parse_ex(t, "", 1);
	if (json_tokener_get_error(t) != json_tokener_success)
		return parse_failed(j, t, ei);
	struct jin_at top = jin_top(j);
	if ((e = check_numbers(&top, ei)) != ERR_OK)
		return e;
	*out = j;
	j = NULL;
	return ERR_OK;
}

void
jin_free(struct jin *j)
{
	if (j == NULL)
		return;
	json_object_put(j->top);
	free(j);
}

struct jin_at
jin_top(const struct jin *j)
{
	return (struct jin_at){.in = j, .value = j->top};
}

/* Writes "layers[2].commit" for the value. */
static void
write_path(const struct jin_at *at, struct buf *out)
{
	if (at->parent == NULL)
		return;
	write_path(at->parent, out);
	if (at->key != NULL)
		buf_addf(out, "%s%s", out->len > 0 ? "." : "", at->key);
	else
		buf_addf(out, "[%zu]", at->index);
}

enum err
jin_fail(const struct jin_at *at, const char *what, struct errinfo *ei)
{
	CLEANUP(buf_clear) struct buf path = BUF_INIT;

	write_path(at, &path);
	if (path.len == 0)
		return err_set(ei, ERR_INPUT, "%s: %s", at->in->name, what);
	return err_set(
	    ei, ERR_INPUT, "%s: %s: %s", at->in->name, path.data, what);
}

enum err
jin_object(const struct jin_at *at, struct errinfo *ei)
{
	if (!json_object_is_type(at->value, json_type_object))
		return jin_fail(at, "expected an object", ei);
	return ERR_OK;
}

enum err
jin_array(const struct jin_at *at, size_t *n, struct errinfo *ei)
{
	*n = 0;
	if (!json_object_is_type(at->value, json_type_array))
		return jin_fail(at, "expected an array", ei);
	*n = json_object_array_length(at->value);
	return ERR_OK;
}

bool
jin_member(const struct jin_at *at, const char *key, struct jin_at *out)
{
	json_object *value;

	if (!json_object_is_type(at->value, json_type_object) ||
	    !json_object_object_get_ex(at->value, key, &value) || value == NULL)
		return false;
	*out = (struct jin_at){
	    .in = at->in, .value = value, .parent = at, .key = key};
	return true;
}

struct jin_at
jin_element(const struct jin_at *at, size_t i)
{
	return (struct jin_at){
	    .in = at->in,
	    .value = json_object_array_get_idx(at->value, i),
	    .parent = at,
	    .index = i,
	};
}

enum err
jin_members(
    const struct jin_at *at, struct jin_members *out, struct errinfo *ei)
{
	enum err err = jin_object(at, ei);

	*out = (struct jin_members){.of = at};
	if (err != ERR_OK)
		return err;
	out->n = (size_t)json_object_object_length(at->value);
	out->next = lh_table_head(json_object_get_object(at->value));
	return ERR_OK;
}

bool
jin_members_next(struct jin_members *m, struct jin_at *out)
{
	struct lh_entry *e = m->next;

	if (e == NULL)
		return false;
	m->next = lh_entry_next(e);
	*out = (struct jin_at){.in = m->of->in,
	    .value = lh_entry_v(e),
	    .parent = m->of,
	    .key = lh_entry_k(e)};
	return true;
}

enum err
jin_text(const struct jin_at *at, struct arena *a, size_t max, const char **out,
    struct errinfo *ei)
{
	struct slice s;
	char what[48];

	if (!json_object_is_type(at->value, json_type_string))
		return jin_fail(at, "expected a string", ei);
	s.p = json_object_get_string(at->value);
	s.n = (size_t)json_object_get_string_len(at->value);
	s = slice_trim(s);
	if (s.n > max) {
		snprintf(what, sizeof(what), "longer than %zu bytes", max);
		return jin_fail(at, what, ei);
	}
	*out = utf8_scrub(a, s.p, s.n);
	return ERR_OK;
}

bool
jin_bytes(const struct jin_at *at, struct slice *out)
{
	if (!json_object_is_type(at->value, json_type_string))
		return false;
	out->p = json_object_get_string(at->value);
	out->n = (size_t)json_object_get_string_len(at->value);
	return true;
}

enum err
jin_bool(const struct jin_at *at, bool *out, struct errinfo *ei)
{
	if (!json_object_is_type(at->value, json_type_boolean))
		return jin_fail(at, "expected true or false", ei);
	*out = json_object_get_boolean(at->value);
	return ERR_OK;
}

enum err
jin_integer(const struct jin_at *at, int64_t *out, struct errinfo *ei)
{
	if (!json_object_is_type(at->value, json_type_int))
		return jin_fail(at, "expected an integer", ei);
	*out = json_object_get_int64(at->value);
	/* What doesn't fit is given as these. */
	return *out == INT64_MAX || *out == INT64_MIN
		   ? jin_fail(at, "too large a number", ei)
		   : ERR_OK;
}

enum err
jin_real(const struct jin_at *at, double *out, struct errinfo *ei)
{
	if (!json_object_is_type(at->value, json_type_double) &&
	    !json_object_is_type(at->value, json_type_int))
		return jin_fail(at, "expected a number", ei);
	*out = json_object_get_double(at->value);
	return isfinite(*out) ? ERR_OK
			      : jin_fail(at, "expected a finite number", ei);
}

enum err
jin_member_text(const struct jin_at *at, const char *key, struct arena *a,
    const char **out, struct errinfo *ei)
{
	struct jin_at member;

	if (!jin_member(at, key, &member))
		return ERR_OK;
	return jin_text(&member, a, JIN_TEXT_MAX, out, ei);
}

/* No text of PostgreSQL can hold a NUL. */
static void
replace_nuls(struct buf *out, size_t from)
{
	if (out->failed)
		return;
	for (char *p = out->data + from; (p = strchr(p, '\\')) != NULL; p += 2)
		if (strncmp(p, "\\u0000", 6) == 0)
			memcpy(p, "\\ufffd", 6);
}

void
jin_write(const struct jin *j, struct buf *out)
{
	size_t n, from = out->len;
	const char *s = json_object_to_json_string_length(j->top,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &n);

	buf_add(out, s, n);
	replace_nuls(out, from);
}

/* ---- sorted ---- */

struct member {
	const char *key;
	json_object *value;
};

static int
by_key(const void *x, const void *y)
{
	const struct member *a = x, *b = y;

	return strcmp(a->key, b->key);
}

static bool
is_among(const char *const *keys, const char *key)
{
	for (; keys != NULL && *keys != NULL; keys++)
		if (strcmp(*keys, key) == 0)
			return true;
	return false;
}

static void write_sorted(
    json_object *value, const char *const *without, struct buf *out);

static void
write_object(json_object *o, const char *const *without, struct buf *out)
{
	size_t n = 0, most = (size_t)json_object_object_length(o);
	struct member *m = must(calloc(most + 1, sizeof(*m)));

	json_object_object_foreach(o, key, value)
	{
		if (!is_among(without, key))
			m[n++] = (struct member){key, value};
	}
	qsort(m, n, sizeof(*m), by_key);
	buf_addc(out, '{');
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i > 0 ? ",\"" : "\"");
		jescape_add(out, m[i].key, strlen(m[i].key));
		buf_adds(out, "\":");
		write_sorted(m[i].value, NULL, out);
	}
	buf_addc(out, '}');
	free(m);
}

static void
write_scalar(json_object *value, struct buf *out)
{
	char number[32];

	switch (json_object_get_type(value)) {
	case json_type_string:
		buf_addc(out, '"');
		jescape_add(out, json_object_get_string(value),
		    (size_t)json_object_get_string_len(value));
		buf_addc(out, '"');
		break;
	case json_type_double:
		str_from_double(number, json_object_get_double(value));
		buf_adds(out, number);
		break;
	default:
		buf_adds(out,
		    value != NULL ? json_object_get_string(value) : "null");
		break;
	}
}

static void
write_sorted(json_object *value, const char *const *without, struct buf *out)
{
	if (json_object_is_type(value, json_type_object)) {
		write_object(value, without, out);
	} else if (json_object_is_type(value, json_type_array)) {
		size_t n = json_object_array_length(value);
		buf_addc(out, '[');
		for (size_t i = 0; i < n; i++) {
			if (i > 0)
				buf_addc(out, ',');
			write_sorted(
			    json_object_array_get_idx(value, i), NULL, out);
		}
		buf_addc(out, ']');
	} else {
		write_scalar(value, out);
	}
}

void
jin_write_sorted(
    const struct jin_at *at, const char *const *without, struct buf *out)
{
	size_t from = out->len;

	write_sorted(at->value, without, out);
	replace_nuls(out, from);
}
