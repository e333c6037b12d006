/* build_json.h: what of a build is kept as JSON in its row. */
#ifndef MODEL_BUILD_JSON_H
#define MODEL_BUILD_JSON_H

#include "base/buf.h"
#include "model/build.h"

struct derived_slots;

/*
 * What isn't a column: distro_version host_info host_distro host_arch
 * bitbake_version mode, cooker_cpu (or null), layers [{name branch commit
 * modified}], origin {field: source}, sent (build.json as it came, a text).
 */
void build_json_environment(struct buf *out, const struct build *b);

/* {"name": [sum, max]} of stored and derived metrics and of the numbers of the
 * build as a whole, sorted by name. */
void build_json_metrics(
    struct buf *out, const struct build *b, const struct derived_slots *ds);

/* The same of the numbers alone. */
void build_json_numbers(struct buf *out, const struct build *b);

/* [{"path", "bytes"}] */
void build_json_rootfs(struct buf *out, const struct build *b);

#endif
