/*
 * word_shape.h: what kind of thing is a word of a message, by its looks alone?
 */
#ifndef MODEL_WORD_SHAPE_H
#define MODEL_WORD_SHAPE_H

#include <ctype.h>

#include "model/scan.h"

/* Bytes beyond ASCII are letters. */
static inline bool
is_letter(char c)
{
	return isalpha((unsigned char)c) != 0 || (unsigned char)c >= 0x80;
}

/* What words are made of; no blank, quote, bracket or colon. */
static inline bool
is_word_byte(char c)
{
	return is_letter(c) || is_digit(c) || is_one_of(c, "_./+~@%-");
}

/* How many digits s starts with. */
size_t word_digits(struct slice s);

/* The length of the date, the time of day or both that s starts with, in the
 * forms that programs print; 0 if it is none. */
size_t word_time_length(struct slice s);

bool word_is_uuid(struct slice w);
/* At least seven hexadecimal digits that are neither a number nor a word. */
bool word_is_hash(struct slice w);
/* 0x7ffd12ab */
bool word_is_hex(struct slice w);
/* 12, 0.5, 45%, 12ms, 3.5GiB */
bool word_is_number(struct slice w);
/* Starts with digits, a dot and a digit: 1.2.3-r0, 2.38+git0+abc, 1.0rc1. */
bool word_is_version(struct slice w);
/* What a compiler or mktemp made up: ccXgT5u2.o, tmp.Ab3dE5, tmpa1b2c3d4. */
bool word_is_temporary(struct slice w);
/* joe@mail.example.org, but not memcpy@GLIBC_2.14 or git@host:x. */
bool word_is_mail(struct slice w);
/* -r0 at the end: a recipe as it was built. */
bool word_is_built(struct slice w);

/* ".tar.gz" of "1.3.1.tar.gz": the endings that begin with a letter. */
struct slice word_endings(struct slice w);
/* Where a version begins behind a name, as in zlib-1.3.1-r0; w.n if nowhere.
 * The versions of symbols, GLIBC_2.38, are names. */
size_t word_version_at(struct slice w);
/* Without the number of a process: 15 of "run.do_compile.12345". */
size_t word_without_pid(struct slice w);

#endif
