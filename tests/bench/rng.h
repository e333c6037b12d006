/* rng.h: repeatable random numbers for the generator (xoshiro256**). */
#ifndef BENCH_RNG_H
#define BENCH_RNG_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t s[4];
	double spare; /* the second of a pair of normals */
	bool has_spare;
};

static inline uint64_t
rng_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static inline void
rng_seed(struct rng *r, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		r->s[i] = seed = rng_mix(seed);
	r->spare = 0;
	r->has_spare = false;
}

static inline uint64_t
rng_next(struct rng *r)
{
	uint64_t *s = r->s, x = s[1] * 5, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = (s[3] << 45) | (s[3] >> 19);
	return ((x << 7) | (x >> 57)) * 9;
}

/* Uniform in [0, 1). */
static inline double
rng_real(struct rng *r)
{
	return (double)(rng_next(r) >> 11) * 0x1p-53;
}

/* Uniform in 0 .. n-1. */
static inline size_t
rng_below(struct rng *r, size_t n)
{
	return (size_t)(rng_real(r) * (double)n);
}

/* Standard normal, by the polar method. */
static inline double
rng_normal(struct rng *r)
{
	double u, v, s;

	if (r->has_spare) {
		r->has_spare = false;
		return r->spare;
	}
	do {
		u = 2 * rng_real(r) - 1;
		v = 2 * rng_real(r) - 1;
		s = u * u + v * v;
	} while (s >= 1 || s <= 0);
	s = sqrt(-2 * log(s) / s);
	r->spare = v * s;
	r->has_spare = true;
	return u * s;
}

/* FNV-1a: a seed from a name. */
static inline uint64_t
rng_hash(const char *name, uint64_t seed)
{
	uint64_t h = 0xcbf29ce484222325u ^ seed;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 0x100000001b3u;
	return rng_mix(h);
}

#endif
