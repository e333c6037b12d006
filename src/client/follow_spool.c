/* follow_spool.c: the files of a spool; see follow.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "client/files.h"
#include "client/follow.h"
#include "client/say.h"
#include "model/mask.h"
#include "json/jobj.h"

#define SPOOL_MAX ((size_t)256 << 10)
#define FOUND_MAX ((size_t)256 << 20)
#define LINE_MAX_BYTES ((size_t)64 << 10)
#define PIECE ((size_t)1 << 20)

DEFINE_CLEANUP(struct jobj *, cleanup_jobj, jobj_free);

static const char *
in_spool(const struct follow *f, const char *name)
{
	return arena_printf(f->a, "%s/%s", f->dir, name);
}

static const char *
text_or_null(struct arena *a, const struct jobj *j, const char *key)
{
	const char *text = jobj_text(j, key);

	return text[0] != '\0' ? arena_strdup(a, text) : NULL;
}

/* A token in a file, of which the first line counts. */
static const char *
read_token(struct arena *a, const char *path)
{
	struct slice text, line;
	struct errinfo ei;

	if (file_read(a, path, 4096, &text, &ei) != ERR_OK) {
		say_note("token: %s", ei.text);
		return NULL;
	}
	if (!slice_line(&text, &line))
		return NULL;
	line = slice_trim(line);
	return line.n > 0 ? arena_strndup(a, line.p, line.n) : NULL;
}

/* Tells the numbers of this process from those of others on this spool. */
static int64_t
first_seq(void)
{
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)time(NULL) * 1000003 ^ (uint64_t)getpid();
	return (INT64_C(1) << 40) + (int64_t)((random >> 24) << 20);
}

static enum err
read_server(struct follow *f, const struct jobj *j, struct errinfo *ei)
{
	unsigned n = (unsigned)f->nservers;
	struct follow_server *s = &f->server[n];
	const char *file = text_or_null(f->a, j, "token_file");
	const char *mask = text_or_null(f->a, j, "mask");
	enum err e = target_read(f->a, jobj_text(j, "url"), &s->target, ei);

	if (e != ERR_OK)
		return e;
	s->number = n;
	s->token = text_or_null(f->a, j, "token");
	if (s->token == NULL && file != NULL)
		s->token = read_token(f->a, file);
	s->builder = text_or_null(f->a, j, "builder");
	s->mask = MASK_DEFAULT;
	if (mask != NULL && !mask_rules_read(mask, &s->mask))
		return err_set(
		    ei, ERR_INPUT, "mask: '%.80s' names no rules", mask);
	s->next_seq = first_seq();
	intern_init(&s->shapes, f->a);
	f->nservers++;
	return ERR_OK;
}

static unsigned
read_report(const char *text)
{
	static const struct {
		const char *word;
		unsigned bit;
	} words[] = {{"tasks", REPORT_TASKS}, {"logs", REPORT_LOGS},
	    {"series", REPORT_SERIES}, {"sizes", REPORT_SIZES},
	    {"elf", REPORT_ELF}, {"qa", REPORT_QA}};
	struct slice rest = slice_of(text), word;
	unsigned out = 0;

	for (bool more = true; more;) {
		more = slice_cut(&rest, ' ', &word);
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (slice_is(word, words[i].word))
				out |= words[i].bit;
	}
	return out;
}

static void
read_layers(struct follow *f, const struct jobj *j)
{
	size_t n = jobj_count(j, "layers");

	f->layer = arena_calloc(f->a, n + 1, sizeof(*f->layer));
	for (size_t i = 0; i < n; i++) {
		CLEANUP(cleanup_jobj)
		struct jobj *one = jobj_element(j, "layers", i);
		if (one != NULL)
			f->layer[f->nlayers++] = (struct follow_layer){
			    arena_strdup(f->a, jobj_text(one, "name")),
			    arena_strdup(f->a, jobj_text(one, "path"))};
	}
}

/* Texts between commas. */
static void
read_list(struct follow *f, const char *text, struct intern *out)
{
	struct slice rest = slice_of(text), word;
	bool more = true;

	intern_init(out, f->a);
	while (more) {
		more = slice_cut(&rest, ',', &word);
		if (word.n > 0)
			intern_add(out, word, &(bool){false});
	}
}

static enum err
read_settings(struct follow *f, struct errinfo *ei)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;
	struct slice text;
	enum err e =
	    file_read(f->a, in_spool(f, "spool.json"), SPOOL_MAX, &text, ei);

	if (e == ERR_OK && jobj_parse(text, &j, ei) != ERR_OK)
		e = err_prefix(ei, "spool.json");
	if (e != ERR_OK)
		return e;
	f->run = arena_strdup(f->a, jobj_text(j, "run"));
	f->report = read_report(jobj_text(j, "report"));
	read_list(f, jobj_text(j, "leave_out"), &f->left_out);
	read_list(f, jobj_text(j, "leave_lines"), &f->left_lines);
	read_layers(f, j);
	for (size_t i = 0;
	     i < jobj_count(j, "servers") && i < FOLLOW_SERVERS_MAX; i++) {
		CLEANUP(cleanup_jobj)
		struct jobj *one = jobj_element(j, "servers", i);
		if (one == NULL || read_server(f, one, ei) != ERR_OK)
			return err_prefix(ei, "spool.json: servers[%zu]", i);
	}
	return ERR_OK;
}

