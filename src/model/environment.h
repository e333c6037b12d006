/*
 * environment.h: where a build ran and what was asked of it, put together
 * from several files.
 *
 * build.json, one object; every member may be missing, null or, for texts,
 * empty.  Texts are at most 255 bytes, the document 256 KiB.
 *
 *   uuid             a UUID that the client made: the build's identity.  It
 *                    belongs to one run: two runs below one build.json with
 *                    a uuid are refused
 *   name             BUILDNAME; where it is not the name of a run's directory
 *                    (and that is a time), the document is not about that run
 *   builder          who or what built, default is the host's node name
 *   machine distro distro_version image
 *   targets          array of texts: what bitbake was asked for; at most 1,000
 *   host             object: name, distro ("debian-12"), arch ("x86_64")
 *   bitbake_version
 *   layers           array of objects: name, branch, commit, modified (true,
 *                    false); at most 1,000
 *   branch commit    of the layer that holds oe-core's meta
 *   mode             "clean" or "incremental"
 *   ci_url           the autobuilder's page about the build, http or https
 *   threads          BB_NUMBER_THREADS; kept, and read by task_graph_load.h
 *   tags             array of texts; at most 100
 *
 * Other members are kept (env.json) and shown, not read.  A member of a wrong
 * type is refused: "build.json: layers[2].commit: expected a string".
 */
#ifndef MODEL_ENVIRONMENT_H
#define MODEL_ENVIRONMENT_H

#include "base/err.h"
#include "model/build.h"

#define BUILD_JSON_MAX ((size_t)256 << 10)

/* What one source says; texts "" where it is silent. */
struct env_facts {
	struct environment env;
	const char *name; /* BUILDNAME */
};

void env_facts_init(struct env_facts *f);

/* file is the path that begins the sentences about wrong input. */
enum err build_json_read(struct arena *a, const char *file, struct slice text,
    struct env_facts *out, struct errinfo *ei) MUST_CHECK;

/* Fills what `into` lacks, and remembers in its origin that `source` told. */
void env_merge(struct arena *a, struct environment *into,
    const struct environment *from, const char *source);

/* What follows from the rest: branch and commit from the layer "meta", the
 * image from the targets, the builder from the host. */
void env_complete(struct arena *a, struct environment *env);

#endif
