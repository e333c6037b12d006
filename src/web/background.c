/* background.c: see background.h. */
#include "web/background.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "model/ci.h"
#include "model/live_fold.h"
#include "model/log_index.h"
#include "model/spool_apply.h"
#include "model/step_store.h"

#define ROUND_MS 300     /* between two looks at the spool */
#define ASK_MS 1000      /* between two looks into the database */
#define FAILED_MS 2000   /* after a failure */
#define SHARE_MS 500     /* of a round for one kind of work */
#define REST 3           /* times as long as what it is a rest from, */
#define REST_MS 200      /* but no longer than this */
#define STEPS_MS 250     /* of a second for steps in trends */
#define STEPS_MAX 50     /* recipes in it */
#define CLEAN_MS 3600000 /* between two cleanings */
#define NICENESS 10      /* workers go first: somebody waits for them */

struct background {
	struct app *app;
	struct db *db;
	struct spool_source *spool; /* or NULL */
	int64_t ask_at, clean_at;
	bool failing;
};

static volatile sig_atomic_t stopping;

static void
on_stop(int sig)
{
	(void)sig;
	stopping = 1;
}

/* One thing to do, if there is any. */
typedef enum err (*one_fn)(
    struct background *b, bool *done, struct errinfo *ei);

static enum err
fold_one(struct background *b, bool *done, struct errinfo *ei)
{
	const struct live_fold_options options = {
	    .rules = b->app->opt->mask, .silent = (int)b->app->opt->silent};
	enum err err = live_fold(b->db, &options, done, ei);

	b->app->stats->folds += *done;
	return err;
}

static uint64_t
uploads(const struct app *app)
{
	uint64_t n = 0;

	for (size_t i = 0; i < app->nstats; i++)
		n += app->all_stats[i].uploads;
	return n;
}

/* While logs come in they are put into the search a part of the time only:
 * their senders wait for an answer, and nobody for this. */
static enum err
index_some(struct background *b, bool *done, struct errinfo *ei)
{
	uint64_t before = uploads(b->app);
	int64_t began = clock_ms(), rest;
	size_t n;
	enum err err = log_index_some(b->db, &n, ei);

	*done = n > 0;
	b->app->stats->indexed_logs += n;
	rest = REST * (clock_ms() - began);
	if (uploads(b->app) != before)
		usleep(1000 * (useconds_t)(rest < REST_MS ? rest : REST_MS));
	return err;
}

/* Recipes of new builds are looked at when nothing else is to do, a few at a
 * time: nobody waits for the steps in them. */
static enum err
find_steps(struct background *b, struct errinfo *ei)
{
	int64_t until = clock_ms() + STEPS_MS;
	bool done = true;
	enum err err = ERR_OK;

	while (err == ERR_OK && done && !stopping && clock_ms() < until)
		err = step_take_builds(b->db, &done, ei);
	done = true;
	for (int i = 0; i < STEPS_MAX; i++) {
		if (err != ERR_OK || !done || stopping || clock_ms() > until)
			break;
		err = step_update_one(b->db, &done, ei);
		b->app->stats->step_recipes += done;
	}
	return err;
}

/* Until nothing is left or its share of the round is over; *more tells which.
 */
static enum err
work_off(struct background *b, one_fn one, bool *more, struct errinfo *ei)
{
	int64_t until = clock_ms() + SHARE_MS;
	enum err err = ERR_OK;
	bool done = true;

	while (err == ERR_OK && done && !stopping && clock_ms() < until)
		err = one(b, &done, ei);
	*more |= err == ERR_OK && done;
	return err;
}

static enum err
clean(struct background *b, struct errinfo *ei)
{
	enum err err = live_clean(b->db, ei);

	if (err == ERR_OK)
		err = ci_silent(b->db, ei);
	if (err == ERR_OK && b->spool != NULL)
		err = spool_source_clean(b->spool, b->db, ei);
	if (err == ERR_OK)
		b->clean_at = clock_ms() + CLEAN_MS;
	return err;
}

/* The database is asked for work when something has come here, and now and
 * then, for others send to it as well. */
static enum err
do_round(struct background *b, bool *more, struct errinfo *ei)
{
	uint64_t applied = 0;
	enum err err = ERR_OK;

	*more = false;
	if (b->spool != NULL)
		err = spool_apply(b->spool, b->db, &applied, ei);
	b->app->stats->applied_events += applied;
	if (err != ERR_OK || (applied == 0 && clock_ms() < b->ask_at))
		return err;
	if ((err = work_off(b, fold_one, more, ei)) != ERR_OK ||
	    (err = work_off(b, index_some, more, ei)) != ERR_OK)
		return err;
	if (!*more && (err = find_steps(b, ei)) != ERR_OK)
		return err;
	b->ask_at = *more ? 0 : clock_ms() + ASK_MS;
	return clock_ms() < b->clean_at ? ERR_OK : clean(b, ei);
}

/* Says so when it begins and when it is over, not every two seconds. */
static void
tell(struct background *b, enum err err, const struct errinfo *ei)
{
	if (err != ERR_OK && !b->failing)
		log_error("background: %s%s%s; trying again", ei->text,
		    ei->detail[0] != '\0' ? ": " : "", ei->detail);
	if (err == ERR_OK && b->failing)
		log_info("background: works again");
	b->failing = err != ERR_OK;
}

/* Signals come here only; not at all long if there is more to do. */
static void
wait_ms(int64_t ms, const sigset_t *signals)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	ppoll(NULL, 0, &t, signals);
}

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
catch_signals(sigset_t *before)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigprocmask(SIG_BLOCK, &ours, before);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

int
background_run(struct app *app)
{
	struct background b = {.app = app, .db = db_new(app->opt->db)};
	sigset_t before;

	prctl(PR_SET_NAME, "background");
	if (nice(NICENESS) == -1)
		log_debug("background: not nicer than the workers");
	catch_signals(&before);
	if (app->opt->spool != NULL)
		b.spool = spool_source_new(app->opt->spool);
	while (!stopping) {
		struct errinfo ei = {0};
		bool more;
		enum err err;
		app->stats->round = now_us();
		err = do_round(&b, &more, &ei);
		tell(&b, err, &ei);
		wait_ms(err != ERR_OK ? FAILED_MS
			: more        ? 0
				      : ROUND_MS,
		    &before);
	}
	spool_source_free(b.spool);
	db_free(b.db);
	return EXIT_SUCCESS;
}
