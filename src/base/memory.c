/* memory.c: see memory.h. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

void
out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	abort();
}

void *
must(void *p)
{
	if (p == NULL)
		out_of_memory();
	return p;
}
