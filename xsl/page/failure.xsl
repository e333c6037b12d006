<?xml version="1.0" encoding="UTF-8"?>
<!-- failure.xsl: one failure, for whoever opens a link from a chat: the error,
     whether it is known and where, since when, who builds it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/turn.xsl"/>
<xsl:include href="../lib/spread.xsl"/>

<xsl:variable name="failure" select="/page/content/failure"/>
<!-- As many lines as one looks over; the others fold. -->
<xsl:variable name="shown" select="36"/>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/failure.css?v={/page/@version}"/>
<script src="{$base}static/js/copy.js?v={/page/@version}" defer="defer"></script>
</xsl:template>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}failures">Failures</a><xsl:if test="failure/@recipe != ''"><a href="{failure/@package-url}"><xsl:value-of select="failure/@recipe"/></a></xsl:if><span aria-current="page"><xsl:value-of select="failure/@id"/></span></nav>
</xsl:template>

<xsl:template match="content" mode="head">
<p class="verdict">
<xsl:apply-templates select="known" mode="badge"/>
<xsl:apply-templates select="known/@state" mode="badge"/>
<span><time datetime="{failure/@seen}" title="{failure/@seen}"><xsl:value-of select="failure/@seen-h"/></time><xsl:if test="build/@builder != ''"> on <xsl:value-of select="build/@builder"/></xsl:if></span>
<span class="link" data-copy="{failure/@link}"><xsl:value-of select="failure/@link"/></span>
</p>
</xsl:template>

<xsl:template match="known" mode="badge"/>
<xsl:template match="known[signature]" mode="badge"><span class="badge new">new</span></xsl:template>
<xsl:template match="known[signature and @times &gt; 0]" mode="badge"><span class="badge known">known, <xsl:value-of select="@times-h"/> ×</span></xsl:template>
<xsl:template match="@state" mode="badge"/>
<xsl:template match="@state[. = 'gone']" mode="badge"><span class="badge gone"><span class="st succeeded">gone since <xsl:value-of select="../@gone-since-h"/></span></span></xsl:template>

<xsl:template match="content">
<xsl:apply-templates select="excerpt"/>
<xsl:apply-templates select="failure" mode="links"/>
<xsl:apply-templates select="build[@tasks = 0]" mode="lone"/>
<xsl:apply-templates select="known"/>
<xsl:apply-templates select="turn"/>
<xsl:if test="failure/@recipe != ''">
<div class="two">
<xsl:apply-templates select="successes"/>
<xsl:apply-templates select="beside"/>
</div>
</xsl:if>
<xsl:apply-templates select="others[failure]"/>
</xsl:template>

<!-- The error. -->
<xsl:template match="excerpt">
<section class="error" aria-labelledby="error">
<h2 id="error">What went wrong</h2>
<xsl:choose>
<xsl:when test="$failure/@message != ''"><pre class="message" tabindex="0"><xsl:value-of select="$failure/@message"/></pre></xsl:when>
<xsl:when test="$failure/@first_line != ''"><pre class="message" tabindex="0"><xsl:value-of select="$failure/@first_line"/></pre></xsl:when>
</xsl:choose>
<p class="blank"><xsl:apply-templates select="$failure/@kind" mode="missing"/></p>
</section>
</xsl:template>
<xsl:template match="excerpt[line]">
<section class="error" aria-labelledby="error">
<div class="headline"><h2 id="error">The error</h2><a href="{$failure/@log-url}"><xsl:choose><xsl:when test="$failure/@first_error &gt; 0">Line <xsl:value-of select="$failure/@first_error"/> of <xsl:value-of select="$failure/@lines-h"/></xsl:when><xsl:otherwise>The end of <xsl:value-of select="$failure/@lines-h"/> lines</xsl:otherwise></xsl:choose></a></div>
<div class="excerpt" role="region" aria-label="The error and what is around it" tabindex="0">
<ol class="d{/page/content/@number-digits}"><xsl:apply-templates select="line[position() &lt;= $shown]"/></ol>
</div>
<xsl:if test="line[position() &gt; $shown]">
<details class="more"><summary><xsl:value-of select="count(line) - $shown"/> more lines with errors</summary>
<div class="excerpt" role="region" aria-label="More errors" tabindex="0">
<ol class="d{/page/content/@number-digits}"><xsl:apply-templates select="line[position() &gt; $shown]"/></ol>
</div>
</details>
</xsl:if>
<xsl:if test="$failure/@first_error = 0"><p class="meta">No line of the log looks like an error, so these are its last ones.</p></xsl:if>
</section>
</xsl:template>

