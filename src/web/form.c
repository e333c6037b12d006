/* form.c: see form.h. */
#include "web/form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "web/body.h"
#include "web/multipart.h"

#define FILE_LEVEL 1

DEFINE_CLEANUP(struct multipart *, cleanup_multipart, multipart_free);

/* A multipart form in the making. */
struct reader {
	struct exchange *x;
	struct form_data *form;
	size_t bytes;             /* of fields */
	const char *name;         /* of the field at hand */
	struct buf value;         /* of it */
	struct form_file *file;   /* at hand, or NULL */
	struct zstd_stream *zstd; /* of it */
};

static enum err
add_field(struct form_data *f, const char *name, struct slice value,
    struct errinfo *ei)
{
	if (f->nfields == FORM_FIELDS_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "The form has more than %d fields.", FORM_FIELDS_MAX);
	f->fields[f->nfields++] = (struct form_field){name, value};
	return ERR_OK;
}

/* ---- multipart ---- */

static enum err
begin_part(
    void *arg, const char *name, const char *filename, struct errinfo *ei)
{
	struct reader *r = arg;

	r->name = arena_strdup(r->x->arena, name);
	r->file = NULL;
	buf_reset(&r->value);
	if (filename == NULL)
		return ERR_OK;
	if (r->form->nfiles == FORM_FILES_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "The form has more than %d files.", FORM_FILES_MAX);
	r->file = &r->form->files[r->form->nfiles++];
	*r->file = (struct form_file){
	    .name = r->name, .zstd = {.limit = FORM_PACKED_MAX}};
	r->zstd = zstd_stream_new(FILE_LEVEL);
	return ERR_OK;
}

static enum err
add_data(void *arg, const void *data, size_t n, struct errinfo *ei)
{
	struct reader *r = arg;

	if (r->file != NULL) {
		zstd_stream_add(r->zstd, &r->file->zstd, data, n);
		r->file->size += n;
		if (r->file->zstd.failed)
			return err_set(ei, ERR_TOO_BIG,
			    "%.60s is too large even when compressed.",
			    r->name);
		return ERR_OK;
	}
	r->bytes += n;
	if (r->bytes > FORM_VALUES_MAX)
		return err_set(ei, ERR_TOO_BIG,
		    "The form's fields have more than %zu KiB.",
		    FORM_VALUES_MAX >> 10);
	buf_add(&r->value, data, n);
	return ERR_OK;
}

static enum err
end_part(void *arg, struct errinfo *ei)
{
	struct reader *r = arg;
	struct slice value = {
	    arena_strndup(r->x->arena, r->value.data, r->value.len),
	    r->value.len};

	if (r->file == NULL)
		return add_field(r->form, r->name, value, ei);
	zstd_stream_end(r->zstd, &r->file->zstd);
	r->zstd = NULL;
	return ERR_OK;
}

/* ---- the body ---- */

static enum err
read_multipart(struct reader *r, struct slice boundary)
{
	const struct multipart_sink sink = {begin_part, add_data, end_part, r};
	CLEANUP(cleanup_multipart)
	struct multipart *m = multipart_new(boundary, &sink);
	struct exchange *x = r->x;
	enum err err = ERR_OK;
	char piece[16384];
	long n = 1;

	while (err == ERR_OK &&
	       (n = body_read(x, piece, sizeof(piece), &x->ei)) > 0)
		err = multipart_add(m, piece, (size_t)n, &x->ei);
	if (err == ERR_OK && n < 0)
		return x->ei.code;
	return err == ERR_OK ? multipart_end(m, &x->ei) : err;
}

static int
hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Any bytes may come out; what is no escape stays as it is. */
static struct slice
decode(struct arena *a, struct slice s)
{
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && s.n - i > 2 && hex(s.p[i + 1]) >= 0 &&
		    hex(s.p[i + 2]) >= 0) {
			d[n++] = (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2]));
			i += 2;
		} else {
			d[n++] = s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	d[n] = '\0';
	return (struct slice){d, n};
}

static enum err
read_urlencoded(struct exchange *x, struct form_data *out)
{
	size_t size = (size_t)x->req.content_length, have = 0;
	char *text;
	struct slice rest, pair;
	long n;

	if (x->req.content_length > FORM_URLENCODED_MAX)
		return err_set(&x->ei, ERR_TOO_BIG,
		    "The form has more than %d KiB.",
		    (int)(FORM_URLENCODED_MAX >> 10));
	text = arena_alloc(x->arena, size + 1);
	while (have < size &&
	       (n = body_read(x, text + have, size - have, &x->ei)) > 0)
		have += (size_t)n;
	if (have < size)
		return x->ei.code;
	rest = slice_trim((struct slice){text, size});
	while (rest.n > 0) {
		struct slice name;
		enum err err;
		slice_cut(&rest, '&', &pair);
		if (pair.n == 0)
			continue;
		slice_cut(&pair, '=', &name);
		err = add_field(out, decode(x->arena, name).p,
		    decode(x->arena, pair), &x->ei);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

static bool
is_urlencoded(const char *type)
{
	static const char urlencoded[] = "application/x-www-form-urlencoded";

	return strncasecmp(type, urlencoded, sizeof(urlencoded) - 1) == 0;
}

enum err
form_read(struct exchange *x, int64_t max, struct form_data *out)
{
	struct reader r = {.x = x, .form = out};
	struct slice boundary;
	enum err err;

	*out = (struct form_data){0};
	if ((err = body_check_length(x, max)) != ERR_OK)
		return err;
	if (is_urlencoded(x->req.content_type))
		return read_urlencoded(x, out);
	if (!multipart_boundary(x->req.content_type, &boundary))
		return err_set(&x->ei, ERR_UNSUPPORTED,
		    "A form is multipart/form-data with its boundary, or "
		    "application/x-www-form-urlencoded, not %.80s.",
		    x->req.content_type);
	err = read_multipart(&r, boundary);
	zstd_stream_end(r.zstd, NULL);
	buf_clear(&r.value);
	return err;
}

void
form_clear(struct form_data *f)
{
	for (size_t i = 0; i < f->nfiles; i++)
		buf_clear(&f->files[i].zstd);
	f->nfiles = 0;
}

struct slice
form_value(const struct form_data *f, const char *name)
{
	for (size_t i = 0; i < f->nfields; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return f->fields[i].value;
	return (struct slice){"", 0};
}

const struct form_file *
form_file(const struct form_data *f, const char *name)
{
	for (size_t i = 0; i < f->nfiles; i++)
		if (strcmp(f->files[i].name, name) == 0)
			return &f->files[i];
	return NULL;
}
