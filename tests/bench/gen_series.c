/*
 * gen_series.c: samples every second or two, each number a clock-tick or
 * sector count turned into what buildstats.bbclass prints.
 */
#include "gen_series.h"

#include "base/buf.h"
#include "base/str.h"

/* The machine's state between two samples. */
struct host {
	double load; /* 0..1, wanders */
	int64_t free_kib, cached_kib;
	int64_t used; /* of the volume */
	uint64_t rx, tx;
	double avg10, avg60, avg300;
	unsigned threads;
	struct rng *r;
};

typedef void (*sample_fn)(struct buf *out, struct host *h, int64_t seconds);

static void
add_real(struct buf *out, double d, char end)
{
	char text[32];

	buf_add(out, text, str_from_double(text, d));
	buf_addc(out, end);
}

static void
sample_stat(struct buf *out, struct host *h, int64_t seconds)
{
	int64_t total = seconds * 100 * h->threads +
			(int64_t)rng_below(h->r, 2 * h->threads + 1);
	int64_t user = (int64_t)(h->load * 0.78 * (double)total);
	int64_t sys =
	    (int64_t)(h->load * (0.1 + 0.1 * rng_real(h->r)) * (double)total);
	int64_t wait = (int64_t)rng_below(h->r, (size_t)(1 + total / 50));

	add_real(out, (double)user / (double)total, ' ');
	add_real(out, (double)sys / (double)total, ' ');
	add_real(out, (double)wait / (double)total, '\n');
}

static void
sample_meminfo(struct buf *out, struct host *h, int64_t seconds)
{
	h->free_kib += (int64_t)(rng_normal(h->r) * 30000) * seconds;
	if (h->free_kib < 2000000)
		h->free_kib = 2000000 + (int64_t)rng_below(h->r, 100000);
	h->cached_kib += 4 * (int64_t)rng_below(h->r, 2500) * seconds;
	buf_addf(out, "131889236 %lld %lld %lld 8388604 8388604\n",
	    (long long)h->free_kib, 412040 + (long long)(h->cached_kib >> 5),
	    (long long)h->cached_kib);
}

static void
sample_diskstats(struct buf *out, struct host *h, int64_t seconds)
{
	/* Sampled when its time comes, give or take: never a whole second. */
	double took = (double)seconds + rng_real(h->r) * 0.05;
	int64_t rd = rng_real(h->r) < 0.4
			 ? 0
			 : 8 * (int64_t)exp(6 + 2 * rng_normal(h->r));
	int64_t wr = 8 * (int64_t)exp(7 + 2 * rng_normal(h->r));
	double util = rng_real(h->r) < 0.7 ? 1.0 : rng_real(h->r);

	add_real(out, (double)rd / 2 / took * 100, ' ');
	add_real(out, (double)wr / 2 / took * 100, ' ');
	add_real(out, util, '\n');
}

static void
sample_net(struct buf *out, struct host *h, int64_t seconds)
{
	uint64_t rx =
	    (uint64_t)(exp(8 + 2 * rng_normal(h->r)) * (double)seconds);
	uint64_t tx = rx / 20 + rng_below(h->r, 600);

	h->rx += rx;
	h->tx += tx;
	buf_addf(out, "lo: 88412 88412 0 0\neth0: %llu %llu %llu %llu\n",
	    (unsigned long long)h->rx, (unsigned long long)h->tx,
	    (unsigned long long)rx, (unsigned long long)tx);
}

static void
sample_disk(struct buf *out, struct host *h, int64_t seconds)
{
	h->used += 4096 * (int64_t)rng_below(h->r, 4000) * seconds;
	buf_addf(out, "/dev/nvme0n1p2: %lld\n", (long long)h->used);
}

static double
two_decimals(double x)
{
	return floor(x * 100 + 0.5) / 100;
}

static void
sample_pressure(struct buf *out, struct host *h, int64_t seconds)
{
	double now = 100 * h->load * (0.7 + 0.3 * rng_real(h->r));
	double dt = (double)seconds;

	h->avg10 += (now - h->avg10) * (1 - exp(-dt / 10));
	h->avg60 += (now - h->avg60) * (1 - exp(-dt / 60));
	h->avg300 += (now - h->avg300) * (1 - exp(-dt / 300));
	add_real(out, two_decimals(h->avg10), ' ');
	add_real(out, two_decimals(h->avg60), ' ');
	add_real(out, two_decimals(h->avg300), ' ');
	buf_addf(out, "%lld\n",
	    (long long)(now * 10000 * dt) + (long long)rng_below(h->r, 9000));
}

static const struct {
	const char *path;
	sample_fn sample; /* NULL: the file stays empty */
	int64_t every;    /* seconds, at least */
} logs[GEN_LOG_COUNT] = {
    [GEN_LOG_STAT] = {"reduced_proc_stat.log", sample_stat, 1},
    [GEN_LOG_MEMINFO] = {"reduced_proc_meminfo.log", sample_meminfo, 1},
    [GEN_LOG_DISKSTATS] = {"reduced_proc_diskstats.log", sample_diskstats, 1},
    [GEN_LOG_NET] = {"reduced_proc_net.log", sample_net, 1},
    [GEN_LOG_DISK] = {"monitor_disk.log", sample_disk, 10},
    [GEN_LOG_PSI_CPU] = {"reduced_proc_pressure/cpu.log", sample_pressure, 1},
    [GEN_LOG_PSI_IO] = {"reduced_proc_pressure/io.log", sample_pressure, 1},
    [GEN_LOG_PSI_MEMORY] = {"reduced_proc_pressure/memory.log", NULL, 1},
};

const char *
gen_log_path(enum gen_log log)
{
	return logs[log].path;
}

void
gen_log_write(struct buf *out, enum gen_log log, int64_t start, int64_t end,
    unsigned threads, struct rng *r)
{
	struct host h = {.load = 0.7,
	    .free_kib = 90000000,
	    .cached_kib = 9000000 + (int64_t)rng_below(r, 4000000),
	    .used = 4096 * (40000000 + (int64_t)rng_below(r, 4000000)),
	    .rx = rng_below(r, 4000000000),
	    .tx = rng_below(r, 400000000),
	    .threads = threads,
	    .r = r};
	int64_t step;

	if (!logs[log].sample)
		return;
	for (int64_t t = start; t <= end; t += step) {
		step = logs[log].every + (int64_t)rng_below(r, 2);
		h.load += (0.85 - h.load) * 0.05 + 0.06 * rng_normal(r);
		h.load = h.load < 0.02 ? 0.02 : h.load > 1 ? 1 : h.load;
		buf_addf(out, "%lld\n", (long long)t);
		logs[log].sample(out, &h, step);
		buf_addc(out, '\n');
	}
}
