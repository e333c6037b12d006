/*
 * fuzz_sizes.c: files of a buildhistory and elf-sizes, byte by byte; what was
 * packed of them must come back, and a damaged unit must be refused.  The first
 * byte says which file it is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "archive/zstd.h"
#include "base/arena.h"
#include "model/bundle.h"
#include "model/history.h"
#include "model/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Packed twice it is the same, and nothing is lost on the way. */
static void
check_list(struct arena *a, struct slice text)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct file_list list, back;
	struct errinfo ei;
	uint64_t sum = 0, again = 0;
	size_t broken;

	file_list_read(a, text, &list, &broken);
	file_list_pack(&once, &list, &sum);
	if (file_list_unpack(a, (struct slice){once.data, once.len}, list.n,
		&back, &ei) != ERR_OK ||
	    back.n != list.n)
		abort();
	file_list_pack(&twice, &back, &again);
	if (once.len != twice.len || sum != again ||
	    (once.len > 0 && memcmp(once.data, twice.data, once.len) != 0))
		abort();
	buf_clear(&once);
	buf_clear(&twice);
}

/* Any bytes as a unit. */
static void
check_unit(struct arena *a, struct slice raw)
{
	struct buf zstd = BUF_INIT;
	struct size_unit u = {.name = "x", .recipe = ""};
	struct errinfo ei;

	zstd_pack(&zstd, raw.p, raw.n, 1);
	u.data = (struct slice){zstd.data, zstd.len};
	if (size_unit_unpack(a, &u, &ei) == ERR_OK)
		for (size_t i = 0; i < u.nparts; i++) {
			struct file_list list;
			if (size_part_files(a, &u.part[i], &list, &ei) ==
				ERR_OK &&
			    list.n != u.part[i].nfiles)
				abort();
		}
	buf_clear(&zstd);
}

static void
check_history(struct arena *a, enum history_file file, struct slice text)
{
	struct histories *h = histories_new((size_t)1 << 20);
	struct history_at at = {.file = file,
	    .part = {SLICE("arch"), SLICE("recipe"), SLICE("package")}};
	struct history_alone alone;

	histories_add(h, &at, text);
	histories_add(h, &at, text);
	while (histories_next_unused(h, &alone))
		for (size_t i = 0; i < alone.told.sizes.n; i++) {
			struct size_unit u = alone.told.sizes.unit[i];
			struct errinfo ei;
			size_t n = u.nparts;
			if (size_unit_unpack(a, &u, &ei) != ERR_OK ||
			    u.nparts != n)
				abort();
		}
	histories_free(h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new((size_t)64 << 20);
	struct slice rest = {(const char *)data + 1, size - 1};

	if (size > 0 && data[0] % 16 == 15)
		check_list(a, rest);
	else if (size > 0 && data[0] % 16 == 14)
		check_unit(a, rest);
	else if (size > 0)
		check_history(
		    a, (enum history_file)(data[0] % (HISTORY_ELF + 1)), rest);
	arena_free(a);
	return 0;
}
