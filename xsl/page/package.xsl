<?xml version="1.0" encoding="UTF-8"?>
<!-- package.xsl: one recipe: on which targets and versions it builds, the
     nearest good build for someone whose build failed, and its history. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/turn.xsl"/>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/failure.css?v={/page/@version}"/>
<script src="{$base}static/js/copy.js?v={/page/@version}" defer="defer"></script>
</xsl:template>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><span aria-current="page"><xsl:value-of select="@recipe"/></span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:call-template name="chips"/></xsl:template>

<xsl:template match="content">
<xsl:apply-templates select="cells[row]"/>
<div class="two">
<xsl:apply-templates select="successes"/>
<xsl:apply-templates select="failures[build]"/>
</div>
<xsl:apply-templates select="turns[turn]"/>
<section aria-labelledby="history">
<div class="headline"><h2 id="history">All builds of it</h2><a href="{/page/request/@path}/trend">What it takes over time</a></div>
<xsl:choose>
<xsl:when test="builds/build">
<table class="rows folds t-recipe">
<caption class="vh">Builds of this recipe</caption>
<thead><tr>
<xsl:call-template name="th"><xsl:with-param name="key" select="'status'"/><xsl:with-param name="label" select="'Status'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'failed_task'"/><xsl:with-param name="label" select="'Failed at'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'version'"/><xsl:with-param name="label" select="'Version'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'machine'"/><xsl:with-param name="label" select="'Machine'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'distro'"/><xsl:with-param name="label" select="'Distro'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'branch'"/><xsl:with-param name="label" select="'Branch'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'builder'"/><xsl:with-param name="label" select="'Builder'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'started'"/><xsl:with-param name="label" select="'Started'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'elapsed'"/><xsl:with-param name="label" select="'Time'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'cputime'"/><xsl:with-param name="label" select="'CPU time'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'name'"/><xsl:with-param name="label" select="'Build'"/></xsl:call-template>
</tr></thead>
<tbody><xsl:apply-templates select="builds/build"/></tbody>
</table>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:otherwise><p class="blank">No build of it matches. <a href="{/page/request/@path}">Show all</a></p></xsl:otherwise>
</xsl:choose>
</section>
</xsl:template>

<xsl:template match="cells">
<section aria-labelledby="matrix">
<h2 id="matrix">Where it builds</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Outcome by target and version">
<table class="rows matrix">
<caption class="vh">Latest outcome by target and version</caption>
<thead><tr><th scope="col">Target</th><xsl:apply-templates select="version"/></tr></thead>
<tbody><xsl:apply-templates select="row"/></tbody>
</table>
</div>
</section>
</xsl:template>

<xsl:template match="version"><th scope="col"><xsl:value-of select="@name"/></th></xsl:template>

<xsl:template match="row">
<xsl:variable name="row" select="."/>
<tr>
<th scope="row"><a href="{@url}"><xsl:value-of select="@machine"/></a><small class="line"><xsl:value-of select="@distro"/></small></th>
<xsl:for-each select="../version"><td><xsl:apply-templates select="$row/cell[@version = current()/@name]"/></td></xsl:for-each>
</tr>
</xsl:template>

<xsl:template match="cell"><a class="st {@status}" href="{@build-url}"><xsl:value-of select="@status"/></a><small class="line"><xsl:value-of select="@seen-h"/>, <xsl:value-of select="@builder"/></small></xsl:template>

<xsl:template match="successes">
<section aria-labelledby="good">
<h2 id="good">Nearest good builds</h2>
<p class="blank">Nobody has built it yet. When someone does, this shows what it was built with.</p>
</section>
</xsl:template>
<xsl:template match="successes[build]">
<section aria-labelledby="good">
<h2 id="good"><xsl:choose><xsl:when test="$given[@name = 'build']">Nearest good builds</xsl:when><xsl:otherwise>Latest good builds</xsl:otherwise></xsl:choose></h2>
<ul class="list"><xsl:apply-templates select="build" mode="item"/></ul>
</section>
</xsl:template>

<xsl:template match="content/failures">
<section aria-labelledby="bad">
<h2 id="bad">Latest failures</h2>
<ul class="list"><xsl:apply-templates select="build" mode="item"/></ul>
</section>
</xsl:template>

