<?xml version="1.0" encoding="UTF-8"?>
<!-- failures.xsl: the search over failures. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/failures.xsl"/>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/failures.css?v={/page/@version}"/>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:call-template name="chips"/></xsl:template>

<xsl:template match="content[failures/failure]" mode="preview">The newest: <xsl:value-of select="failures/failure[1]/@first_line"/></xsl:template>

<xsl:template match="content">
<xsl:apply-templates select="facets"/>
<xsl:choose>
<xsl:when test="failures/failure">
<xsl:call-template name="failures">
<xsl:with-param name="rows" select="failures/failure"/>
<xsl:with-param name="caption" select="'Failures'"/>
</xsl:call-template>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:when test="$given">
<div class="blank"><p>Nothing matches all of these filters. Take one away above, or <a href="{/page/request/@path}">show all failures</a>. Words are looked for in the lines with errors and what is around them, whole words anywhere in a log; a phrase goes in quotes.</p></div>
</xsl:when>
<xsl:otherwise><xsl:call-template name="how-to-send-failures"/></xsl:otherwise>
</xsl:choose>
</xsl:template>

<xsl:template name="how-to-send-failures">
<p class="lead">Failed tasks show here as soon as one has been sent, with a short link each.</p>
<div class="howto">
<p>Let bitbake keep error reports, in <code>conf/local.conf</code>, and send them with what oe-core ships:</p>
<pre tabindex="0"><code>INHERIT += "report-error"</code></pre>
<pre tabindex="0"><code>send-error-report -s <xsl:value-of select="/page/@site"/> tmp/log/error-report/error_report_*.txt</code></pre>
<p>Or send the whole build, reports and logs with it:</p>
<pre tabindex="0"><code>push-build-results --server <xsl:value-of select="concat(/page/@site, $base)"/> tmp/buildstats</code></pre>
</div>
</xsl:template>

<xsl:template match="facets">
<form class="filter" role="search" aria-label="Filter" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'sort' or @name = 'per' or @name = 'signature' or @name = 'build' or @name = 'status']" mode="hidden"/>
<div class="fields">
<label class="field wide"><span>Error text</span><input type="search" name="q" value="{$given[@name = 'q']/@value}" placeholder='undefined "No such file"'/></label>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Recipe'"/><xsl:with-param name="hint" select="'zlib'"/></xsl:call-template>
<xsl:apply-templates select="facet[option][@name = 'machine' or @name = 'builder']"/>
<button type="submit">Search</button>
</div>
<details>
<xsl:if test="$given[@name = 'distro' or @name = 'image' or @name = 'branch' or @name = 'task' or @name = 'layer' or @name = 'tag' or @name = 'commit' or @name = 'since' or @name = 'until']"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
<summary>More filters</summary>
<div class="fields">
<xsl:apply-templates select="facet[option][@name = 'task' or @name = 'distro' or @name = 'image' or @name = 'branch' or @name = 'layer' or @name = 'tag']"/>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'commit'"/><xsl:with-param name="label" select="'Commit'"/><xsl:with-param name="hint" select="'35a2c6ed'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'since'"/><xsl:with-param name="label" select="'Since'"/><xsl:with-param name="hint" select="'7d'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'until'"/><xsl:with-param name="label" select="'Until'"/><xsl:with-param name="hint" select="'2026-04-30'"/></xsl:call-template>
</div>
</details>
</form>
</xsl:template>

</xsl:stylesheet>
