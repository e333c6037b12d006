/* dry_run.c: says what would leave the machine; see client.h. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "client/client.h"
#include "client/say.h"

static bool
show_file(
    void *arg, const char *path, const char *member, const struct stat *st)
{
	(void)arg;
	(void)path;
	say_line("  file %s, %lld bytes", member, (long long)st->st_size);
	return true;
}

static void
show_run(struct arena *a, const struct client *c, const struct run *run)
{
	CLEANUP(buf_clear) struct buf environment = BUF_INIT;
	struct beside b;
	struct errinfo ei;
	bool made;

	beside_find(a, run, !c->o->no_logs, &b);
	made = beside_environment(a, &b, c->o, &environment, &ei) == ERR_OK &&
	       environment.len > 0;
	say_line("  from %s", run->path);
	for (size_t i = 0; i < b.n; i++)
		if (!made || b.file[i].path != b.environment)
			say_line("  with %s from %s", b.file[i].member,
			    b.file[i].path);
	if (made)
		say_line("  with %s made of the options: %.*s",
		    b.environment_member, (int)environment.len - 1,
		    environment.data);
	if (c->o->verbose &&
	    parcel_walk(a, run, show_file, NULL, &ei) != ERR_OK)
		say_error("%s", ei.text);
}

void
dry_run_show(struct arena *a, const struct client *c, const struct run *run,
    const struct parcel *p)
{
	const char *token = c->o->token != NULL && c->o->token[0] != '\0'
				? "with a token"
				: "without a token";
	char bytes[16], packed[16];
	struct slice lines;
	bool known = !c->o->force && p->hash[0] != '\0' &&
		     sent_find(c->sent, a, c->target.base, p, &lines);

	say_bytes(packed, p->size);
	if (run == NULL) {
		say_line("%s: %s, %s, to %s %s%s", p->name,
		    p->files > 0 ? "an error report" : "a tar", packed,
		    c->target.upload, token, known ? ": was sent before" : "");
		return;
	}
	say_bytes(bytes, p->bytes);
	say_line("%s: %zu files, %s, %s packed, to %s %s%s", p->name, p->files,
	    bytes, packed, c->target.upload, token,
	    known ? ": was sent before" : "");
	show_run(a, c, run);
}
