/* bundle_tar.c: a bundle from a tar, or from one file; see bundle.h. */
#include "archive/inflate.h"
#include "archive/tar_reader.h"
#include "model/bundle.h"

static enum err
give_content(struct bundle *bu, struct tar_reader *tar, struct errinfo *ei)
{
	for (;;) {
		struct slice piece;
		enum err err = tar_reader_data(tar, &piece, ei);
		if (err != ERR_OK)
			return err;
		if (piece.n == 0)
			return bundle_member_end(bu, ei);
		err = bundle_data(bu, piece.p, piece.n, ei);
		if (err != ERR_OK)
			return err;
	}
}

enum err
bundle_read_tar(struct bundle *bu, struct tar_reader *tar, struct errinfo *ei)
{
	for (;;) {
		struct slice path;
		uint64_t size;
		bool more, want = false;
		enum err err = tar_reader_next(tar, &path, &size, &more, ei);
		if (err != ERR_OK || !more)
			return err;
		err = bundle_member(bu, path, size, &want, ei);
		if (err == ERR_OK && want)
			err = give_content(bu, tar, ei);
		if (err != ERR_OK)
			return err;
	}
}

enum err
bundle_read_file(
    struct bundle *bu, const char *name, struct inflate *in, struct errinfo *ei)
{
	struct slice piece;
	bool want;
	enum err err = bundle_member(bu, slice_of(name), 0, &want, ei);

	while (err == ERR_OK) {
		err = inflate_next(in, &piece, ei);
		if (err != ERR_OK || piece.n == 0)
			break;
		err = bundle_data(bu, piece.p, piece.n, ei);
	}
	return err == ERR_OK ? bundle_member_end(bu, ei) : err;
}
