/*
 * error_line.c: see error_line.h.
 *
 * A line is judged in three steps: how it starts (begins[]), what shape it has
 * (a compiler's excerpt of the source), and the first word in it that means
 * something (words[]), each with a test of what stands around it, because
 * "error" is also part of -Werror, error.c and perror.
 */
#include "model/error_line.h"

#include <ctype.h>
#include <string.h>

#include "model/ansi.h"
#include "model/gram.h"
#include "model/scan.h"

#define LOOKED_AT 4096
#define LABEL_REACH 256 /* bytes before a label that are looked at */
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct line_class plain = {LINE_PLAIN, SAYS_NOTHING};
static const struct line_class context = {LINE_CONTEXT, SAYS_NOTHING};
static const struct line_class leads = {LINE_CONTEXT, SAYS_WHERE};
static const struct line_class warning = {LINE_WARNING, SAYS_NOTHING};
static const struct line_class trailer = {LINE_TRAILER, SAYS_NOTHING};
static const struct line_class where = {LINE_TRAILER, SAYS_WHERE};
static const struct line_class wrapped = {LINE_ERROR, SAYS_WHERE};
static const struct line_class maybe = {LINE_ERROR, SAYS_MAYBE};
static const struct line_class sure = {LINE_ERROR, SAYS_WHY};

struct beginning {
	const char *text;
	const struct line_class *means;
};

/* How lines start; the first that fits decides. */
static const struct beginning begins[] = {
    {"DEBUG: ", &plain},
    {"NOTE: ", &plain},
    {"checking ", &plain},
    {"+ ", &plain},
    {"-- Configuring incomplete, errors", &trailer},
    {"-- ", &plain},
    {"CMake Error", &sure},
    {"CMake Warning", &warning},
    {"CMake Deprecation Warning", &warning},
    {"Call Stack (most recent call first)", &context},
    {"Traceback (most recent call last)", &leads},
    {"During handling of the above exception", &leads},
    {"The above exception was the direct cause", &leads},
    {"The stack trace of python calls", &leads},
    {"In file included from", &leads},
    {"                 from ", &leads},
    {"  File \"", &leads},
    {"File: '", &leads},
    {"  --> ", &context},
    {"   --> ", &context},
    {"note: ", &context},
    {"help: ", &context},
    {"Please submit a full bug report", &context},
    {"The bug is not reproducible", &context},
    {"For more information about this error", &context},
    {"A full log can be found at", &context},
    {"\t#", &context},
    {"Backtrace (BB generated script)", &context},
    {"compilation terminated.", &trailer},
    {"collect2: error: ld returned", &trailer},
    {"ninja: build stopped", &trailer},
    {"error: aborting due to", &trailer},
    {"error: could not compile", &where},
    {"Summary: There w", &trailer},
    {"FAILED: ", &wrapped},
    {"FAIL: ", &maybe},
    {"fatal: ", &sure},
    {"panic: ", &sure},
    {"E: ", &sure},
    {"W: ", &warning},
    {"npm ERR!", &maybe},
    {"npm error ", &maybe},
    {"[ERROR] ", &maybe},
    {"Killed", &sure},
    {"Terminated", &maybe},
    {"Patch log indicates that patches do not apply", &sure},
};

/* What an ERROR or a WARNING says that says nothing, or not much. */
static const struct beginning says_little[] = {
    {"Logfile of failure stored in", &trailer},
    {"Function failed: ", &trailer},
    {"ExecutionError(", &trailer},
    {"Execution of ", &trailer},
    {"exit code ", &trailer},
    {"oe_runmake failed", &trailer},
    {"meson failed", &trailer},
    {"autoreconf execution failed", &trailer},
    {"Fatal QA errors were found", &trailer},
    {"QA run found fatal errors", &trailer},
    {"Error executing a python function", &trailer},
    {"Build of ", &trailer},
    {"Backtrace (BB generated script)", &context},
    {"The stack trace of python calls", &leads},
    {"Command execution failed: ", &trailer},
    {"aborting due to", &trailer},
    {"linker command failed", &trailer},
    {"ld returned", &trailer},
    {"in `", &wrapped},
    {"in '", &wrapped},
};

