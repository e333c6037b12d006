/* result_status.c: the words of test results; see result.h. */
#include <string.h>

#include "model/result.h"

static const struct {
	const char *word;
	enum result_class c;
} statuses[] = {
    {"", RESULT_OTHER},
    {"PASSED", RESULT_PASSED},
    {"passed", RESULT_PASSED},
    {"PASS", RESULT_PASSED},
    {"XFAIL", RESULT_PASSED},
    {"FAILED", RESULT_FAILED},
    {"failed", RESULT_FAILED},
    {"FAIL", RESULT_FAILED},
    {"ERROR", RESULT_FAILED},
    {"error", RESULT_FAILED},
    {"UNKNOWN", RESULT_FAILED},
    {"XPASS", RESULT_FAILED},
    {"SKIPPED", RESULT_SKIPPED},
    {"skipped", RESULT_SKIPPED},
    {"UNSUPPORTED", RESULT_SKIPPED},
    {"UNTESTED", RESULT_SKIPPED},
    {"UNRESOLVED", RESULT_SKIPPED},
    {"EXPECTEDFAIL", RESULT_EXPECTED},
    {"BLOCKED", RESULT_BLOCKED},
};
#define STATUSES (sizeof(statuses) / sizeof(statuses[0]))

static const char *const classes[RESULT_CLASSES] = {
    "passed", "failed", "skipped", "expected", "blocked", "other"};

unsigned char
result_status_read(struct slice word)
{
	for (size_t i = 1; i < STATUSES; i++)
		if (slice_is(word, statuses[i].word))
			return (unsigned char)i;
	return 0;
}

const char *
result_status_word(unsigned char status)
{
	return status < STATUSES ? statuses[status].word : "";
}

enum result_class
result_status_class(unsigned char status)
{
	return status < STATUSES ? statuses[status].c : RESULT_OTHER;
}

const char *
result_class_word(enum result_class c)
{
	return classes[c];
}

bool
result_class_parse(const char *word, enum result_class *out)
{
	for (size_t i = 0; i < RESULT_CLASSES; i++)
		if (strcmp(classes[i], word) == 0) {
			*out = (enum result_class)i;
			return true;
		}
	return false;
}
