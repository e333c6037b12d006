/* failure_code.c: see failure_code.h. */
#include "model/failure_code.h"

#include <assert.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#define SHORT_LETTERS 6
#define LONG_LETTERS 7
#define LETTER_BITS 5
#define SHORT_IDS (UINT64_C(1) << SHORT_LETTERS * LETTER_BITS)

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* An odd factor and its inverse modulo 2^64, and with that modulo any smaller
 * power of two. */
#define FACTOR UINT64_C(0x9e3779b97f4a7c15)
#define FACTOR_INVERSE UINT64_C(0xf1de83e19937733d)
/* So that the first failure isn't 000000. */
#define START UINT64_C(0x155a6b3d)

/*
 * A bijection of numbers of so many bits: x ^= x >> half undoes itself when
 * half is at least half of the bits, and the multiplication is undone by the
 * inverse.
 */
static uint64_t
mix(uint64_t x, unsigned letters, uint64_t factor)
{
	unsigned bits = letters * LETTER_BITS, half = (bits + 1) / 2;
	uint64_t mask = (UINT64_C(1) << bits) - 1;

	for (int i = 0; i < 3; i++) {
		x ^= x >> half;
		x = x * factor & mask;
	}
	return x ^ x >> half;
}

const char *
failure_code(char out[FAILURE_CODE_MAX], int id)
{
	uint64_t n = (uint64_t)id - 1, x;
	unsigned letters = n < SHORT_IDS ? SHORT_LETTERS : LONG_LETTERS;

	assert(id > 0);
	x = mix(n ^ START, letters, FACTOR);
	for (unsigned i = letters; i-- > 0; x >>= LETTER_BITS)
		out[i] = alphabet[x & ((1 << LETTER_BITS) - 1)];
	out[letters] = '\0';
	return out;
}

static int
letter_value(char c)
{
	const char *at;

	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if (c == 'i' || c == 'l')
		c = '1';
	if (c == 'o')
		c = '0';
	at = c != '\0' ? strchr(alphabet, c) : NULL;
	return at != NULL ? (int)(at - alphabet) : -1;
}

bool
failure_code_read(const char *code, int *id)
{
	size_t letters = strnlen(code, FAILURE_CODE_MAX);
	uint64_t x = 0;

	if (letters != SHORT_LETTERS && letters != LONG_LETTERS)
		return false;
	for (size_t i = 0; i < letters; i++) {
		int v = letter_value(code[i]);
		if (v < 0)
			return false;
		x = x << LETTER_BITS | (unsigned)v;
	}
	x = mix(x, (unsigned)letters, FACTOR_INVERSE) ^ START;
	if (letters == LONG_LETTERS && (x < SHORT_IDS || x >= INT_MAX))
		return false;
	*id = (int)(x + 1);
	return true;
}
