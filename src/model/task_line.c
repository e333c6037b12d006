/* task_line.c: see task_line.h. */
#include "model/task_line.h"

#include <string.h>

#include "model/task_file.h"

#define ELAPSED_KEY "Elapsed time"

struct known_key {
	const char *key; /* a blank at its end: a prefix */
	enum line_check check;
	bool usec; /* a sum of seconds and microseconds, see NUM_USEC */
};

static const struct known_key known_keys[] = {
    {"Started", CHECK_EPOCH, false},
    {"Ended", CHECK_EPOCH, false},
    {ELAPSED_KEY, CHECK_DURATION, false},
    {"CPU usage", CHECK_NONE, false},
    {"utime", CHECK_DURATION, false},
    {"stime", CHECK_DURATION, false},
    {"cutime", CHECK_DURATION, false},
    {"cstime", CHECK_DURATION, false},
    {"rusage ru_utime", CHECK_DURATION, true},
    {"rusage ru_stime", CHECK_DURATION, true},
    {"Child rusage ru_utime", CHECK_DURATION, true},
    {"Child rusage ru_stime", CHECK_DURATION, true},
    {"rusage ", CHECK_NONE, false},
    {"Child rusage ", CHECK_NONE, false},
    {"IO ", CHECK_NONE, false},
};

static const struct known_key *
find_key(struct slice key)
{
	for (size_t i = 0; i < sizeof(known_keys) / sizeof(known_keys[0]);
	     i++) {
		const char *k = known_keys[i].key;
		if (k[strlen(k) - 1] == ' ' ? slice_starts(key, k)
					    : slice_is(key, k))
			return &known_keys[i];
	}
	return NULL;
}

bool
line_check_value(enum line_check check, enum num_form form, int64_t value)
{
	double d;

	if (check == CHECK_NONE)
		return true;
	d = num_to_double(form, value);
	return d <= EPOCH_MAX && d >= (check == CHECK_EPOCH ? EPOCH_MIN : 0);
}

static size_t
number_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '\0' &&
	       strchr("0123456789.+-eE", s.p[n]) != NULL)
		n++;
	return n;
}

/*
 * Reads the number that s starts with.  Zeros that its form would not print
 * ("1.500") become part of the text behind it.
 */
static bool
take_number(struct task_line *l, struct slice s, bool usec)
{
	struct slice t = {s.p, number_length(s)};

	if (usec && num_parse_as(t, NUM_USEC, &l->value)) {
		l->form = NUM_USEC;
		l->number_n = t.n;
		return true;
	}
	for (;;) {
		if (t.n > 0 && num_parse(t, &l->form, &l->value)) {
			l->number_n = t.n;
			return true;
		}
		if (t.n < 2 || t.p[t.n - 1] != '0' ||
		    memchr(t.p, '.', t.n) == NULL ||
		    memchr(t.p, 'e', t.n) != NULL)
			return false;
		t.n--;
	}
}

/* Nothing, a short unit, or dropped zeros and one of the two. */
static bool
is_unit(struct slice s)
{
	while (s.n > 0 && s.p[0] == '0') {
		s.p++;
		s.n--;
	}
	return s.n == 0 || s.p[0] == '\r' ||
	       ((s.p[0] == ' ' || s.p[0] == '%') && s.n <= UNIT_MAX);
}

static void
wrong(struct task_line *l, const char *why)
{
	l->kind = LINE_WRONG;
	l->wrong = why;
}

/* The number at `at` of a line whose key was found; says what is wrong with
 * it if the key is a known one. */
static void
read_value(struct task_line *l, struct slice line, size_t at,
    const struct known_key *known)
{
	struct slice rest = {line.p + at, line.n - at};

	l->known = known != NULL;
	if (!take_number(l, rest, known != NULL && known->usec) ||
	    !is_unit(
		(struct slice){rest.p + l->number_n, rest.n - l->number_n})) {
		l->number_n = 0;
		if (known != NULL)
			wrong(l, "not a number");
		return;
	}
	l->number_at = at;
	l->check = known != NULL ? known->check : CHECK_NONE;
	if (!line_check_value(l->check, l->form, l->value))
		wrong(l,
		    l->check == CHECK_EPOCH ? "not a time" : "not a duration");
}

/* "<PF>: <task>", and until 2016 ": Elapsed time: 1.23 seconds" behind. */
static void
read_name(struct task_line *l, struct slice line, size_t name_n)
{
	static const char elapsed[] = ": " ELAPSED_KEY ": ";
	struct slice rest = {line.p + name_n, line.n - name_n};

	if (rest.n > 0 && rest.p[0] != ' ' && rest.p[0] != ':' &&
	    rest.p[0] != '\r')
		return; /* another task's name goes on */
	l->kind = LINE_NAME;
	l->known = true;
	l->name_n = name_n;
	if (!slice_starts(rest, elapsed))
		return;
	l->key = SLICE(ELAPSED_KEY);
	read_value(l, line, name_n + sizeof(elapsed) - 1, find_key(l->key));
}

static void
read_key(struct task_line *l, struct slice line)
{
	struct slice rest = line, key;
	const struct known_key *known;

	if (!slice_cut(&rest, ':', &key) || key.n == 0 || key.n > KEY_MAX ||
	    !utf8_clean(key.p, key.n) || memchr(key.p, '\t', key.n) != NULL)
		return;
	l->key = key;
	known = find_key(key);
	if (rest.n > 0 && rest.p[0] == ' ')
		read_value(l, line, key.n + 2, known);
	else if (known != NULL)
		wrong(l, "not a number");
	if (l->number_n > 0 && l->kind == LINE_UNKNOWN)
		l->kind = LINE_NUMBER;
}

void
task_line_read(struct task_line *l, struct slice line, struct slice name)
{
	*l = (struct task_line){.kind = LINE_UNKNOWN};
	if (memchr(line.p, '\0', line.n) != NULL) {
		l->kind = LINE_BINARY;
	} else if (slice_starts(line, "Event: TaskStarted")) {
		l->kind = LINE_EVENT;
	} else if (slice_starts(line, "Status: PASSED")) {
		l->kind = LINE_STATUS;
		l->status = TASK_PASSED;
	} else if (slice_starts(line, "Status: FAILED")) {
		l->kind = LINE_STATUS;
		l->status = TASK_FAILED;
	} else {
		if (line.n >= name.n && memcmp(line.p, name.p, name.n) == 0)
			read_name(l, line, name.n);
		if (l->kind == LINE_UNKNOWN)
			read_key(l, line);
		return;
	}
	l->known = true;
}
