/* jobj.c: see jobj.h. */
#include "json/jobj.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/arena.h"
#include "base/memory.h"

#define DEPTH_MAX 32
#define TEXT_MAX ((size_t)16 << 20)

struct jobj {
	struct json_object *o;
};

static struct jobj *
wrap(struct json_object *o)
{
	struct jobj *j = malloc(sizeof(*j));

	if (j == NULL || o == NULL)
		out_of_memory();
	j->o = o;
	return j;
}

struct jobj *
jobj_new(void)
{
	return wrap(json_object_new_object());
}

void
jobj_free(struct jobj *j)
{
	if (j == NULL)
		return;
	json_object_put(j->o);
	free(j);
}

enum err
jobj_parse(struct slice text, struct jobj **out, struct errinfo *ei)
{
	struct json_tokener *tok = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *o = NULL;
	const char *why = "longer than allowed";
	bool whole = false;

	if (tok == NULL)
		out_of_memory();
	text = slice_trim(text);
	if (text.n <= TEXT_MAX) {
		o = json_tokener_parse_ex(tok, text.p, (int)text.n);
		why = json_tokener_error_desc(json_tokener_get_error(tok));
		whole = json_tokener_get_error(tok) == json_tokener_success &&
			json_tokener_get_parse_end(tok) == text.n;
	}
	json_tokener_free(tok);
	if (whole && json_object_is_type(o, json_type_object)) {
		*out = wrap(o);
		return ERR_OK;
	}
	json_object_put(o);
	if (whole)
		why = "not an object";
	return err_set(ei, ERR_INPUT, "no JSON object: %s", why);
}

static struct json_object *
text_object(const char *value)
{
	struct arena *a = arena_new(0);
	struct json_object *o =
	    json_object_new_string(utf8_scrub(a, value, strlen(value)));

	arena_free(a);
	if (o == NULL)
		out_of_memory();
	return o;
}

static void
put(struct jobj *j, const char *key, struct json_object *value)
{
	if (value == NULL || json_object_object_add(j->o, key, value) != 0)
		out_of_memory();
}

void
jobj_string(struct jobj *j, const char *key, const char *value)
{
	put(j, key, text_object(value));
}

void
jobj_integer(struct jobj *j, const char *key, int64_t value)
{
	put(j, key, json_object_new_int64(value));
}

void
jobj_add(struct jobj *j, const char *key, const char *value)
{
	struct json_object *list = NULL, *text = text_object(value);

	if (!json_object_object_get_ex(j->o, key, &list) ||
	    !json_object_is_type(list, json_type_array)) {
		list = json_object_new_array();
		put(j, key, list);
	}
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		if (json_object_equal(
			json_object_array_get_idx(list, i), text)) {
			json_object_put(text);
			return;
		}
	}
	if (json_object_array_add(list, text) != 0)
		out_of_memory();
}

void
jobj_merge(struct jobj *j, const struct jobj *from)
{
	json_object_object_foreach(from->o, key, value)
	{
		if (json_object_object_add(j->o, key, json_object_get(value)) !=
		    0)
			out_of_memory();
	}
}

void
jobj_remove(struct jobj *j, const char *key)
{
	json_object_object_del(j->o, key);
}

const char *
jobj_text(const struct jobj *j, const char *key)
{
	struct json_object *o;

	if (!json_object_object_get_ex(j->o, key, &o) ||
	    !json_object_is_type(o, json_type_string))
		return "";
	return json_object_get_string(o);
}

int64_t
jobj_number(const struct jobj *j, const char *key, int64_t otherwise)
{
	struct json_object *o;

	if (!json_object_object_get_ex(j->o, key, &o) ||
	    !json_object_is_type(o, json_type_int))
		return otherwise;
	return json_object_get_int64(o);
}

struct jobj *
jobj_object(const struct jobj *j, const char *key)
{
	struct json_object *o;

	if (!json_object_object_get_ex(j->o, key, &o) ||
	    !json_object_is_type(o, json_type_object))
		return NULL;
	return wrap(json_object_get(o));
}

size_t
jobj_count(const struct jobj *j, const char *key)
{
	struct json_object *o;

	if (!json_object_object_get_ex(j->o, key, &o) ||
	    !json_object_is_type(o, json_type_array))
		return 0;
	return json_object_array_length(o);
}

struct jobj *
jobj_element(const struct jobj *j, const char *key, size_t i)
{
	struct json_object *o;

	if (i >= jobj_count(j, key))
		return NULL;
	o = json_object_object_get(j->o, key);
	o = json_object_array_get_idx(o, i);
	return json_object_is_type(o, json_type_object)
		   ? wrap(json_object_get(o))
		   : NULL;
}

void
jobj_write(const struct jobj *j, struct buf *out)
{
	buf_adds(
	    out, json_object_to_json_string_ext(j->o,
		     JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}
