/*
 * normalise.c: the normaliser of signature.h; docs/signatures.md says what it
 * does and why.  When what comes out changes, SIGNATURE_VERSION does.
 *
 * A line is read word by word.  A word is what has no blank, quote, bracket or
 * colon in it; how it looks decides what becomes of it.
 */
#include <ctype.h>
#include <string.h>

#include "model/scan.h"
#include "model/signature.h"
#include "model/word_shape.h"

#define LINE_MAX_BYTES 1000
#define PASSES 4 /* what comes out would come out unchanged */

static void
add(struct buf *out, struct slice s)
{
	buf_add(out, s.p, s.n);
}

/* Of its name only what says what it is: ".o". */
static void
add_temporary(struct buf *out, struct slice w)
{
	const char *dot = w.n > 0 ? memrchr(w.p, '.', w.n) : NULL;
	struct slice end = dot != NULL ? slice_from(w, (size_t)(dot - w.p))
				       : (struct slice){w.p, 0};

	buf_adds(out, "<tmp>");
	if (end.n < 2 || end.n > 5)
		return;
	for (size_t i = 1; i < end.n; i++)
		if (!islower((unsigned char)end.p[i]))
			return;
	add(out, end);
}

/* x86_64-poky-linux-gcc is gcc: the same failure on another machine. */
static struct slice
without_target(struct slice w)
{
	static const char *const tools[] = {"gcc-ar", "gcc-nm", "gcc-ranlib",
	    "gcc", "g++", "cpp", "ld", "ld.bfd", "ld.gold", "as", "ar", "nm",
	    "ranlib", "strip", "objcopy", "objdump", "readelf", "clang",
	    "clang++", "gfortran", "libtool", "pkg-config", "go"};
	const char *linux_at = memmem(w.p, w.n, "-linux-", 7);

	for (size_t i = 0; linux_at != NULL && linux_at > w.p &&
			   i < sizeof(tools) / sizeof(*tools);
	     i++) {
		size_t n = strlen(tools[i]);
		if (slice_ends(w, tools[i]) && w.p[w.n - n - 1] == '-')
			return slice_from(w, w.n - n);
	}
	return w;
}

/* A word that begins with a letter. */
static void
add_name(struct buf *out, struct slice w, bool quoted)
{
	size_t at = word_version_at(w), pid = word_without_pid(w);
	const char *plus = memmem(w.p, w.n, "+0x", 3);

	if (word_is_temporary(w)) {
		add_temporary(out, w);
	} else if (plus != NULL) {
		size_t n = (size_t)(plus - w.p);
		/* the section depends on the compiler's options */
		add(out, slice_starts(w, ".text") ? SLICE(".text")
						  : (struct slice){w.p, n});
		buf_adds(out, "+<hex>");
	} else if (at < w.n && (!quoted || word_is_built(w))) {
		add(out, (struct slice){w.p, at});
		buf_adds(out, "<ver>");
		add(out, word_endings(slice_from(w, at)));
	} else if (pid < w.n) {
		add(out, (struct slice){w.p, pid});
		buf_adds(out, "<n>");
	} else {
		add(out, without_target(w));
	}
}

/* "libfrob >= 2.0": what is asked for is what it is about. */
static bool
is_asked_for(const struct buf *out, size_t line_at)
{
	size_t n = out->len;
	char c, before;

	while (n > line_at && out->data[n - 1] == ' ')
		n--;
	if (n == line_at)
		return false;
	c = out->data[n - 1];
	before = n > line_at + 1 ? out->data[n - 2] : ' ';
	return is_one_of(c, "<>=") && is_one_of(before, "<>=!~ ");
}

struct place {
	struct buf *out;
	size_t line_at; /* where the line begins in out */
	bool quoted;    /* the word stands alone in quotes */
};

/* A word without directories. */
static void
add_word(const struct place *p, struct slice w)
{
	bool number = word_is_number(w);

	if (word_is_uuid(w))
		buf_adds(p->out, "<uuid>");
	else if (word_is_hex(w))
		buf_adds(p->out, "<hex>");
	else if (word_is_hash(w))
		buf_adds(p->out, "<hash>");
	else if ((number || word_is_version(w)) &&
		 is_asked_for(p->out, p->line_at))
		add(p->out, w);
	else if (number || word_is_version(w))
		buf_adds(p->out, "<n>");
	else
		add_name(p->out, w, p->quoted);
}

static bool
has_letter(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_letter(s.p[i]))
			return true;
	return false;
}