/* Errors that hold one of these only wrap what another line says. */
static const char *const wraps[] = {"exit status", "exit code",
    "returned non-zero", "Execution of '", " failed: exit", "make returned 2",
    " execution failed"};

/* Where a word was found in a line. */
struct place {
	struct slice line;
	size_t at, n; /* the word */
};

typedef struct line_class (*judge_fn)(const struct place *p);

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '/' ||
	       c == '.';
}

static const struct line_class *
find_beginning(struct slice s, const struct beginning *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s.n > 0 && s.p[0] == list[i].text[0] &&
		    slice_starts(s, list[i].text))
			return list[i].means;
	return NULL;
}

/* "zlib-1.3.1-r0 do_compile: " in front of what a recipe's task says. */
static struct slice
without_task(struct slice s)
{
	const char *blank = memchr(s.p, ' ', s.n < 200 ? s.n : 200), *colon;
	struct slice rest;

	if (blank == NULL)
		return s;
	rest = slice_from(s, (size_t)(blank - s.p) + 1);
	colon = memchr(rest.p, ':', rest.n < 64 ? rest.n : 64);
	if (!slice_starts(rest, "do_") || colon == NULL ||
	    memchr(rest.p, ' ', (size_t)(colon - rest.p)) != NULL)
		return s;
	return slice_trim(slice_from(rest, (size_t)(colon - rest.p) + 1));
}

/* "Task (x.bb:do_compile) failed with exit code '1'", "run.do_compile.7:203
 * exit 1 from 'make'" */
static bool
says_exit(struct slice s)
{
	return (slice_starts(s, "Task ") &&
		   slice_contains(s, " failed with exit code ")) ||
	       (slice_contains(s, " exit ") && slice_contains(s, " from '"));
}

/* What stands behind the label of an error or a warning. */
static struct line_class
weigh(struct slice says, struct line_class as)
{
	const struct line_class *known;

	says = without_task(slice_trim(says));
	known = find_beginning(says, says_little, COUNT(says_little));
	if (known != NULL)
		return *known;
	if (says_exit(says))
		return trailer;
	if (as.kind != LINE_ERROR)
		return as;
	for (size_t i = 0; i < COUNT(wraps); i++)
		if (slice_contains(says, wraps[i]))
			return wrapped;
	return as;
}

/* "no error: ...", 'echo error: ...', "0 error: " are said of no error. */
static bool
is_no_label(struct slice before)
{
	static const char *const words[] = {"echo", "printf", "no", "for", "on",
	    "if", "the", "an", "any", "this", "that", "of", "is", "with",
	    "without", "and", "or", "last", "first", "standard", "return",
	    "throw", "case", "-e", "-n", "@echo"};
	size_t from_at = before.n;

	while (from_at > 0 && before.p[from_at - 1] != ' ' &&
	       before.n - from_at < 20)
		from_at--;
	before = slice_from(before, from_at);
	for (size_t i = 0; i < COUNT(words); i++)
		if (slice_is(before, words[i]))
			return true;
	for (size_t i = 0; i < before.n; i++)
		if (!isdigit((unsigned char)before.p[i]))
			return false;
	return true;
}

/* Within a string of a program that is being compiled or echoed. */
static bool
is_quoted(struct slice before)
{
	bool quoted = false;

	for (size_t i = 0; i < before.n; i++)
		quoted ^= before.p[i] == '"';
	return quoted;
}

/* Does a label such as "error:" stand where programs put it? */
static bool
is_label(const struct place *p)
{
	size_t near = p->at < LABEL_REACH ? p->at : LABEL_REACH;
	struct slice before = {p->line.p + p->at - near, near};
	char c = byte_at(p->line, p->at + p->n);

	if (c != ':' && c != '[')
		return false;
	if (near == 0)
		return true;
	c = before.p[near - 1];
	if (is_word_byte(c) || memchr("\"'`<($=%\\,", c, 10) != NULL)
		return false;
	if (is_quoted(before))
		return false;
	before = slice_trim(before);
	return before.n == 0 ||
	       memchr(":])>}*|", before.p[before.n - 1], 7) != NULL ||
	       !is_no_label(before);
}

