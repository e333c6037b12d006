/* byte_range.h: which part of a body a request wants (RFC 9110, 13 and 14);
 * pure. */
#ifndef WEB_BYTE_RANGE_H
#define WEB_BYTE_RANGE_H

#include <stdbool.h>
#include <stdint.h>

enum byte_range {
	BYTE_RANGE_ALL, /* none was asked for, or one we don't know */
	BYTE_RANGE_PART,
	BYTE_RANGE_BEYOND /* there is nothing where it begins */
};

/* text: of the Range header, or NULL.  A part has *n > 0 bytes from *start on;
 * more than one range is answered by the whole. */
enum byte_range byte_range_read(
    const char *text, uint64_t size, uint64_t *start, uint64_t *n);

/* Is the tag, quoted, in the list of If-None-Match?  Compared weakly. */
bool byte_range_has_tag(const char *list, const char *tag);

#endif
