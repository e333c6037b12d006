<?xml version="1.0" encoding="UTF-8"?>
<!-- packages.xsl: the packages of one build. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><a href="{build/@path-url}"><xsl:value-of select="build/@name"/></a><span aria-current="page">Packages</span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:apply-templates select="build" mode="tabs"/></xsl:template>

<xsl:template match="content">
<form class="filter" role="search" aria-label="Filter" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'sort' or @name = 'per']" mode="hidden"/>
<div class="fields">
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Package'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<label class="field"><span>Status</span><select name="status"><option value="">any</option><xsl:call-template name="status-option"><xsl:with-param name="value" select="'succeeded'"/></xsl:call-template><xsl:call-template name="status-option"><xsl:with-param name="value" select="'failed'"/></xsl:call-template><xsl:call-template name="status-option"><xsl:with-param name="value" select="'incomplete'"/></xsl:call-template></select></label>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'min'"/><xsl:with-param name="label" select="'At least (seconds)'"/><xsl:with-param name="hint" select="'0'"/></xsl:call-template>
<button type="submit">Filter</button>
</div>
</form>
<xsl:call-template name="chips"/>
<xsl:choose>
<xsl:when test="packages/package">
<table class="rows t-packages">
<caption class="vh">Packages of this build</caption>
<thead><tr>
<xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'version'"/><xsl:with-param name="label" select="'Version'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'status'"/><xsl:with-param name="label" select="'Status'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'failed_task'"/><xsl:with-param name="label" select="'Failed at'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'elapsed'"/><xsl:with-param name="label" select="'Time'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'cputime'"/><xsl:with-param name="label" select="'CPU time'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'tasks'"/><xsl:with-param name="label" select="'Tasks'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'started'"/><xsl:with-param name="label" select="'Started'"/></xsl:call-template>
</tr></thead>
<tbody><xsl:apply-templates select="packages/package"/></tbody>
</table>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:otherwise><p class="blank">No package of this build matches. <a href="{/page/request/@path}">Show all packages</a></p></xsl:otherwise>
</xsl:choose>
</xsl:template>

<xsl:template name="status-option">
<xsl:param name="value"/>
<option value="{$value}"><xsl:if test="$given[@name = 'status']/@value = $value"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="$value"/></option>
</xsl:template>

<xsl:template match="package">
<tr>
<th scope="row"><a href="{@url}"><xsl:value-of select="@recipe"/></a></th>
<td><xsl:value-of select="@version"/></td>
<td class="st {@status}"><xsl:value-of select="@status"/></td>
<td><xsl:value-of select="@failed_task"/></td>
<td title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/><svg class="bar"><rect width="{@width div 10}%"/></svg></td>
<td title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td>
<td><a href="{@tasks-url}"><xsl:value-of select="@tasks"/></a></td>
<td title="{@started}"><xsl:value-of select="@started-h"/></td>
</tr>
</xsl:template>

</xsl:stylesheet>