/* KeyError: 'x'; bb.fetch2.FetchError: ...; ParseError at FILE:LINE: ... */
static bool
is_exception(const struct place *p)
{
	char next = byte_at(p->line, p->at + p->n);

	if (p->line.p[p->at] < 'A' || p->line.p[p->at] > 'Z')
		return false;
	if (next != ':' && next != '\0' &&
	    !slice_starts(slice_from(p->line, p->at + p->n), " at "))
		return false;
	for (size_t i = 0; i < p->at; i++)
		if (!isalnum((unsigned char)p->line.p[i]) &&
		    p->line.p[i] != '.' && p->line.p[i] != '_')
			return false;
	return p->at > 0 || next == ':';
}

static struct line_class
judge_error(const struct place *p)
{
	struct slice says = slice_from(p->line, p->at + p->n);

	if (is_exception(p) || is_label(p))
		return weigh(says.n > 0 ? slice_from(says, 1) : says, sure);
	/* TypeScript and others number theirs */
	if (byte_at(says, 0) == ' ' && p->at > 0 &&
	    p->line.p[p->at - 1] == ' ' &&
	    (slice_starts(says, " TS") || slice_starts(says, " C")) &&
	    isdigit((unsigned char)byte_at(says, 3)))
		return sure;
	return plain;
}

static struct line_class
judge_exception(const struct place *p)
{
	if (!is_exception(p))
		return plain;
	return weigh(slice_from(p->line, p->at + p->n), sure);
}

static struct line_class
judge_warning(const struct place *p)
{
	if (!is_label(p))
		return plain;
	return weigh(slice_from(p->line, p->at + p->n + 1), warning);
}

static struct line_class
judge_note(const struct place *p)
{
	return is_label(p) ? context : plain;
}

static struct line_class
judge_sure(const struct place *p)
{
	(void)p;
	return sure;
}

static struct line_class
judge_maybe(const struct place *p)
{
	(void)p;
	return maybe;
}

static struct line_class
judge_leads(const struct place *p)
{
	(void)p;
	return leads;
}

static struct line_class
judge_trailer(const struct place *p)
{
	(void)p;
	return trailer;
}

/* "install: cannot stat 'x': ...", "ld: cannot find -lx" */
static struct line_class
judge_cannot(const struct place *p)
{
	struct slice what = slice_from(p->line, p->at + p->n);

	return slice_starts(what, "find ") ||
		       slice_starts(what, "allocate memory") ||
		       slice_contains(what, "cannot open shared object")
		   ? sure
		   : maybe;
}

/* "x.c: In function 'f':", "ld: x.o: in function `f':" end there. */
static struct line_class
judge_in_function(const struct place *p)
{
	return slice_ends(p->line, ":") ? leads : plain;
}

/* FAILED as it stands in "Hunk #1 FAILED at 3", not in prose. */
static struct line_class
judge_hunk(const struct place *p)
{
	struct slice s = slice_from(p->line, p->at);

	if (slice_starts(s, "Hunk #") && slice_contains(s, " FAILED at "))
		return sure;
	return slice_starts(s, "hunk") && slice_contains(s, "FAILED") ? wrapped
								      : plain;
}

/* make: *** [Makefile:12: x.o] Error 1; Makefile:3: *** missing separator. */
static struct line_class
judge_stars(const struct place *p)
{
	static const char *const deaths[] = {"Killed", "Segmentation fault",
	    "Terminated", "Aborted", "Bus error", "Illegal instruction"};
	struct slice says = slice_trim(slice_from(p->line, p->at + p->n));

	if (slice_starts(says, "Waiting for unfinished"))
		return trailer;
	if (byte_at(says, 0) != '[')
		return sure;
	for (size_t i = 0; i < COUNT(deaths); i++)
		if (slice_contains(says, deaths[i]))
			return maybe;
	return where;
}

