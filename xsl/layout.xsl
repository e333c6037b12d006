<?xml version="1.0" encoding="UTF-8"?>
<!-- layout.xsl: the frame of every page.  A sheet of page/ imports it and
     gives templates for content, and for content in the modes crumbs, head
     and assets (styles and scripts of its own).  Documents: docs/pages.md. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="html" encoding="UTF-8" indent="no"/>

<xsl:include href="lib/table.xsl"/>
<xsl:include href="lib/form.xsl"/>

<xsl:variable name="base" select="/page/@base"/>

<xsl:template match="/page">
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title><xsl:value-of select="@title"/> · buildstats</title>
<meta name="description" content="{@title}"/>
<meta property="og:title" content="{@title}"/>
<meta property="og:site_name" content="buildstats"/>
<meta property="og:type" content="website"/>
<meta property="og:url" content="{@site}{request/@html}"/>
<meta property="og:description"><xsl:attribute name="content"><xsl:apply-templates select="content" mode="preview"/></xsl:attribute></meta>
<link rel="icon" type="image/svg+xml" href="{@base}static/favicon.svg?v={@version}"/>
<link rel="stylesheet" href="{@base}static/style.css?v={@version}"/>
<xsl:apply-templates select="request/@json | request/@xml | request/@csv | content/@feed-url" mode="head"/>
<script src="{@base}static/js/buildstats.js?v={@version}" defer="defer"></script>
<xsl:apply-templates select="content" mode="assets"/>
</head>
<body class="{@route}">
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<div class="wrap">
<a class="brand" href="{@base}"><img src="{@base}static/favicon.svg?v={@version}" alt="" width="22" height="22"/>buildstats</a>
<nav aria-label="Main">
<a href="{@base}builds"><xsl:if test="@route = 'builds'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Builds</a>
<a href="{@base}failures"><xsl:if test="@route = 'failures'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Failures</a>
<a href="{@base}steps"><xsl:if test="@route = 'steps' or @route = 'trends'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Trends</a>
<a href="{@base}graph"><xsl:if test="@route = 'graph'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Graph</a>
<a href="{@base}metrics"><xsl:if test="@route = 'metrics'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Metrics</a>
</nav>
<form class="find" role="search" aria-label="All builds" action="{@base}builds" method="get">
<label class="vh" for="find">Search builds</label>
<input id="find" type="search" name="q" placeholder="Search builds, machines, packages" autocomplete="off"/>
</form>
</div>
</header>
<main id="main" class="wrap" tabindex="-1">
<xsl:apply-templates select="content" mode="crumbs"/>
<div class="opening">
<h1><xsl:value-of select="content/@sentence"/></h1>
<xsl:apply-templates select="content" mode="head"/>
</div>
<xsl:apply-templates select="content"/>
</main>
<footer class="wrap bottom">
<p><xsl:apply-templates select="request/@json | request/@xml | request/@csv | content/@feed-url" mode="foot"/></p>
<p>buildstats <xsl:value-of select="@version"/> · made at <time datetime="{@now}" title="{@now}"><xsl:value-of select="@now-h"/></time> · times are UTC</p>
</footer>
</body>
</html>
</xsl:template>

<xsl:template match="content" mode="crumbs"/>
<xsl:template match="content" mode="head"/>
<xsl:template match="content" mode="assets"/>
<!-- What a pasted link shows below the sentence. -->
<xsl:template match="content" mode="preview">Build statistics of <xsl:value-of select="/page/@site"/></xsl:template>

<xsl:template match="@json | @xml | @csv" mode="head"/>
<xsl:template match="@json[. != '']" mode="head">
<link rel="alternate" type="application/json" href="{.}"/>
</xsl:template>
<xsl:template match="@xml[. != '']" mode="head">
<link rel="alternate" type="application/xml" href="{.}"/>
</xsl:template>
<xsl:template match="@csv[. != '']" mode="head">
<link rel="alternate" type="text/csv" href="{.}"/>
</xsl:template>

<xsl:template match="@json | @xml | @csv" mode="foot"/>
<xsl:template match="@json[. != '']" mode="foot">This view as <a href="{.}">JSON</a></xsl:template>
<xsl:template match="@xml[. != '']" mode="foot"> · <a href="{.}">XML</a></xsl:template>
<xsl:template match="@feed-url" mode="head">
<link rel="alternate" type="application/atom+xml" title="{/page/@title}" href="{.}"/>
</xsl:template>
<xsl:template match="@feed-url" mode="foot"> · <a href="{.}">Feed</a></xsl:template>
<xsl:template match="@csv[. != '']" mode="foot"> · <a href="{.}">CSV</a></xsl:template>

<!-- How data gets here: wherever a page would be empty. -->
<xsl:template name="how-to-send">
<div class="howto">
<p>Send what bitbake left in <code>tmp/buildstats</code>, with the class <code>buildstats</code> inherited:</p>
<pre tabindex="0"><code>push-build-results --server <xsl:value-of select="concat(/page/@site, $base)"/> tmp/buildstats</code></pre>
<p>Or let curl send a tar of it:</p>
<pre tabindex="0"><code>tar c tmp/buildstats | curl -T - -X POST <xsl:value-of select="concat(/page/@site, $base)"/>upload</code></pre>
</div>
</xsl:template>

</xsl:stylesheet>
