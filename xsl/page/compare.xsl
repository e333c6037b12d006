<?xml version="1.0" encoding="UTF-8"?>
<!-- compare.xsl: builds side by side: what they took, what changed most, what
     is new and gone, in what they differ. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/grown.xsl"/>
<xsl:include href="../lib/plot.xsl"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><span aria-current="page">Compare</span></nav>
</xsl:template>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/chart.css?v={/page/@version}"/>
<link rel="stylesheet" href="{$base}static/sizes.css?v={/page/@version}"/>
</xsl:template>

<!-- Which builds to compare. -->
<xsl:template match="content[candidates]">
<xsl:apply-templates select="builds[build]"/>
<xsl:choose>
<xsl:when test="candidates/build">
<section aria-labelledby="with">
<h2 id="with">Compare with</h2>
<ul class="choices"><xsl:apply-templates select="candidates/build" mode="choice"/></ul>
</section>
</xsl:when>
<xsl:otherwise><p class="blank">There is nothing to compare yet: it takes two builds.</p><xsl:call-template name="how-to-send"/></xsl:otherwise>
</xsl:choose>
</xsl:template>

<xsl:template match="build" mode="choice">
<li><a href="{@with-url}"><span class="st {@status}"><xsl:value-of select="@status"/></span><xsl:text> </xsl:text><b><xsl:value-of select="@name"/></b></a><xsl:text> </xsl:text><small><xsl:value-of select="@image"/><xsl:text> </xsl:text><xsl:value-of select="@machine"/> on <xsl:value-of select="@builder"/>, <time datetime="{@started}"><xsl:value-of select="@started-h"/></time><xsl:if test="@elapsed != ''">, <xsl:value-of select="@elapsed-h"/></xsl:if></small></li>
</xsl:template>

<xsl:template match="content">
<xsl:apply-templates select="builds"/>
<form class="filter" role="search" aria-label="What to compare" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'build' or @name = 'base' or @name = 'sort' or @name = 'per']" mode="hidden"/>
<div class="fields">
<label class="field"><span>Metric</span><select name="metric"><xsl:call-template name="options"><xsl:with-param name="options" select="options/option"/></xsl:call-template></select></label>
<label class="field"><span>By</span><select name="by"><xsl:apply-templates select="." mode="by"><xsl:with-param name="value" select="'task'"/><xsl:with-param name="label" select="'task'"/></xsl:apply-templates><xsl:apply-templates select="." mode="by"><xsl:with-param name="value" select="'package'"/><xsl:with-param name="label" select="'package'"/></xsl:apply-templates><xsl:apply-templates select="." mode="by"><xsl:with-param name="value" select="'type'"/><xsl:with-param name="label" select="'task type'"/></xsl:apply-templates><xsl:apply-templates select="." mode="by"><xsl:with-param name="value" select="'build'"/><xsl:with-param name="label" select="'whole build'"/></xsl:apply-templates></select></label>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Recipe'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'task'"/><xsl:with-param name="label" select="'Task'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'min'"/><xsl:with-param name="label" select="'Value at least'"/><xsl:with-param name="hint" select="'0'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'diff'"/><xsl:with-param name="label" select="'Difference at least'"/><xsl:with-param name="hint" select="'0'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'change'"/><xsl:with-param name="label" select="'Change at least (%)'"/><xsl:with-param name="hint" select="'0'"/></xsl:call-template>
<xsl:if test="sizes"><xsl:call-template name="text-field"><xsl:with-param name="name" select="'size_change'"/><xsl:with-param name="label" select="'Sizes: more than (%)'"/><xsl:with-param name="hint" select="'1'"/></xsl:call-template></xsl:if>
<label class="check"><input type="checkbox" name="all" value="1"><xsl:if test="$given[@name = 'all']/@value = '1'"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input> also tasks that not all ran</label>
<button type="submit">Compare</button>
</div>
</form>
<xsl:if test="sizes or numbers"><p class="quiet">Further down: <xsl:if test="numbers"><a href="#numbers">the builds as wholes</a></xsl:if><xsl:if test="sizes and numbers">, </xsl:if><xsl:if test="sizes"><a href="#grew">what grew, and which files did it</a></xsl:if></p></xsl:if>
<section aria-labelledby="rows">
<h2 id="rows">What changed most</h2>
<xsl:choose>
<xsl:when test="rows/row">
<div class="scroll" tabindex="0" role="group" aria-label="What changed most">
<table class="rows t-compare">
<caption class="vh"><xsl:value-of select="@metric"/> side by side</caption>
<thead><tr>
<xsl:if test="@by = 'task' or @by = 'package'"><xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template></xsl:if>
<xsl:if test="@by = 'task' or @by = 'type'"><xsl:call-template name="th"><xsl:with-param name="key" select="'task'"/><xsl:with-param name="label" select="'Task'"/></xsl:call-template></xsl:if>
<xsl:apply-templates select="builds/build" mode="th"/>
<xsl:call-template name="th"><xsl:with-param name="key" select="'diff'"/><xsl:with-param name="label" select="'Difference'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'share'"/><xsl:with-param name="label" select="'Change'"/></xsl:call-template>
<th scope="col"><span class="vh">History</span></th>
</tr></thead>
<tbody><xsl:apply-templates select="rows/row"/></tbody>
</table>
</div>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:when test="@shared = 0"><p class="blank">These builds ran no task in common. <a href="{/page/request/@path}?{/page/request/@query}&amp;all=1">Show what each of them ran</a></p></xsl:when>
<xsl:otherwise><p class="blank">No row is this large or differs this much.</p></xsl:otherwise>
</xsl:choose>
</section>
<xsl:if test="plot">
<section aria-labelledby="spread"><h2 id="spread">How many rows changed by how much</h2><xsl:apply-templates select="plot"/><xsl:apply-templates select="histogram"/></section>
</xsl:if>
<xsl:apply-templates select="changes[change]"/>
<xsl:apply-templates select="numbers"/>
<xsl:apply-templates select="sizes"/>
<xsl:apply-templates select="environment"/>
</xsl:template>