/* "Killed" as a shell says it: "line 5:  1234 Killed   gcc ..." */
static struct line_class
judge_death(const struct place *p)
{
	struct slice before = slice_trim((struct slice){p->line.p, p->at});

	if (before.n == 0 && p->at + p->n == p->line.n)
		return sure;
	if (before.n > 0 && isdigit((unsigned char)before.p[before.n - 1]) &&
	    slice_contains(before, "line "))
		return sure;
	return plain;
}

/* main.go:5:2: undefined: x */
static struct line_class
judge_go(const struct place *p)
{
	struct slice s = slice_from(p->line, p->at + p->n);
	int numbers = 0;

	for (; numbers < 2; numbers++) {
		size_t i = 0;
		while (i < s.n && isdigit((unsigned char)s.p[i]))
			i++;
		if (i == 0 || byte_at(s, i) != ':')
			return plain;
		s = slice_from(s, i + 1);
	}
	return byte_at(s, 0) == ' ' && byte_at(p->line, 0) != ' ' ? sure
								  : plain;
}

/* "sh: 1: frob: not found", "x.sh: line 5: frob: not found" */
static struct line_class
judge_not_found(const struct place *p)
{
	struct slice before = {p->line.p, p->at};

	if (p->at + p->n == p->line.n &&
	    (slice_contains(before, "sh: ") || slice_contains(before, "line ")))
		return maybe;
	return plain;
}

/* Said of something that makes the command fail most often, not always. */
static struct line_class
judge_unless_configure(const struct place *p)
{
	if (slice_starts(p->line, "configure:") ||
	    slice_contains(p->line, "... "))
		return plain;
	return maybe;
}

struct word {
	const char *text; /* in small letters; its first four bytes are rare */
	judge_fn judge;
};

/* Looked for in this order where they share their first four bytes. */
static const struct word words[] = {
    {"error", judge_error},
    {"exception", judge_exception},
    {"warning", judge_warning},
    {"note", judge_note},
    {"in function ", judge_in_function},
    {"in member function ", judge_in_function},
    {"in constructor ", judge_in_function},
    {"in lambda function", judge_in_function},
    {"at top level:", judge_in_function},
    {"in instantiation of ", judge_in_function},
    {"required from ", judge_leads},
    {"required by substitution", judge_leads},
    {"instantiated from ", judge_leads},
    {"undefined reference to ", judge_sure},
    {"multiple definition of ", judge_sure},
    {"relocation truncated to fit", judge_sure},
    {"dso missing from command line", judge_sure},
    {"cannot find ", judge_sure},
    {"cannot open shared object", judge_sure},
    {": cannot ", judge_cannot},
    {"cannot allocate memory", judge_sure},
    {"virtual memory exhausted", judge_sure},
    {"no space left on device", judge_sure},
    {"no rule to make target", judge_sure},
    {"no such file or directory", judge_unless_configure},
    {"permission denied", judge_unless_configure},
    {"command not found", judge_unless_configure},
    {": not found", judge_not_found},
    {"segmentation fault", judge_unless_configure},
    {"core dumped", judge_unless_configure},
    {"killed", judge_death},
    {"terminate called after throwing", judge_sure},
    {"assertion `", judge_sure},
    {"assertion '", judge_sure},
    {"' panicked at ", judge_sure},
    {": *** ", judge_stars},
    {": **** ", judge_sure},
    {"hunk", judge_hunk},
    {"can't find file to patch", judge_sure},
    {"does not apply (enforce with -f)", judge_sure},
    {"reversed (or previously applied) patch", judge_maybe},
    {"can't locate ", judge_sure},
    {"nothing provides ", judge_sure},
    {"nothing rprovides ", judge_sure},
    {"fetcher failure", judge_sure},
    {"could not resolve host", judge_sure},
    {"qa issue: ", judge_sure},
    {".go:", judge_go},
    {"all warnings being treated as errors", judge_trailer},
    {"some warnings being treated as errors", judge_trailer},
    {" errors generated.", judge_trailer},
    {" error generated.", judge_trailer},
    {"not remade because of errors", judge_trailer},
    {"recipe for target ", judge_trailer},
};

