<?xml version="1.0" encoding="UTF-8"?>
<!-- steps.xsl: what got slower or faster lately, over all recipes and builds;
     what only the machine did apart. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/step.xsl"/>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/chart.css?v={/page/@version}"/>
<link rel="stylesheet" href="{$base}static/trend.css?v={/page/@version}"/>
</xsl:template>
<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><span aria-current="page">Trends</span><a href="{$base}trend">Whole builds</a></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:call-template name="chips"/></xsl:template>

<xsl:template match="content">
<form class="filter" role="search" aria-label="Which steps" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'verdict' or @name = 'sort' or @name = 'per']" mode="hidden"/>
<div class="fields">
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Recipe'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'task'"/><xsl:with-param name="label" select="'Task'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'machine'"/><xsl:with-param name="label" select="'Machine'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'builder'"/><xsl:with-param name="label" select="'Builder'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'since'"/><xsl:with-param name="label" select="'Since'"/><xsl:with-param name="hint" select="'4w'"/></xsl:call-template>
<button type="submit">Show</button>
</div>
</form>
<xsl:if test="@waiting_builds + @waiting_recipes &gt; 0"><p class="note">New builds are being looked at: <xsl:if test="@waiting_builds &gt; 0"><xsl:value-of select="@waiting_builds-h"/> builds, </xsl:if><xsl:value-of select="@waiting_recipes-h"/> recipes to go.</p></xsl:if>
<xsl:choose>
<xsl:when test="steps/step">
<xsl:apply-templates select="." mode="part"><xsl:with-param name="id" select="'work'"/><xsl:with-param name="label" select="'Slower and faster'"/><xsl:with-param name="rows" select="steps/step[@verdict = 'worse' or @verdict = 'better']"/></xsl:apply-templates>
<xsl:apply-templates select="." mode="part"><xsl:with-param name="id" select="'host'"/><xsl:with-param name="label" select="'Busy machines'"/><xsl:with-param name="rows" select="steps/step[@verdict = 'busier' or @verdict = 'calmer']"/></xsl:apply-templates>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:otherwise><p class="blank">No steps. They are looked for in each recipe's CPU time and wall time, on each machine and builder, as soon as there are ten runs of it. <a href="{$base}trend">What whole builds take</a></p></xsl:otherwise>
</xsl:choose>
</xsl:template>

<xsl:template match="content" mode="part">
<xsl:param name="id"/><xsl:param name="label"/><xsl:param name="rows"/>
<xsl:if test="$rows">
<section aria-labelledby="{$id}"><h2 id="{$id}"><xsl:value-of select="$label"/></h2>
<xsl:if test="$id = 'host'"><p class="quiet">Wall time stepped here, and CPU time does not explain it: the machine had other things to do, or less.</p></xsl:if>
<div class="scroll" tabindex="0" role="region" aria-label="{$label}">
<table class="rows t-steps">
<caption class="vh"><xsl:value-of select="$label"/></caption>
<thead><tr>
<xsl:call-template name="th"><xsl:with-param name="key" select="'seen'"/><xsl:with-param name="label" select="'Since'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'What'"/></xsl:call-template>
<th scope="col">How</th>
<xsl:call-template name="th"><xsl:with-param name="key" select="'change'"/><xsl:with-param name="label" select="'By'"/></xsl:call-template>
<th scope="col">Wall time</th><th scope="col">CPU time</th><th scope="col">CPU pressure</th><th scope="col">Where</th><th scope="col">Builds</th>
</tr></thead>
<tbody><xsl:apply-templates select="$rows"/></tbody>
</table>
</div>
</section>
</xsl:if>
</xsl:template>

<xsl:template match="step">
<tr>
<td><time datetime="{@seen}" title="{@seen}"><xsl:value-of select="@seen-h"/></time></td>
<th scope="row"><a href="{@trend-url}"><xsl:choose><xsl:when test="@recipe != ''"><xsl:value-of select="@recipe"/></xsl:when><xsl:otherwise>whole build</xsl:otherwise></xsl:choose></a><xsl:if test="@task != ''"><small class="line"><xsl:value-of select="@task"/></small></xsl:if><xsl:if test="@image != ''"><small class="line"><xsl:value-of select="@image"/></small></xsl:if></th>
<td><xsl:apply-templates select="@verdict"/></td>
<td class="n"><xsl:apply-templates select="@change"/></td>
<td><xsl:apply-templates select="@wall_before"/></td>
<td><xsl:apply-templates select="@cpu_before"/></td>
<td><xsl:apply-templates select="@pressure_before"/></td>
<td><xsl:value-of select="@machine"/><xsl:if test="@builder != ''"> on <xsl:value-of select="@builder"/></xsl:if><xsl:if test="@branch != ''">, <xsl:value-of select="@branch"/></xsl:if></td>
<td><a href="{@compare-url}">Compare</a><small class="line"><a href="{@before-url}">before</a> (<xsl:value-of select="@runs_before-h"/> runs), <a href="{@after-url}">after</a> (<xsl:value-of select="@runs_after-h"/>)</small></td>
</tr>
</xsl:template>

</xsl:stylesheet>
