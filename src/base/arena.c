/* arena.c: see arena.h. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define BLOCK_MIN ((size_t)64 << 10)
#define KEEP_MAX ((size_t)4 << 20)
#define ALIGN ((size_t)16)

struct block {
	struct block *next;
	size_t size; /* usable bytes */
	size_t used;
	_Alignas(16) char data[];
};

struct arena {
	struct block *head; /* the block that is being filled */
	size_t used;
	size_t cap;
	size_t next_size;
};

static struct block *
block_new(size_t size)
{
	struct block *b;

	if (size > SIZE_MAX - sizeof(*b) ||
	    (b = malloc(sizeof(*b) + size)) == NULL)
		out_of_memory();
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *
arena_new(size_t cap)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		out_of_memory();
	a->cap = cap;
	a->next_size = BLOCK_MIN;
	return a;
}

static void
free_blocks(struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next;
		free(b);
		b = next;
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_blocks(a->head);
	free(a);
}

void
arena_reset(struct arena *a)
{
	struct block *keep = NULL;

	for (struct block *b = a->head; b != NULL;) {
		struct block *next = b->next;
		if (b->size <= KEEP_MAX &&
		    (keep == NULL || b->size > keep->size)) {
			free(keep);
			keep = b;
		} else {
			free(b);
		}
		b = next;
	}
	if (keep != NULL) {
		keep->next = NULL;
		keep->used = 0;
	}
	a->head = keep;
	a->used = 0;
	a->next_size = BLOCK_MIN;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct block *b = a->head;
	void *p;

	if (n > SIZE_MAX / 2)
		out_of_memory();
	n = (n + ALIGN - 1) & ~(ALIGN - 1);
	if (b == NULL || b->size - b->used < n) {
		size_t size = a->next_size;
		if (n > size / 2)
			size = n; /* its own block, exactly */
		else if (a->next_size < KEEP_MAX)
			a->next_size *= 2;
		struct block *nb = block_new(size);
		if (size == n && b != NULL) {
			nb->next = b->next; /* keep filling the old one */
			b->next = nb;
		} else {
			nb->next = b;
			a->head = nb;
		}
		b = nb;
	}
	p = b->data + b->used;
	b->used += n;
	a->used += n;
	return p;
}

void *
arena_zalloc(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

void *
arena_calloc(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		out_of_memory();
	return arena_zalloc(a, n * size);
}

void *
arena_grow(struct arena *a, void *p, size_t *cap, size_t want, size_t size)
{
	size_t ncap;
	void *np;

	if (want <= *cap)
		return p;
	ncap = *cap < 8 ? 8 : *cap * 2;
	if (ncap < want)
		ncap = want;
	if (ncap > SIZE_MAX / 2 / size)
		out_of_memory();
	np = arena_alloc(a, ncap * size);
	if (*cap > 0)
		memcpy(np, p, *cap * size);
	*cap = ncap;
	return np;
}

char *
arena_strndup(struct arena *a, const void *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	if (n > 0)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	int n;
	char *p;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		n = 0;
	p = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}

bool
arena_over(const struct arena *a)
{
	return a->cap != 0 && a->used > a->cap;
}
