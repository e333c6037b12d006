<?xml version="1.0" encoding="UTF-8"?>
<!-- tasks.xsl: the tasks of one build with the metrics that were asked for. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<!-- The columns that are metrics: those that no other cell shows. -->
<xsl:variable name="metrics" select="/page/content/columns/column[not(contains(' recipe version package task status started elapsed cputime block ', concat(' ', @name, ' ')))]"/>
<xsl:variable name="shown" select="count($metrics)"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><a href="{build/@path-url}"><xsl:value-of select="build/@name"/></a><span aria-current="page">Tasks</span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:apply-templates select="build" mode="tabs"/></xsl:template>

<xsl:template match="content">
<form class="filter" role="search" aria-label="Filter" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'sort' or @name = 'per' or @name = 'metric']" mode="hidden"/>
<div class="fields">
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Package'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<label class="field"><span>Task</span><select name="task"><option value="">any</option><xsl:call-template name="options"><xsl:with-param name="options" select="options/option[@name = 'task']"/></xsl:call-template></select></label>
<label class="field"><span>Status</span><select name="status"><option value="">any</option><xsl:call-template name="options"><xsl:with-param name="options" select="options/option[@name = 'status']"/></xsl:call-template></select></label>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'min'"/><xsl:with-param name="label" select="'At least (seconds)'"/><xsl:with-param name="hint" select="'0'"/></xsl:call-template>
<button type="submit">Filter</button>
</div>
</form>
<xsl:call-template name="chips"/>
<xsl:choose>
<xsl:when test="tasks/task">
<div class="scroll" tabindex="0" role="region" aria-label="Tasks of this build">
<table class="rows t-tasks">
<caption class="vh">Tasks of this build</caption>
<thead><tr>
<xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'task'"/><xsl:with-param name="label" select="'Task'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'elapsed'"/><xsl:with-param name="label" select="'Time'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'cputime'"/><xsl:with-param name="label" select="'CPU time'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'status'"/><xsl:with-param name="label" select="'Status'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'started'"/><xsl:with-param name="label" select="'Started'"/></xsl:call-template>
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
<th scope="col">
<xsl:if test="@sorted != ''"><xsl:attribute name="aria-sort"><xsl:value-of select="@sorted"/>ending</xsl:attribute></xsl:if>
<a href="{@sort-url}"><xsl:value-of select="@name"/></a>
</th>
</xsl:template>

<xsl:template match="task">
<tr>
<th scope="row"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a></th>
<td><xsl:value-of select="@task"/><xsl:apply-templates select="@block[. &gt; 0]"/></td>
<td title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/><svg class="bar"><rect width="{@width div 10}%"/></svg></td>
<td title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td>
<td class="st {@status}"><xsl:value-of select="@status"/></td>
<td title="{@started}"><xsl:value-of select="@started-h"/></td>
<xsl:choose>
<xsl:when test="count(metrics/metric) = $shown"><xsl:apply-templates select="metrics/metric"/></xsl:when>
<xsl:otherwise><xsl:apply-templates select="." mode="gaps"/></xsl:otherwise>
</xsl:choose>
</tr>
</xsl:template>

<xsl:template match="metric"><td title="{@value}"><xsl:value-of select="@value-h"/></td></xsl:template>

<!-- A task that lacks some of the metrics. -->
<xsl:template match="task" mode="gaps">
<xsl:variable name="task" select="."/>
<xsl:for-each select="$metrics">
<xsl:variable name="metric" select="$task/metrics/metric[@name = current()/@name]"/>
<td title="{$metric/@value}"><xsl:value-of select="$metric/@value-h"/></td>
</xsl:for-each>
</xsl:template>

<!-- A task that bitbake ran again in the same build. -->
<xsl:template match="@block"><xsl:text> </xsl:text><span class="tag">run <xsl:value-of select=". + 1"/></span></xsl:template>

</xsl:stylesheet>
