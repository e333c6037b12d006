/*
 * fuzz_report.c: error reports.  The same document must read the same in
 * whatever pieces it comes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/log_take.h"
#include "model/mask.h"
#include "model/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECEIVED (INT64_C(1795356270) * 1000000)

static void
clean(const char *s)
{
	if (!utf8_clean(s, strlen(s)))
		abort();
}

static void
check_build(struct arena *a, const struct report *r)
{
	const struct build *b = report_build(a, r, RECEIVED);
	struct build_failure *f;
	size_t n;

	if (b->npackages > r->nfailures || b->nfailed_at > r->nfailures)
		abort();
	for (size_t i = 1; i < b->npackages; i++)
		if (strcmp(b->packages[i - 1].pf, b->packages[i].pf) >= 0)
			abort();
	f = build_failures(a, b, &n);
	for (size_t i = 0; i < n; i++)
		clean(f[i].name);
	clean(b->name);
	clean(b->env.image);
	clean(b->env.builder);
}

static void
check(const struct report *r)
{
	const char *const texts[] = {r->env.machine, r->env.distro,
	    r->env.host_distro, r->env.host_arch, r->env.bitbake_version,
	    r->env.branch, r->env.commit, r->env.json, r->username,
	    r->link_back, r->error_type};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		clean(texts[i]);
	for (size_t i = 0; i < r->nfailures; i++) {
		const struct told_failure *f = &r->failures[i];
		clean(f->recipe);
		clean(f->version);
		clean(f->task);
		clean(f->message);
		if (f->log != NULL && f->log->size == 0)
			abort();
	}
	for (size_t i = 0; i < r->nnotes; i++)
		clean(r->notes[i]);
	if (strstr(r->env.json, "\\u0000") != NULL)
		abort();
}

static enum err
in_pieces(struct arena *a, const uint8_t *data, size_t size, struct report *out)
{
	struct report_reader *r = report_reader_new(a, MASK_DEFAULT);
	struct errinfo ei = {0};
	enum err err = ERR_OK;

	for (size_t i = 0; i < size && err == ERR_OK; i++)
		err = report_reader_add(r, data + i, 1, &ei);
	if (err == ERR_OK)
		err = report_reader_end(r, out, &ei);
	report_reader_free(r);
	return err;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct report r, again;
	struct errinfo ei = {0};
	enum err err = report_read(
	    a, (struct slice){(const char *)data, size}, MASK_DEFAULT, &r, &ei);

	if (err == ERR_OK) {
		check(&r);
		check_build(a, &r);
	} else {
		clean(ei.text);
	}
	if (in_pieces(a, data, size, &again) != err ||
	    (err == ERR_OK &&
		(memcmp(r.sha256, again.sha256, sizeof(r.sha256)) != 0 ||
		    r.nfailures != again.nfailures)))
		abort();
	arena_free(a);
	return 0;
}
