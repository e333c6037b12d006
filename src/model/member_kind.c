/* member_kind.c: how the kinds of files of a bundle are read; see member.h. */
#include "model/build_stats_file.h"
#include "model/event_doc.h"
#include "model/member.h"
#include "model/run.h"
#include "model/sizes.h"

#define CONSOLE_MAX ((size_t)256 << 10)
#define HISTORY_MAX ((size_t)1 << 20)
#define SIZES_FILE_MAX ((size_t)16 << 20)
#define NUMBERS_MAX ((size_t)256 << 10)
#define PERF_FILE_MAX ((size_t)32 << 20)

size_t
member_most_bytes(const struct bundle_limits *limits, enum member_kind kind)
{
	switch (kind) {
	case MEMBER_CONSOLE:
		return CONSOLE_MAX;
	case MEMBER_BUILD_STATS:
		return BUILD_STATS_MAX;
	case MEMBER_BUILD_JSON:
		return BUILD_JSON_MAX;
	case MEMBER_EVENT_DOC:
		return EVENT_DOC_MAX;
	case MEMBER_REPORT:
		return limits->report_bytes;
	case MEMBER_BUILD_ID:
	case MEMBER_REVS:
		return HISTORY_MAX;
	case MEMBER_SIZES:
		return SIZES_FILE_MAX;
	case MEMBER_NUMBERS:
		return NUMBERS_MAX;
	case MEMBER_PERF:
		return PERF_FILE_MAX;
	default:
		return limits->member_bytes;
	}
}

bool
member_is_stream(enum member_kind kind)
{
	return kind == MEMBER_LOG || kind == MEMBER_NET_LOG ||
	       kind == MEMBER_TEXT;
}

bool
member_is_of_run(enum member_kind kind)
{
	return kind == MEMBER_TASK || kind == MEMBER_BUILD_STATS ||
	       kind == MEMBER_NUMBERS || member_is_stream(kind);
}

bool
member_may_be_long(enum member_kind kind)
{
	return kind == MEMBER_CONSOLE || kind == MEMBER_REPORT ||
	       kind == MEMBER_TASK_LOG || kind == MEMBER_PERHAPS_TASK ||
	       kind == MEMBER_RESULTS || kind == MEMBER_NUMBERS ||
	       kind == MEMBER_DEPENDS || kind == MEMBER_EVENT_LOG;
}
