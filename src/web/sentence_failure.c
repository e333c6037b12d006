/* sentence_failure.c: see sentence_failure.h. */
#include "web/sentence_failure.h"

#include <string.h>
#include <strings.h>

#include "web/sentence.h"
#include "xml/doc.h"

#define US INT64_C(1000000)
#define DAY (86400 * US)
/* A longer error would push the verdict out of a chat's line and of a link's
 * preview. */
#define ERROR_MAX 140

static int64_t
day_of(int64_t us)
{
	return us / DAY * DAY;
}

/* ---- new or known ---- */

/* When, and by how many today. */
static void
add_when(struct buf *out, const struct failure_known *known, int64_t now)
{
	bool today =
	    known->first != TIME_UNKNOWN && day_of(known->first) == day_of(now);

	if (today) {
		buf_adds(out, " today");
	} else if (known->first != TIME_UNKNOWN) {
		buf_adds(out, known->times == 1 ? " on " : " since ");
		sentence_day(out, day_of(known->first), now);
	}
	if (known->builders > 0) {
		buf_adds(out, ", ");
		sentence_count(out, known->builders, "builder");
		buf_adds(out, today ? "" : " today");
	} else if (known->last != TIME_UNKNOWN &&
		   day_of(known->last) != day_of(known->first)) {
		buf_adds(out, ", last on ");
		sentence_day(out, day_of(known->last), now);
	}
}

void
sentence_known(struct buf *out, const struct failure_known *known, int64_t now)
{
	char text[HUMAN_MAX];

	if (known->times <= 0) {
		buf_adds(out, "new: not seen before");
		return;
	}
	if (known->times == 1)
		buf_adds(out, "known: once");
	else
		buf_addf(out, "known: %s%s times",
		    known->times >= KNOWN_MAX ? "at least " : "",
		    human_count(text, known->times));
	add_when(out, known, now);
}

/* ---- what failed ---- */

static void
add_machine(struct buf *out, const struct failure_said *said, const char *word)
{
	if (sentence_given(said->machine))
		buf_addf(out, " %s %s", word, said->machine);
}

/* Without the option that asked for the error, "[-Werror=format]". */
static size_t
length_of(const char *line)
{
	size_t n = strlen(line);
	const char *option = strstr(line, " [-W");

	if (option != NULL && option > line &&
	    strcspn(option, "]") + 1 == strlen(option))
		return (size_t)(option - line);
	return n;
}

/* Cut at a blank if one is near, else at a character's border. */
static void
add_error(struct buf *out, const char *line)
{
	size_t n = length_of(line), cut = ERROR_MAX;

	if (n <= ERROR_MAX + 8) {
		buf_add(out, line, n);
		return;
	}
	while (cut > ERROR_MAX - 24 && line[cut] != ' ')
		cut--;
	if (line[cut] != ' ')
		cut = ERROR_MAX;
	while (cut > 0 && ((unsigned char)line[cut] & 0xc0) == 0x80)
		cut--;
	buf_add(out, line, cut);
	buf_adds(out, "…");
}

static void
say_task(struct buf *out, const struct failure_said *said)
{
	if (sentence_given(said->recipe))
		buf_adds(out, said->recipe);
	if (sentence_given(said->task))
		buf_addf(out, "%s%s", sentence_given(said->recipe) ? " " : "",
		    said->task);
	if (!sentence_given(said->recipe) && !sentence_given(said->task))
		buf_adds(
		    out, sentence_given(said->machine) ? "a build" : "A build");
	add_machine(out, said, sentence_given(said->task) ? "on" : "for");
	if (sentence_given(said->first_line)) {
		buf_adds(out, ": ");
		add_error(out, said->first_line);
	} else {
		buf_adds(out, " failed");
	}
}

/* "(but /meta/recipes/a/b_1.0.bb DEPENDS on or otherwise requires it)": b's
 * file name; empty if the line isn't like that. */
