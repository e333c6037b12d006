/* links.h: addresses, escaped; page.h has what page functions use. */
#ifndef WEB_LINKS_H
#define WEB_LINKS_H

#include <stddef.h>

#include "base/buf.h"
#include "web/page.h"
#include "web/params.h"

struct arena;

/* Appends s as one path segment or query value: all but A-Za-z0-9-._~ as %XX;
 * ':', '+' and ',' too, which would do in a path but not in both. */
void links_escape(struct buf *out, const char *s);

/* "/a/b%20c" of decoded segments; "/" of none. */
char *links_path(struct arena *a, const char *const *segments, size_t n);

/*
 * This view in the form with that suffix (".json"; "" is HTML), with its
 * parameters in the order of enum param, but for `without`: none of it
 * (P__MAX: leaves out nothing), or only its value number `index` unless that
 * is SIZE_MAX.
 */
char *links_self(const struct page_context *cx, const char *suffix,
    enum param without, size_t index);

#endif
