/* pool.c: see pool.h. */
#include "xml/pool.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <libxml/parser.h>

#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define POOL_BYTES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POOL_BYTES 0
#endif
#endif
#ifndef POOL_BYTES
#define POOL_BYTES ((size_t)96 << 20) /* of address space, not of memory */
#endif
#define KEEP_BYTES ((size_t)4 << 20)
#define ALIGN 16
#define CLASSES 64 /* of 16 bytes each: free lists */

/* In front of each block; keeps the payload aligned to 16. */
struct header {
	size_t size;
	size_t unused;
};

struct free_block {
	struct free_block *next;
};

static struct {
	char *base; /* NULL: no pool, the heap does everything */
	size_t used;
	bool active;
	bool spilled; /* something since pool_begin went to the heap */
	struct free_block *list[CLASSES];
	xmlDictPtr dict;
} pool;

static bool
is_pooled(const void *p)
{
	return (uintptr_t)p - (uintptr_t)pool.base < POOL_BYTES &&
	       pool.base != NULL;
}

static struct header *
header_of(void *p)
{
	return (struct header *)p - 1;
}

static void *
take(size_t size)
{
	size_t class = size / ALIGN;
	struct header *h;

	if (class < CLASSES && pool.list[class] != NULL) {
		struct free_block *b = pool.list[class];
		pool.list[class] = b->next;
		return b;
	}
	if (size > POOL_BYTES || POOL_BYTES - pool.used < size + sizeof(*h)) {
		pool.spilled = true;
		return malloc(size);
	}
	h = (struct header *)(void *)(pool.base + pool.used);
	h->size = size;
	pool.used += sizeof(*h) + size;
	return h + 1;
}

static void *
pool_malloc(size_t n)
{
	if (!pool.active)
		return malloc(n);
	return take(n == 0 ? ALIGN : (n + ALIGN - 1) & ~(size_t)(ALIGN - 1));
}

static bool
is_last(void *p)
{
	return (char *)p + header_of(p)->size == pool.base + pool.used;
}

static void
pool_free(void *p)
{
	struct header *h;

	if (!is_pooled(p)) {
		free(p);
		return;
	}
	h = header_of(p);
	if (is_last(p)) {
		pool.used -= sizeof(*h) + h->size;
	} else if (h->size / ALIGN < CLASSES) {
		struct free_block *b = p;
		b->next = pool.list[h->size / ALIGN];
		pool.list[h->size / ALIGN] = b;
	}
}

static void *
pool_realloc(void *p, size_t n)
{
	struct header *h;
	void *np;

	if (p == NULL)
		return pool_malloc(n);
	if (!is_pooled(p))
		return realloc(p, n);
	h = header_of(p);
	if (n <= h->size)
		return p;
	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (is_last(p) && POOL_BYTES - pool.used > n - h->size) {
		pool.used += n - h->size;
		h->size = n;
		return p;
	}
	np = take(n);
	if (np != NULL) {
		memcpy(np, p, h->size);
		pool_free(p);
	}
	return np;
}

static char *
pool_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = pool_malloc(n);

	if (p != NULL)
		memcpy(p, s, n);
	return p;
}

/* Has to come before libxml2's first allocation. */
static void
pool_init(void)
{
	if (pool.dict != NULL)
		return;
	if (POOL_BYTES > 0) {
		void *p = mmap(NULL, POOL_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p != MAP_FAILED)
			pool.base = p;
	}
	xmlMemSetup(pool_free, pool_malloc, pool_realloc, pool_strdup);
	xmlInitParser();
	pool.dict = xmlDictCreate();
	if (pool.dict == NULL)
		out_of_memory();
}

void
pool_begin(void)
{
	assert(!pool.active);
	pool_init();
	pool.active = pool.base != NULL;
	pool.spilled = !pool.active;
}

bool
pool_holds_all(void)
{
	return !pool.spilled;
}

void
pool_end(void)
{
	pool.active = false;
	if (pool.used > KEEP_BYTES)
		madvise(pool.base + KEEP_BYTES, POOL_BYTES - KEEP_BYTES,
		    MADV_DONTNEED);
	pool.used = 0;
	memset(pool.list, 0, sizeof(pool.list));
}

xmlDictPtr
pool_dict(void)
{
	pool_init();
	return pool.dict;
}

const xmlChar *
pool_intern(const char *name)
{
	const xmlChar *s;

	assert(!pool.active);
	s = xmlDictLookup(pool_dict(), (const xmlChar *)name, -1);
	if (s == NULL)
		out_of_memory();
	return s;
}
