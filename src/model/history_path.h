/*
 * history_path.h: what a file of a buildhistory is, by its path alone.
 *
 * Source of the layout: openembedded-core, meta/classes/buildhistory.bbclass.
 *
 *   packages/ARCH/PN/latest
 *   packages/ARCH/PN/PACKAGE/latest  .../files-in-package.txt
 *   images/MACHINE_ARCH/TCLIBC/IMAGE/image-info.txt  .../build-id.txt
 *       .../files-in-image.txt  .../installed-package-sizes.txt
 *       .../installed-package-info.txt
 *   metadata-revs
 *   commit       the last commit of its repository, as git cat-file prints it
 *
 * and of what clients measure themselves, beside or in a run: elf-sizes.
 */
#ifndef MODEL_HISTORY_PATH_H
#define MODEL_HISTORY_PATH_H

#include <stdbool.h>

#include "base/str.h"

enum history_file {
	HISTORY_OTHER, /* of a buildhistory, and not read */
	HISTORY_RECIPE,
	HISTORY_PACKAGE,
	HISTORY_PACKAGE_FILES,
	HISTORY_IMAGE,
	HISTORY_IMAGE_FILES,
	HISTORY_INSTALLED_SIZES,
	HISTORY_INSTALLED_INFO,
	HISTORY_COMMIT,
	HISTORY_BUILD_ID,
	HISTORY_REVS,
	HISTORY_ELF,
};

struct history_at {
	enum history_file file;
	struct slice dir;     /* what it tells about lies below; of a directory
				 buildhistory/ its parent */
	struct slice part[3]; /* ARCH PN PACKAGE; MACHINE_ARCH TCLIBC IMAGE */
};

/* False if it is of no buildhistory.  One that isn't called so is known by
 * these paths.  All slices are borrowed from path. */
bool history_path(struct slice path, struct history_at *out);

#endif