/* The number that follows "KEY": in a line of ours. */
static double
number_of(struct slice line, const char *key)
{
	const char *p = memmem(line.p, line.n, key, strlen(key));

	return p == NULL ? 0 : strtod(p + strlen(key), NULL);
}

static enum err
read_begin(struct follow *f, struct errinfo *ei)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL, *host = NULL;
	enum err e = file_read(
	    f->a, in_spool(f, "begin.json"), SPOOL_MAX, &f->begin, ei);

	if (e != ERR_OK)
		return e;
	if (jobj_parse(f->begin, &j, ei) != ERR_OK)
		return err_prefix(ei, "begin.json");
	host = jobj_object(j, "host");
	f->host =
	    host == NULL ? "" : arena_strdup(f->a, jobj_text(host, "name"));
	f->started = number_of(f->begin, "\"started\":");
	return ERR_OK;
}

static const char *
kind_of(struct follow *f, struct slice line)
{
	static const char key[] = "\"event\":\"";
	const char *p = memmem(line.p, line.n, key, sizeof(key) - 1), *end;

	if (p == NULL)
		return "";
	p += sizeof(key) - 1;
	end = memchr(p, '"', (size_t)(line.p + line.n - p));
	return end == NULL ? "" : arena_strndup(f->a, p, (size_t)(end - p));
}

/* How long elf-sizes is by now. */
static void
count_elf(struct follow *f, struct slice line)
{
	CLEANUP(cleanup_jobj) struct jobj *j = NULL;

	if (jobj_parse(line, &j, NULL) == ERR_OK &&
	    strcmp(jobj_text(j, "path"), "elf-sizes") == 0)
		f->elf_bytes = jobj_number(j, "offset", 0) +
			       (int64_t)strlen(jobj_text(j, "text"));
}

/* A line of `found`, which is ours and whole. */
static void
take_found(struct follow *f, struct slice line)
{
	struct follow_note *n;

	if (slice_starts(line, "{\"scanned\":")) {
		f->scanned = (uint64_t)number_of(line, "{\"scanned\":");
		return;
	}
	f->note = arena_grow(
	    f->a, f->note, &f->notes_cap, f->nnotes + 1, sizeof(*f->note));
	n = &f->note[f->nnotes++];
	n->time = number_of(line, "{\"time\":");
	n->kind = kind_of(f, line);
	n->line.p = arena_strndup(f->a, line.p, line.n);
	n->line.n = line.n;
	if (strcmp(n->kind, "finished") == 0)
		f->has_end = true;
	if (strcmp(n->kind, "file") == 0)
		count_elf(f, line);
}

/* Cuts `found` behind its last "scanned" line and takes what is left. */
static enum err
read_found(struct follow *f, struct errinfo *ei)
{
	const char *path = in_spool(f, "found");
	struct slice text, line;
	size_t keep = 0;
	enum err e;

	f->found = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (f->found < 0)
		return err_set(
		    ei, ERR_INTERNAL, "%s: %s", path, strerror(errno));
	e = file_read(f->scratch, path, FOUND_MAX, &text, ei);
	if (e != ERR_OK)
		return e;
	for (struct slice rest = text; slice_line(&rest, &line);)
		if (slice_starts(line, "{\"scanned\":") &&
		    line.p + line.n < text.p + text.n)
			keep = (size_t)(line.p + line.n + 1 - text.p);
	if (!f->dry_run && ftruncate(f->found, (off_t)keep) != 0)
		return err_set(
		    ei, ERR_INTERNAL, "%s: %s", path, strerror(errno));
	text.n = keep;
	while (slice_line(&text, &line))
		take_found(f, line);
	arena_reset(f->scratch);
	return ERR_OK;
}

static void
read_journals(struct follow *f)
{
	struct slice text;

	for (size_t i = 0; i < f->nservers && !f->dry_run; i++)
		if (file_read(f->scratch,
			arena_printf(f->scratch, "%s/sent-%zu", f->dir, i),
			FOUND_MAX, &text, NULL) == ERR_OK)
			follow_journal_text(f, &f->server[i], text);
	arena_reset(f->scratch);
}

enum err
follow_open(struct follow *f, struct errinfo *ei)
{
	enum err e = read_settings(f, ei);

	intern_init(&f->members, f->a);
	intern_init(&f->dirs, f->a);
	f->begun = clock_ms();
	if (e == ERR_OK)
		e = read_begin(f, ei);
	if (e == ERR_OK)
		e = read_found(f, ei);
	if (e == ERR_OK)
		read_journals(f);
	return e;
}

