/*
 * ledger.h: what a bundle notes for its receipt while it is read; without one,
 * nothing.
 */
#ifndef MODEL_LEDGER_H
#define MODEL_LEDGER_H

#include "model/member.h"
#include "model/receipt.h"
#include "model/result.h"
#include "model/run.h"

struct ledger {
	struct receipt *receipt; /* or NULL */
	uint64_t count[MEMBER__MAX];
};

/* One more file of a kind that was read, or passed over. */
void ledger_file(struct ledger *l, enum member_kind kind);
/* A file that was not used, and why. */
void ledger_ignored(struct ledger *l, struct slice path, const char *why);
void ledger_report(struct ledger *l, const struct scope_report *r);
void ledger_results(
    struct ledger *l, struct slice path, const struct result_file *f);
/* What was repaired and masked in a build. */
void ledger_build(struct ledger *l, const struct build *b);
void ledger_odd(
    struct ledger *l, const char *name, const struct odd_line *odd, size_t n);
/* Everything was read: logs that nobody wanted, and the sums. */
void ledger_end(struct ledger *l, struct task_logs *logs);

#endif
