/*
 * environment_files.h: what the files beside a run tell of its environment.
 *
 * They were not written for us, so nothing in them is refused: what can't be
 * read is not known.  Every function fills an env_facts that the caller
 * initialised.
 */
#ifndef MODEL_ENVIRONMENT_FILES_H
#define MODEL_ENVIRONMENT_FILES_H

#include <stdbool.h>

#include "model/environment.h"

/* The last banner "Build Configuration:" of a console log. */
void console_log_read(struct arena *a, struct slice text, struct env_facts *f);

/* A line of that banner: "NATIVELSBSTRING", "universal/debian-12". */
void banner_value_read(
    struct arena *a, struct slice key, struct slice v, struct environment *env);

/* buildhistory: build-id.txt of an image, metadata-revs. */
void build_id_read(struct arena *a, struct slice text, struct env_facts *f);
void metadata_revs_read(
    struct arena *a, struct slice text, struct env_facts *f);

/* "Host Info: Linux node release version machine" without its key. */
void host_info_read(struct arena *a, struct slice line, struct env_facts *f);

/* ".../work/<machine>-<vendor>-<os>/<image>/<version>/rootfs": the image and,
 * from MACHINE_ARCH, a guess at the machine. */
void rootfs_path_read(struct arena *a, struct slice path, struct env_facts *f);

/* "<target>-<machine>", a directory of before 2016. */
void target_machine_read(
    struct arena *a, struct slice name, struct env_facts *f);

#endif
