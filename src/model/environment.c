/* environment.c: see environment.h. */
#include "model/environment.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "json/jin.h"

#define TARGETS_MAX 1000
#define LAYERS_MAX 1000
#define TAGS_MAX 100

DEFINE_CLEANUP(struct jin *, cleanup_jin, jin_free);

void
env_facts_init(struct env_facts *f)
{
	*f = (struct env_facts){
	    .name = "",
	    .env =
		{
		    .uuid = "",
		    .builder = "",
		    .machine = "",
		    .distro = "",
		    .distro_version = "",
		    .image = "",
		    .host = "",
		    .host_info = "",
		    .host_distro = "",
		    .host_arch = "",
		    .bitbake_version = "",
		    .branch = "",
		    .commit = "",
		    .mode = "",
		    .ci_url = "",
		    .json = "",
		},
	};
}

/* ---- build.json ---- */

struct text_list {
	const char *key;
	size_t max;
	const char ***texts;
	size_t *n;
};

static enum err
read_texts(const struct jin_at *top, struct arena *a,
    const struct text_list *list, struct errinfo *ei)
{
	struct jin_at at;
	enum err e;

	if (!jin_member(top, list->key, &at))
		return ERR_OK;
	if ((e = jin_array(&at, list->n, ei)) != ERR_OK)
		return e;
	if (*list->n > list->max)
		return jin_fail(&at, "too many elements", ei);
	*list->texts = arena_calloc(a, *list->n, sizeof(char *));
	for (size_t i = 0; i < *list->n; i++) {
		struct jin_at item = jin_element(&at, i);
		e = jin_text(&item, a, JIN_TEXT_MAX, &(*list->texts)[i], ei);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

static enum err
read_layer(const struct jin_at *at, struct arena *a, struct layer *out,
    struct errinfo *ei)
{
	struct jin_at modified;
	bool is = false;
	enum err e;

	*out = (struct layer){"", "", "", -1};
	if ((e = jin_object(at, ei)) != ERR_OK ||
	    (e = jin_member_text(at, "name", a, &out->name, ei)) != ERR_OK ||
	    (e = jin_member_text(at, "branch", a, &out->branch, ei)) !=
		ERR_OK ||
	    (e = jin_member_text(at, "commit", a, &out->commit, ei)) != ERR_OK)
		return e;
	if (out->name[0] == '\0')
		return jin_fail(at, "a layer without a name", ei);
	if (!jin_member(at, "modified", &modified))
		return ERR_OK;
	if ((e = jin_bool(&modified, &is, ei)) == ERR_OK)
		out->modified = is;
	return e;
}

static enum err
read_layers(const struct jin_at *top, struct arena *a, struct environment *env,
    struct errinfo *ei)
{
	struct jin_at list;
	size_t n;
	enum err e;

	if (!jin_member(top, "layers", &list))
		return ERR_OK;
	if ((e = jin_array(&list, &n, ei)) != ERR_OK)
		return e;
	if (n > LAYERS_MAX)
		return jin_fail(&list, "too many elements", ei);
	env->layers = arena_calloc(a, n, sizeof(*env->layers));
	for (size_t i = 0; i < n; i++) {
		struct jin_at item = jin_element(&list, i);
		if ((e = read_layer(&item, a, &env->layers[i], ei)) != ERR_OK)
			return e;
	}
	env->nlayers = n;
	return ERR_OK;
}

static enum err
read_host(const struct jin_at *top, struct arena *a, struct environment *env,
    struct errinfo *ei)
{
	struct jin_at host;
	enum err e;

	if (!jin_member(top, "host", &host))
		return ERR_OK;
	if ((e = jin_object(&host, ei)) != ERR_OK ||
	    (e = jin_member_text(&host, "name", a, &env->host, ei)) != ERR_OK ||
	    (e = jin_member_text(&host, "distro", a, &env->host_distro, ei)) !=
		ERR_OK)
		return e;
	return jin_member_text(&host, "arch", a, &env->host_arch, ei);
}

static enum err
read_uuid(const struct jin_at *top, struct arena *a, struct environment *env,
    struct errinfo *ei)
{
	unsigned char bytes[16];
	struct jin_at at;
	char *lower;
	enum err e;

	if (!jin_member(top, "uuid", &at))
		return ERR_OK;
	if ((e = jin_text(&at, a, JIN_TEXT_MAX, &env->uuid, ei)) != ERR_OK ||
	    env->uuid[0] == '\0')
		return e;
	if (!str_to_uuid(env->uuid, strlen(env->uuid), bytes))
		return jin_fail(&at, "not a UUID", ei);
	lower = arena_strdup(a, env->uuid);
	for (char *p = lower; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p - 'A' + 'a');
	env->uuid = lower;
	return ERR_OK;
}

static enum err
read_mode(const struct jin_at *top, struct arena *a, struct environment *env,
    struct errinfo *ei)
{
	struct jin_at at;
	enum err e;

	if (!jin_member(top, "mode", &at))
		return ERR_OK;
	if ((e = jin_text(&at, a, JIN_TEXT_MAX, &env->mode, ei)) != ERR_OK)
		return e;
	if (env->mode[0] != '\0' && strcmp(env->mode, "clean") != 0 &&
	    strcmp(env->mode, "incremental") != 0)
		return jin_fail(&at, "neither clean nor incremental", ei);
	return ERR_OK;
}

static enum err
read_ci_url(const struct jin_at *top, struct arena *a, struct environment *env,
    struct errinfo *ei)
{
	struct jin_at at;
	enum err e;

	if (!jin_member(top, "ci_url", &at))
		return ERR_OK;
	if ((e = jin_text(&at, a, JIN_TEXT_MAX, &env->ci_url, ei)) != ERR_OK)
		return e;
	if (env->ci_url[0] != '\0' && strncmp(env->ci_url, "http://", 7) != 0 &&
	    strncmp(env->ci_url, "https://", 8) != 0)
		return jin_fail(&at, "no web address", ei);
	return ERR_OK;
}

static enum err
read_members(const struct jin_at *top, struct arena *a, struct env_facts *f,
    struct errinfo *ei)
{
	struct environment *env = &f->env;
	const struct {
		const char *key;
		const char **into;
	} texts[] = {
	    {"name", &f->name},
	    {"builder", &env->builder},
	    {"machine", &env->machine},
	    {"distro", &env->distro},
	    {"distro_version", &env->distro_version},
	    {"image", &env->image},
	    {"bitbake_version", &env->bitbake_version},
	    {"branch", &env->branch},
	    {"commit", &env->commit},
	};
	const struct text_list targets = {
	    "targets", TARGETS_MAX, &env->targets, &env->ntargets};
	const struct text_list tags = {
	    "tags", TAGS_MAX, &env->tags, &env->ntags};
	enum err e;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if ((e = jin_member_text(
			 top, texts[i].key, a, texts[i].into, ei)) != ERR_OK)
			return e;
	if ((e = read_uuid(top, a, env, ei)) != ERR_OK ||
	    (e = read_mode(top, a, env, ei)) != ERR_OK ||
	    (e = read_ci_url(top, a, env, ei)) != ERR_OK ||
	    (e = read_host(top, a, env, ei)) != ERR_OK ||
	    (e = read_layers(top, a, env, ei)) != ERR_OK ||
	    (e = read_texts(top, a, &targets, ei)) != ERR_OK)
		return e;
	return read_texts(top, a, &tags, ei);
}

enum err
build_json_read(struct arena *a, const char *file, struct slice text,
    struct env_facts *out, struct errinfo *ei)
{
	CLEANUP(cleanup_jin) struct jin *j = NULL;
	CLEANUP(buf_clear) struct buf compact = BUF_INIT;
	struct jin_at top;
	enum err e;

	env_facts_init(out);
	if ((e = jin_parse(file, text, BUILD_JSON_MAX, &j, ei)) != ERR_OK)
		return e;
	top = jin_top(j);
	if ((e = jin_object(&top, ei)) != ERR_OK ||
	    (e = read_members(&top, a, out, ei)) != ERR_OK)
		return e;
	jin_write(j, &compact);
	out->env.json = utf8_scrub(a, compact.data, compact.len);
	return ERR_OK;
}

/* ---- putting together ---- */

/* Adds a pair to env->origin, which ends with NULL. */
static void
add_origin(struct arena *a, struct environment *env, const char *field,
    const char *source)
{
	size_t n = 0;
	const char **list;

	while (env->origin != NULL && env->origin[n] != NULL)
		n++;
	list = arena_calloc(a, n + 3, sizeof(*list));
	if (n > 0)
		memcpy(list, env->origin, n * sizeof(*list));
	list[n] = field;
	list[n + 1] = source;
	env->origin = list;
}

static const char *
origin_of(const struct environment *env, const char *field)
{
	for (size_t i = 0; env->origin != NULL && env->origin[i] != NULL;
	     i += 2)
		if (strcmp(env->origin[i], field) == 0)
			return env->origin[i + 1];
	return "";
}

static void
merge_text(struct arena *a, struct environment *env, const char *field,
    const char **into, const char *from, const char *source)
{
	if ((*into)[0] != '\0' || from[0] == '\0')
		return;
	*into = from;
	add_origin(a, env, field, source);
}

#define TEXT(field)                                                            \
	merge_text(a, into, #field, &into->field, from->field, source)

void
env_merge(struct arena *a, struct environment *into,
    const struct environment *from, const char *source)
{
	TEXT(uuid);
	TEXT(builder);
	TEXT(machine);
	TEXT(distro);
	TEXT(distro_version);
	TEXT(image);
	TEXT(host);
	TEXT(host_info);
	TEXT(host_distro);
	TEXT(host_arch);
	TEXT(bitbake_version);
	TEXT(branch);
	TEXT(commit);
	TEXT(mode);
	TEXT(ci_url);
	if (into->json[0] == '\0')
		into->json = from->json;
	if (into->ntargets == 0 && from->ntargets > 0) {
		into->ntargets = from->ntargets;
		into->targets = from->targets;
		add_origin(a, into, "targets", source);
	}
	if (into->nlayers == 0 && from->nlayers > 0) {
		into->nlayers = from->nlayers;
		into->layers = from->layers;
		add_origin(a, into, "layers", source);
	}
	if (into->ntags == 0 && from->ntags > 0) {
		into->ntags = from->ntags;
		into->tags = from->tags;
		add_origin(a, into, "tags", source);
	}
}

static const struct layer *
find_layer(const struct environment *env, const char *name)
{
	for (size_t i = 0; i < env->nlayers; i++)
		if (strcmp(env->layers[i].name, name) == 0)
			return &env->layers[i];
	return NULL;
}

void
env_complete(struct arena *a, struct environment *env)
{
	const struct layer *meta = find_layer(env, "meta");
	const char *source = origin_of(env, "layers");

	if (meta != NULL) {
		merge_text(
		    a, env, "branch", &env->branch, meta->branch, source);
		merge_text(
		    a, env, "commit", &env->commit, meta->commit, source);
	}
	if (env->ntargets > 0)
		merge_text(a, env, "image", &env->image, env->targets[0],
		    origin_of(env, "targets"));
	merge_text(a, env, "builder", &env->builder, env->host,
	    origin_of(env, "host"));
}
