/*
 * ustar.h: recognises the headers that nearly every member of every tar has,
 * without libarchive, which spends more on a small member than inflating it.
 */
#ifndef ARCHIVE_USTAR_H
#define ARCHIVE_USTAR_H

#include <stdbool.h>
#include <stdint.h>

#define USTAR_BLOCK 512
#define USTAR_PATH_MAX 256

struct ustar {
	char path[USTAR_PATH_MAX + 1];
	uint64_t size;
	bool directory;
};

/*
 * Reads a header block of a regular file or a directory as POSIX or GNU tar
 * write them; false for everything else: links, extensions, numbers beyond
 * octal, a wrong checksum.
 */
bool ustar_read(const char block[USTAR_BLOCK], struct ustar *out);

/* Is it all zeros: the end mark? */
bool ustar_is_end(const char block[USTAR_BLOCK]);

#endif