<xsl:template match="excerpt/line"><xsl:apply-templates select="@gap[. &gt; 0]"/><li><xsl:if test="@kind != 'plain' and @kind != 'context'"><xsl:attribute name="class"><xsl:value-of select="@kind"/><xsl:if test="@first = 'true'"> first</xsl:if></xsl:attribute></xsl:if><a><xsl:if test="normalize-space(@text) != ''"><xsl:attribute name="href"><xsl:value-of select="@line-url"/></xsl:attribute></xsl:if><xsl:value-of select="@number-h"/><xsl:apply-templates select="@kind" mode="sign"/></a><xsl:value-of select="@text"/></li>
</xsl:template>
<xsl:template match="@gap"><li class="gap"><xsl:if test="../preceding-sibling::line">⋯ <xsl:value-of select="."/> line<xsl:if test=". &gt; 1">s</xsl:if> left out</xsl:if></li></xsl:template>
<xsl:template match="line[1]/@gap" priority="1"/>
<xsl:template match="@kind" mode="sign"/>
<xsl:template match="@kind[. = 'error' or . = 'warning']" mode="sign"><i>, <xsl:value-of select="."/></i></xsl:template>

<xsl:template match="@kind" mode="missing">No log came with this failure. bitbake keeps it with <code>INHERIT += "report-error"</code> in <code>conf/local.conf</code>; then <code>send-error-report</code>, or <code>push-build-results</code> with the next build, sends it.</xsl:template>
<xsl:template match="@kind[. = 'provider']" mode="missing">bitbake stopped before any task ran, so there is no log: a recipe asks for something that no layer provides. Is a layer missing in <code>bblayers.conf</code>, was the recipe skipped, or is the name wrong?</xsl:template>
<xsl:template match="@kind[. = 'parse']" mode="missing">bitbake stopped while it read the recipes, before any task ran, so there is no log of a task.</xsl:template>
<xsl:template match="failure[@log = 'true']/@kind" mode="missing" priority="1">The log that came with it is empty.</xsl:template>

<xsl:template match="failure" mode="links">
<p class="actions">
<xsl:if test="@log-url"><a class="button" href="{@log-url}">Open the log</a><xsl:text> </xsl:text><span><a href="{@text-url}">Plain text</a><xsl:text> </xsl:text><small><xsl:value-of select="@bytes-h"/></small></span></xsl:if>
<a href="{@build-url}">The build</a>
<xsl:if test="@tasks-url"><a href="{@tasks-url}">Tasks of <xsl:value-of select="@recipe"/></a></xsl:if>
<xsl:if test="@recipe != ''"><a href="{@package-url}">Where <xsl:value-of select="@recipe"/> builds</a></xsl:if>
<a href="{/page/request/@json}">JSON</a>
</p>
</xsl:template>

<xsl:template match="build" mode="lone">
<p class="meta">Only an error report of this build was sent, so its tasks and times aren't known. <code>push-build-results tmp/buildstats</code> sends them.</p>
</xsl:template>

<!-- New or known. -->
<xsl:template match="known">
<section aria-labelledby="known">
<h2 id="known"><xsl:apply-templates select="." mode="title"/></h2>
<p class="lead"><xsl:apply-templates select="." mode="say"/><xsl:apply-templates select="@state" mode="say"/></p>
<xsl:if test="signature/@times &gt; 0">
<table class="rows tight likes">
<caption class="vh">How much alike, how often</caption>
<thead><tr><th scope="col">Others with the same</th><th scope="col" class="n">Times</th><th scope="col" class="w1">First</th><th scope="col">Last</th></tr></thead>
<tbody><xsl:apply-templates select="signature"/></tbody>
</table>
</xsl:if>
<xsl:if test="../spread/target[2] or ../spread/target/@times &gt; 1"><h3>Where</h3><xsl:apply-templates select="../spread"/></xsl:if>
</section>
</xsl:template>

<xsl:template match="known" mode="title">New or known?</xsl:template>
<xsl:template match="known[signature]" mode="title">New</xsl:template>
<xsl:template match="known[signature and @times &gt; 0]" mode="title">Known</xsl:template>