/* gram's number - 1 is a word; same[] leads to further ones of that slot. */
static struct grams word_grams;
static unsigned char same[COUNT(words)];

static void
prepare(void)
{
	static bool done;

	if (done)
		return;
	for (size_t i = COUNT(words); i-- > 0;)
		same[i] = grams_add(
		    &word_grams, words[i].text, (unsigned char)(i + 1));
	done = true;
}

static bool
stands_at(struct slice s, size_t at, const char *word, size_t n)
{
	return s.n - at >= n && strncasecmp(s.p + at, word, n) == 0;
}

static struct line_class
judge_at(struct slice line, size_t at, unsigned number)
{
	struct place p = {.line = line, .at = at};
	struct line_class c = plain;

	for (; number != 0 && c.kind == LINE_PLAIN; number = same[number - 1]) {
		const struct word *w = &words[number - 1];
		p.n = strlen(w->text);
		if (stands_at(line, at, w->text, p.n))
			c = w->judge(&p);
	}
	return c;
}

/* The first word that means something decides. */
static struct line_class
judge_words(struct slice line)
{
	struct line_class c = plain;
	unsigned char number;
	size_t at = grams_next(&word_grams, line, 0, &number);

	while (number != 0 && c.kind == LINE_PLAIN) {
		c = judge_at(line, at, number);
		at = grams_next(&word_grams, line, at + 1, &number);
	}
	return c;
}

/* What compilers print of the source: "    5 |  for (", "      |  ^~~", and
 * clang's "    ^~~~". */
static bool
is_source(struct slice s)
{
	size_t i = 0, digits = 0;

	while (i < s.n && s.p[i] == ' ')
		i++;
	while (i < s.n && isdigit((unsigned char)s.p[i])) {
		i++;
		digits++;
	}
	while (digits > 0 && i < s.n && s.p[i] == ' ')
		i++;
	if (i > 0 && byte_at(s, i) == '|')
		return true;
	if (digits > 0 || i == 0 || byte_at(s, i) != '^')
		return false;
	while (i < s.n && memchr("^~ ", s.p[i], 3) != NULL)
		i++;
	return i == s.n;
}

static struct line_class
judge(struct slice line)
{
	const struct line_class *known;

	/* bitbake shows logs behind a bar */
	if (slice_starts(line, "| "))
		line = slice_from(line, 2);
	if (line.n < 3)
		return plain;
	if (line.p[0] == ' ' && is_source(line))
		return context;
	known = find_beginning(line, begins, COUNT(begins));
	if (known == &sure && slice_starts(line, "Killed") && line.n > 6)
		known = NULL;
	if (known != NULL)
		return *known;
	return judge_words(line);
}

/* Copies what isn't an escape sequence. */
static size_t
copy_plain(char *out, size_t max, struct slice line)
{
	size_t n = 0;

	while (line.n > 0 && n < max) {
		size_t skip = 1;
		if (line.p[0] == '\033')
			skip = ansi_escape(line);
		else
			out[n++] = line.p[0];
		line = slice_from(line, skip);
	}
	return n;
}

struct line_class
error_line_class(struct slice line)
{
	char copy[LOOKED_AT];
	size_t n;
	const char *cr;

	prepare();
	while (line.n > 0 && isspace((unsigned char)line.p[line.n - 1]))
		line.n--;
	if (line.n > LOOKED_AT)
		line.n = LOOKED_AT;
	if (line.n < 3)
		return plain;
	/* what a progress bar left behind isn't seen on a terminal */
	cr = memrchr(line.p, '\r', line.n);
	if (cr != NULL)
		line = slice_from(line, (size_t)(cr - line.p) + 1);
	if (memchr(line.p, '\033', line.n) == NULL)
		return judge(line);
	n = copy_plain(copy, LOOKED_AT, line);
	return judge((struct slice){copy, n});
}

enum line_kind
error_line_kind(struct slice line)
{
	return error_line_class(line).kind;
}
