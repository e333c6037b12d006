/*
 * fuzz_task.c: one task file.  What is taken comes back byte for byte, also
 * when it is read a second time by its shape.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "model/task_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PF "zlib-1.3.1-r0"

/* Blocks of one task, joined. */
static void
check_text(const struct build *b, uint32_t name, struct slice want)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < b->ntasks; i++) {
		const struct task *t = &b->tasks[i];
		if (t->name == name)
			task_text(&out, b, t);
		if (task_elapsed(b, t) < -1)
			abort();
		task_is_failure(b, t);
	}
	if (out.len != want.n ||
	    (want.n > 0 && memcmp(out.data, want.p, want.n) != 0))
		abort();
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new((size_t)64 << 20);
	struct task_files *tf = task_files_new(a, 100000);
	struct slice text = {(const char *)data, size};
	struct errinfo ei = {0};
	struct build b = {.ended = TIME_UNKNOWN};
	size_t left_out;
	enum err e =
	    task_files_read(tf, slice_of(PF), slice_of("do_a"), text, &ei);

	if (e == ERR_OK)
		e = task_files_read(
		    tf, slice_of(PF), slice_of("do_b"), text, &ei);
	if (e != ERR_OK &&
	    (ei.text[0] == '\0' || !utf8_clean(ei.text, strlen(ei.text))))
		abort();
	if (e == ERR_OK &&
	    task_files_finish(tf, &b, &left_out, &ei) == ERR_OK) {
		for (uint32_t i = 0; left_out == 0 && i < b.ntask_names; i++)
			check_text(&b, i, text);
		build_status_of(&b);
		package_status(&b, 0);
	}
	task_files_free(tf);
	arena_free(a);
	return 0;
}
