/* test_xslt.c: documents through sheets, and what the sheets may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xml/doc.h"
#include "xml/xslt.h"

static char dir[64];

#define HEAD                                                                   \
	"<xsl:stylesheet version='1.0' "                                       \
	"xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
#define TAIL "</xsl:stylesheet>"

static void
write_sheet(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/page/%s.xsl", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
set_up(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char page[80];

	(void)state;
	snprintf(dir, sizeof(dir), "%s/xsl.XXXXXX",
	    tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
	assert_non_null(mkdtemp(dir));
	snprintf(page, sizeof(page), "%s/page", dir);
	return mkdir(page, 0700);
}

static int
tear_down(void **state)
{
	static const char *const names[] = {
	    "page/a.xsl", "page/b.xsl", "secret.xml", "page", ""};
	char path[256];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		remove(path);
	}
	return 0;
}

static struct doc *
sample(void)
{
	struct doc *d = doc_new();
	node c = doc_content(d), rows, row;

	doc_text(doc_page(d), "base", "/b/");
	doc_text(c, "title", "<T> & \"q\"");
	rows = doc_array(c, "rows");
	for (int i = 0; i < 3; i++) {
		row = doc_object(rows, "row");
		doc_int(row, "n", i);
		doc_text(row, "url", i == 1 ? "" : "/u?a=1&b=2");
		doc_text(row, "empty", "");
	}
	return d;
}

/* Applies the sheet to the sample and compares. */
static void
gives(const char *sheet, const char *want)
{
	static const char *const names[] = {"a", NULL};
	struct errinfo ei = {0};
	struct sheets *s;
	struct buf out = BUF_INIT;
	struct doc *d;

	write_sheet("a", sheet);
	if (sheets_load(&s, dir, names, &ei) != ERR_OK) {
		print_error("%s: %s\n", ei.text, ei.detail);
		fail();
	}
	for (int i = 0; i < 3; i++) {
		d = sample();
		buf_reset(&out);
		assert_int_equal(sheets_apply(s, 0, d, &out, &ei), ERR_OK);
		assert_string_equal(out.data, want);
		/* The document is as it was. */
		buf_reset(&out);
		doc_write_json(d, &out);
		assert_non_null(strstr(out.data, "\"rows\":[\n{\"n\":0"));
		doc_free(d);
	}
	buf_clear(&out);
	sheets_free(s);
}

#define D "<!DOCTYPE html>\n"

static void
texts(void **state)
{
	(void)state;
	gives(HEAD "<xsl:template match='/page'><p>"
		   "<xsl:value-of select='content/@title'/>|"
		   "<xsl:for-each select='content/rows/row'>"
		   "<xsl:value-of select='@n'/>,"
		   "<xsl:value-of select='@missing'/>"
		   "<xsl:value-of select=' @n '/></xsl:for-each></p>"
		   "</xsl:template>" TAIL,
	    D "<p>&lt;T&gt; &amp; &quot;q&quot;|0,01,12,2</p>\n");
}

/* Literal, computed, mixed, empty, doubled braces, and an XPath that no
 * shortcut takes. */
static void
attributes(void **state)
{
	(void)state;
	gives(HEAD "<xsl:template match='/page'>"
		   "<xsl:apply-templates select='content/rows/row[2]'/>"
		   "</xsl:template><xsl:template match='row'>"
		   "<a class='x' href='{@url}' title='n{@n}-{@n} &lt;{@empty}' "
		   "id='{@n + 1}' lang='{{@n}}' rel='{@missing}'>"
		   "<b title='{@n}'/></a><br class='{@n}'/>"
		   "</xsl:template>" TAIL,
	    D "<a class=\"x\" id=\"2\" lang=\"{@n}\" href=\"\" "
	      "title=\"n1-1 &lt;\" rel=\"\"><b title=\"1\"></b></a>"
	      "<br class=\"1\">");
}

/* A computed attribute can be replaced, and is there for what follows. */
static void
attributes_again(void **state)
{
	(void)state;
	gives(HEAD "<xsl:template match='/page'>"
		   "<xsl:apply-templates select='content/rows/row[3]'/>"
		   "</xsl:template><xsl:template match='row'>"
		   "<i title='{@n}'><xsl:if test='@n = 2'>"
		   "<xsl:attribute name='title'>two</xsl:attribute>"
		   "</xsl:if>x</i></xsl:template>" TAIL,
	    D "<i title=\"two\">x</i>");
}

