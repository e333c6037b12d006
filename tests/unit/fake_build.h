/* fake_build.h: builds made up for tests, the same for the same seed. */
#ifndef TESTS_FAKE_BUILD_H
#define TESTS_FAKE_BUILD_H

#include "model/build.h"

struct arena;

struct fake {
	uint64_t seed;
	size_t packages, names; /* every package runs every task, */
	size_t tasks;           /* up to so many tasks in all */
	size_t shapes;          /* at least 1: the first is the usual one */
	int64_t started;        /* µs */
};

/* Sorted and complete as build.h wants it; some tasks fail, some weren't
 * finished, some ran twice. */
struct build *fake_build(struct arena *a, const struct fake *f);

/* 64 random bits. */
uint64_t fake_random(uint64_t *state);

/* Are all tasks the same, with every number and text? */
bool fake_same_tasks(const struct build *a, const struct build *b);

#endif
