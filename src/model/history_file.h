/*
 * history_file.h: the small files of a buildhistory, as text alone.
 *
 * Source of the formats: openembedded-core, meta/classes/buildhistory.bbclass.
 * They were not written for us: what can't be read is not known.
 */
#ifndef MODEL_HISTORY_FILE_H
#define MODEL_HISTORY_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

/* `latest` of a recipe or package. */
struct history_latest {
	const char *version; /* [epoch_]version-revision, as in a PF; "" */
	int64_t bytes;       /* PKGSIZE; -1: none */
};
void history_latest_read(
    struct arena *a, struct slice text, struct history_latest *out);

/* IMAGESIZE of image-info.txt, which is in KiB, in bytes; -1: none. */
int64_t history_image_size(struct slice text);

/* Takes a line off *text: "208\tKiB\tbusybox" (before 2017 with a blank) of
 * installed-package-sizes.txt; bytes is -1 and name empty for another line.
 * False at the end. */
bool history_installed_size(
    struct slice *text, struct slice *name, int64_t *bytes);
/* The same of installed-package-info.txt: "name PACKAGE PN PV KiB". */
bool history_installed_info(
    struct slice *text, struct slice *name, struct slice *version);

/* A line "<package> <path> <section> <bytes>" of elf-sizes. */
struct elf_line {
	struct slice package, path, section;
	uint64_t bytes;
};
bool elf_line_read(struct slice line, struct elf_line *out);

/* What the last commit of a buildhistory says; "" where it doesn't. */
struct history_commit {
	const char *name; /* BUILDNAME */
	const char *distro, *machine, *host;
	int64_t time;  /* of the commit, TIME_UNKNOWN */
	int succeeded; /* 1, 0, or -1 unknown */
};
void history_commit_read(
    struct arena *a, struct slice text, struct history_commit *out);

#endif