/* Where the context is no element. */
static void
other_contexts(void **state)
{
	(void)state;
	gives(HEAD "<xsl:template match='/'><xsl:value-of select='@n'/>"
		   "<u title='{@n}'><xsl:apply-templates "
		   "select='page/@base'/></u></xsl:template>"
		   "<xsl:template match='@base'><s title='{@n}'>"
		   "<xsl:value-of select='.'/><xsl:value-of select='@n'/></s>"
		   "</xsl:template>" TAIL,
	    D "<u title=\"\"><s title=\"\">/b/</s></u>");
}

static void
html(void **state)
{
	(void)state;
	gives(HEAD "<xsl:output method='html'/>"
		   "<xsl:template match='/page'><html><head><title>x</title>"
		   "</head><body><script src='a'></script><svg><path d='M0'/>"
		   "</svg><input disabled=''/>a &#160; &lt;b&gt;<p/></body>"
		   "</html></xsl:template>" TAIL,
	    D "<html><head><title>x</title>\n</head>\n<body>"
	      "<script src=\"a\"></script><svg><path d=\"M0\"></path></svg>\n"
	      "<input disabled=\"\">a \xc2\xa0 &lt;b&gt;<p></p>\n</body>\n"
	      "</html>\n");
}

static void
no_files(void **state)
{
	static const char *const names[] = {"b", NULL};
	struct errinfo ei = {0};
	struct sheets *s;
	struct buf out = BUF_INIT;
	struct doc *d = sample();
	char path[256];
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/secret.xml", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("<s>secret</s>", f);
	fclose(f);
	write_sheet("b", HEAD "<xsl:template match='/page'><p>"
			      "<xsl:value-of select=\"document('../secret.xml')"
			      "/s\"/></p></xsl:template>" TAIL);
	assert_int_equal(sheets_load(&s, dir, names, &ei), ERR_OK);
	if (sheets_apply(s, 0, d, &out, &ei) == ERR_OK)
		assert_null(strstr(out.data, "secret"));
	doc_free(d);
	/* And goes on working. */
	sheets_free(s);
	buf_clear(&out);
}

static void
bad_sheets(void **state)
{
	static const char *const names[] = {"a", NULL};
	static const char *const bad[] = {"", "<x", HEAD "<xsl:tem" TAIL,
	    HEAD "<xsl:template match='['/>" TAIL,
	    HEAD "<xsl:import href='nothing.xsl'/>" TAIL};
	struct errinfo ei;
	struct sheets *s;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ei = (struct errinfo){0};
		write_sheet("a", bad[i]);
		assert_int_equal(
		    sheets_load(&s, dir, names, &ei), ERR_INTERNAL);
		assert_null(s);
		assert_non_null(strstr(ei.text, "a.xsl"));
	}
}

/* A sheet that stops, or runs for ever, is an error and no crash. */
static void
failing(void **state)
{
	static const char *const names[] = {"a", NULL};
	struct errinfo ei = {0};
	struct sheets *s;
	struct buf out = BUF_INIT;

	(void)state;
	write_sheet("a", HEAD "<xsl:template match='/page'>"
			      "<xsl:message terminate='yes'>no</xsl:message>"
			      "</xsl:template>" TAIL);
	assert_int_equal(sheets_load(&s, dir, names, &ei), ERR_OK);
	for (int i = 0; i < 3; i++) {
		struct doc *d = sample();
		assert_int_equal(
		    sheets_apply(s, 0, d, &out, &ei), ERR_INTERNAL);
		doc_free(d);
	}
	sheets_free(s);
	write_sheet("a", HEAD "<xsl:template match='/page'>"
			      "<xsl:apply-templates select='.'/>"
			      "</xsl:template>" TAIL);
	assert_int_equal(sheets_load(&s, dir, names, &ei), ERR_OK);
	struct doc *d = sample();
	assert_int_equal(sheets_apply(s, 0, d, &out, &ei), ERR_INTERNAL);
	doc_free(d);
	sheets_free(s);
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts),
	    cmocka_unit_test(attributes),
	    cmocka_unit_test(attributes_again),
	    cmocka_unit_test(other_contexts),
	    cmocka_unit_test(html),
	    cmocka_unit_test(no_files),
	    cmocka_unit_test(bad_sheets),
	    cmocka_unit_test(failing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