/* The last component of a path; 3/12 is none. */
static void
add_path(const struct place *p, struct slice w)
{
	struct place inner = {p->out, p->line_at, false};
	const char *slash;
	struct slice name = w, part;

	if (!has_letter(w)) {
		bool more = true;
		while (more) {
			more = slice_cut(&w, '/', &part);
			if (part.n > 0)
				add_word(&inner, part);
			if (more)
				buf_addc(p->out, '/');
		}
		return;
	}
	while (name.n > 1 && name.p[name.n - 1] == '/')
		name.n--;
	slash = memrchr(name.p, '/', name.n);
	if (slash != NULL)
		name = slice_from(name, (size_t)(slash - name.p) + 1);
	if (slash != NULL &&
	    (slice_is((struct slice){w.p, (size_t)(slash - w.p)}, "/tmp") ||
		slice_is(
		    (struct slice){w.p, (size_t)(slash - w.p)}, "/var/tmp")))
		add_temporary(p->out, name);
	else
		add_word(&inner, name);
}

/* ":12:5" behind a file's name, and ":3.5-3.9"; a colon at its end stays. */
static size_t
place_length(struct slice s)
{
	size_t n = 0;

	if (byte_at(s, 0) != ':' || !is_digit(byte_at(s, 1)))
		return 0;
	while (n + 1 < s.n && is_one_of(s.p[n], ":.,-") && is_digit(s.p[n + 1]))
		n += 1 + word_digits(slice_from(s, n + 1));
	return is_letter(byte_at(s, n)) || byte_at(s, n) == '_' ? 0 : n;
}

/* https://user@host:80/a/b?c: the machine and the last component. */
static size_t
add_url(const struct place *p, struct slice s, size_t scheme)
{
	size_t n = scheme + 3, host = n, end;
	struct slice path;

	while (n < s.n && !is_one_of(s.p[n], " '()[]{}<>,;|\\^"))
		n++;
	for (end = host; end < n && !is_one_of(s.p[end], "/?#"); end++)
		if (s.p[end] == '@')
			host = end + 1;
	add(p->out, (struct slice){s.p, scheme + 3});
	path = (struct slice){s.p + end, n - end};
	for (size_t i = host; i < end && s.p[i] != ':'; i++)
		buf_addc(p->out, s.p[i]);
	for (size_t i = 0; i < path.n; i++)
		if (is_one_of(path.p[i], "?#"))
			path.n = i;
	while (path.n > 0 && is_one_of(path.p[path.n - 1], "/.:"))
		path.n--;
	while (path.n > 0 && path.p[0] == '/')
		path = slice_from(path, 1);
	if (path.n > 0) {
		buf_addc(p->out, '/');
		add_path(&(struct place){p->out, p->line_at, false}, path);
	}
	return n;
}

/* make[1] is make, at whatever depth. */
static size_t
make_depth(struct slice w, struct slice behind)
{
	size_t n = word_digits(slice_from(behind, 1));

	if (!slice_is(w, "make") && !slice_is(w, "gmake"))
		return 0;
	return byte_at(behind, 0) == '[' && n > 0 &&
		       byte_at(behind, n + 1) == ']'
		   ? n + 2
		   : 0;
}

/* The word at the start of s and what belongs to it; returns its length. */
static size_t
normalise_word(const struct place *p, struct slice s, bool quoted)
{
	struct place here = *p;
	struct slice w = s, behind;
	size_t n = 0;

	while (n < s.n && is_word_byte(s.p[n]))
		n++;
	w.n = n;
	behind = slice_from(s, n);
	here.quoted = quoted && byte_at(behind, 0) == '\'';
	if (slice_starts(behind, "://"))
		return add_url(&here, s, n);
	if (word_is_mail(w) && byte_at(behind, 0) != ':') {
		buf_adds(p->out, "<mail>");
		return n;
	}
	/* a dot at the end is the sentence's */
	while (w.n > 1 && is_one_of(w.p[w.n - 1], ".-+~"))
		w.n--;
	if (memchr(w.p, '/', w.n) != NULL)
		add_path(&here, w);
	else
		add_word(&here, w);
	add(p->out, (struct slice){s.p + w.n, n - w.n});
	if (has_letter(w))
		n += place_length(behind);
	return n + make_depth(w, behind);
}

/* Quotes of all kinds become one; the length of what is one. */
static size_t
quote_length(struct slice s)
{
	static const char *const quotes[] = {"'", "\"", "`", "\xc2\xb4",
	    "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c", "\xe2\x80\x9d"};

	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++)
		if (slice_starts(s, quotes[i]))
			return strlen(quotes[i]);
	return 0;
}

