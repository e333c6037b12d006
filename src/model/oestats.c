/* oestats.c: numbers and events; see oestats.h. */
#include "model/oestats.h"

#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/arena.h"
#include "model/spool.h"
#include "model/unpack.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define OLDEST_DAYS 60
#define EVENT_VERSION 1
#define NAME_MAX_BYTES 255 /* of one text, and of PF */

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* ---- numbers ---- */

int64_t
oestats_id(int64_t now)
{
	static int64_t last;
	uint16_t random = 0;

	if (getrandom(&random, sizeof(random), 0) < 0)
		random = 0;
	if (now <= last)
		now = last + 1;
	last = now;
	return now * 1000 + random % 1000;
}

int64_t
oestats_id_time(int64_t id)
{
	return id / 1000;
}

bool
oestats_id_read(struct slice text, int64_t now, int64_t *id)
{
	if (text.n == 0 || text.p[0] < '0' || text.p[0] > '9' ||
	    !str_to_i64(text.p, text.n, id))
		return false;
	/* Machines that share the work may have clocks that differ. */
	return oestats_id_time(*id) < now + DAY_US &&
	       oestats_id_time(*id) > now - OLDEST_DAYS * DAY_US;
}

const char *
oestats_code(char out[OESTATS_CODE_MAX], int64_t id)
{
	char reverse[OESTATS_CODE_MAX];
	uint64_t v = (uint64_t)id;
	size_t n = 0;

	do
		reverse[n++] = alphabet[v % 32];
	while ((v /= 32) > 0);
	for (size_t i = 0; i < n; i++)
		out[i] = reverse[n - 1 - i];
	out[n] = '\0';
	return out;
}

bool
oestats_code_read(const char *code, int64_t *id)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; code[n] != '\0'; n++) {
		const char *at = strchr(alphabet, code[n]);
		if (at == NULL || v > INT64_MAX / 32)
			return false;
		v = v * 32 + (uint64_t)(at - alphabet);
	}
	*id = (int64_t)v;
	return n > 0 && v <= INT64_MAX;
}

/* ---- fields ---- */

const char *
oestats_text(struct arena *a, const struct oestats_event *e, const char *name)
{
	static const char *const nothing[] = {"None", "<unknown>"};

	for (size_t i = 0; i < e->nfields; i++) {
		struct slice v = slice_trim(e->fields[i].value);
		if (strcmp(e->fields[i].name, name) != 0)
			continue;
		for (size_t k = 0; k < sizeof(nothing) / sizeof(nothing[0]);
		     k++)
			if (slice_is(v, nothing[k]))
				return "";
		return utf8_scrub(a, v.p, v.n);
	}
	return "";
}

struct slice
oestats_file_bytes(const struct oestats_event *e, const char *name)
{
	for (size_t i = 0; i < e->nfiles; i++)
		if (strcmp(e->files[i].name, name) == 0)
			return e->files[i].zstd;
	return (struct slice){"", 0};
}

bool
oestats_is_failure(struct arena *a, const struct oestats_event *e)
{
	return strcasecmp(oestats_text(a, e, "status"), "Failed") == 0;
}

static enum err
check_text(struct arena *a, const struct oestats_event *e, const char *name,
    bool needed, struct errinfo *ei)
{
	const char *text = oestats_text(a, e, name);

	if (needed && text[0] == '\0')
		return err_set(ei, ERR_INPUT, "%s: there is none", name);
	if (strlen(text) > NAME_MAX_BYTES)
		return err_set(ei, ERR_INPUT, "%s: longer than %d bytes", name,
		    NAME_MAX_BYTES);
	return ERR_OK;
}

static enum err
check_status(struct arena *a, const struct oestats_event *e, struct errinfo *ei)
{
	const char *status = oestats_text(a, e, "status");

	if (strcasecmp(status, "Succeeded") == 0 ||
	    strcasecmp(status, "Failed") == 0 ||
	    (e->what == OESTATS_STOP && strcasecmp(status, "Completed") == 0))
		return ERR_OK;
	return err_set(ei, ERR_INPUT,
	    "status: \"%.40s\" is neither Succeeded nor Failed", status);
}

