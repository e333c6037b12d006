/*
 * step.h: steps in a trend (change_point.h finds them), and whether it was the
 * work that changed or what else the machine had to do; pure functions.
 */
#ifndef MODEL_STEP_H
#define MODEL_STEP_H

#include "model/trend.h"

enum step_verdict {
	STEP_WORSE = 1, /* takes more */
	STEP_BETTER = 2,
	STEP_BUSIER = 3, /* takes longer because the machine is busier */
	STEP_CALMER = 4  /* takes less long because it is less busy */
};

/* A number on both sides of a step; NAN: unknown. */
struct step_pair {
	double before, after;
};

struct step_sides {
	struct step_pair value, wall, cpu, pressure;
};

/*
 * What stepped: value is the wall time, the CPU time, or something else that a
 * busy machine doesn't change.
 */
enum step_of { STEP_OF_WALL, STEP_OF_CPU, STEP_OF_OTHER };

/*
 * CPU time explains a step of the wall time if it changed in the same
 * direction by a share at least 0.8 of the other's; it doesn't if by less than
 * half.  Pressure steps if it changes by ten points and by half.
 *
 * Wall time that CPU time doesn't explain is the machine's, and what CPU time
 * explains only in part is if pressure stepped as well: two threads of one
 * core make each other's CPU time longer.  CPU time is the machine's only if
 * the wall time grew more by far and pressure stepped.
 */
enum step_verdict step_verdict(const struct step_sides *s, enum step_of what);

/* What is behind a metric's name. */
enum step_of step_of_metric(const char *metric);

struct step {
	size_t group;         /* of the trend */
	size_t before, after; /* runs: the last before it, the first after */
	size_t runs[2];       /* that count, up to the next steps */
	struct step_sides sides;
	enum step_of what;
	enum step_verdict verdict;
	double change; /* share of the value before; INFINITY from nothing */
	int task;      /* task_name.id of the one that makes most of it; 0 */
};

#define STEPS_OF_GROUP 8 /* the largest */

/* The steps of a group in one of its runs' numbers, oldest first. */
size_t steps_find(struct arena *a, const struct trend *t, size_t group,
    enum trend_number which, enum step_of what,
    struct step out[STEPS_OF_GROUP]);

/*
 * The steps of a group in CPU time and wall time: where both step at about the
 * same run, that of the CPU time stands for both.
 */
size_t steps_of_times(struct arena *a, const struct trend *t, size_t group,
    struct step out[2 * STEPS_OF_GROUP]);

#endif
