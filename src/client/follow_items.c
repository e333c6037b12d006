/* follow_items.c: what the run's directory has, and how much of it a server
 * has; see follow.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "client/files.h"
#include "client/follow.h"

#define TASK_FILE_MAX ((size_t)4 << 20)

struct follow_item *
follow_item(struct follow *f, const char *member)
{
	bool is_new;
	uint32_t n = intern_add(&f->members, slice_of(member), &is_new);
	const char *slash = strchr(member, '/');
	struct follow_item *i;

	if (!is_new)
		return &f->item[n];
	f->item = arena_grow(
	    f->a, f->item, &f->items_cap, f->nitems + 1, sizeof(*f->item));
	i = &f->item[f->nitems++];
	*i = (struct follow_item){.member = f->members.texts[n].p};
	if (slash != NULL && strncmp(slash + 1, "do_", 3) == 0) {
		i->pf = arena_strndup(f->a, member, (size_t)(slash - member));
		i->task = arena_strdup(f->a, slash + 1);
	}
	return i;
}

/* ---- the journal of a server ---- */

static bool
take_number(struct slice *rest, int64_t *out)
{
	struct slice word;

	slice_cut(rest, ' ', &word);
	return str_to_i64(word.p, word.n, out);
}

/* "item SENT OUT MEMBER" */
static void
take_sent(struct follow *f, unsigned server, struct slice rest)
{
	struct follow_item *i;
	int64_t sent, out;

	if (!take_number(&rest, &sent) || !take_number(&rest, &out) ||
	    rest.n == 0)
		return;
	i = follow_item(f, arena_strndup(f->a, rest.p, rest.n));
	i->sent[server] = sent;
	i->out[server] = out;
}

/* "begun ID TOKEN URL" */
static void
take_begun(struct follow *f, struct follow_server *s, struct slice rest)
{
	struct slice token;
	int64_t id;

	if (!take_number(&rest, &id) || !slice_cut(&rest, ' ', &token) ||
	    rest.n == 0)
		return;
	s->id = id;
	s->build_token = arena_strndup(f->a, token.p, token.n);
	s->url = arena_strndup(f->a, rest.p, rest.n);
}

static void
journal_line(struct follow *f, struct follow_server *s, struct slice line)
{
	struct slice word;
	int64_t n;

	if (!slice_cut(&line, ' ', &word))
		return;
	if (slice_is(word, "item"))
		take_sent(f, s->number, line);
	else if (slice_is(word, "begun"))
		take_begun(f, s, line);
	else if (slice_is(word, "shape"))
		intern_add(&s->shapes, line, &(bool){false});
	else if (slice_is(word, "notes") && take_number(&line, &n))
		s->notes = (size_t)n;
	else if (slice_is(word, "finished"))
		s->finished = true;
}

void
follow_journal_text(
    struct follow *f, struct follow_server *s, struct slice text)
{
	struct slice line;

	/* A line that was cut has no LF. */
	while (text.n > 0 && memchr(text.p, '\n', text.n) != NULL &&
	       slice_line(&text, &line))
		journal_line(f, s, line);
}

/* ---- the run's directory ---- */

/* Behind the last block that has its end: "Ended: 1700000022.34 \n" */
static size_t
complete_bytes(struct slice text)
{
	size_t done = 0;
	struct slice rest = text, line;

	while (slice_line(&rest, &line))
		if (slice_starts(line, "Ended: ") &&
		    line.p + line.n < text.p + text.n)
			done = (size_t)(line.p + line.n + 1 - text.p);
	return done;
}

static double
started_in(struct slice text)
{
	static const char key[] = "\nStarted: ";
	const char *p =
	    text.n == 0 ? NULL : memmem(text.p, text.n, key, sizeof(key) - 1);

	return p == NULL ? 0 : strtod(p + sizeof(key) - 1, NULL);
}

