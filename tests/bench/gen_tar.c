/* gen_tar.c: members of up to 255 bytes of path; see gen_tar.h. */
#include "gen_tar.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "gen.h"

#define BLOCK 512

/* POSIX.1-1988; all numbers are octal texts. */
struct header {
	char name[100];
	char mode[8], uid[8], gid[8];
	char size[12], mtime[12];
	char sum[8];
	char type;
	char link[100];
	char magic[8];
	char uname[32], gname[32];
	char devmajor[8], devminor[8];
	char prefix[155];
	char pad[12];
};

static_assert(sizeof(struct header) == BLOCK, "a tar header is one block");

static void
set_path(struct header *h, const char *path)
{
	size_t n = strlen(path), cut = 0;

	if (n > sizeof(h->name)) {
		for (cut = n - sizeof(h->name) - 1; path[cut] != '/'; cut++)
			assert(path[cut]);
		assert(cut <= sizeof(h->prefix));
		memcpy(h->prefix, path, cut++);
	}
	memcpy(h->name, path + cut, n - cut);
}

static void
octal(char *field, size_t digits, uint64_t v)
{
	for (size_t i = digits; i-- > 0; v >>= 3)
		field[i] = (char)('0' + (v & 7));
}

size_t
gen_tar_open(struct buf *tar, const char *path, int64_t mtime)
{
	size_t at = tar->len;
	struct header h = {.mode = "0000644",
	    .uid = "0001750",
	    .gid = "0001750",
	    .type = '0',
	    .magic = "ustar",
	    .uname = "builder",
	    .gname = "builder",
	    .devmajor = "0000000",
	    .devminor = "0000000"};

	h.magic[6] = h.magic[7] = '0';
	set_path(&h, path);
	octal(h.mtime, 11, (uint64_t)mtime);
	memset(h.sum, ' ', sizeof(h.sum));
	buf_add(tar, &h, sizeof(h));
	return at;
}

static void
add_zeros(struct buf *tar, size_t n)
{
	static const char zeros[2 * BLOCK];

	buf_add(tar, zeros, n);
}

void
gen_tar_close(struct buf *tar, size_t member)
{
	size_t size = tar->len - member - BLOCK;
	struct header *h;
	unsigned sum = 0;

	if (tar->failed)
		return;
	add_zeros(tar, (BLOCK - size % BLOCK) % BLOCK);
	if (tar->failed)
		return;
	h = (struct header *)(void *)(tar->data + member);
	octal(h->size, 11, size);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)tar->data[member + i];
	octal(h->sum, 6, sum);
	h->sum[6] = '\0';
}

void
gen_tar_end(struct buf *tar)
{
	add_zeros(tar, 2 * BLOCK);
}
