/*
 * file_list.h: the files of a package or an image, packed.
 *
 * Source of the format: openembedded-core, meta/classes/buildhistory.bbclass
 * (files-in-package.txt, files-in-image.txt), a listing of find:
 *
 *     -rwxr-xr-x root       root            89808 ./usr/bin/gzip
 *     lrwxrwxrwx root       root                7 ./bin -> usr/bin
 *     crw-r--r-- root       root       ./dev/null         (older ones)
 *
 * Directories are left out.  Packed, files are sorted by path, each as what
 * it shares with the one before, the rest, its type and size.
 */
#ifndef MODEL_FILE_LIST_H
#define MODEL_FILE_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/* More than any image has; bounds what a damaged list can ask for. */
#define FILE_LIST_MAX ((size_t)1 << 20)
#define FILE_PATH_MAX 4096
#define FILE_SIZE_MAX ((uint64_t)1 << 50)

struct listed_file {
	struct slice path; /* bytes; "/usr/bin/gzip", or another name */
	uint64_t size;     /* bytes; of a link, of its target's name */
	char type;         /* as ls tells it: '-', 'l', 'c', ... */
};

/* Reads a listing; *broken counts the lines that are none, which are left
 * out.  Paths are borrowed from text.  The list may hold a path twice. */
struct file_list {
	size_t n;
	struct listed_file *file;
};
void file_list_read(
    struct arena *a, struct slice text, struct file_list *out, size_t *broken);

/* Sorts by path, drops what comes twice, and appends the packed list; the sum
 * of sizes, where not NULL, is that of regular files. */
void file_list_pack(struct buf *out, struct file_list *list, uint64_t *sum);

/* A packed list of n files; ERR_INTERNAL if it is damaged. */
enum err file_list_unpack(struct arena *a, struct slice packed, size_t n,
    struct file_list *out, struct errinfo *ei) MUST_CHECK;

#endif
