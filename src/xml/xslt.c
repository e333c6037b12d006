/* xslt.c: see xslt.h. */
#include "xml/xslt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxslt/documents.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "xml/doc_internal.h"
#include "xml/html.h"
#include "xml/pool.h"
#include "xml/shortcut.h"

#define PARSE_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOENT)

struct sheets {
	size_t n;
	char **names;
	xsltStylesheetPtr *sheet;
	xsltSecurityPrefsPtr prefs;
	struct shortcuts *shortcuts;
};

/* Of the sheets that are being loaded. */
static struct shortcuts *loading;

/* The last messages of libxml2 and libxslt, for the detail of an error. */
static char messages[ERR_TEXT_MAX];

static void PRINTF_LIKE(2, 3) collect(void *arg, const char *fmt, ...)
{
	size_t n = strlen(messages);
	va_list ap;

	(void)arg;
	va_start(ap, fmt);
	vsnprintf(messages + n, sizeof(messages) - n, fmt, ap);
	va_end(ap);
}

static void
collect_xml(void *arg, xmlErrorPtr e)
{
	collect(arg, "%s:%d: %s", e->file != NULL ? e->file : "sheet", e->line,
	    e->message != NULL ? e->message : "?");
}

/* Sheets and what they import, and nothing else, from files. */
static xmlDocPtr
load_sheet(const xmlChar *uri, xmlDictPtr dict, int options, void *arg,
    xsltLoadType type)
{
	xmlParserCtxtPtr parser;
	xmlDocPtr doc;

	(void)dict, (void)options, (void)arg;
	if (type == XSLT_LOAD_DOCUMENT || (parser = xmlNewParserCtxt()) == NULL)
		return NULL;
	xmlDictFree(parser->dict);
	parser->dict = pool_dict();
	xmlDictReference(parser->dict);
	doc = xmlCtxtReadFile(parser, (const char *)uri, NULL, PARSE_OPTIONS);
	xmlFreeParserCtxt(parser);
	if (doc != NULL)
		shortcuts_prepare(loading, doc);
	return doc;
}

static enum err
compile(xsltStylesheetPtr *out, const char *dir, const char *name,
    struct errinfo *ei)
{
	CLEANUP(cleanup_free) char *path = NULL;
	xmlDocPtr doc;

	if (asprintf(&path, "%s/page/%s.xsl", dir, name) < 0)
		out_of_memory();
	messages[0] = '\0';
	doc = load_sheet((const xmlChar *)path, NULL, 0, NULL, XSLT_LOAD_START);
	*out = doc != NULL ? xsltParseStylesheetDoc(doc) : NULL;
	if (*out == NULL && doc != NULL)
		xmlFreeDoc(doc);
	if (*out != NULL && (*out)->errors != 0) {
		xsltFreeStylesheet(*out);
		*out = NULL;
	}
	if (*out == NULL) {
		err_set(ei, ERR_INTERNAL, "%s: the sheet can't be used", path);
		err_detail(ei, "%s", messages);
		return ERR_INTERNAL;
	}
	shortcuts_install(loading);
	return ERR_OK;
}

/* A sheet that runs reads and writes nothing but its document. */
static xsltSecurityPrefsPtr
forbid_everything(void)
{
	static const xsltSecurityOption all[] = {XSLT_SECPREF_READ_FILE,
	    XSLT_SECPREF_WRITE_FILE, XSLT_SECPREF_CREATE_DIRECTORY,
	    XSLT_SECPREF_READ_NETWORK, XSLT_SECPREF_WRITE_NETWORK};
	xsltSecurityPrefsPtr prefs = xsltNewSecurityPrefs();

	if (prefs == NULL)
		out_of_memory();
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		xsltSetSecurityPrefs(prefs, all[i], xsltSecurityForbid);
	return prefs;
}

enum err
sheets_load(struct sheets **out, const char *dir, const char *const *names,
    struct errinfo *ei)
{
	struct sheets *s = calloc(1, sizeof(*s));
	size_t n = 0;

	*out = NULL;
	while (names[n] != NULL)
		n++;
	if (s == NULL ||
	    (s->sheet = calloc(n + 1, sizeof(*s->sheet))) == NULL ||
	    (s->names = calloc(n + 1, sizeof(*s->names))) == NULL)
		out_of_memory();
	pool_dict(); /* before libxslt's own initialisation */
	xmlSetStructuredErrorFunc(NULL, collect_xml);
	xsltSetGenericErrorFunc(NULL, collect);
	xsltSetLoaderFunc(load_sheet);
	s->prefs = forbid_everything();
	s->shortcuts = loading = shortcuts_new();
	for (; s->n < n; s->n++) {
		enum err err = compile(&s->sheet[s->n], dir, names[s->n], ei);
		if (err != ERR_OK) {
			sheets_free(s);
			return err;
		}
		s->names[s->n] = strdup(names[s->n]);
	}
	*out = s;
	return ERR_OK;
}

void
sheets_free(struct sheets *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++) {
		xsltFreeStylesheet(s->sheet[i]);
		free(s->names[i]);
	}
	xsltFreeSecurityPrefs(s->prefs);
	shortcuts_free(s->shortcuts);
	free(s->sheet);
	free(s->names);
	free(s);
}

static xmlDocPtr
transform(const struct sheets *s, xsltStylesheetPtr sheet, struct doc *d)
{
	xsltTransformContextPtr ctxt = xsltNewTransformContext(sheet, d->xml);
	xmlDocPtr result = NULL;

	if (ctxt == NULL)
		return NULL;
	xsltSetCtxtSecurityPrefs(s->prefs, ctxt);
	xsltSetTransformErrorFunc(ctxt, NULL, collect);
	result = xsltApplyStylesheetUser(sheet, d->xml, NULL, NULL, NULL, ctxt);
	if (ctxt->state != XSLT_STATE_OK && result != NULL) {
		xmlFreeDoc(result);
		result = NULL;
	}
	xsltFreeTransformContext(ctxt);
	return result;
}

/* Walking a tree to free its nodes one by one takes as long as writing it. */
static void
free_result(xmlDocPtr result)
{
	if (pool_holds_all())
		xmlDictFree(result->dict); /* counts the sheets' one */
	else
		xmlFreeDoc(result);
}

static bool
is_xml(const xsltStylesheet *sheet)
{
	return sheet->method != NULL &&
	       strcmp((const char *)sheet->method, "xml") == 0;
}

static void
xml_write(xmlDocPtr result, xsltStylesheetPtr sheet, struct buf *out)
{
	xmlChar *text = NULL;
	int n = 0;

	if (xsltSaveResultToString(&text, &n, result, sheet) == 0 && n > 0)
		buf_add(out, text, (size_t)n);
	xmlFree(text);
}

enum err
sheets_apply(struct sheets *s, size_t i, struct doc *d, struct buf *out,
    struct errinfo *ei)
{
	xmlDocPtr result;

	messages[0] = '\0';
	pool_begin();
	result = transform(s, s->sheet[i], d);
	if (result != NULL) {
		if (is_xml(s->sheet[i]))
			xml_write(result, s->sheet[i], out);
		else
			html_write(result, out);
		free_result(result);
	}
	xmlResetLastError();
	pool_end();
	if (result == NULL) {
		err_set(ei, ERR_INTERNAL, "the page can't be drawn");
		err_detail(ei, "%s.xsl: %s", s->names[i], messages);
		return ERR_INTERNAL;
	}
	return ERR_OK;
}
