/* mask.c: see mask.h. */
#include "model/mask.h"

#include <ctype.h>
#include <string.h>

#include "model/mask_find.h"

#define MARK "***"
#define PREVIEW_BEFORE 40
#define PREVIEW_BYTES 80
#define KEY_LINE_MAX 128
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct {
	enum mask_rule rule;
	const char *word;
} rule_words[] = {
    {MASK_CREDENTIALS, "credentials"},
    {MASK_EMAILS, "emails"},
    {MASK_HOMES, "homes"},
    {MASK_HOSTS, "hosts"},
};

const char *
mask_rule_word(enum mask_rule rule)
{
	for (size_t i = 0; i < COUNT(rule_words); i++)
		if (rule_words[i].rule == rule)
			return rule_words[i].word;
	return "none";
}

static bool
read_rule(struct slice word, unsigned *rules)
{
	if (slice_is(word, "none"))
		return true;
	for (size_t i = 0; i < COUNT(rule_words); i++) {
		if (!slice_is(word, rule_words[i].word))
			continue;
		*rules |= rule_words[i].rule;
		return true;
	}
	return false;
}

bool
mask_rules_read(const char *text, unsigned *rules)
{
	struct slice rest = slice_of(text), word;
	unsigned got = 0;
	bool more;

	do {
		more = slice_cut(&rest, ',', &word);
		if (!read_rule(slice_trim(word), &got))
			return false;
	} while (more);
	*rules = got;
	return true;
}

/* Where a mark stands in what was written, and why. */
struct marked {
	enum mask_rule rule;
	size_t at;
};

/* The next span of each finder, as far as it has been looked for. */
struct search {
	struct slice line;
	unsigned rules;
	struct {
		bool any;
		struct mask_span span;
	} next[MASK_FINDERS];
};

static void
look_from(struct search *s, size_t from)
{
	for (size_t i = 0; i < MASK_FINDERS; i++) {
		if (!s->next[i].any || s->next[i].span.start >= from)
			continue;
		s->next[i].any =
		    mask_finders[i].find(s->line, from, &s->next[i].span);
	}
}

static void
look_first(struct search *s)
{
	for (size_t i = 0; i < MASK_FINDERS; i++)
		s->next[i].any =
		    (s->rules & mask_finders[i].rule) != 0 &&
		    mask_finders[i].find(s->line, 0, &s->next[i].span);
}

/* The first of them, the longer of two; false at the end. */
static bool
first_span(const struct search *s, size_t *which)
{
	bool any = false;

	for (size_t i = 0; i < MASK_FINDERS; i++) {
		const struct mask_span *a = &s->next[i].span,
				       *b = &s->next[*which].span;
		if (!s->next[i].any)
			continue;
		if (!any || a->start < b->start ||
		    (a->start == b->start && a->end > b->end))
			*which = i;
		any = true;
	}
	return any;
}

static void
preview(struct mask_hit *hit, const struct buf *out, size_t line_at, size_t at)
{
	size_t from =
	    at - line_at > PREVIEW_BEFORE ? at - PREVIEW_BEFORE : line_at;
	size_t n = out->len - from;

	if (n > PREVIEW_BYTES)
		n = PREVIEW_BYTES;
	for (size_t i = 0; i < n; i++) {
		char c = out->data[from + i];
		hit->preview[i] = c >= ' ' && c < 0x7f ? c : '?';
	}
	hit->preview[n] = '\0';
}

static bool
is_key_line(struct slice line)
{
	line = slice_trim(line);
	if (slice_starts(line, "| "))
		line = slice_trim((struct slice){line.p + 2, line.n - 2});
	if (line.n > KEY_LINE_MAX)
		return false;
	if (slice_starts(line, "Proc-Type:") ||
	    slice_starts(line, "DEK-Info:") || slice_is(line, MARK))
		return true;
	for (size_t i = 0; i < line.n; i++)
		if (!isalnum((unsigned char)line.p[i]) &&
		    memchr("+/=", line.p[i], 3) == NULL)
			return false;
	return true;
}

/* Lines of a private key: true if this one was. */
static bool
mask_key_line(struct mask *m, struct slice line, struct buf *out)
{
	if (memmem(line.p, line.n, "-----END", 8) != NULL ||
	    !is_key_line(line)) {
		m->in_key = false;
		return false;
	}
	if (slice_trim(line).n > 0)
		buf_adds(out, MARK);
	else
		buf_add(out, line.p, line.n);
	return true;
}

#define MARKED_MAX 32 /* of a line, whose previews are wanted */

size_t
mask_line(struct mask *m, struct slice line, struct buf *out,
    struct mask_hit *hits, size_t max)
{
	struct search s = {.line = line, .rules = m->rules};
	struct marked marked[MARKED_MAX];
	size_t n = 0, from = 0, which = 0, line_at = out->len;

	if (m->in_key && mask_key_line(m, line, out))
		return 0;
	look_first(&s);
	for (; first_span(&s, &which); n++) {
		struct mask_span span = s.next[which].span;
		buf_add(out, line.p + from, span.start - from);
		if (n < MARKED_MAX)
			marked[n] =
			    (struct marked){mask_finders[which].rule, out->len};
		if (span.end > span.start)
			buf_adds(out, MARK);
		m->in_key |= span.opens_key;
		from = span.end;
		look_from(&s, span.end > span.start ? from : from + 1);
	}
	buf_add(out, line.p + from, line.n - from);
	/* only now is everything behind a place masked, too */
	for (size_t i = 0; i < n && i < max && i < MARKED_MAX; i++) {
		hits[i].rule = marked[i].rule;
		preview(&hits[i], out, line_at, marked[i].at);
	}
	return n;
}