/* What was not complete yet of a task's file. */
static void
look_at_task(struct follow *f, struct follow_item *i, const char *path)
{
	struct slice text;
	size_t done;

	if (file_read(f->scratch, path, TASK_FILE_MAX, &text, NULL) != ERR_OK ||
	    text.n <= (size_t)i->ready)
		return;
	text.p += i->ready;
	text.n -= (size_t)i->ready;
	done = f->over ? text.n : complete_bytes(text);
	if (done > 0)
		i->since = clock_ms();
	i->ready += (int64_t)done;
	text.p += done;
	text.n -= done;
	i->started = started_in(text);
}

static void
look_at(struct follow *f, const char *member, const struct dir_entry *e)
{
	struct follow_item *i = follow_item(f, member);

	if (e->st.st_size == i->size && !(f->over && i->ready < i->size))
		return;
	i->size = e->st.st_size;
	if (i->task != NULL) {
		look_at_task(f, i, e->path);
		return;
	}
	if (i->ready < i->size)
		i->since = clock_ms();
	i->ready = i->size;
}

/* "reduced_proc_pressure/cpu.log", but no directory of a recipe: of the kinds
 * of files that are wanted? */
static bool
is_wanted(const struct follow *f, const char *member)
{
	static const char *const series[] = {
	    "reduced_proc_", "proc_", "monitor_disk.log", "host_stats"};

	if (strcmp(member, "build_stats") == 0)
		return true;
	for (size_t i = 0; i < f->left_out.n; i++)
		if (slice_starts(slice_of(member), f->left_out.texts[i].p))
			return false;
	for (size_t i = 0; i < sizeof(series) / sizeof(series[0]); i++)
		if (strncmp(member, series[i], strlen(series[i])) == 0)
			return (f->report & REPORT_SERIES) != 0;
	return strncmp(strchrnul(member, '/'), "/do_", 4) == 0 &&
	       (f->report & REPORT_TASKS) != 0;
}

/* A directory whose files are done and to which none was added. */
static bool
is_settled(struct follow *f, const struct dir_entry *e)
{
	bool is_new;
	uint32_t n = intern_add(&f->dirs, slice_of(e->name), &is_new);
	int64_t changed =
	    (int64_t)e->st.st_mtim.tv_sec * 1000000000 + e->st.st_mtim.tv_nsec;

	if (is_new)
		f->dir_state = arena_grow(f->a, f->dir_state, &f->dirs_cap,
		    f->dirs.n, sizeof(*f->dir_state));
	if (!is_new && !f->over && f->dir_state[n].changed == changed &&
	    f->dir_state[n].open == 0)
		return true;
	f->dir_state[n] = (struct follow_dir){changed, 0};
	return false;
}

static void
count_open(struct follow *f, const struct dir_entry *dir, const char *member)
{
	const struct follow_item *i = follow_item(f, member);
	uint32_t n;

	if (i->ready < i->size &&
	    intern_find(&f->dirs, slice_of(dir->name), &n))
		f->dir_state[n].open++;
}

static void
scan_below(struct follow *f, const struct dir_entry *dir)
{
	struct dir_list list;

	if (is_settled(f, dir) ||
	    dir_read(f->scratch, dir->path, &list, NULL) != ERR_OK)
		return;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		const char *member =
		    arena_printf(f->scratch, "%s/%s", dir->name, e->name);
		if (e->link || !S_ISREG(e->st.st_mode) || !is_wanted(f, member))
			continue;
		look_at(f, member, e);
		count_open(f, dir, member);
	}
}

void
follow_scan(struct follow *f)
{
	struct dir_list list;

	if (dir_read(f->scratch, f->run, &list, NULL) != ERR_OK)
		list.n = 0;
	for (size_t i = 0; i < list.n; i++) {
		const struct dir_entry *e = &list.entry[i];
		if (e->link)
			continue;
		if (S_ISDIR(e->st.st_mode))
			scan_below(f, e);
		else if (S_ISREG(e->st.st_mode) && is_wanted(f, e->name))
			look_at(f, e->name, e);
	}
	f->looked = clock_ms();
	arena_reset(f->scratch);
}