/* One quote, one blank, no controls; cut to a length. */
static void
tidy(struct buf *out, struct slice s)
{
	size_t start = out->len;

	while (s.n > 0 && out->len - start < LINE_MAX_BYTES) {
		unsigned char c = (unsigned char)s.p[0];
		size_t n = quote_length(s);
		if (n > 0) {
			buf_addc(out, '\'');
		} else if (c <= ' ' || c == 0x7f) {
			if (out->len > start && out->data[out->len - 1] != ' ')
				buf_addc(out, ' ');
		} else {
			buf_addc(out, (char)c);
		}
		s = slice_from(s, n > 0 ? n : 1);
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		out->len--;
}

/* "[ 45%] ", "[12/345] ", and the bar before what bitbake shows of a log. */
static size_t
progress_length(struct slice s)
{
	size_t n = 1;

	if (slice_starts(s, "| "))
		return 2;
	if (byte_at(s, 0) != '[')
		return 0;
	n += byte_at(s, 1) == ' ';
	if (word_digits(slice_from(s, n)) == 0)
		return 0;
	n += word_digits(slice_from(s, n));
	if (byte_at(s, n) == '%')
		n++;
	else if (byte_at(s, n) == '/' && word_digits(slice_from(s, n + 1)) > 0)
		n += 1 + word_digits(slice_from(s, n + 1));
	else
		return 0;
	return slice_starts(slice_from(s, n), "] ") ? n + 2 : 0;
}

/* "zlib-1.3.1-r0 do_compile: " behind ERROR. */
static size_t
task_length(struct slice s)
{
	const char *blank = s.n > 0 ? memchr(s.p, ' ', s.n) : NULL;
	size_t n = blank != NULL ? (size_t)(blank - s.p) + 1 : 0;

	if (n == 0 || !slice_starts(slice_from(s, n), "do_"))
		return 0;
	while (n < s.n && (isalnum((unsigned char)s.p[n]) || s.p[n] == '_'))
		n++;
	return slice_starts(slice_from(s, n), ": ") ? n + 2 : 0;
}

/* Without " [-Werror=format]" at the end. */
static struct slice
without_option(struct slice s)
{
	while (s.n > 0 && s.p[s.n - 1] == ']') {
		const char *at = memrchr(s.p, '[', s.n);
		if (at == NULL || at == s.p || at[-1] != ' ' ||
		    !slice_starts(slice_from(s, (size_t)(at - s.p)), "[-W"))
			break;
		s = slice_trim((struct slice){s.p, (size_t)(at - s.p)});
	}
	return s;
}

static void
normalise(struct buf *out, struct slice s)
{
	struct place p = {out, out->len, false};
	char before = ' ';

	for (size_t n; (n = progress_length(s)) > 0;)
		s = slice_from(s, n);
	s = without_option(s);
	if (slice_starts(s, "ERROR: ") || slice_starts(s, "WARNING: ")) {
		size_t label = s.p[0] == 'E' ? 7 : 9;
		add(out, (struct slice){s.p, label});
		s = slice_from(s, label);
		for (size_t n; (n = task_length(s)) > 0;)
			s = slice_from(s, n);
	}
	while (s.n > 0) {
		size_t n = word_time_length(s);
		if (n > 0) {
			buf_adds(out, "<time>");
		} else if (is_word_byte(s.p[0]) && s.p[0] != '-') {
			n = normalise_word(&p, s, before == '\'');
		} else {
			buf_addc(out, s.p[0]);
			n = 1;
		}
		before = s.p[n - 1];
		s = slice_from(s, n);
	}
}

void
signature_normalise(struct buf *out, struct slice line)
{
	struct buf now = BUF_INIT, next = BUF_INIT, words = BUF_INIT;

	tidy(&now, line);
	for (int i = 0; i < PASSES; i++) {
		struct buf swap = now;
		buf_reset(&words);
		buf_reset(&next);
		normalise(&words, (struct slice){now.data, now.len});
		tidy(&next, (struct slice){words.data, words.len});
		now = next;
		next = swap;
		if (now.len == next.len &&
		    (now.len == 0 || memcmp(now.data, next.data, now.len) == 0))
			break;
	}
	buf_add(out, now.data, now.len);
	buf_clear(&now);
	buf_clear(&next);
	buf_clear(&words);
}
