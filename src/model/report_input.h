/*
 * report_input.h: an error report as it is sent.
 *
 * What it is, its first bytes tell: '{' begins the document itself, "data="
 * the document as the field of a form (clients of before 2015).  Compression
 * has been taken off before.
 */
#ifndef MODEL_REPORT_INPUT_H
#define MODEL_REPORT_INPUT_H

#include "model/report.h"

/* Bytes of a body; a form takes up to three for one. */
#define REPORT_BODY_MAX ((int64_t)REPORT_BYTES_MAX * 3)

struct report_input;

/* The report will live in a.  rules: mask.h. */
struct report_input *report_input_new(struct arena *a, unsigned rules);
void report_input_free(struct report_input *in);
enum err report_input_add(
    struct report_input *in, struct slice piece, struct errinfo *ei) MUST_CHECK;
enum err report_input_end(
    struct report_input *in, struct report *out, struct errinfo *ei) MUST_CHECK;

#endif
