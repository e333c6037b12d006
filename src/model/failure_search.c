/* failure_search.c: see failure_search.h. */
#include "model/failure_search.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/filter.h"
#include "model/like.h"
#include "model/package_name.h"
#include "model/signature.h"

/* This many terms have a condition each; more of them share one. */
#define TERMS_APART 4

/* ---- what is asked ---- */

/* An index over trigrams needs three letters or digits in a row. */
static bool
has_trigram(const char *text)
{
	size_t run = 0;

	for (; *text != '\0' && run < 3; text++)
		run = isalnum((unsigned char)*text) ? run + 1 : 0;
	return run == 3;
}

static enum err
read_terms(struct failure_search *s, struct errinfo *ei)
{
	const char *q = s->filter->q;

	if (q == NULL || q[0] == '\0')
		return ERR_OK;
	s->nterms = query_terms(s->arena, q, s->term);
	if (s->nterms > QUERY_TERMS_MAX)
		return err_set(
		    ei, ERR_INPUT, "q: more than %d words", QUERY_TERMS_MAX);
	for (size_t i = 0; i < s->nterms; i++) {
		char *text = arena_strdup(s->arena, s->term[i].text);
		for (char *p = text; *p != '\0'; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p = (char)(*p - 'A' + 'a');
		s->term[i].text = text;
		if (i < TERMS_APART && has_trigram(text))
			s->indexed = true;
	}
	return ERR_OK;
}

static enum err
read_package(struct db *db, struct failure_search *s, struct errinfo *ei)
{
	struct package_name p;
	enum err err;

	if (s->filter->package == NULL || s->filter->package[0] == '\0')
		return ERR_OK;
	err = package_name_find(db, s->arena, s->filter->package, &p, ei);
	if (err != ERR_OK)
		return err;
	s->possible = p.found;
	s->recipe = p.recipe;
	s->version = p.version > 0 ? p.version : 0;
	return ERR_OK;
}

static enum err
read_signature(struct db *db, struct failure_search *s, struct errinfo *ei)
{
	static const enum query column[] = {
	    [SIGNATURE_BLOCK] = Q_FAILURES_WHERE_SIG_BLOCK,
	    [SIGNATURE_LINES] = Q_FAILURES_WHERE_SIG_LINES,
	    [SIGNATURE_TASK] = Q_FAILURES_WHERE_SIG_TASK,
	};
	CLEANUP(cleanup_rows) struct rows *r = NULL;
	int64_t strength = 0;
	enum err err;

	if (s->filter->signature == 0)
		return ERR_OK;
	err = STMT_QUERY(
	    db, Q_SIGNATURE_STRENGTH, &r, ei, DB_I4(s->filter->signature));
	if (err != ERR_OK)
		return err;
	if (rows_count(r) > 0)
		strength = row_int(r, 0, rows_column(r, "strength"));
	if (strength < SIGNATURE_BLOCK || strength > SIGNATURE_TASK)
		s->possible = false;
	else
		s->signature = column[strength];
	return ERR_OK;
}

enum err
failure_search_read(struct db *db, struct arena *a,
    const struct failure_filter *filter, struct failure_search *out,
    struct errinfo *ei)
{
	enum err err;

	*out = (struct failure_search){
	    .arena = a, .filter = filter, .possible = true};
	err = read_terms(out, ei);
	if (err == ERR_OK)
		err = read_package(db, out, ei);
	if (err == ERR_OK && out->possible)
		err = read_signature(db, out, ei);
	return err;
}

/* ---- conditions ---- */

static void
add_filters(struct sql *s, const struct failure_search *search)
{
	const struct failure_filter *f = search->filter;

	if (search->recipe != 0)
		sql_add1(s, Q_FAILURES_WHERE_RECIPE, DB_I4(search->recipe));
	if (search->version != 0)
		sql_add1(s, Q_FAILURES_WHERE_VERSION, DB_I4(search->version));
	if (f->signature != 0)
		sql_add1(s, search->signature, DB_I4(f->signature));
	if (f->build != 0)
		sql_add1(s, Q_FAILURES_WHERE_BUILD, DB_I4(f->build));
	filter_text(s, Q_FAILURES_WHERE_TASK, f->task);
	filter_text(s, Q_FAILURES_WHERE_BUILDER, f->builder);
	filter_text(s, Q_FAILURES_WHERE_MACHINE, f->machine);
	filter_text(s, Q_FAILURES_WHERE_DISTRO, f->distro);
	filter_text(s, Q_FAILURES_WHERE_IMAGE, f->image);
	filter_text(s, Q_FAILURES_WHERE_BRANCH, f->branch);
	filter_text(s, Q_FAILURES_WHERE_COMMIT, f->commit);
	filter_text(s, Q_FAILURES_WHERE_LAYER, f->layer);
	if (f->ntags > 0)
		sql_add1(s, Q_FAILURES_WHERE_TAGS, db_texts(f->tags, f->ntags));
	filter_statuses(
	    s, search->arena, Q_FAILURES_WHERE_STATUSES, f->statuses);
	if (f->since != TIME_UNKNOWN)
		sql_add1(s, Q_FAILURES_WHERE_SINCE, DB_TM(f->since));
	if (f->until != TIME_UNKNOWN)
		sql_add1(s, Q_FAILURES_WHERE_UNTIL, DB_TM(f->until));
}

/* The terms that have no condition of their own. */
static void
add_rest(struct sql *s, const struct failure_search *search, enum query all)
{
	const char **text;
	size_t n = search->nterms;

	if (n <= TERMS_APART)
		return;
	text = arena_calloc(search->arena, n, sizeof(*text));
	for (size_t i = TERMS_APART; i < n; i++)
		text[i - TERMS_APART] = search->term[i].text;
	sql_add1(s, all, db_texts(text, n - TERMS_APART));
}

static size_t
terms_apart(const struct failure_search *search)
{
	return search->nterms < TERMS_APART ? search->nterms : TERMS_APART;
}

static void
look_for_terms(struct sql *s, const struct failure_search *search)
{
	for (size_t i = 0; i < terms_apart(search); i++) {
		const struct query_term *t = &search->term[i];
		sql_add1(s,
		    t->is_word ? Q_FAILURES_LOOK_FOR_WORD : Q_FAILURES_LOOK_FOR,
		    db_text(t->text));
		if (t->is_word)
			sql_bind(s, DB_I4(t->word));
	}
	add_rest(s, search, Q_FAILURES_LOOK_FOR_ALL);
}

static void
add_log_terms(struct sql *s, const struct failure_search *search)
{
	for (size_t i = 0; i < terms_apart(search); i++) {
		const struct query_term *t = &search->term[i];
		if (!has_trigram(t->text)) {
			sql_add1(s, Q_FAILURES_LOG_HAS, db_text(t->text));
			continue;
		}
		sql_add1(s,
		    t->is_word ? Q_FAILURES_LOG_LIKE_WORD : Q_FAILURES_LOG_LIKE,
		    db_text(like_pattern(search->arena, t->text)));
		if (t->is_word)
			sql_bind(s, DB_I4(t->word));
	}
	add_rest(s, search, Q_FAILURES_LOG_HAS_ALL);
}

/* Looks into each log that comes. */
static void
add_unread_terms(struct sql *s, const struct failure_search *search)
{
	for (size_t i = 0; i < terms_apart(search); i++)
		sql_add1(s, Q_FAILURES_LOG_HAS, db_text(search->term[i].text));
	add_rest(s, search, Q_FAILURES_LOG_HAS_ALL);
}

static void
add_line_terms(struct sql *s, const struct failure_search *search)
{
	for (size_t i = 0; i < terms_apart(search); i++) {
		const char *text = search->term[i].text;
		if (has_trigram(text))
			sql_add1(s, Q_FAILURES_LINE_LIKE,
			    db_text(like_pattern(search->arena, text)));
		else
			sql_add1(s, Q_FAILURES_LINE_HAS, db_text(text));
	}
	add_rest(s, search, Q_FAILURES_LINE_HAS_ALL);
}

/* Whose name the only term is. */
static void
add_named(struct sql *s, const struct failure_search *search)
{
	const struct query_term *t = &search->term[0];

	if (search->nterms > 1 || t->phrase)
		return;
	sql_add1(s, Q_FAILURES_FROM_NAMED, db_text(t->text));
	sql_bind(s, t->is_word ? DB_I4(t->word) : DB_N());
	sql_bind(s, db_text(t->text));
}

void
failure_search_from(struct sql *s, const struct failure_search *search,
    struct failure_from from)
{
	switch (from.source) {
	case FAILURES_FILTERED:
		sql_add(s, Q_FAILURES_FROM);
		add_filters(s, search);
		break;
	case FAILURES_NEWEST:
		sql_add(s, Q_FAILURES_FROM_NEWEST);
		add_filters(s, search);
		if (from.log_before > 0) {
			sql_add1(s, Q_FAILURES_WHERE_SINCE, DB_TM(from.since));
			sql_add1(s, Q_FAILURES_WHERE_LOG_BEFORE,
			    DB_I4(from.log_before));
		}
		sql_add(s,
		    from.down ? Q_FAILURES_BY_SEEN_DOWN : Q_FAILURES_BY_SEEN);
		sql_add1(s, Q_LIMIT, DB_I8(from.window));
		sql_add(s, Q_FAILURES_NEWEST_LOGS);
		look_for_terms(s, search);
		break;
	case FAILURES_INDEXED:
		sql_add(s, Q_FAILURES_FROM_LOGS);
		if (from.nlogs > 0)
			sql_add1(s, Q_FAILURES_LOGS_AMONG,
			    db_int4s(from.logs, from.nlogs));
		add_log_terms(s, search);
		sql_add(s, Q_FAILURES_FROM_UNREAD);
		add_unread_terms(s, search);
		sql_add(s, Q_FAILURES_FROM_BARE);
		add_line_terms(s, search);
		add_named(s, search);
		sql_add(s, Q_FAILURES_FROM_LOGS_END);
		add_filters(s, search);
		break;
	}
}
