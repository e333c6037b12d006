/* event_log_message.c: see event_log_message.h. */
#include "model/event_log_message.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "model/event_log_parts.h"

#define CLASS_MAX 64
#define LIST_MAX 50 /* elements that are listed */

/* As Python's str() does, of what it is worth. */
static void
add_value(struct buf *out, const struct pickle *v)
{
	char number[32];

	switch (v->kind) {
	case PICKLE_TEXT:
	case PICKLE_CLASS:
		buf_add(out, v->text.p, v->text.n);
		break;
	case PICKLE_INTEGER:
		buf_addf(out, "%" PRId64, v->integer);
		break;
	case PICKLE_BOOL:
		buf_adds(out, v->integer ? "True" : "False");
		break;
	case PICKLE_REAL:
		if (!isfinite(v->real)) {
			buf_adds(out, "nan");
			break;
		}
		str_from_double(number, v->real);
		buf_adds(out, number);
		break;
	case PICKLE_NONE:
		buf_adds(out, "None");
		break;
	default:
		buf_adds(out, "...");
		break;
	}
}

/* The letter of "%s", "%-20s", "%.2f" at p[0] == '%'; its length, or 0. */
static size_t
conversion(struct slice s)
{
	size_t n = 1;

	while (n < s.n && strchr("-+ #.0123456789", s.p[n]) != NULL &&
	       s.p[n] != '\0')
		n++;
	return n < s.n && s.p[n] != '\0' &&
		       strchr("sradioxXeEfFgGc%", s.p[n]) != NULL
		   ? n + 1
		   : 0;
}

static void
add_format(struct buf *out, struct slice s, const struct pickle *args)
{
	size_t next = 0, count = pickle_count(args);

	while (s.n > 0) {
		size_t n = s.p[0] == '%' ? conversion(s) : 0;
		if (n == 0) {
			buf_addc(out, s.p[0]);
			n = 1;
		} else if (s.p[n - 1] == '%') {
			buf_addc(out, '%');
		} else if (next < count) {
			add_value(out, pickle_item(args, next++));
		} else {
			buf_add(out, s.p, n);
		}
		s.p += n;
		s.n -= n;
	}
}

void
event_log_format(struct buf *out, const struct pickle *record)
{
	const struct pickle *msg = pickle_get(record, "msg");
	const struct pickle *args = pickle_get(record, "args");

	out->limit = EVENT_FORMAT_MAX;
	buf_adds(out, "");
	if (msg == NULL)
		return;
	/* Without arguments a % is one. */
	if (msg->kind == PICKLE_TEXT && pickle_count(args) > 0)
		add_format(out, msg->text, args);
	else
		add_value(out, msg);
}

static void
add_list(struct buf *out, const struct pickle *list, const char *between)
{
	for (size_t i = 0; i < pickle_count(list) && i < LIST_MAX; i++) {
		buf_adds(out, i > 0 ? between : "");
		add_value(out, pickle_item(list, i));
	}
}

void
event_log_no_provider(struct buf *out, const struct pickle *event)
{
	const struct pickle *dependees = pickle_get(event, "_dependees");
	const struct pickle *reasons = pickle_get(event, "_reasons");
	const struct pickle *like = pickle_get(event, "_close_matches");
	const char *r =
	    pickle_integer(pickle_get(event, "_runtime"), 0) ? "R" : "";

	out->limit = EVENT_FORMAT_MAX;
	buf_addf(out, "Nothing %sPROVIDES '", r);
	if (pickle_get(event, "_item") != NULL)
		add_value(out, pickle_get(event, "_item"));
	buf_addc(out, '\'');
	if (pickle_count(dependees) > 0) {
		buf_adds(out, " (but ");
		add_list(out, dependees, ", ");
		buf_addf(out, " %sDEPENDS on or otherwise requires it)", r);
	}
	if (pickle_count(reasons) > 0) {
		buf_addc(out, '\n');
		add_list(out, reasons, "\n");
	} else if (pickle_count(like) > 0) {
		buf_adds(out, ". Close matches:\n  ");
		add_list(out, like, "\n  ");
	}
}

static bool
is_class_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

const char *
event_log_qa_class(struct arena *a, struct slice text)
{
	size_t from;

	text = slice_trim(text);
	if (!slice_starts(text, "QA Issue:") || text.p[text.n - 1] != ']')
		return "";
	from = text.n - 1;
	while (from > 0 && is_class_letter(text.p[from - 1]))
		from--;
	if (from == 0 || text.p[from - 1] != '[' || from == text.n - 1 ||
	    text.n - 1 - from > CLASS_MAX)
		return "";
	return arena_strndup(a, text.p + from, text.n - 1 - from);
}

bool
event_log_summary(struct slice text, const char *word, int64_t *out)
{
	const char *at = memmem(text.p, text.n, word, strlen(word));
	struct slice rest, number;

	if (at == NULL)
		return false;
	at += strlen(word);
	rest = slice_trim((struct slice){at, (size_t)(text.p + text.n - at)});
	slice_cut(&rest, ' ', &number);
	return str_to_i64(number.p, number.n, out) && *out >= 0;
}

const char *
event_log_text(const struct event_log *e, struct slice text, size_t max)
{
	struct mask mask = {.rules = e->o.mask};
	struct buf plain = BUF_INIT;
	struct slice line;
	const char *clean;

	text = slice_trim(text);
	for (size_t n = 0; plain.len <= max && slice_line(&text, &line); n++) {
		buf_adds(&plain, n > 0 ? "\n" : "");
		mask_line(&mask, line, &plain, NULL, 0);
	}
	clean = utf8_cut(e->a,
	    utf8_scrub(e->a, plain.len > 0 ? plain.data : "", plain.len), max);
	buf_clear(&plain);
	return clean;
}
