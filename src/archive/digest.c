/* digest.c: see digest.h. */
#include "archive/digest.h"

#include <openssl/evp.h>

#include <stdio.h>
#include <stdlib.h>

struct digest {
	EVP_MD_CTX *ctx;
};

/* SHA-256 needs neither input checks nor a key: it fails only without memory
 * or without a working libcrypto. */
static _Noreturn void
give_up(void)
{
	fputs("libcrypto: SHA-256 failed\n", stderr);
	abort();
}

/* Looked up once: the lookup costs more than hashing a task file. */
static const EVP_MD *
sha256(void)
{
	static EVP_MD *md;

	if (md == NULL && (md = EVP_MD_fetch(NULL, "SHA256", NULL)) == NULL)
		give_up();
	return md;
}

static void
start(struct digest *d)
{
	if (EVP_DigestInit_ex(d->ctx, sha256(), NULL) != 1)
		give_up();
}

struct digest *
digest_new(void)
{
	struct digest *d = malloc(sizeof(*d));

	if (d == NULL || (d->ctx = EVP_MD_CTX_new()) == NULL)
		give_up();
	start(d);
	return d;
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	free(d);
}

void
digest_add(struct digest *d, const void *data, size_t n)
{
	if (n > 0 && EVP_DigestUpdate(d->ctx, data, n) != 1)
		give_up();
}

void
digest_end(struct digest *d, unsigned char out[DIGEST_BYTES])
{
	if (EVP_DigestFinal_ex(d->ctx, out, NULL) != 1)
		give_up();
	start(d);
}

void
digest_of(const void *data, size_t n, unsigned char out[DIGEST_BYTES])
{
	if (EVP_Digest(data, n, out, NULL, sha256(), NULL) != 1)
		give_up();
}
