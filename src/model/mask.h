/*
 * mask.h: takes out of logs and configuration what should not be public.
 * Rules, each of which is a bit: credentials are on by default.  "***" stands
 * where something was.
 *
 * What is only a reference stays (FOO_TOKEN=$BAR, PASSWORD=%s), and so do
 * switches (WITH_SECRET=yes) and the user of git@host.
 */
#ifndef MODEL_MASK_H
#define MODEL_MASK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

enum mask_rule {
	MASK_CREDENTIALS = 1, /* user:password@ in URLs, Authorization
				 headers, tokens and keys with well-known
				 prefixes, NAME_TOKEN=..., private key blocks */
	MASK_EMAILS = 2,
	MASK_HOMES = 4, /* /home/NAME, /Users/NAME, /root: the name goes */
	MASK_HOSTS = 8  /* names in URLs and after @, IP addresses */
};
#define MASK_DEFAULT MASK_CREDENTIALS

/* "credentials,emails": false for a word that is no rule; "none" is 0. */
bool mask_rules_read(const char *text, unsigned *rules);
/* "credentials", "emails", "homes", "hosts". */
const char *mask_rule_word(enum mask_rule rule);

/* What was taken out of a line: where, by which rule, and what the place looks
 * like now ("https:// ***@git..."), at most 80 bytes, ASCII. */
struct mask_hit {
	enum mask_rule rule;
	char preview[84];
};

struct mask {
	unsigned rules;
	bool in_key; /* between BEGIN and END of a private key */
};

/*
 * Appends the line (without its LF), masked, to out; returns how many places
 * were masked and writes the first max of them.  Nothing else of the line
 * changes, whatever bytes it has.  The lines of a private key are one place,
 * that of its BEGIN.
 */
size_t mask_line(struct mask *m, struct slice line, struct buf *out,
    struct mask_hit *hits, size_t max);

#endif
