/*
 * pool.h: memory for libxml2 and libxslt.
 *
 * A transformation allocates and frees some ten thousand small blocks whose
 * life ends with it.  Between pool_begin and pool_end libxml2's allocator
 * takes them from one region that is dropped as a whole; what was allocated
 * before goes on living on the heap, told apart by its address.
 */
#ifndef XML_POOL_H
#define XML_POOL_H

#include <stdbool.h>

#include <libxml/tree.h>

void pool_begin(void);
void pool_end(void);
/* Is everything allocated since pool_begin dropped by pool_end?  Then nothing
 * of it needs to be freed. */
bool pool_holds_all(void);

/* The dictionary that sheets and documents share; lives for ever. */
xmlDictPtr pool_dict(void);
const xmlChar *pool_intern(const char *name);

#endif
