/* test_doc.c: a document's forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "xml/doc.h"

static void
add_row(node rows, const char *recipe, double elapsed, double reads)
{
	node row = doc_object(rows, "row");
	node values, v;

	doc_text(row, "recipe", recipe);
	doc_seconds(row, "elapsed", elapsed);
	doc_text(row, "row-url", "/x");
	values = doc_values(row, "metrics");
	v = doc_object(values, "metric");
	doc_text(v, "name", "io.read");
	doc_measure(v, "value", reads, "B");
}

static struct doc *
sample(void)
{
	struct doc *d = doc_new();
	node c = doc_content(d), n;

	doc_text(c, "sentence", "a \"b\" <c> & d\n\\");
	doc_int(c, "total", INT64_MIN);
	doc_bool(c, "ok", true);
	doc_null(c, "next");
	n = doc_aside(c, "columns");
	doc_object(n, "column");
	n = doc_array(c, "rows");
	add_row(n, "zlib", 8.77, 3);
	add_row(n, "=cmd|' /C calc'!A0", NAN, 1e20);
	n = doc_map(c, "stats");
	n = doc_object(n, "stat");
	doc_text(n, "name", "cpu");
	doc_real(n, "max", 0.1);
	doc_text(doc_item(c, "note"), "text", "one");
	doc_text(doc_item(c, "note"), "text", "two");
	doc_text(doc_item(c, "line"), "text", "three");
	return d;
}

static const char json[] =
    "{\"sentence\":\"a \\\"b\\\" \\u003cc> & d\\n\\\\\","
    "\"total\":-9223372036854775808,\"ok\":true,\"next\":null,\"rows\":[\n"
    "{\"recipe\":\"zlib\",\"elapsed\":8.77,\"metrics\":{\"io.read\":3}},\n"
    "{\"recipe\":\"=cmd|' /C calc'!A0\",\"elapsed\":null,"
    "\"metrics\":{\"io.read\":1e+20}}],"
    "\"stats\":{\"cpu\":{\"max\":0.1}},\"note\":[{\"text\":\"one\"},"
    "{\"text\":\"two\"}],\"line\":[{\"text\":\"three\"}]}\n";

static void
as_json(void **state)
{
	struct doc *d = sample();
	struct buf out = BUF_INIT;

	(void)state;
	doc_write_json(d, &out);
	assert_string_equal(out.data, json);
	buf_clear(&out);
	doc_free(d);
}

/* The pieces of a stream are the whole. */
static void
as_json_in_pieces(void **state)
{
	struct doc *d = sample();
	struct buf out = BUF_INIT;

	(void)state;
	doc_write_json_head(d, "rows", &out);
	doc_write_json_items(d, "rows", true, &out);
	doc_write_json_tail(d, "rows", &out);
	assert_string_equal(out.data, json);
	buf_reset(&out);
	doc_write_json_items(d, "rows", false, &out);
	assert_int_equal(out.data[0], ',');
	buf_clear(&out);
	doc_free(d);
}

static void
as_xml(void **state)
{
	struct doc *d = doc_new();
	struct buf out = BUF_INIT;
	node n;

	(void)state;
	doc_text(doc_page(d), "route", "r");
	doc_set_now(d, 0);
	n = doc_object(doc_content(d), "build");
	doc_text(n, "name", "<\"&'>\t\n\x1b[1m\xff");
	doc_text(n, "name", "<\"&'>\t\n\x1b[1m\xff");
	doc_count(n, "tasks", 5427);
	doc_bytes(n, "size", 2048);
	doc_share(n, "reuse", 0.971);
	doc_time(n, "started", 1000000);
	doc_time(n, "ended", INT64_MIN);
	doc_write_xml(d, &out);
	assert_string_equal(out.data,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<page route=\"r\">\n <request/>\n <content>\n"
	    "  <build name=\"&lt;&quot;&amp;'&gt;&#9;&#10;"
	    "\xef\xbf\xbd[1m\xef\xbf\xbd\" tasks=\"5427\" tasks-h=\"5,427\" "
	    "size=\"2048\" size-h=\"2.0 kB\" reuse=\"0.971\" "
	    "reuse-h=\"97.1 %\" started=\"1970-01-01T00:00:01Z\" "
	    "started-h=\"00:00\" ended=\"\" ended-h=\"\"/>\n"
	    " </content>\n</page>\n");
	buf_clear(&out);
	doc_free(d);
}

static void
as_csv(void **state)
{
	static const char *const columns[] = {"io.write"};
	struct doc *d = sample();
	struct buf out = BUF_INIT;
	struct csv *c = csv_new();

	(void)state;
	doc_value_columns(d, columns, 1);
	doc_write_csv(d, "rows", c, &out);
	assert_string_equal(out.data,
	    "recipe,elapsed,io.write,io.read\r\nzlib,8.77,,3\r\n"
	    "\"'=cmd|' /C calc'!A0\",,,1e+20\r\n");
	buf_reset(&out);
	doc_write_csv(d, "rows", c, &out); /* the next piece: no head */
	assert_memory_equal(out.data, "zlib,", 5);
	csv_free(c);
	buf_clear(&out);
	doc_free(d);
}

static void
csv_cells(void **state)
{
	static const struct {
		const char *text, *cell;
	} cases[] = {{"plain", "plain"}, {"a,b", "\"a,b\""},
	    {"a\"b", "\"a\"\"b\""}, {"a\nb", "\"a\nb\""}, {"-1.5", "-1.5"},
	    {"-1+1", "\"'-1+1\""}, {"@x", "\"'@x\""}, {"+", "\"'+\""},
	    {"", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct doc *d = doc_new();
		struct buf out = BUF_INIT, want = BUF_INIT;
		struct csv *c = csv_new();
		node row = doc_object(doc_array(doc_content(d), "rows"), "row");
		doc_text(row, "a", cases[i].text);
		doc_write_csv(d, "rows", c, &out);
		buf_addf(&want, "a\r\n%s\r\n", cases[i].cell);
		assert_string_equal(out.data, want.data);
		buf_clear(&out);
		buf_clear(&want);
		csv_free(c);
		doc_free(d);
	}
}

static void
numbers(void **state)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{0, "0"}, {-0.0, "-0"}, {3, "3"}, {8.77, "8.77"},
	    {-0.5, "-0.5"}, {0.1 + 0.2, "0.30000000000000004"}, {1e-7, "1e-07"},
	    {123456.000001, "123456.000001"}, {1e15, "1000000000000000"},
	    {1e22, "1e+22"},
	    {1.7976931348623157e308, "1.7976931348623157e+308"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct doc *d = doc_new();
		struct buf out = BUF_INIT, want = BUF_INIT;
		doc_real(doc_content(d), "v", cases[i].v);
		doc_write_json(d, &out);
		buf_addf(&want, "{\"v\":%s}\n", cases[i].text);
		assert_string_equal(out.data, want.data);
		buf_clear(&out);
		buf_clear(&want);
		doc_free(d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(as_json),
	    cmocka_unit_test(as_json_in_pieces),
	    cmocka_unit_test(as_xml),
	    cmocka_unit_test(as_csv),
	    cmocka_unit_test(csv_cells),
	    cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
