/*
 * fuzz_perf.c: documents of oe-build-perf-test, byte by byte: JSON, XML, CSV.
 * The first byte says which.  What is read of them is named and bounded.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/flat_doc.h"
#include "model/perf_read.h"
#include "model/perf_tasks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err
on_value(void *arg, const struct flat_path *p, struct slice value,
    struct errinfo *ei)
{
	(void)arg, (void)ei;
	if (p->n > FLAT_DEPTH_MAX || value.n > 2 * FLAT_TEXT_MAX)
		abort();
	for (size_t i = 0; i < p->n; i++)
		if (p->key[i].n > 0 && p->key[i].p == NULL)
			abort();
	return ERR_OK;
}

static enum err
on_task(void *arg, const struct perf_task *t, struct errinfo *ei)
{
	(void)arg, (void)ei;
	if (!utf8_clean(t->pf, strlen(t->pf)) ||
	    !utf8_clean(t->task, strlen(t->task)) || t->text.n == 0)
		abort();
	return ERR_OK;
}

static void
check_results(const struct perf_results *r)
{
	if (r->ntests > PERF_TESTS_MAX || r->nnumbers > PERF_NUMBERS_MAX)
		abort();
	for (size_t i = 0; i < r->nnumbers; i++)
		if (!isfinite(r->number[i].value) || r->number[i].value < 0 ||
		    strchr(r->number[i].test, '/') != NULL)
			abort();
	for (size_t i = 0; i < r->ntests; i++)
		if (!utf8_clean(r->test[i].message, strlen(r->test[i].message)))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new((size_t)64 << 20);
	struct slice text = {(const char *)data + 1, size - 1};
	struct perf_results r = {0};
	struct env_facts facts;
	struct errinfo ei = {0};
	enum err err = ERR_OK;

	if (size == 0) {
		arena_free(a);
		return 0;
	}
	perf_sniff(text);
	switch (data[0] % 6) {
	case 0:
		err = flat_json("x", text, on_value, NULL, &ei);
		break;
	case 1:
		err = flat_xml("x", text, on_value, NULL, &ei);
		break;
	case 2:
		err = perf_results_read(a, "x", text, &r, &ei);
		break;
	case 3:
		err = perf_metadata_read(a, "x", text, &facts, &ei);
		break;
	case 4:
		err = perf_tasks_read("x", text, on_task, NULL, &ei);
		break;
	default:
		perf_globalres_read(a, text, &r, &facts);
		break;
	}
	if (err != ERR_OK && !utf8_clean(ei.text, strlen(ei.text)))
		abort();
	check_results(&r);
	arena_free(a);
	return 0;
}
