/*
 * fuzz_eventlog.c: bitbake's event log.  In whatever pieces it comes it gives
 * the same document, which a server takes, with no variable but the allowed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/event_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
write_document(const uint8_t *data, size_t size, size_t piece, struct buf *out)
{
	struct arena *a = arena_new(0);
	struct event_log_options o = event_log_options_default;
	struct event_log *e;
	const struct event_doc *d;

	o.nodes = 20000;
	o.tasks = true;
	e = event_log_new(a, &o);
	for (size_t i = 0; i < size; i += piece)
		event_log_add(e, data + i, size - i < piece ? size - i : piece);
	if ((d = event_log_end(e)) != NULL)
		event_doc_write(out, d);
	event_log_free(e);
	arena_free(a);
}

static void
check_document(const struct buf *text)
{
	struct arena *a = arena_new(0);
	struct event_doc d;
	struct errinfo ei;

	if (!utf8_clean(text->data, text->len) ||
	    event_doc_read(a, "event-log.json",
		(struct slice){text->data, text->len}, &d, &ei) != ERR_OK)
		abort();
	for (size_t i = 0; i < d.events.nvariables; i++)
		if (!event_variable_is_allowed(
			slice_of(d.events.variable[i].name)))
			abort();
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, again = BUF_INIT;

	write_document(data, size, size + 1, &whole);
	write_document(data, size, 7, &again);
	if (whole.len != again.len ||
	    (whole.len > 0 && memcmp(whole.data, again.data, whole.len) != 0))
		abort();
	if (whole.len > 0)
		check_document(&whole);
	buf_clear(&whole);
	buf_clear(&again);
	return 0;
}
