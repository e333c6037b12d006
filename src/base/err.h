/*
 * err.h: the one error type of the project.
 *
 * A function that can fail returns enum err; the sentence for the person goes
 * into a struct errinfo that the caller hands down.  The public text names the
 * place ("build_stats line 3: ..."); the detail (SQL, errno) is for the log
 * only and never leaves the machine.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum err {
	ERR_OK = 0,
	ERR_INPUT,       /* what was sent is wrong */
	ERR_TOO_BIG,     /* a limit was passed */
	ERR_UNSUPPORTED, /* well-formed, of a kind we don't take */
	ERR_DENIED,      /* needs another token or login */
	ERR_NOT_FOUND,   /* no such thing */
	ERR_CONFLICT,    /* contradicts what is stored */
	ERR_BUSY,        /* try again later */
	ERR_UPSTREAM,    /* another server failed us */
	ERR_DB,          /* the database is down or refused */
	ERR_INTERNAL,    /* our own fault */
	ERR__MAX
};

#define ERR_TEXT_MAX 512

struct errinfo {
	enum err code;
	char text[ERR_TEXT_MAX];   /* one sentence, UTF-8, for the person */
	char detail[ERR_TEXT_MAX]; /* for the log; may be empty */
};

/*
 * Records an error and returns its code, so that failures read
 * `return err_set(ei, ERR_INPUT, "...", ...)`.  Bytes in the formatted text
 * that are not printable UTF-8 are replaced by '?', so names taken from
 * uploads may be passed as they are.  ei may be NULL.
 */
enum err err_set(struct errinfo *ei, enum err code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* Adds the private detail of an error recorded before or after. */
void err_detail(struct errinfo *ei, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Puts "PREFIX: " before the text of a recorded error; returns its code. */
enum err err_prefix(struct errinfo *ei, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Short fixed name of a code, e.g. "input"; never NULL. */
const char *err_name(enum err code);

#endif
