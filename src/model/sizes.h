/*
 * sizes.h: how large the things are that a build made: its images, the
 * packages of its recipes with their files, sections of its programs.
 *
 * What belongs together is a unit: all packages of a recipe, an image, the
 * programs of a package.  A unit is kept by the SHA-256 of its content, so
 * that what many builds have in common is stored once, and comparing two
 * builds reads nothing but the units in which they differ.
 */
#ifndef MODEL_SIZES_H
#define MODEL_SIZES_H

#include "base/err.h"
#include "model/file_list.h"

struct arena;

enum size_kind {
	SIZE_RECIPE = 1, /* parts: its packages, with their files */
	SIZE_IMAGE = 2,  /* parts: the packages in it, without; then "", with
			    the files of the image */
	SIZE_ELF = 3,    /* of a package; parts: programs, with sections as
			    their files */
};

#define SIZE_NAME_MAX 1024
/* Of a unit, inflated. */
#define SIZE_UNIT_MAX ((size_t)64 << 20)

struct size_part {
	const char *name, *version; /* "" if unknown */
	int64_t bytes;              /* -1: unknown */
	size_t nfiles;
	struct slice files; /* packed: file_list.h */
};

struct size_unit {
	enum size_kind kind;
	const char *name;   /* ARCH/PN, MACHINE_ARCH/TCLIBC/IMAGE, package */
	const char *recipe; /* PN, else "" */
	int64_t bytes;      /* of all, -1: unknown */
	size_t nfiles;      /* of all parts */
	size_t nparts;
	struct size_part *part; /* sorted by name; NULL: only packed */
	unsigned char sha256[32];
	struct slice data; /* zstd */
	int32_t id;        /* size_unit.id, 0: not stored yet */
};

struct sizes {
	size_t n;
	struct size_unit *unit;
};

/* Sorts the parts by name and makes data and sha256 of them; data lives in
 * a. */
void size_unit_pack(struct arena *a, struct size_unit *u);

/* Reads data: nparts and part.  ERR_INTERNAL "damaged ..." if it is none. */
enum err size_unit_unpack(
    struct arena *a, struct size_unit *u, struct errinfo *ei) MUST_CHECK;

/* The files of a part. */
enum err size_part_files(struct arena *a, const struct size_part *p,
    struct file_list *out, struct errinfo *ei) MUST_CHECK;

/* A part by its name, or NULL. */
const struct size_part *size_part_find(
    const struct size_unit *u, const char *name);

#endif
