/*
 * jobj.h: one JSON object, made, changed or read member by member.
 *
 * For small documents: at most 16 MiB, nested at most 32 deep.  Members of
 * another type than asked for read as missing.
 */
#ifndef JSON_JOBJ_H
#define JSON_JOBJ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct jobj;

struct jobj *jobj_new(void);
/* Starts from the text of an object; ERR_INPUT if it isn't one. */
enum err jobj_parse(
    struct slice text, struct jobj **out, struct errinfo *ei) MUST_CHECK;
void jobj_free(struct jobj *j);

/* Set or replace a member; bytes that aren't UTF-8 are replaced. */
void jobj_string(struct jobj *j, const char *key, const char *value);
void jobj_integer(struct jobj *j, const char *key, int64_t value);
/* Appends to the array `key`, made when missing, unless it is in it. */
void jobj_add(struct jobj *j, const char *key, const char *value);

/* Sets the members of another object, as they are in it. */
void jobj_merge(struct jobj *j, const struct jobj *from);
void jobj_remove(struct jobj *j, const char *key);

/* A member's text, borrowed until it is changed; "" if it is no string. */
const char *jobj_text(const struct jobj *j, const char *key);
/* A member's number; `otherwise` if it is no integer. */
int64_t jobj_number(const struct jobj *j, const char *key, int64_t otherwise);

/* A member that is an object, to be freed by its own; NULL if it is none. */
struct jobj *jobj_object(const struct jobj *j, const char *key);

/* Number of elements of an array; 0 if it is none. */
size_t jobj_count(const struct jobj *j, const char *key);
/* An element that is an object, to be freed by its own; NULL if it is none. */
struct jobj *jobj_element(const struct jobj *j, const char *key, size_t i);

/* Appends the object's text, compact, without a newline. */
void jobj_write(const struct jobj *j, struct buf *out);

#endif