<xsl:template match="known" mode="say">Nothing is known of its error, so it can't be compared with others. </xsl:template>
<xsl:template match="known[signature]" mode="say">Nobody has sent this error before. </xsl:template>
<xsl:template match="known[signature[@strength = 'task' and @times &gt; 0]]" mode="say">These error lines are new, but this task has failed with the same first error. </xsl:template>
<xsl:template match="known[signature and @times &gt; 0]" mode="say" priority="1">Seen <xsl:value-of select="@times-h"/> times besides this one, since <xsl:value-of select="@first-h"/>, by <xsl:value-of select="@builders-h"/> builder<xsl:if test="@builders != 1">s</xsl:if><xsl:if test="@today &gt; 0"> (<xsl:value-of select="@today-h"/> in the last 24 hours)</xsl:if>; last on <xsl:value-of select="@last-h"/>. </xsl:template>

<xsl:template match="known[signature and @times = 1]" mode="say" priority="2">Seen once besides this one, on <xsl:value-of select="@first-h"/>. </xsl:template>

<xsl:template match="@state" mode="say"/>
<xsl:template match="@state[. = 'gone']" mode="say">On this target it is gone since <xsl:value-of select="../@gone-since-h"/>: <a href="{../@gone-url}">a build</a> made <xsl:value-of select="$failure/@recipe"/> there.</xsl:template>
<xsl:template match="@state[. = 'failing']" mode="say">It has failed on this target again since.</xsl:template>
<xsl:template match="@state[. = 'unbuilt']" mode="say">No build has made <xsl:value-of select="$failure/@recipe"/> on this target since.</xsl:template>

<xsl:template match="signature">
<tr><th scope="row"><a href="{@signature-url}"><xsl:apply-templates select="@strength"/></a></th><td class="n"><xsl:value-of select="@times-h"/></td><td class="w1"><time datetime="{@first}" title="{@first}"><xsl:value-of select="@first-h"/></time></td><td><time datetime="{@last}" title="{@last}"><xsl:value-of select="@last-h"/></time></td></tr>
</xsl:template>
<xsl:template match="signature[@times = 0]">
<tr><th scope="row"><a href="{@signature-url}"><xsl:apply-templates select="@strength"/></a></th><td class="n">0</td><td class="w1"></td><td></td></tr>
</xsl:template>
<xsl:template match="@strength[. = 'block']">error block, with its context</xsl:template>
<xsl:template match="@strength[. = 'lines']">error lines</xsl:template>
<xsl:template match="@strength[. = 'task']">recipe, task and first error</xsl:template>

<!-- Since when. -->
<xsl:template match="turn">
<section aria-labelledby="turn">
<h2 id="turn">Since when</h2>
<xsl:apply-templates select="." mode="sides"/>
</section>
</xsl:template>
<!-- Without a good one the first bad one says something if it is another. -->
<xsl:template match="turn[not(good) and bad/@build = ../failure/@build]">
<section aria-labelledby="turn">
<h2 id="turn">Since when</h2>
<p class="blank">No earlier build has made <xsl:value-of select="$failure/@recipe"/> for this target, so there are no revisions to compare with.</p>
</section>
</xsl:template>

<!-- Who builds it. -->
<xsl:template match="successes">
<section aria-labelledby="good">
<h2 id="good">Who builds it?</h2>
<p class="blank">Nobody who sends builds here has built <xsl:value-of select="$failure/@recipe"/> yet. When someone does, this shows what they did otherwise.</p>
</section>
</xsl:template>
<xsl:template match="successes[build]">
<section aria-labelledby="good">
<h2 id="good">Who builds it?</h2>
<p class="meta">Builds that made <xsl:value-of select="$failure/@recipe"/>, nearest to this one first.</p>
<ul class="list"><xsl:apply-templates select="build[position() &lt;= 4]" mode="good"/></ul>
<xsl:if test="build[5]">
<details><summary><xsl:value-of select="count(build) - 4"/> more</summary><ul class="list"><xsl:apply-templates select="build[position() &gt; 4]" mode="good"/></ul></details>
</xsl:if>
</section>
</xsl:template>

<xsl:template match="build" mode="good">
<li>
<p><a class="st succeeded" href="{@path-url}"><xsl:value-of select="@machine"/><xsl:if test="@machine != '' and @distro != ''"> · </xsl:if><xsl:value-of select="@distro"/><xsl:if test="@machine = '' and @distro = ''"><xsl:value-of select="@name"/></xsl:if></a><xsl:text> </xsl:text><b><xsl:value-of select="@version"/></b></p>
<p class="meta"><time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time><xsl:if test="@builder != ''"> on <xsl:value-of select="@builder"/></xsl:if><xsl:if test="@host_distro != ''"> (<xsl:value-of select="@host_distro"/>)</xsl:if><xsl:apply-templates select="@differs-h"/></p>
</li>
</xsl:template>
<xsl:template match="@differs-h"> · nothing known differs</xsl:template>
<xsl:template match="@differs-h[. != '']"> · differs in <xsl:value-of select="."/></xsl:template>

