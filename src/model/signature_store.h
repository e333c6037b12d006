/*
 * signature_store.h: keeps signatures, each once.
 */
#ifndef MODEL_SIGNATURE_STORE_H
#define MODEL_SIGNATURE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/signature.h"

struct arena;
struct db;

/* The three of a failure; made is false where signature_make was. */
struct signature_set {
	bool made;
	struct signature sig[3];
	int32_t id[3]; /* signature.id, 0 where there is none */
};

/*
 * Stores those that are new and sets the ids of all.  Like log_store outside of
 * transactions.
 */
enum err signature_store(struct db *db, struct arena *a,
    struct signature_set *set, size_t n, struct errinfo *ei) MUST_CHECK;

#endif
