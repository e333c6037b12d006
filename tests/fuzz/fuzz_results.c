/*
 * fuzz_results.c: test results.  The same file must read the same in whatever
 * pieces it comes, and what is stored of it must come back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "model/mask.h"
#include "model/result_load.h"
#include "model/result_pack.h"
#include "model/result_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
clean(const char *s)
{
	if (!utf8_clean(s, strlen(s)))
		abort();
}

static enum err
read_in(struct arena *a, const uint8_t *data, size_t size, size_t step,
    const struct result_file **out)
{
	struct result_reader *r = result_reader_new(a, "x.json", MASK_DEFAULT);
	struct errinfo ei = {0};
	enum err err = ERR_OK;

	for (size_t i = 0; i < size && err == ERR_OK; i += step)
		err = result_reader_add(r, (const char *)data + i,
		    size - i < step ? size - i : step, &ei);
	if (err == ERR_OK)
		err = result_reader_end(r, out, &ei);
	if (err != ERR_OK)
		clean(ei.text);
	result_reader_free(r);
	return err;
}

static void
check_back(struct arena *a, const struct result_run *run)
{
	CLEANUP(buf_clear) struct buf cases = BUF_INIT;
	struct buf *names = arena_calloc(a, run->ngroups + 1, sizeof(*names));
	struct slice *list = arena_calloc(a, run->ngroups + 1, sizeof(*list));
	struct result_run back = {0};
	struct result_view view = {.run = *run};
	struct errinfo ei;

	result_pack_cases(&cases, run);
	for (size_t i = 0; i < run->ngroups; i++) {
		result_pack_names(&names[i], run, &run->groups[i]);
		list[i] = (struct slice){names[i].data, names[i].len};
	}
	if (result_unpack(a, list, run->ngroups,
		(struct slice){cases.data, cases.len}, &back, &ei) != ERR_OK ||
	    back.ncases != run->ncases || back.nsuites != run->nsuites)
		abort();
	for (size_t i = 0; i < run->ncases; i++)
		if (strcmp(back.cases[i].name, run->cases[i].name) != 0 ||
		    back.cases[i].status != run->cases[i].status ||
		    back.cases[i].micros != run->cases[i].micros ||
		    back.cases[i].group != run->cases[i].group)
			abort();
	result_compare(a, &view, &back);
	if (view.turns[RESULT_AS_BEFORE] != run->ncases || view.ngone != 0)
		abort();
	for (size_t i = 0; i < run->ngroups; i++)
		buf_clear(&names[i]);
}

static void
check_run(struct arena *a, const struct result_run *run)
{
	size_t sum = 0;

	clean(run->id);
	clean(run->configuration);
	clean(run->machine);
	for (size_t i = 0; i < run->ncases; i++) {
		clean(run->cases[i].name);
		clean(run->cases[i].first_line);
		clean(run->cases[i].excerpt);
	}
	for (size_t i = 0; i < run->nsuites; i++) {
		clean(run->suites[i].name);
		clean(run->suites[i].exit);
	}
	for (size_t c = 0; c < RESULT_CLASSES; c++)
		sum += run->counts[c];
	if (sum != run->ncases)
		abort();
	check_back(a, run);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	const struct result_file *f = NULL, *again = NULL;
	enum err err = read_in(a, data, size, size > 0 ? size : 1, &f);

	if (read_in(a, data, size, 1, &again) != err)
		abort();
	if (err == ERR_OK) {
		if (f->nruns != again->nruns || f->masked != again->masked ||
		    memcmp(f->sha256, again->sha256, sizeof(f->sha256)) != 0)
			abort();
		for (size_t i = 0; i < f->nruns; i++) {
			if (memcmp(f->runs[i].content, again->runs[i].content,
				sizeof(f->runs[i].content)) != 0 ||
			    f->runs[i].position != again->runs[i].position)
				abort();
			check_run(a, &f->runs[i]);
		}
		for (size_t i = 0; i < f->nnotes; i++)
			clean(f->notes[i]);
	}
	arena_free(a);
	return 0;
}