<!-- Side by side. -->
<xsl:template match="beside">
<section aria-labelledby="beside">
<h2 id="beside">What differs from the nearest</h2>
<p class="meta"><a href="{@path-url}"><xsl:value-of select="@name"/></a>, <time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time><xsl:if test="@builder != ''"> on <xsl:value-of select="@builder"/></xsl:if></p>
<xsl:choose>
<xsl:when test="differences/difference">
<table class="rows tight beside">
<caption class="vh">This build beside the nearest good one</caption>
<thead><tr><th scope="col">Differs in</th><th scope="col">Here</th><th scope="col">There</th></tr></thead>
<xsl:apply-templates select="." mode="group"><xsl:with-param name="group" select="'environment'"/><xsl:with-param name="label" select="'Environment'"/></xsl:apply-templates>
<xsl:apply-templates select="." mode="group"><xsl:with-param name="group" select="'layers'"/><xsl:with-param name="label" select="'Layers'"/></xsl:apply-templates>
<xsl:apply-templates select="." mode="group"><xsl:with-param name="group" select="'configuration'"/><xsl:with-param name="label" select="'Configuration'"/></xsl:apply-templates>
<xsl:apply-templates select="." mode="group"><xsl:with-param name="group" select="'local'"/><xsl:with-param name="label" select="'Configuration of the machine that builds'"/></xsl:apply-templates>
</table>
</xsl:when>
<xsl:otherwise><p>Nothing that is known of both.</p></xsl:otherwise>
</xsl:choose>
<xsl:if test="@variables &gt; count(differences/difference[@group = 'configuration' or @group = 'local'])"><p class="meta">Variables that differ: <xsl:value-of select="@variables-h"/>; these are the first.</p></xsl:if>
<xsl:if test="@configuration != 'both'"><p class="meta">Configurations aren't compared: <xsl:choose><xsl:when test="@configuration = 'here'">that build's isn't known</xsl:when><xsl:when test="@configuration = 'there'">this build's isn't known</xsl:when><xsl:otherwise>neither is known</xsl:otherwise></xsl:choose>. Error reports bring <code>local.conf</code> and <code>auto.conf</code>.</p></xsl:if>
</section>
</xsl:template>

<xsl:template match="beside" mode="group">
<xsl:param name="group"/>
<xsl:param name="label"/>
<xsl:variable name="rows" select="differences/difference[@group = $group]"/>
<xsl:if test="$rows">
<tbody>
<tr class="group"><th scope="rowgroup" colspan="3"><xsl:value-of select="$label"/></th></tr>
<xsl:apply-templates select="$rows" mode="beside"/>
</tbody>
</xsl:if>
</xsl:template>
<xsl:template match="difference" mode="beside"><tr><th scope="row"><xsl:value-of select="@field-h"/></th><td><xsl:value-of select="@here"/></td><td><xsl:value-of select="@there"/></td></tr></xsl:template>

<!-- Others like it. -->
<xsl:template match="others">
<section aria-labelledby="others">
<div class="headline"><h2 id="others">Others like it</h2><xsl:if test="$failure/@signature-url != ''"><a href="{$failure/@signature-url}">All of them</a></xsl:if></div>
<table class="rows others">
<caption class="vh">Latest failures with the same error lines</caption>
<thead><tr><th scope="col">Failure</th><th scope="col">Machine</th><th scope="col" class="w1">Distro</th><th scope="col" class="w1">Branch</th><th scope="col" class="w1">Builder</th><th scope="col">Seen</th></tr></thead>
<tbody><xsl:apply-templates select="failure" mode="other"/></tbody>
</table>
</section>
</xsl:template>
<xsl:template match="failure" mode="other">
<tr>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@recipe"/><xsl:if test="@recipe != '' and @task != ''"><xsl:text> </xsl:text></xsl:if><xsl:value-of select="@task"/><xsl:if test="@recipe = '' and @task = ''"><xsl:value-of select="@id"/></xsl:if></a></th>
<td><xsl:value-of select="@machine"/></td>
<td class="w1"><xsl:value-of select="@distro"/></td>
<td class="w1"><xsl:value-of select="@branch"/></td>
<td class="w1"><xsl:value-of select="@builder"/></td>
<td><time datetime="{@seen}" title="{@seen}"><xsl:value-of select="@seen-h"/></time></td>
</tr>
</xsl:template>

</xsl:stylesheet>