<xsl:template match="content" mode="by">
<xsl:param name="value"/><xsl:param name="label"/>
<option value="{$value}"><xsl:if test="@by = $value"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="$label"/></option>
</xsl:template>

<xsl:template match="builds">
<ul class="sides"><xsl:apply-templates select="build"/></ul>
</xsl:template>

<xsl:template match="builds/build">
<li>
<b class="letter"><xsl:value-of select="@column"/></b>
<p><a href="{@path-url}"><xsl:if test="@median &gt; 0">median of <xsl:value-of select="@median"/> builds up to </xsl:if><xsl:value-of select="@name"/></a><xsl:text> </xsl:text><span class="st {@status}"><xsl:value-of select="@status"/></span></p>
<p class="quiet"><xsl:value-of select="@image"/><xsl:text> </xsl:text><xsl:value-of select="@machine"/> on <xsl:value-of select="@builder"/>, <time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time><xsl:if test="@elapsed != ''">, <xsl:value-of select="@elapsed-h"/></xsl:if></p>
<xsl:if test="@common_tasks != ''"><p class="quiet"><xsl:value-of select="@common_tasks-h"/> shared tasks: <b title="{@common}"><xsl:value-of select="@common-h"/></b><xsl:if test="@other_tasks &gt; 0">; <xsl:value-of select="@other_tasks-h"/> others: <span title="{@other}"><xsl:value-of select="@other-h"/></span></xsl:if></p></xsl:if>
<xsl:if test="@lacks_metric = 'true'"><p class="note">this build has no <xsl:value-of select="../../@metric"/></p></xsl:if>
<xsl:if test="@without-url != '' and count(../build) &gt; 2"><p><a href="{@without-url}" aria-label="Leave out {@column}">Leave out</a></p></xsl:if>
</li>
</xsl:template>

<xsl:template match="build" mode="th">
<xsl:variable name="key" select="position()"/>
<xsl:variable name="column" select="../../columns/column[@name = $key]"/>
<th scope="col" class="n"><xsl:if test="$column/@sorted != ''"><xsl:attribute name="aria-sort"><xsl:value-of select="$column/@sorted"/>ending</xsl:attribute></xsl:if><a href="{$column/@sort-url}" title="{@name}"><xsl:value-of select="@column"/></a></th>
</xsl:template>

<xsl:template match="row">
<tr>
<xsl:if test="@recipe != ''"><th scope="row"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a></th></xsl:if>
<xsl:if test="@task != ''"><td><xsl:value-of select="@task"/></td></xsl:if>
<xsl:apply-templates select="v"/>
<td class="n change {@change}" title="{@absdiff}"><xsl:if test="@absdiff &gt; 0">+</xsl:if><xsl:value-of select="@absdiff-h"/></td>
<td class="n" title="{@reldiff}"><xsl:if test="@reldiff &gt; 0">+</xsl:if><xsl:value-of select="@reldiff-h"/></td>
<td><a href="{@history-url}" aria-label="History of {@recipe} {@task}">History</a></td>
</tr>
</xsl:template>

