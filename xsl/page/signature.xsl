<?xml version="1.0" encoding="UTF-8"?>
<!-- signature.xsl: all failures of one signature: how often over time, where,
     and each of them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/spread.xsl"/>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/failure.css?v={/page/@version}"/>
</xsl:template>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}failures">Failures</a><span aria-current="page">Signature <xsl:value-of select="@id"/></span></nav>
</xsl:template>

<xsl:template match="content">
<dl class="facts">
<div><dt>Seen</dt><dd><xsl:value-of select="@times-h"/> time<xsl:if test="@times != 1">s</xsl:if></dd></div>
<xsl:apply-templates select="@first[. != ''] | @last[. != '']"/>
<div><dt>Builders</dt><dd><xsl:value-of select="@builders-h"/></dd></div>
<div><dt>Last 24 hours</dt><dd><xsl:value-of select="@today-h"/><xsl:text> builder</xsl:text><xsl:if test="@today != 1">s</xsl:if></dd></div>
</dl>
<xsl:apply-templates select="over_time[bins/bin[2]]"/>
<xsl:if test="spread/target">
<section aria-labelledby="where">
<h2 id="where">Where</h2>
<xsl:apply-templates select="spread"/>
</section>
</xsl:if>
<section aria-labelledby="same">
<h2 id="same">What is the same</h2>
<p class="meta">Failures have this signature when they share <xsl:apply-templates select="@strength" mode="long"/>; paths, numbers and other things that change from build to build are left out.</p>
<xsl:if test="@text != ''"><pre class="normal" tabindex="0"><code><xsl:value-of select="@text"/></code></pre></xsl:if>
</section>
<section aria-labelledby="all">
<h2 id="all">All of them</h2>
<xsl:choose>
<xsl:when test="failures/failure">
<table class="rows folds t-like">
<caption class="vh">Failures with this signature</caption>
<thead><tr>
<xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'task'"/><xsl:with-param name="label" select="'Task'"/></xsl:call-template>
<th scope="col">Version</th>
<xsl:call-template name="th"><xsl:with-param name="key" select="'machine'"/><xsl:with-param name="label" select="'Machine'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'distro'"/><xsl:with-param name="label" select="'Distro'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'branch'"/><xsl:with-param name="label" select="'Branch'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'builder'"/><xsl:with-param name="label" select="'Builder'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'seen'"/><xsl:with-param name="label" select="'Seen'"/></xsl:call-template>
</tr></thead>
<tbody><xsl:apply-templates select="failures/failure"/></tbody>
</table>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:otherwise><p class="blank">None is left: they were removed with their builds.</p></xsl:otherwise>
</xsl:choose>
</section>
</xsl:template>

<xsl:template match="content/@first"><div><dt>First</dt><dd><time datetime="{.}" title="{.}"><xsl:value-of select="../@first-h"/></time></dd></div></xsl:template>
<xsl:template match="content/@last"><div><dt>Last</dt><dd><time datetime="{.}" title="{.}"><xsl:value-of select="../@last-h"/></time></dd></div></xsl:template>

<xsl:template match="@strength" mode="long">the last block of errors with its context</xsl:template>
<xsl:template match="@strength[. = 'lines']" mode="long">these error lines</xsl:template>
<xsl:template match="@strength[. = 'task']" mode="long">the recipe, the task and the first error</xsl:template>

<!-- Bars; the same as numbers below. -->
<xsl:template match="over_time">
<section aria-labelledby="often">
<h2 id="often">How often</h2>
<div class="often-box">
<svg class="often" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="Failures over time, a bar for {@step-h}, at most {@most-h}; as numbers below"><xsl:apply-templates select="bins/bin[@times &gt; 0]" mode="bar"/></svg>
<p class="often-ends"><span><xsl:value-of select="bins/bin[1]/@from-h"/></span><span>a bar: <xsl:value-of select="@step-h"/>; the highest: <xsl:value-of select="@most-h"/></span><span><xsl:value-of select="bins/bin[last()]/@from-h"/></span></p>
<details><summary>As numbers</summary>
<table class="rows tight">
<caption class="vh">Failures, each row: <xsl:value-of select="@step-h"/></caption>
<thead><tr><th scope="col">From</th><th scope="col" class="n">Times</th></tr></thead>
<tbody><xsl:apply-templates select="bins/bin[@times &gt; 0]" mode="number"/></tbody>
</table>
</details>
</div>
</section>
</xsl:template>
<xsl:template match="bin" mode="bar"><rect x="{@x}" y="{@y}" width="{@width}" height="{@height}"><title><xsl:value-of select="@from-h"/>: <xsl:value-of select="@times-h"/></title></rect></xsl:template>
<xsl:template match="bin" mode="number"><tr><th scope="row"><time datetime="{@from}"><xsl:value-of select="@from-h"/></time></th><td class="n"><xsl:value-of select="@times-h"/></td></tr></xsl:template>

<xsl:template match="failures/failure">
<tr>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@recipe"/><xsl:if test="@recipe = ''"><xsl:value-of select="@id"/></xsl:if></a></th>
<td><xsl:value-of select="@task"/></td>
<td><xsl:value-of select="@version"/></td>
<td><xsl:value-of select="@machine"/></td>
<td><xsl:value-of select="@distro"/></td>
<td><xsl:value-of select="@branch"/></td>
<td><xsl:value-of select="@builder"/></td>
<td title="{@seen}"><xsl:value-of select="@seen-h"/></td>
</tr>
</xsl:template>

</xsl:stylesheet>
