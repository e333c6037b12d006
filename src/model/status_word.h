/* status_word.h: the words of URLs, JSON and pages for a status. */
#ifndef MODEL_STATUS_WORD_H
#define MODEL_STATUS_WORD_H

#include <string.h>

#include "model/build.h"

static inline const char *
build_status_word(enum build_status status)
{
	static const char *const words[] = {
	    [BUILD_RUNNING] = "running",
	    [BUILD_SUCCEEDED] = "succeeded",
	    [BUILD_FAILED] = "failed",
	    [BUILD_INCOMPLETE] = "incomplete",
	};
	size_t i = (size_t)status;

	return i < sizeof(words) / sizeof(words[0]) ? words[i] : "incomplete";
}

/* Tasks and packages say succeeded, failed and incomplete as builds do. */
static inline const char *
task_status_word(enum task_status status)
{
	return build_status_word(status == TASK_PASSED   ? BUILD_SUCCEEDED
				 : status == TASK_FAILED ? BUILD_FAILED
							 : BUILD_INCOMPLETE);
}

/* Reads a word; also passed and unfinished; false for any other. */
static inline bool
build_status_parse(const char *word, enum build_status *out)
{
	static const struct {
		const char *word;
		enum build_status status;
	} words[] = {
	    {"running", BUILD_RUNNING},
	    {"succeeded", BUILD_SUCCEEDED},
	    {"passed", BUILD_SUCCEEDED},
	    {"failed", BUILD_FAILED},
	    {"incomplete", BUILD_INCOMPLETE},
	    {"unfinished", BUILD_INCOMPLETE},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i].word) != 0)
			continue;
		*out = words[i].status;
		return true;
	}
	return false;
}

#endif
