/* history_file.c: see history_file.h. */
#include "model/history_file.h"

#include "base/arena.h"
#include "model/build.h"
#include "model/file_list.h"

#define TEXT_MAX 255
#define KIB 1024

static const char *
text_of(struct arena *a, struct slice s)
{
	s = slice_trim(s);
	return s.n > TEXT_MAX ? "" : utf8_scrub(a, s.p, s.n);
}

/* A line "KEY = value", its value without blanks and quotes around it; false
 * for another line. */
static bool
read_pair(struct slice line, struct slice *key, struct slice *value)
{
	struct slice rest = line;

	if (!slice_cut(&rest, '=', key))
		return false;
	*key = slice_trim(*key);
	*value = slice_trim(rest);
	if (value->n >= 2 && value->p[0] == '"' &&
	    value->p[value->n - 1] == '"')
		*value = (struct slice){value->p + 1, value->n - 2};
	return key->n > 0;
}

static int64_t
bytes_of(struct slice s, uint64_t unit)
{
	uint64_t v;

	if (!str_to_u64(s.p, s.n, &v) || v > FILE_SIZE_MAX / unit)
		return -1;
	return (int64_t)(v * unit);
}

/* What a package is called in the end wins: PKGV over PV. */
void
history_latest_read(
    struct arena *a, struct slice text, struct history_latest *out)
{
	struct slice e = {"", 0}, v = {"", 0}, r = {"", 0}, line, key, value;

	*out = (struct history_latest){"", -1};
	while (slice_line(&text, &line)) {
		if (!read_pair(line, &key, &value))
			continue;
		if (slice_is(key, "PE") || slice_is(key, "PKGE"))
			e = value;
		else if (slice_is(key, "PV") || slice_is(key, "PKGV"))
			v = value;
		else if (slice_is(key, "PR") || slice_is(key, "PKGR"))
			r = value;
		else if (slice_is(key, "PKGSIZE"))
			out->bytes = bytes_of(value, 1);
	}
	if (v.n == 0 || e.n + v.n + r.n > TEXT_MAX - 2)
		return;
	out->version =
	    text_of(a, slice_of(arena_printf(a, "%.*s%s%.*s%s%.*s", (int)e.n,
			   e.p, e.n > 0 && !slice_is(e, "0") ? "_" : "",
			   (int)v.n, v.p, r.n > 0 ? "-" : "", (int)r.n, r.p)));
}

int64_t
history_image_size(struct slice text)
{
	struct slice line, key, value;
	int64_t bytes = -1;

	while (slice_line(&text, &line))
		if (read_pair(line, &key, &value) && slice_is(key, "IMAGESIZE"))
			bytes = bytes_of(value, KIB);
	return bytes;
}

/* Words of a line that blanks or tabs separate. */
static bool
next_word(struct slice *rest, struct slice *word)
{
	*rest = slice_trim(*rest);
	*word = (struct slice){rest->p, 0};
	while (word->n < rest->n && rest->p[word->n] != ' ' &&
	       rest->p[word->n] != '\t')
		word->n++;
	rest->p += word->n;
	rest->n -= word->n;
	return word->n > 0;
}

bool
history_installed_size(struct slice *text, struct slice *name, int64_t *bytes)
{
	struct slice line, number, unit;

	*name = (struct slice){"", 0};
	*bytes = -1;
	if (!slice_line(text, &line))
		return false;
	if (next_word(&line, &number) && next_word(&line, &unit) &&
	    slice_is(unit, "KiB") && (*bytes = bytes_of(number, KIB)) >= 0)
		next_word(&line, name);
	return true;
}

bool
history_installed_info(
    struct slice *text, struct slice *name, struct slice *version)
{
	struct slice line, skip;

	*name = *version = (struct slice){"", 0};
	if (!slice_line(text, &line))
		return false;
	if (next_word(&line, name) && next_word(&line, &skip) &&
	    next_word(&line, &skip))
		next_word(&line, version);
	return true;
}

/* ---- elf-sizes ---- */

static bool
last_word(struct slice *rest, struct slice *word)
{
	size_t n;

	*rest = slice_trim(*rest);
	n = rest->n;
	while (n > 0 && rest->p[n - 1] != ' ' && rest->p[n - 1] != '\t')
		n--;
	*word = (struct slice){rest->p + n, rest->n - n};
	rest->n = n;
	return word->n > 0;
}

/* A path may have blanks. */
bool
elf_line_read(struct slice line, struct elf_line *out)
{
	struct slice rest = line, number;

	if (!next_word(&rest, &out->package) || !last_word(&rest, &number) ||
	    !last_word(&rest, &out->section))
		return false;
	out->path = slice_trim(rest);
	return out->path.n > 0 && out->path.n <= FILE_PATH_MAX &&
	       out->package.n <= TEXT_MAX && out->section.n <= TEXT_MAX &&
	       str_to_u64(number.p, number.n, &out->bytes) &&
	       out->bytes <= FILE_SIZE_MAX;
}

/* ---- the commit ---- */

static bool
cut_before(struct slice *rest, const char *mark, struct slice *head)
{
	struct slice words = slice_of(mark);

	for (size_t i = 0; i + words.n <= rest->n; i++) {
		struct slice at = {rest->p + i, rest->n - i};
		if (!slice_starts(at, mark))
			continue;
		*head = (struct slice){rest->p, i};
		*rest = (struct slice){at.p + words.n, at.n - words.n};
		return true;
	}
	return false;
}

/* "[No changes: ]Build NAME of DISTRO VERSION for machine MACHINE on HOST" */
static void
read_subject(struct arena *a, struct slice line, struct history_commit *out)
{
	struct slice name, distro, machine, rest = line, word;

	if (slice_starts(rest, "No changes: "))
		cut_before(&rest, "No changes: ", &word);
	if (!slice_starts(rest, "Build "))
		return;
	cut_before(&rest, "Build ", &word);
	if (!cut_before(&rest, " of ", &name) ||
	    !cut_before(&rest, " for machine ", &distro) ||
	    !cut_before(&rest, " on ", &machine))
		return;
	slice_cut(&distro, ' ', &word);
	out->name = text_of(a, name);
	out->distro = text_of(a, word);
	out->machine = text_of(a, machine);
	out->host = text_of(a, rest);
}

/* "committer NAME <MAIL> SECONDS ZONE" */
static void
read_time(struct slice line, struct history_commit *out)
{
	struct slice zone, seconds;
	int64_t t;

	if (last_word(&line, &zone) && last_word(&line, &seconds) &&
	    str_to_i64(seconds.p, seconds.n, &t) && t > 0 &&
	    t < INT64_C(100000000000))
		out->time = t * 1000000;
}

void
history_commit_read(
    struct arena *a, struct slice text, struct history_commit *out)
{
	bool in_head = true, any = false;
	struct slice line;

	*out = (struct history_commit){"", "", "", "", TIME_UNKNOWN, -1};
	/* The message may come alone. */
	if (!slice_starts(text, "tree "))
		in_head = false;
	while (slice_line(&text, &line)) {
		line = slice_trim(line);
		if (in_head && slice_starts(line, "committer "))
			read_time(line, out);
		if (line.n == 0)
			in_head = false;
		if (in_head || line.n == 0)
			continue;
		if (!any)
			read_subject(a, line, out);
		any = true;
		if (slice_starts(line, "result: succeeded"))
			out->succeeded = 1;
		else if (slice_starts(line, "result: failed"))
			out->succeeded = 0;
	}
}
