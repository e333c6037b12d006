<?xml version="1.0" encoding="UTF-8"?>
<!-- log.xsl: a window of a failure's log.  Some hundred lines: each is one
     list item, its number a link, its text as it is; a sign and a word say
     what kind of line it is. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<xsl:variable name="raw" select="/page/content/links/@raw-url"/>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/log.css?v={/page/@version}"/>
<script src="{$base}static/js/log.js?v={/page/@version}" defer="defer"></script>
</xsl:template>

<xsl:template match="content" mode="crumbs">
<p class="crumbs"><a href="{$base}failures">Failures</a><a href="{failure/@path-url}"><xsl:value-of select="failure/@id"/></a><span>Log</span></p>
</xsl:template>

<xsl:template match="content">
<div class="log-tools">
<form class="log-find" role="search" aria-label="This log" action="{links/@path-url}" method="get">
<label class="vh" for="log-q">Search this log</label>
<input id="log-q" type="search" name="q" placeholder="Search this log" maxlength="255" value="{$given[@name = 'q']/@value}"/>
<button type="submit">Search</button>
</form>
<p class="log-links"><a href="{$raw}">As plain text</a><xsl:text> </xsl:text><small><xsl:value-of select="@bytes-h"/></small></p>
</div>
<xsl:apply-templates select="found"/>
<xsl:choose>
<xsl:when test="lines/line"><xsl:call-template name="window"/></xsl:when>
<xsl:otherwise><p class="blank">Nothing was written to this log.</p></xsl:otherwise>
</xsl:choose>
</xsl:template>

<xsl:template name="window">
<div class="log-view">
<div class="log-bar">
<xsl:apply-templates select="links" mode="parts"><xsl:with-param name="where">above</xsl:with-param></xsl:apply-templates>
<xsl:apply-templates select="links[@prev-error-url != '' or @next-error-url != '']" mode="errors"/>
<label class="log-nowrap"><input id="log-nowrap" type="checkbox"/>Don't wrap long lines</label>
</div>
<xsl:if test="errors/error[2]">
<details class="log-lines"><summary>All error lines</summary>
<p><xsl:for-each select="errors/error"><a href="{@line-url}"><xsl:value-of select="@number"/></a></xsl:for-each></p>
</details>
</xsl:if>
<div class="listing" role="region" aria-label="Log, lines {@first} to {@last}" tabindex="0">
<ol class="d{links/@digits}"><xsl:apply-templates select="lines/line"/></ol>
</div>
<xsl:apply-templates select="links" mode="parts"><xsl:with-param name="where">below</xsl:with-param></xsl:apply-templates>
</div>
</xsl:template>

<xsl:template match="line"><li id="L{@number}"><a href="?line={@number}#L{@number}"><xsl:value-of select="@number-h"/></a><xsl:apply-templates/><xsl:value-of select="@text-h"/></li>
</xsl:template>
<xsl:template match="line[sign]"><li id="L{@number}" class="k-{@kind}"><a href="?line={@number}#L{@number}"><xsl:value-of select="@number-h"/><xsl:apply-templates select="sign" mode="word"/></a><xsl:apply-templates/><xsl:value-of select="@text-h"/></li>
</xsl:template>
<xsl:template match="line[@current]" priority="1"><li id="L{@number}" class="k-{@kind} here"><a href="?line={@number}#L{@number}" aria-current="location"><xsl:value-of select="@number-h"/><xsl:apply-templates select="sign" mode="word"/></a><xsl:apply-templates/><xsl:value-of select="@text-h"/></li>
</xsl:template>

<xsl:template match="sign"/>
<xsl:template match="sign" mode="word"><i><xsl:text> </xsl:text><xsl:value-of select="@text"/></i></xsl:template>
<xsl:template match="span"><span class="{@class}"><xsl:value-of select="@text"/></span></xsl:template>
<xsl:template match="hit"><mark class="{@class}"><xsl:value-of select="@text"/></mark></xsl:template>
<xsl:template match="rest"><a class="rest" href="{$raw}"> … <xsl:value-of select="@bytes-h"/> more of this line in the plain text</a></xsl:template>

<!-- Where one can go from here. -->
<xsl:template match="links" mode="parts">
<xsl:param name="where"/>
<nav class="pager log-parts" aria-label="Parts of the log, {$where}">
<xsl:apply-templates select="@first-url | @prev-url" mode="part"/>
<span>Lines <b><xsl:value-of select="../@first"/></b> to <b><xsl:value-of select="../@last"/></b> of <xsl:value-of select="../@total-h"/></span>
<xsl:apply-templates select="@next-url | @last-url" mode="part"/>
</nav>
</xsl:template>

<xsl:template match="@*" mode="part"/>
<xsl:template match="@first-url[. != '']" mode="part"><a class="ends" href="{.}">« First</a></xsl:template>
<xsl:template match="@prev-url[. != '']" mode="part"><a href="{.}" rel="prev">‹ Previous</a></xsl:template>
<xsl:template match="@next-url[. != '']" mode="part"><a href="{.}" rel="next">Next ›</a></xsl:template>
<xsl:template match="@last-url[. != '']" mode="part"><a class="ends" href="{.}">Last »</a></xsl:template>

<xsl:template match="links" mode="errors">
<nav class="pager log-errors" aria-label="Error lines">
<xsl:apply-templates select="@prev-error-url | @next-error-url" mode="part"/>
</nav>
</xsl:template>
<xsl:template match="@prev-error-url[. != '']" mode="part"><a class="prev-error" href="{.}">↑ Previous error</a></xsl:template>
<xsl:template match="@next-error-url[. != '']" mode="part"><a class="next-error" href="{.}">↓ Next error</a></xsl:template>

<!-- What was searched for. -->
<xsl:template match="found">
<section class="found" aria-label="Lines found">
<xsl:choose>
<xsl:when test="line">
<ol><xsl:apply-templates select="line" mode="found"/></ol>
<p class="meta">
<xsl:value-of select="count(line)"/> of <xsl:value-of select="../@hits-h"/><xsl:if test="../@hits_capped = 'true'"> or more</xsl:if> lines with it<xsl:if test="$given[@name = 'line']">, from line <xsl:value-of select="$given[@name = 'line']/@value"/> on; <a href="{$given[@name = 'line']/@without}">from the start</a></xsl:if><xsl:apply-templates select="../@more-url"/>
</p>
</xsl:when>
<xsl:otherwise><p class="blank">No line has this in it.</p></xsl:otherwise>
</xsl:choose>
</section>
</xsl:template>
<xsl:template match="@more-url"/>
<xsl:template match="@more-url[. != '']">; <a href="{.}">those that follow</a></xsl:template>
<xsl:template match="line" mode="found" priority="2"><li><a href="{@line-url}"><xsl:value-of select="@number"/></a><xsl:text> </xsl:text><code><xsl:value-of select="@text"/></code></li></xsl:template>

</xsl:stylesheet>