/* What becomes the names of files must be fit for that. */
static enum err
check_names(struct arena *a, const struct oestats_event *e, struct errinfo *ei)
{
	static const char *const names[] = {"package", "task"};
	size_t pf = strlen(oestats_text(a, e, "package")) +
		    strlen(oestats_text(a, e, "version")) +
		    strlen(oestats_text(a, e, "revision")) + 2;

	if (pf > NAME_MAX_BYTES)
		return err_set(ei, ERR_INPUT,
		    "package, version and revision: longer than %d bytes "
		    "together",
		    NAME_MAX_BYTES);
	for (size_t i = 0; i < 2; i++) {
		const char *s = oestats_text(a, e, names[i]);
		if (strpbrk(s, "/\n\t") != NULL || s[0] == '.')
			return err_set(
			    ei, ERR_INPUT, "%s: this is no name", names[i]);
	}
	return ERR_OK;
}

enum err
oestats_check(
    struct arena *a, const struct oestats_event *e, struct errinfo *ei)
{
	static const struct {
		enum oestats_what what;
		const char *name;
		bool needed;
	} texts[] = {
	    {OESTATS_START, "builder", true},
	    {OESTATS_START, "machine", false},
	    {OESTATS_START, "distro", false},
	    {OESTATS_START, "revision", false},
	    {OESTATS_START, "metadata_branch", false},
	    {OESTATS_START, "metadata_revision", false},
	    {OESTATS_START, "build_arch", false},
	    {OESTATS_TASK, "package", true},
	    {OESTATS_TASK, "version", false},
	    {OESTATS_TASK, "revision", false},
	    {OESTATS_TASK, "task", true},
	    {OESTATS_TASK, "time", false},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		enum err err = ERR_OK;
		if (texts[i].what == e->what)
			err = check_text(
			    a, e, texts[i].name, texts[i].needed, ei);
		if (err != ERR_OK)
			return err;
	}
	if (e->what == OESTATS_START)
		return ERR_OK;
	if (e->what == OESTATS_TASK) {
		enum err err = check_names(a, e, ei);
		if (err != ERR_OK)
			return err;
	}
	return check_status(a, e, ei);
}

/* ---- records ---- */

static void
add_bytes(struct buf *out, struct slice s)
{
	buf_add_varint(out, s.n);
	buf_add(out, s.p, s.n);
}

/* Names carry their NUL, so that they can be used where they lie. */
static void
add_name(struct buf *out, const char *name)
{
	add_bytes(out, (struct slice){name, strlen(name) + 1});
}

void
oestats_encode(struct buf *out, const struct oestats_event *e)
{
	buf_add_varint(out, EVENT_VERSION);
	buf_add_svarint(out, e->live);
	buf_add_varint(out, (uint64_t)e->number);
	buf_add_varint(out, e->nfields);
	for (size_t i = 0; i < e->nfields; i++) {
		add_name(out, e->fields[i].name);
		add_bytes(out, e->fields[i].value);
	}
	buf_add_varint(out, e->nfiles);
	for (size_t i = 0; i < e->nfiles; i++) {
		add_name(out, e->files[i].name);
		add_bytes(out, e->files[i].zstd);
	}
}

static struct slice
get_bytes(struct unpack *u)
{
	return unpack_bytes(u, unpack_varint(u));
}

static const char *
get_name(struct unpack *u)
{
	struct slice s = get_bytes(u);

	if (s.n == 0 || s.p[s.n - 1] != '\0') {
		u->bad = true;
		return "";
	}
	return s.p;
}

bool
oestats_decode(const struct spool_record *r, struct oestats_event *out)
{
	struct unpack u = unpack_start(r->payload);

	*out = (struct oestats_event){
	    .what = (enum oestats_what)r->type, .time = r->time};
	if (unpack_varint(&u) != EVENT_VERSION || r->type < OESTATS_START ||
	    r->type > OESTATS_STOP)
		return false;
	out->live = unpack_svarint(&u);
	out->number = (int)unpack_varint(&u);
	out->nfields = unpack_count(&u, 2);
	if (u.bad || out->nfields > OESTATS_FIELDS_MAX)
		return false;
	for (size_t i = 0; i < out->nfields; i++) {
		out->fields[i].name = get_name(&u);
		out->fields[i].value = get_bytes(&u);
	}
	out->nfiles = unpack_count(&u, 2);
	if (u.bad || out->nfiles > OESTATS_FILES_MAX)
		return false;
	for (size_t i = 0; i < out->nfiles; i++) {
		out->files[i].name = get_name(&u);
		out->files[i].zstd = get_bytes(&u);
	}
	return !u.bad && unpack_left(&u) == 0;
}
