/*
 * form.h: what a client filled in, urlencoded or as multipart: fields as they
 * are, files packed while they come in.
 */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include <stdint.h>

#include "base/buf.h"
#include "web/exchange.h"

#define FORM_FIELDS_MAX 32
#define FORM_FILES_MAX 4
#define FORM_VALUES_MAX ((size_t)256 << 10) /* bytes of all fields */
#define FORM_PACKED_MAX ((size_t)24 << 20)  /* of a file, under zstd */
#define FORM_URLENCODED_MAX ((int64_t)1 << 20)

struct form_field {
	const char *name;
	struct slice value; /* bytes; a NUL behind them */
};

struct form_file {
	const char *name; /* of the field */
	uint64_t size;
	struct buf zstd;
};

struct form_data {
	size_t nfields;
	struct form_field fields[FORM_FIELDS_MAX];
	size_t nfiles;
	struct form_file files[FORM_FILES_MAX];
};

/*
 * Reads the request's body; max: bytes that are taken.  The form has to be
 * cleared whatever comes out; its texts live with the exchange.
 */
enum err form_read(
    struct exchange *x, int64_t max, struct form_data *out) MUST_CHECK;
void form_clear(struct form_data *f);

/* Empty if there is none of that name. */
struct slice form_value(const struct form_data *f, const char *name);
/* NULL if there is none. */
const struct form_file *form_file(const struct form_data *f, const char *name);

#endif
