/*
 * bundle_rest.h: what lay beside the runs of a bundle and is about none of
 * them: builds of their own.
 */
#ifndef MODEL_BUNDLE_REST_H
#define MODEL_BUNDLE_REST_H

#include "model/bundle.h"
#include "model/ledger.h"
#include "model/run.h"

struct bundle_rest {
	struct beside *beside;
	struct ledger *ledger;
	int64_t received;
	bool beside_runs; /* there were runs */
	bundle_build_fn fn;
	void *arg;
};

/* Error reports, test results, buildhistories and performance tests, in this
 * order. */
enum err bundle_rest_give(
    const struct bundle_rest *rest, struct errinfo *ei) MUST_CHECK;

#endif