<xsl:template match="v"><td class="n" title="{@value}"><xsl:value-of select="@value-h"/><svg class="bar"><rect width="{@width div 10}%"/></svg></td></xsl:template>
<xsl:template match="v[@value = '']"><td class="n"><span class="quiet" title="it did not run, or has no such number">–</span></td></xsl:template>

<xsl:template match="histogram">
<details><summary>As a table</summary>
<table class="rows">
<caption class="vh">How many rows changed by how much</caption>
<thead><tr><th scope="col">Change, %</th><th scope="col">Rows</th></tr></thead>
<tbody><xsl:apply-templates select="bin"/></tbody>
</table>
</details>
</xsl:template>
<xsl:template match="bin"><tr><th scope="row"><xsl:choose><xsl:when test="@from = ''">below <xsl:value-of select="@to"/></xsl:when><xsl:when test="@to = ''"><xsl:value-of select="@from"/> and more</xsl:when><xsl:otherwise><xsl:value-of select="@from"/> to <xsl:value-of select="@to"/></xsl:otherwise></xsl:choose></th><td class="n"><xsl:value-of select="@rows-h"/></td></tr></xsl:template>

<xsl:template match="changes">
<section aria-labelledby="changes">
<h2 id="changes">New, gone, another version</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Recipes that changed">
<table class="rows">
<caption class="vh">Recipes that are not in all builds, or in other versions</caption>
<thead><tr><th scope="col">Recipe</th><th scope="col">What</th><xsl:for-each select="../builds/build"><th scope="col"><xsl:value-of select="@column"/></th></xsl:for-each></tr></thead>
<tbody><xsl:apply-templates select="change"/></tbody>
</table>
</div>
<xsl:if test="../@changed-recipes &gt; count(change)"><p class="quiet">The dearest <xsl:value-of select="count(change)"/> of <xsl:value-of select="../@changed-recipes-h"/>.</p></xsl:if>
</section>
</xsl:template>

<xsl:template match="change">
<tr><th scope="row"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a></th><td><xsl:apply-templates select="@kind"/></td><xsl:apply-templates select="in" mode="version"/></tr>
</xsl:template>
<xsl:template match="change/@kind">in some</xsl:template>
<xsl:template match="change/@kind[. = 'new']">new</xsl:template>
<xsl:template match="change/@kind[. = 'gone']">gone</xsl:template>
<xsl:template match="change/@kind[. = 'version']">version</xsl:template>
<xsl:template match="in" mode="version"><td><xsl:choose><xsl:when test="@version != ''"><xsl:value-of select="@version"/><xsl:text> </xsl:text><small class="quiet"><xsl:value-of select="@cost-h"/></small></xsl:when><xsl:otherwise><span class="quiet">absent</span></xsl:otherwise></xsl:choose></td></xsl:template>

<xsl:template match="environment">
<section aria-labelledby="environment">
<h2 id="environment">In what they differ</h2>
<xsl:choose>
<xsl:when test="field[@differs = 'true']">
<div class="scroll" tabindex="0" role="group" aria-label="In what they differ">
<table class="rows"><caption class="vh">Environment and layers that differ</caption>
<thead><tr><th scope="col">What</th><xsl:for-each select="../builds/build"><th scope="col"><xsl:value-of select="@column"/></th></xsl:for-each></tr></thead>
<tbody><xsl:apply-templates select="field[@differs = 'true']"/></tbody></table>
</div>
</xsl:when>
<xsl:otherwise><p>Nothing that is known of their environment differs.</p></xsl:otherwise>
</xsl:choose>
<xsl:if test="field[@differs = 'false' and in/@value != '']">
<details><summary>What is the same</summary>
<dl class="pairs"><xsl:for-each select="field[@differs = 'false' and in/@value != '']"><div><dt><xsl:if test="@group = 'layer'">layer </xsl:if><xsl:value-of select="@name"/></dt><dd><xsl:value-of select="in/@value"/></dd></div></xsl:for-each></dl>
</details>
</xsl:if>
</section>
</xsl:template>

<xsl:template match="field">
<tr><th scope="row"><xsl:if test="@group = 'layer'"><span class="quiet">layer </span></xsl:if><xsl:value-of select="@name"/></th><xsl:for-each select="in"><td><xsl:choose><xsl:when test="@value != ''"><xsl:value-of select="@value"/></xsl:when><xsl:otherwise><span class="quiet">unknown</span></xsl:otherwise></xsl:choose></td></xsl:for-each></tr>
</xsl:template>

</xsl:stylesheet>
