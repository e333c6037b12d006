/*
 * depends.h: the dependency files that bitbake -g writes, read as they come
 * and kept small; pure functions.
 *
 * Source: bitbake lib/bb/cooker.py, generateDotGraphFiles.  task-depends.dot,
 * since 2007 and today:
 *
 *   digraph depends {
 *   "zlib.do_compile" [label="zlib do_compile\n:1.3.1-r0\n/path/zlib_1.3.1.bb"]
 *   "zlib.do_compile" -> "zlib.do_configure"
 *   }
 *
 * "a" -> {"b" "c"} is understood, too, and written by depends_write: it is a
 * third shorter when compressed.
 *
 * pn-depends.dot, until 2018, has the same of recipes; those that are needed
 * at run time only are [style=dashed] or [style=dotted].
 *
 * What is kept is a text of two parts with an empty line between them.  First
 * a line for each thing that needs others: its number, then theirs, with an r
 * in front of what is needed at run time only; then the names, a line each, in
 * the order of their numbers from 0.  It is a tenth as long and is read ten
 * times as fast.
 */
#ifndef MODEL_DEPENDS_H
#define MODEL_DEPENDS_H

#include "base/err.h"
#include "model/build.h"

struct arena;
struct buf;

enum depends_kind {
	DEPENDS_TASKS,  /* task-depends.dot */
	DEPENDS_RECIPES /* pn-depends.dot, or what oestats clients told */
};

/* Names of the texts that are kept; the last one is oestats_fold's own:
 * lines "PF: NAME NAME ...". */
#define DEPENDS_TASKS_TEXT "task-depends"
#define DEPENDS_RECIPES_TEXT "recipe-depends"
#define DEPENDS_TOLD_TEXT "depends"

/* Limits; a file beyond them is left out. */
#define DEPENDS_NAMES_MAX 200000
#define DEPENDS_EDGES_MAX 2000000
#define DEPENDS_LINE_MAX ((size_t)8 << 10) /* a longer line is passed over */
#define DEPENDS_NAME_MAX ((size_t)255)

/* What became of a file. */
struct depends_file {
	enum depends_kind kind;
	struct build_text text; /* without a name if it was left out */
	const char *why;        /* it was left out, or NULL */
	size_t names, edges;
	size_t odd; /* lines that are not understood, and passed over */
	bool whole; /* it ends as it should */
};

struct depends_reader;

struct depends_reader *depends_reader_new(enum depends_kind kind);
/* Bytes in any pieces; beyond the limits nothing more is looked at. */
void depends_reader_add(struct depends_reader *r, const void *data, size_t n);
/* The same by names, of those who know them otherwise. */
void depends_reader_edge(
    struct depends_reader *r, struct slice from, struct slice to);
void depends_reader_name(struct depends_reader *r, struct slice name);
void depends_reader_whole(struct depends_reader *r);
/* The file is complete; the text lives in a.  Frees the reader. */
void depends_reader_end(
    struct depends_reader *r, struct arena *a, struct depends_file *out);
void depends_reader_free(struct depends_reader *r);

/* A kept text, read back. */
struct depends_edge {
	uint32_t from, to; /* `from` needs `to`: indexes of names */
	bool runtime;
};
struct depends_list {
	enum depends_kind kind;
	size_t nnames;
	const struct slice *name;
	size_t nedges;
	const struct depends_edge *edge;
};

/* "task-depends.dot", "pn-depends.dot" */
const char *depends_file_name(enum depends_kind kind);
/* Is that the name of a text that was made of one? */
bool depends_is_text(const char *name, enum depends_kind *kind);
/* Appends a file as bitbake writes it, without the labels. */
void depends_write(struct buf *out, const struct depends_list *list);

/* ERR_INTERNAL if the text is damaged. */
enum err depends_read(struct arena *a, enum depends_kind kind,
    struct slice text, struct depends_list *out, struct errinfo *ei) MUST_CHECK;
/* The lines of DEPENDS_TOLD_TEXT; PFs are cut to recipes. */
void depends_read_told(
    struct arena *a, struct slice text, struct depends_list *out);

#endif