void
follow_close(struct follow *f)
{
	for (size_t i = 0; i < f->nservers; i++) {
		buf_clear(&f->server[i].body);
		buf_clear(&f->server[i].journal);
	}
	if (f->found >= 0)
		close(f->found);
}

bool
follow_add_found(struct follow *f, struct buf *lines)
{
	struct slice text, line;
	struct stat st;

	buf_addf(lines, "{\"scanned\":%llu}\n", (unsigned long long)f->line);
	if (lines->failed || fstat(f->found, &st) != 0)
		return false;
	if (!f->dry_run && !file_write(f->found, lines->data, lines->len)) {
		if (!f->told_disk)
			say_note("%s: %s", f->dir, strerror(errno));
		f->told_disk = true;
		if (ftruncate(f->found, st.st_size) != 0)
			say_detail("%s: %s", f->dir, strerror(errno));
		return false;
	}
	text = buf_slice(lines);
	while (slice_line(&text, &line))
		take_found(f, line);
	return true;
}

/* Where the cooker is, as it says now and then. */
static void
take_progress(struct follow *f, const struct jobj *j)
{
	f->done = jobj_number(j, "done", f->done);
	f->total = jobj_number(j, "total", f->total);
	f->setscene_done = jobj_number(j, "setscene_done", f->setscene_done);
	f->setscene_total = jobj_number(j, "setscene_total", f->setscene_total);
}

/* Environment and end go as they are, the kind behind the time. */
static void
keep_event(const struct jobj *j, const char *kind, struct buf *out)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	CLEANUP(cleanup_jobj) struct jobj *rest = NULL;
	double time;

	jobj_write(j, &text);
	time = number_of(buf_slice(&text), "\"time\":");
	if (jobj_parse(buf_slice(&text), &rest, NULL) != ERR_OK)
		return;
	jobj_remove(rest, "time");
	jobj_remove(rest, "seq");
	jobj_remove(rest, "event");
	buf_reset(&text);
	jobj_write(rest, &text);
	follow_line(out, time, kind);
	if (text.len > 2) /* more than {} */
		buf_addf(out, ",%s\n", text.data + 1);
	else
		buf_adds(out, "}\n");
}

static void
take_event(struct follow *f, const struct jobj *j, struct buf *out)
{
	const char *kind = jobj_text(j, "event");

	if (strcmp(kind, "progress") == 0)
		take_progress(f, j);
	else if (f->line <= f->scanned)
		return;
	else if (strcmp(kind, "task") == 0)
		follow_look_into(f, j, out);
	else if (strcmp(kind, "environment") == 0 ||
		 strcmp(kind, "finished") == 0)
		keep_event(j, kind, out);
}

/*
 * Lines that aren't whole, of a killed writer or a full disk, are passed over;
 * they have their number all the same.  false when what they lead to can't be
 * kept: then they are to be read again.
 */
static bool
take_lines(struct follow *f, struct slice text)
{
	CLEANUP(buf_clear) struct buf out = BUF_INIT;
	struct slice line;

	while (slice_line(&text, &line)) {
		CLEANUP(cleanup_jobj) struct jobj *j = NULL;
		f->line++;
		if (line.n == 0 || line.n > LINE_MAX_BYTES ||
		    jobj_parse(line, &j, NULL) != ERR_OK)
			continue;
		take_event(f, j, &out);
	}
	return (out.len == 0 && f->line <= f->scanned + 100) ||
	       follow_add_found(f, &out);
}

void
follow_read_events(struct follow *f)
{
	CLEANUP(cleanup_fd)
	int fd = open(in_spool(f, "events"), O_RDONLY | O_CLOEXEC);
	char *piece = arena_alloc(f->scratch, PIECE);
	ssize_t got;

	while (fd >= 0 && (got = pread(fd, piece, PIECE, f->events_at)) > 0) {
		const char *end = memrchr(piece, '\n', (size_t)got);
		size_t n = end == NULL ? 0 : (size_t)(end + 1 - piece);
		uint64_t before = f->line;
		if (n == 0)
			break;
		if (!take_lines(f, (struct slice){piece, n})) {
			f->line = before;
			break;
		}
		f->events_at += (int64_t)n;
	}
	arena_reset(f->scratch);
}

bool
follow_is_alive(const struct follow *f)
{
	CLEANUP(cleanup_fd)
	int fd = open(in_spool(f, "alive"), O_RDONLY | O_CLOEXEC);

	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 &&
	       errno == EWOULDBLOCK;
}

void
follow_put(const struct follow *f, const char *name, const char *text)
{
	const char *path = in_spool(f, name);
	const char *temp = arena_printf(f->a, "%s.new", path);
	int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return;
	ok = file_write(fd, text, strlen(text));
	close(fd);
	if (!ok || rename(temp, path) != 0)
		unlink(temp);
}

void
follow_remove(const struct follow *f)
{
	struct dir_list list;

	if (dir_read(f->a, f->dir, &list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++)
		unlink(list.entry[i].path);
	rmdir(f->dir);
}
