/* jescape.h: the inside of a JSON string; src/json's own. */
#ifndef JSON_JESCAPE_H
#define JSON_JESCAPE_H

#include <stddef.h>

#include "base/buf.h"

/* Appends the bytes with quotes, backslashes and control bytes, NUL too,
 * escaped, without the quotes around them. */
void jescape_add(struct buf *out, const char *p, size_t n);

#endif
