/*
 * fuzz_live.c: events of builds that report themselves, a line each.  What is
 * accepted is accepted again when the build is made, and gives the same task
 * files.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/live_event.h"
#include "model/task_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW INT64_C(1800000000000000)

static void
add_blocks(struct buf *out, const struct live_event *e)
{
	for (size_t i = 0; i < e->nblocks; i++) {
		buf_addf(out, "%s/%s\n", e->blocks[i].pf, e->blocks[i].task);
		live_block_text(out, &e->blocks[i]);
	}
}

static bool
read_line(struct live_reader *r, struct slice line, struct buf *out)
{
	struct live_event e;
	struct errinfo ei = {0};
	enum err err = live_event_read(r, line, &e, &ei);

	if (err == ERR_OK)
		add_blocks(out, &e);
	else if ((err != ERR_INPUT && err != ERR_TOO_BIG) ||
		 !utf8_clean(ei.text, strlen(ei.text)))
		abort();
	return err == ERR_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct task_files *check = task_files_new(a, 100000);
	struct live_shapes first = {0}, second = {0};
	struct live_reader asked = {
	    .arena = a, .shapes = &first, .check = check, .now = NOW};
	struct live_reader again = {.arena = a, .shapes = &second, .now = NOW};
	struct slice rest = {(const char *)data, size}, line;
	struct buf x = BUF_INIT, y = BUF_INIT;

	while (slice_line(&rest, &line)) {
		buf_reset(&x);
		buf_reset(&y);
		if (!read_line(&asked, line, &x))
			break; /* the request is refused */
		if (!read_line(&again, line, &y) || x.len != y.len ||
		    (x.len > 0 && memcmp(x.data, y.data, x.len) != 0))
			abort();
	}
	buf_clear(&x);
	buf_clear(&y);
	task_files_free(check);
	arena_free(a);
	return 0;
}
