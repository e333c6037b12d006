/* file_list.c: see file_list.h. */
#include "model/file_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/unpack.h"

#define MODE_BYTES 10    /* "-rwxr-xr-x" */
#define FILE_BYTES_MIN 4 /* of a packed one */

/* ---- listings ---- */

static bool
is_mode(struct slice line)
{
	if (line.n < MODE_BYTES || memchr("-dlcbps", line.p[0], 7) == NULL)
		return false;
	for (size_t i = 1; i < MODE_BYTES; i++)
		if (memchr("-rwxsStT", line.p[i], 8) == NULL)
			return false;
	return true;
}

/* "root root 89808" or, of devices, without the size. */
static bool
read_owner_and_size(struct slice s, uint64_t *size)
{
	struct slice word[3] = {{"", 0}}, rest = s, head;
	size_t n = 0;

	*size = 0;
	while (rest.n > 0 && n < 4) {
		slice_cut(&rest, ' ', &head);
		if (head.n == rest.n && head.p == rest.p)
			rest.n = 0;
		if (head.n == 0)
			continue;
		if (n < 3)
			word[n] = head;
		n++;
	}
	if (n == 2)
		return true;
	return n == 3 && str_to_u64(word[2].p, word[2].n, size) &&
	       *size <= FILE_SIZE_MAX;
}

static bool
read_line(struct slice line, struct listed_file *f)
{
	const char *at, *arrow;
	struct slice middle;

	if (!is_mode(line))
		return false;
	at = memmem(line.p, line.n, " ./", 3);
	if (at == NULL)
		return false;
	middle = (struct slice){
	    line.p + MODE_BYTES, (size_t)(at - line.p) > MODE_BYTES
				     ? (size_t)(at - line.p) - MODE_BYTES
				     : 0};
	f->type = line.p[0];
	f->path = (struct slice){at + 2, line.n - (size_t)(at + 2 - line.p)};
	if (f->type == 'l' &&
	    (arrow = memmem(f->path.p, f->path.n, " -> ", 4)) != NULL)
		f->path.n = (size_t)(arrow - f->path.p);
	return f->path.n > 1 && f->path.n <= FILE_PATH_MAX &&
	       read_owner_and_size(middle, &f->size);
}

void
file_list_read(
    struct arena *a, struct slice text, struct file_list *out, size_t *broken)
{
	struct slice line;
	size_t cap = 0;

	*out = (struct file_list){0};
	*broken = 0;
	while (slice_line(&text, &line)) {
		struct listed_file f = {0};
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n == 0 || line.p[0] == 'd')
			continue;
		if (out->n == FILE_LIST_MAX || !read_line(line, &f)) {
			(*broken)++;
			continue;
		}
		out->file = arena_grow(
		    a, out->file, &cap, out->n + 1, sizeof(*out->file));
		out->file[out->n++] = f;
	}
}

/* ---- packing ---- */

static int
by_path(const void *x, const void *y)
{
	struct slice a = ((const struct listed_file *)x)->path,
		     b = ((const struct listed_file *)y)->path;
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static size_t
shared(struct slice a, struct slice b)
{
	size_t n = 0, most = a.n < b.n ? a.n : b.n;

	while (n < most && a.p[n] == b.p[n])
		n++;
	return n;
}

void
file_list_pack(struct buf *out, struct file_list *list, uint64_t *sum)
{
	struct slice before = {"", 0};
	size_t kept = 0;

	if (list->n > 1)
		qsort(list->file, list->n, sizeof(*list->file), by_path);
	for (size_t i = 0; i < list->n; i++)
		if (kept == 0 ||
		    by_path(&list->file[kept - 1], &list->file[i]) != 0)
			list->file[kept++] = list->file[i];
	list->n = kept;
	for (size_t i = 0; i < kept; i++) {
		const struct listed_file *f = &list->file[i];
		size_t n = shared(before, f->path);
		buf_add_varint(out, n);
		buf_add_varint(out, f->path.n - n);
		buf_add(out, f->path.p + n, f->path.n - n);
		buf_addc(out, f->type);
		buf_add_varint(out, f->size);
		before = f->path;
		if (sum != NULL && f->type == '-')
			*sum += f->size;
	}
}

/* ---- unpacking ---- */

static struct listed_file
take_file(struct arena *a, struct unpack *u, struct slice before)
{
	uint64_t same = unpack_varint(u);
	struct slice rest = unpack_bytes(u, unpack_varint(u));
	struct listed_file f = {.type = (char)unpack_byte(u)};
	char *path;

	f.size = unpack_varint(u);
	u->bad |= same > before.n || same + rest.n > FILE_PATH_MAX;
	if (u->bad)
		return f;
	path = arena_alloc(a, same + rest.n + 1);
	if (same > 0)
		memcpy(path, before.p, same);
	memcpy(path + same, rest.p, rest.n);
	path[same + rest.n] = '\0';
	f.path = (struct slice){path, same + rest.n};
	return f;
}

enum err
file_list_unpack(struct arena *a, struct slice packed, size_t n,
    struct file_list *out, struct errinfo *ei)
{
	struct unpack u = unpack_start(packed);
	struct slice before = {"", 0};

	*out = (struct file_list){0};
	u.bad = n > FILE_LIST_MAX || n > packed.n / FILE_BYTES_MIN;
	if (!u.bad)
		out->file = arena_calloc(a, n + 1, sizeof(*out->file));
	for (; !u.bad && out->n < n; out->n++) {
		out->file[out->n] = take_file(a, &u, before);
		before = out->file[out->n].path;
		u.bad |= arena_over(a);
	}
	return u.bad ? err_set(ei, ERR_INTERNAL, "a damaged list of files")
		     : ERR_OK;
}