<xsl:template match="build" mode="item">
<li>
<p><span class="st {@status}"><xsl:apply-templates select="@status" mode="word"/></span><xsl:text> </xsl:text><a href="{@path-url}"><xsl:value-of select="@machine"/> · <xsl:value-of select="@distro"/></a><xsl:text> </xsl:text><b><xsl:value-of select="@version"/></b></p>
<p class="meta"><time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time> on <xsl:value-of select="@builder"/> (<xsl:value-of select="@host_distro"/>) · <a href="{@tasks-url}">its tasks</a></p>
<xsl:apply-templates select="differences"/>
</li>
</xsl:template>

<!-- What failed leads to its page where there is one, with its log. -->
<xsl:template match="failures/build" mode="item">
<li>
<p><span class="st failed"><xsl:apply-templates select="@status" mode="word"/></span><xsl:text> </xsl:text><a href="{@failure-url}"><xsl:if test="not(@failure-url != '')"><xsl:attribute name="href"><xsl:value-of select="@path-url"/></xsl:attribute></xsl:if><xsl:value-of select="@machine"/> · <xsl:value-of select="@distro"/></a><xsl:text> </xsl:text><b><xsl:value-of select="@version"/></b></p>
<p class="meta"><time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time> on <xsl:value-of select="@builder"/> (<xsl:value-of select="@host_distro"/>) · <xsl:choose><xsl:when test="@failure-url != ''"><a href="{@failure-url}">its error</a> · <a href="{@path-url}">its build</a></xsl:when><xsl:otherwise><a href="{@tasks-url}">its tasks</a></xsl:otherwise></xsl:choose></p>
</li>
</xsl:template>

<xsl:template match="turns">
<section aria-labelledby="turns">
<h2 id="turns">Since when it fails</h2>
<xsl:apply-templates select="turn"/>
</section>
</xsl:template>
<xsl:template match="turn">
<h3><xsl:value-of select="@machine"/><xsl:if test="@distro != ''"> · <xsl:value-of select="@distro"/></xsl:if></h3>
<xsl:apply-templates select="." mode="sides"/>
</xsl:template>

<xsl:template match="@status" mode="word"><xsl:value-of select="."/></xsl:template>
<xsl:template match="@status[. = 'failed']" mode="word"><xsl:value-of select="../@failed_task"/></xsl:template>

<xsl:template match="differences"><p class="meta">Built with the same things as yours.</p></xsl:template>
<xsl:template match="differences[difference]">
<details><summary>What differs: <xsl:value-of select="count(difference)"/></summary><xsl:apply-templates select="." mode="table"/></details>
</xsl:template>
<!-- The nearest one tells it at once. -->
<xsl:template match="build[1]/differences[difference]" priority="1"><xsl:apply-templates select="." mode="table"/></xsl:template>

<xsl:template match="differences" mode="table">
<table class="rows tight">
<caption class="vh">What differs</caption>
<thead><tr><th scope="col">Differs in</th><th scope="col">Yours</th><th scope="col">The good one</th></tr></thead>
<tbody><xsl:apply-templates select="difference"/></tbody>
</table>
</xsl:template>
<xsl:template match="difference"><tr><th scope="row"><xsl:value-of select="@field"/></th><td class="cut" title="{@here}"><xsl:value-of select="@here"/></td><td class="cut" title="{@there}"><xsl:value-of select="@there"/></td></tr></xsl:template>

<xsl:template match="builds/build">
<tr>
<td class="st {@status}"><xsl:value-of select="@status"/></td>
<td><xsl:value-of select="@failed_task"/></td>
<td><a href="{@tasks-url}"><xsl:value-of select="@version"/></a></td>
<td><xsl:value-of select="@machine"/></td>
<td><xsl:value-of select="@distro"/></td>
<td><xsl:value-of select="@branch"/></td>
<td><xsl:value-of select="@builder"/></td>
<td title="{@started}"><xsl:value-of select="@started-h"/></td>
<td title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></td>
<td title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@name"/></a></th>
</tr>
</xsl:template>

</xsl:stylesheet>
