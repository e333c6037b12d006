/*
 * report_env.h: what an error report tells of the environment of its build.
 *
 * Nothing is refused: texts that are longer than what the error reporting
 * server of the Yocto Project keeps are cut, values of other types are not
 * known.
 */
#ifndef MODEL_REPORT_ENV_H
#define MODEL_REPORT_ENV_H

#include "model/environment.h"
#include "json/jin.h"

/* Sentences about what was cut or left out. */
struct report_notes {
	struct arena *arena;
	size_t n, cap;
	const char **note;
};
#define REPORT_NOTES_MAX 200
void report_note(struct report_notes *notes, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* Clean and trimmed, cut at so many characters.  place is for the note. */
struct report_field {
	const char *place, *key;
	size_t max;
};
/* "" where there is no such text. */
const char *report_text(const struct jin_at *object,
    const struct report_field *field, struct report_notes *notes);

/* machine, distro, nativelsb, component, layer_version ... of the document. */
void report_environment_read(const struct jin_at *top, struct environment *env,
    struct report_notes *notes);

#endif
