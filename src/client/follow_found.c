/* follow_found.c: what a line of `events` leads to; see follow.h. */
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "client/files.h"
#include "client/follow.h"
#include "json/jobj.h"

#define QA_LOG_MAX ((size_t)16 << 20)
#define QA_OF_A_LOG 200
#define MESSAGE_MAX 2000
#define COPY_MAX ((size_t)128 << 20)

extern char **environ;

void
follow_line(struct buf *out, double time, const char *kind)
{
	buf_addf(out, "{\"time\":%.3f,\"event\":\"%s\"", time, kind);
}

static void
add(struct buf *out, const char *key, const char *text)
{
	if (text[0] == '\0')
		return;
	buf_addf(out, ",\"%s\":", key);
	buf_add_json(out, text);
}

/* "1.3.1-r0" of "zlib-1.3.1-r0" and "zlib" */
static const char *
version_of(const char *pf, const char *recipe)
{
	size_t n = strlen(recipe);

	return strncmp(pf, recipe, n) == 0 && pf[n] == '-' ? pf + n + 1 : "";
}

static double
time_of(const struct jobj *j)
{
	CLEANUP(buf_clear) struct buf text = BUF_INIT;
	static const char key[] = "\"time\":";
	const char *p;

	jobj_write(j, &text);
	p = strstr(text.data, key);
	return p == NULL ? 0 : strtod(p + sizeof(key) - 1, NULL);
}

static void
begin_about(const struct jobj *j, const char *kind, struct buf *out)
{
	const char *pf = jobj_text(j, "pf"), *recipe = jobj_text(j, "recipe");

	follow_line(out, time_of(j), kind);
	add(out, "recipe", recipe);
	add(out, "version", version_of(pf, recipe));
	add(out, "task", jobj_text(j, "task"));
}

/* ---- logs ---- */

/* "WARNING: zlib-1.3.1-r0 do_package_qa: QA Issue: message [class]" */
static bool
read_qa(struct slice line, bool *is_error, struct slice *message,
    struct slice *class)
{
	static const char issue[] = "QA Issue: ";
	const char *at;

	*is_error = slice_starts(line, "ERROR: ");
	if (!*is_error && !slice_starts(line, "WARNING: "))
		return false;
	at = memmem(line.p, line.n, issue, sizeof(issue) - 1);
	if (at == NULL)
		return false;
	at += sizeof(issue) - 1;
	*message =
	    slice_trim((struct slice){at, (size_t)(line.p + line.n - at)});
	*class = (struct slice){"", 0};
	if (!slice_ends(*message, "]"))
		return true;
	at = memrchr(message->p, '[', message->n);
	if (at != NULL)
		*class = (struct slice){
		    at + 1, (size_t)(message->p + message->n - 1 - (at + 1))};
	return true;
}

static const char *
cut(struct arena *a, struct slice s)
{
	return utf8_scrub(a, s.p, s.n < MESSAGE_MAX ? s.n : MESSAGE_MAX);
}

static void
find_qa(
    struct follow *f, const struct jobj *j, struct slice log, struct buf *out)
{
	struct slice line, message, class;
	bool is_error;
	size_t n = 0;

	while (n < QA_OF_A_LOG && slice_line(&log, &line)) {
		if (!read_qa(line, &is_error, &message, &class))
			continue;
		begin_about(j, "qa", out);
		add(out, "class", cut(f->scratch, class));
		add(out, "level", is_error ? "error" : "warning");
		add(out, "message", cut(f->scratch, message));
		buf_adds(out, "}\n");
		n++;
	}
}

/* The log may be gone when a server can take it: keep a copy. */
static bool
keep_log(struct follow *f, struct slice log, const char *name)
{
	const char *path = arena_printf(f->a, "%s/%s", f->dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && file_write(fd, log.p, log.n);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 && !ok)
		unlink(path);
	return ok;
}

