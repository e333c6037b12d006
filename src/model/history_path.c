/* history_path.c: see history_path.h. */
#include "model/history_path.h"

#include <stddef.h>

#include "model/member.h"

static const struct {
	const char *name, *top;
	size_t depth; /* directories between top and the file */
	enum history_file file;
} files[] = {
    {"latest", "packages", 2, HISTORY_RECIPE},
    {"latest", "packages", 3, HISTORY_PACKAGE},
    {"files-in-package.txt", "packages", 3, HISTORY_PACKAGE_FILES},
    {"image-info.txt", "images", 3, HISTORY_IMAGE},
    {"files-in-image.txt", "images", 3, HISTORY_IMAGE_FILES},
    {"installed-package-sizes.txt", "images", 3, HISTORY_INSTALLED_SIZES},
    {"installed-package-info.txt", "images", 3, HISTORY_INSTALLED_INFO},
    {"build-id.txt", "images", 3, HISTORY_BUILD_ID},
};

/* The place of a file below its top directory, which ends in *dir. */
static bool
lies_below(
    struct slice dir, const char *top, size_t depth, struct history_at *out)
{
	struct slice part;

	for (size_t i = depth; i-- > 0;)
		if (!dir_pop(&dir, &out->part[i]))
			return false;
	if (!dir_pop(&dir, &part) || !slice_is(part, top))
		return false;
	out->dir = dir;
	return true;
}

static bool
find_file(struct slice dir, struct slice name, struct history_at *out)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!slice_is(name, files[i].name) ||
		    !lies_below(dir, files[i].top, files[i].depth, out))
			continue;
		out->file = files[i].file;
		return true;
	}
	out->dir = dir;
	if (slice_is(name, "metadata-revs"))
		out->file = HISTORY_REVS;
	else if (slice_is(name, "elf-sizes"))
		out->file = HISTORY_ELF;
	return out->file != HISTORY_OTHER;
}

/* Steps out of .../buildhistory. */
static bool
step_out(struct slice *dir)
{
	struct slice d = *dir, last;

	if (!dir_pop(&d, &last) || !slice_is(last, "buildhistory"))
		return false;
	*dir = d;
	return true;
}

bool
history_path(struct slice path, struct history_at *out)
{
	struct slice dir = path, name, part;

	*out = (struct history_at){.file = HISTORY_OTHER};
	dir_pop(&dir, &name);
	if (find_file(dir, name, out)) {
		step_out(&out->dir);
		return true;
	}
	out->dir = dir;
	if (slice_is(name, "commit") && step_out(&out->dir)) {
		out->file = HISTORY_COMMIT;
		return true;
	}
	while (dir.n > 0) {
		dir_pop(&dir, &part);
		out->dir = dir;
		if (slice_is(part, "buildhistory"))
			return true;
	}
	return false;
}
