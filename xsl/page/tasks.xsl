<?xml version="1.0" encoding="UTF-8"?>
<!-- tasks.xsl: the tasks of one build with the metrics that were asked for. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<!-- The columns that are metrics: those that no other cell shows. -->
<xsl:variable name="metrics" select="/page/content/columns/column[not(contains(' recipe version package task status started elapsed cputime block ', concat(' ', @name, ' ')))]"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><a href="{build/@path-url}"><xsl:value-of select="build/@name"/></a><span aria-current="page">Tasks</span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:apply-templates select="build" mode="tabs"/></xsl:template>

<xsl:template match="content">
<form class="filter" role="search" aria-label="Filter" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'sort' or @name = 'per' or @name = 'metric']" mode="hidden"/>
<div class="fields">
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Package'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<label class="field"><span>Task</span><select name="task"><option value="">any</option><xsl:apply-templates select="options/option[@name = 'task']"/></select></label>
<label class="field"><span>Status</span><select name="status"><option value="">any</option><xsl:apply-templates select="options/option[@name = 'status']"/></select></label>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'min'"/><xsl:with-param name="label" select="'At least (seconds)'"/><xsl:with-param name="hint" select="'0'"/></xsl:call-template>
<button type="submit">Filter</button>
</div>
</form>
<xsl:call-template name="chips"/>
<xsl:choose>
<xsl:when test="tasks/task">
<div class="scroll" tabindex="0" role="region" aria-label="Tasks of this build">
<table class="rows">
<caption class="vh">Tasks of this build</caption>
<thead><tr>
<xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'task'"/><xsl:with-param name="label" select="'Task'"/><xsl:with-param name="class" select="'w1'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'status'"/><xsl:with-param name="label" select="'Status'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'started'"/><xsl:with-param name="label" select="'Started'"/><xsl:with-param name="class" select="'w2'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'elapsed'"/><xsl:with-param name="label" select="'Time'"/><xsl:with-param name="class" select="'n barcol'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'cputime'"/><xsl:with-param name="label" select="'CPU time'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
<xsl:apply-templates select="$metrics" mode="th"/>
</tr></thead>
<tbody><xsl:apply-templates select="tasks/task"/></tbody>
</table>
</div>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:otherwise><p class="blank">No task of this build matches. <a href="{/page/request/@path}">Show all tasks</a></p></xsl:otherwise>
</xsl:choose>
</xsl:template>

<xsl:template match="column" mode="th">
<th scope="col" class="n metric">
<xsl:if test="@sorted != ''"><xsl:attribute name="aria-sort"><xsl:value-of select="@sorted"/>ending</xsl:attribute></xsl:if>
<a href="{@sort-url}"><xsl:value-of select="@name"/></a>
</th>
</xsl:template>

<xsl:template match="task">
<xsl:variable name="task" select="."/>
<tr>
<th scope="row"><a href="{@package-url}" title="{@package}"><xsl:value-of select="@recipe"/></a><small class="sub"><xsl:value-of select="@task"/></small></th>
<td class="w1"><xsl:value-of select="@task"/><xsl:apply-templates select="@block[. &gt; 0]"/></td>
<td><span class="st {@status}"><xsl:value-of select="@status"/></span></td>
<td class="w2"><time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time></td>
<td class="n" title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/><svg class="bar" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true"><rect class="{@status}" width="{@width}" height="4"/></svg></td>
<td class="n" title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td>
<xsl:for-each select="$metrics"><xsl:apply-templates select="$task/metrics/metric[@name = current()/@name]"/><xsl:if test="not($task/metrics/metric[@name = current()/@name])"><td class="n"></td></xsl:if></xsl:for-each>
</tr>
</xsl:template>

<xsl:template match="metric"><td class="n" title="{@value}"><xsl:value-of select="@value-h"/></td></xsl:template>

<!-- A task that bitbake ran again in the same build. -->
<xsl:template match="@block"><xsl:text> </xsl:text><span class="tag">run <xsl:value-of select=". + 1"/></span></xsl:template>

</xsl:stylesheet>