static void
tell_failure(
    struct follow *f, const struct jobj *j, struct slice log, struct buf *out)
{
	const char *name =
	    arena_printf(f->a, "log-%llu", (unsigned long long)f->line);

	begin_about(j, "failure", out);
	add(out, "message", jobj_text(j, "message"));
	if ((f->report & REPORT_LOGS) != 0 && log.n > 0 &&
	    (f->dry_run || keep_log(f, log, name)))
		add(out, "file", name);
	buf_adds(out, "}\n");
}

void
follow_look_into(struct follow *f, const struct jobj *j, struct buf *out)
{
	bool failed = strcmp(jobj_text(j, "status"), "failed") == 0;
	struct slice log = {"", 0};

	if (jobj_text(j, "log")[0] == '/' &&
	    file_read(f->scratch, jobj_text(j, "log"),
		failed ? COPY_MAX : QA_LOG_MAX, &log, NULL) != ERR_OK)
		log.n = 0;
	if ((f->report & REPORT_QA) != 0)
		find_qa(f, j, log, out);
	if (failed)
		tell_failure(f, j, log, out);
	if ((f->report & REPORT_ELF) != 0)
		follow_elf(f, jobj_text(j, "split"), out);
	if ((f->report & REPORT_SIZES) != 0) {
		follow_packages(f, j, out);
		follow_image(f, j, out);
	}
}

/* ---- layers ---- */

/* Runs git; its first line of output, or NULL if it fails. */
static const char *
ask_git(struct follow *f, const char *path, const char *const *words)
{
	const char *const first[] = {"git", "--no-optional-locks", "-C", path};
	char *argv[12] = {0};
	posix_spawn_file_actions_t actions;
	char answer[256];
	size_t n = 0, got = 0;
	int pipes[2], status = -1;
	ssize_t more;
	pid_t pid;

	for (; n < sizeof(first) / sizeof(first[0]); n++)
		argv[n] = arena_strdup(f->scratch, first[n]);
	for (; *words != NULL && n < 11; words++)
		argv[n++] = arena_strdup(f->scratch, *words);
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, "git", &actions, NULL, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	while (
	    pid > 0 && got < sizeof(answer) - 1 &&
	    (more = read(pipes[0], answer + got, sizeof(answer) - 1 - got)) > 0)
		got += (size_t)more;
	close(pipes[0]);
	if (pid <= 0 || waitpid(pid, &status, 0) != pid || status != 0)
		return NULL;
	answer[got] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
	return arena_strdup(f->scratch, answer);
}

static void
add_layer(struct follow *f, const struct follow_layer *l, struct buf *out)
{
	static const char *const branch[] = {
	    "rev-parse", "--abbrev-ref", "HEAD", NULL};
	static const char *const commit[] = {"rev-parse", "HEAD", NULL};
	static const char *const state[] = {
	    "status", "--porcelain", "--untracked-files=no", "--", ".", NULL};
	const char *b = ask_git(f, l->path, branch);
	const char *c = ask_git(f, l->path, commit);
	const char *m = c == NULL ? NULL : ask_git(f, l->path, state);

	buf_adds(out, "{\"name\":");
	buf_add_json(out, l->name);
	if (b != NULL && strcmp(b, "HEAD") != 0)
		add(out, "branch", b);
	if (c != NULL)
		add(out, "commit", c);
	if (m != NULL)
		buf_addf(out, ",\"modified\":%s", m[0] ? "true" : "false");
	buf_addc(out, '}');
}

void
follow_layers(struct follow *f, struct buf *out)
{
	if (f->nlayers == 0)
		return;
	follow_line(out, f->started, "environment");
	buf_adds(out, ",\"layers\":[");
	for (size_t i = 0; i < f->nlayers; i++) {
		buf_adds(out, i > 0 ? "," : "");
		add_layer(f, &f->layer[i], out);
	}
	buf_adds(out, "]}\n");
	arena_reset(f->scratch);
}
