/*
 * memory.h: what happens when there is no memory left.
 *
 * Sizes that come from outside are limited before anything is allocated, so
 * an allocation that fails is the machine's trouble: one line, and the end.
 * The service manager starts the process again.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

_Noreturn void out_of_memory(void);

/* p itself, which an allocation gave; ends the process if it is NULL. */
void *must(void *p);

#endif
