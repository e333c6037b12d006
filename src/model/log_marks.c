/* log_marks.c: see log_marks.h. */
#include "model/log_marks.h"

#include <stdbool.h>
#include <string.h>

/* Context lines may have lines between them that are not known as such. */
#define NEAR 3

static void
add_to_block(struct mark_block *b, struct mark mark)
{
	if (b->n < MARKS_BLOCK)
		b->mark[b->n++] = mark;
}

static bool
is_near(uint32_t before, uint32_t line)
{
	return line - before <= NEAR;
}

static void
add_following(struct log_marks *m, uint32_t line)
{
	struct mark_block *b = &m->now;

	if (b->n == 0 || m->follows >= MARKS_LEAD ||
	    !is_near(b->mark[b->n - 1].line, line))
		return;
	add_to_block(b, (struct mark){line, LINE_CONTEXT, SAYS_NOTHING});
	m->follows++;
}

static void
add_leading(struct log_marks *m, uint32_t line)
{
	if (m->nlead > 0 && !is_near(m->lead[m->nlead - 1], line))
		m->nlead = 0;
	if (m->nlead == MARKS_LEAD) {
		memmove(
		    m->lead, m->lead + 1, (MARKS_LEAD - 1) * sizeof(*m->lead));
		m->nlead--;
	}
	m->lead[m->nlead++] = line;
}

/* What is around it belongs to the warning, not to an error. */
static void
add_warning(struct log_marks *m)
{
	m->nlead = 0;
	m->follows = MARKS_LEAD;
}

/* Context lines that stand right before an error and aren't in its block. */
static void
add_lead(struct log_marks *m, uint32_t error)
{
	struct mark_block *b = &m->now;
	uint32_t last = b->n > 0 ? b->mark[b->n - 1].line : 0;

	if (m->nlead > 0 && !is_near(m->lead[m->nlead - 1], error))
		m->nlead = 0;
	for (size_t i = 0; i < m->nlead; i++)
		if (m->lead[i] > last)
			add_to_block(b, (struct mark){m->lead[i], LINE_CONTEXT,
					    SAYS_NOTHING});
	m->nlead = 0;
}

static void
finish_block(struct log_marks *m)
{
	if (m->now.n > 0 && m->now.weight >= m->best.weight)
		m->best = m->now;
	m->now.n = 0;
	m->now.weight = SAYS_NOTHING;
}

static void
add_error(struct log_marks *m, struct mark mark)
{
	struct mark_block *b = &m->now;

	if (m->first == 0)
		m->first = mark.line;
	if (m->first_sure == 0 && mark.weight == SAYS_WHY)
		m->first_sure = mark.line;
	if (m->nerrors < MARKS_ERRORS)
		m->error[m->nerrors++] = mark;
	if (b->n > 0 && mark.line - b->last_error > MARKS_APART)
		finish_block(m);
	add_lead(m, mark.line);
	add_to_block(b, mark);
	b->last_error = mark.line;
	if (mark.weight > b->weight)
		b->weight = mark.weight;
	m->follows = 0;
}

void
log_marks_add(struct log_marks *m, uint32_t line, struct line_class c)
{
	struct mark mark = {line, c.kind, c.weight};

	if (c.kind == LINE_ERROR)
		add_error(m, mark);
	else if (c.kind == LINE_WARNING)
		add_warning(m);
	else if (c.kind == LINE_CONTEXT && c.weight == SAYS_WHERE)
		add_leading(m, line);
	else if (c.kind == LINE_CONTEXT)
		add_following(m, line);
	else if (c.kind == LINE_TRAILER && c.weight == SAYS_WHERE &&
		 m->ntrailers < MARKS_LEAD)
		m->trailer[m->ntrailers++] = mark;
}

const struct mark_block *
log_marks_block(struct log_marks *m)
{
	finish_block(m);
	if (m->best.n == 0) {
		m->best.n = m->ntrailers;
		memcpy(m->best.mark, m->trailer,
		    m->ntrailers * sizeof(*m->trailer));
	}
	return m->best.n > 0 ? &m->best : NULL;
}
