/*
 * fuzz_multipart.c: a form, as it comes.  The first line is its Content-Type,
 * the rest its body.  Read in one piece and byte by byte it says the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "web/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err
begin(void *arg, const char *name, const char *filename, struct errinfo *ei)
{
	(void)ei;
	buf_addf(arg, "[%s|%s]", name, filename != NULL ? filename : "-");
	return ERR_OK;
}

static enum err
add(void *arg, const void *data, size_t n, struct errinfo *ei)
{
	(void)ei;
	buf_add(arg, data, n);
	return ERR_OK;
}

static enum err
end(void *arg, struct errinfo *ei)
{
	(void)ei;
	buf_adds(arg, "[end]");
	return ERR_OK;
}

static enum err
read_form(
    struct slice boundary, struct slice body, size_t step, struct buf *out)
{
	const struct multipart_sink sink = {begin, add, end, out};
	struct multipart *m = multipart_new(boundary, &sink);
	struct errinfo ei = {0};
	enum err err = ERR_OK;

	for (size_t i = 0; err == ERR_OK && i < body.n; i += step)
		err = multipart_add(
		    m, body.p + i, body.n - i < step ? body.n - i : step, &ei);
	if (err == ERR_OK)
		err = multipart_end(m, &ei);
	if (err != ERR_OK && !utf8_clean(ei.text, strlen(ei.text)))
		abort();
	multipart_free(m);
	return err;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, whole = BUF_INIT, bytes = BUF_INIT;
	struct slice rest, type, boundary;

	buf_add(&text, data, size);
	buf_adds(&text, "");
	rest = (struct slice){text.data, text.len};
	if (slice_line(&rest, &type)) {
		char *header = strndup(type.p, type.n);
		if (multipart_boundary(header, &boundary)) {
			enum err a =
			    read_form(boundary, rest, rest.n + 1, &whole);
			enum err b = read_form(boundary, rest, 1, &bytes);
			if (a != b || (a == ERR_OK &&
					  (whole.len != bytes.len ||
					      (whole.len > 0 &&
						  memcmp(whole.data, bytes.data,
						      whole.len) != 0))))
				abort();
		}
		free(header);
	}
	buf_clear(&text);
	buf_clear(&whole);
	buf_clear(&bytes);
	return 0;
}