static struct slice
who_requires(const char *line)
{
	const char *p = strstr(line, "(but "), *end, *slash;

	if (p == NULL)
		return (struct slice){"", 0};
	p += strlen("(but ");
	end = p + strcspn(p, " ,)");
	slash = memrchr(p, '/', (size_t)(end - p));
	p = slash != NULL ? slash + 1 : p;
	return (struct slice){p, (size_t)(end - p)};
}

static void
say_provider(struct buf *out, const struct failure_said *said)
{
	const char *line =
	    sentence_given(said->first_line) ? said->first_line : "";
	struct slice by = who_requires(line);

	buf_addf(out, "Nothing provides %s",
	    sentence_given(said->recipe) ? said->recipe : "what is needed");
	if (by.n > 0)
		buf_addf(out, ", which %.*s needs,", (int)by.n, by.p);
	add_machine(out, said, "for");
	/* bitbake's own words say nothing more. */
	if (line[0] != '\0' && strcasestr(line, "provides") == NULL) {
		buf_adds(out, ": ");
		add_error(out, line);
	} else if (out->len > 0 && out->data[out->len - 1] == ',') {
		out->data[--out->len] = '\0';
	}
}

/* "ParseError at /meta/a_1.0.bb:18: unparsed line": from the file's name on. */
static const char *
without_path(const char *line)
{
	static const char *const heads[] = {"ParseError at ", "ParseError in "};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t n = strlen(heads[i]), path;
		const char *slash;
		if (strncmp(line, heads[i], n) != 0)
			continue;
		path = strcspn(line + n, ": ");
		slash = memrchr(line + n, '/', path);
		return slash != NULL && slash[1] != '\0' ? slash + 1 : line + n;
	}
	return line;
}

static void
say_parse(struct buf *out, const struct failure_said *said)
{
	if (sentence_given(said->recipe))
		buf_addf(out, "%s does not parse", said->recipe);
	else
		buf_adds(out, "Parsing failed");
	add_machine(out, said, "for");
	if (sentence_given(said->first_line)) {
		buf_adds(out, ": ");
		add_error(out, without_path(said->first_line));
	}
}

void
sentence_failure(struct buf *out, const struct failure_said *said)
{
	struct buf what = BUF_INIT;

	if (said->kind == FAILURE_NO_PROVIDER)
		say_provider(&what, said);
	else if (said->kind == FAILURE_PARSE)
		say_parse(&what, said);
	else
		say_task(&what, said);
	buf_add(out, what.data, what.len);
	buf_clear(&what);
	/* Without an error there is nothing that could have been seen. */
	if (sentence_given(said->first_line) || said->known.times > 0) {
		buf_adds(out, " (");
		sentence_known(out, &said->known, said->now);
		buf_addc(out, ')');
	}
}

/* ---- a signature ---- */

static void
add_ago(struct buf *out, int64_t then, int64_t now)
{
	int64_t minutes = (now - then) / (60 * US);

	if (minutes < 1)
		buf_adds(out, "just now");
	else if (minutes < 120)
		buf_addf(out, "%d min ago", (int)minutes);
	else if (minutes < 48 * 60)
		buf_addf(out, "%d h ago", (int)(minutes / 60));
	else {
		buf_adds(out, "on ");
		sentence_day(out, day_of(then), now);
	}
}

void
sentence_signature(struct buf *out, const struct signature_said *said)
{
	char text[HUMAN_MAX];

	add_error(out, sentence_given(said->line) ? said->line : "No error");
	if (said->times <= 0) {
		buf_adds(out, ": not seen any more");
		return;
	}
	if (said->times == 1) {
		buf_adds(out, ": once, ");
		add_ago(out, said->last, said->now);
		return;
	}
	buf_addf(out, ": %s times since ", human_count(text, said->times));
	sentence_day(out, day_of(said->first), said->now);
	if (said->builders > 0) {
		buf_adds(out, " on ");
		sentence_count(out, said->builders, "builder");
	}
	buf_adds(out, ", last ");
	add_ago(out, said->last, said->now);
}
