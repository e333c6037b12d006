/* fuzz_buildbot.c: what Buildbot tells of a build, read and made a build. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/ci.h"
#include "model/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECEIVED (INT64_C(1795356270) * 1000000)

static void
clean(const char *s)
{
	if (!utf8_clean(s, strlen(s)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(0);
	struct errinfo ei = {0};
	struct ci_run r;
	const struct build *b;

	if (ci_read(a, (struct slice){(const char *)data, size}, "token",
		MASK_DEFAULT, &r, &ei) != ERR_OK) {
		clean(ei.text);
	} else {
		b = ci_build(a, &r, RECEIVED);
		clean(b->name);
		clean(b->env.builder);
		clean(b->env.machine);
		clean(b->env.ci_url);
		for (size_t i = 0; i < r.nproperties; i++) {
			clean(r.names[i]);
			clean(r.properties[i]);
		}
		if (r.result[0] == '\0' && r.status != BUILD_RUNNING)
			abort();
		if (r.url[0] != '\0' && strncmp(r.url, "http", 4) != 0)
			abort();
	}
	arena_free(a);
	return 0;
}
