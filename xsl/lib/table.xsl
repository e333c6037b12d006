<?xml version="1.0" encoding="UTF-8"?>
<!-- table.xsl: column heads that sort, the pager, and rows of builds. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<!-- A column head; a link where the document says how to sort by it. -->
<xsl:template name="th">
<xsl:param name="key"/>
<xsl:param name="label"/>
<xsl:variable name="column" select="columns/column[@name = $key]"/>
<th scope="col">
<xsl:if test="$column/@sorted != ''">
<xsl:attribute name="aria-sort"><xsl:value-of select="$column/@sorted"/>ending</xsl:attribute>
</xsl:if>
<xsl:choose>
<xsl:when test="$column"><a href="{$column/@sort-url}"><xsl:value-of select="$label"/></a></xsl:when>
<xsl:otherwise><xsl:value-of select="$label"/></xsl:otherwise>
</xsl:choose>
</th>
</xsl:template>

<xsl:template match="content" mode="pager">
<xsl:if test="@pages &gt; 1">
<nav class="pager" aria-label="Pages">
<xsl:apply-templates select="@first-url | @prev-url" mode="pager"/>
<span>Page <b><xsl:value-of select="@page"/></b> of <xsl:value-of select="@pages"/><xsl:if test="@capped"> or more</xsl:if></span>
<xsl:apply-templates select="@next-url | @last-url" mode="pager"/>
</nav>
</xsl:if>
</xsl:template>

<xsl:template match="@*" mode="pager"/>
<xsl:template match="@first-url[. != '']" mode="pager"><a href="{.}">« First</a></xsl:template>
<xsl:template match="@prev-url[. != '']" mode="pager"><a href="{.}" rel="prev">‹ Previous</a></xsl:template>
<xsl:template match="@next-url[. != '']" mode="pager"><a href="{.}" rel="next">Next ›</a></xsl:template>
<xsl:template match="@last-url[. != '' and not(../@capped)]" mode="pager"><a href="{.}">Last »</a></xsl:template>

<!-- The table of builds: search results and the overview's latest. As in all
     tables of a hundred rows, the style sheet knows columns by their number:
     classes in every cell would cost more than the texts. -->
<xsl:template name="builds">
<xsl:param name="rows"/>
<xsl:param name="caption"/>
<table class="rows folds t-builds">
<caption class="vh"><xsl:value-of select="$caption"/></caption>
<thead><tr>
<xsl:call-template name="th"><xsl:with-param name="key" select="'status'"/><xsl:with-param name="label" select="'Status'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'name'"/><xsl:with-param name="label" select="'Build'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'image'"/><xsl:with-param name="label" select="'Image'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'machine'"/><xsl:with-param name="label" select="'Machine'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'distro'"/><xsl:with-param name="label" select="'Distro'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'branch'"/><xsl:with-param name="label" select="'Branch'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'builder'"/><xsl:with-param name="label" select="'Builder'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'started'"/><xsl:with-param name="label" select="'Started'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'elapsed'"/><xsl:with-param name="label" select="'Time'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'tasks'"/><xsl:with-param name="label" select="'Tasks'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'failed'"/><xsl:with-param name="label" select="'Failed'"/></xsl:call-template>
</tr></thead>
<tbody><xsl:apply-templates select="$rows" mode="row"/></tbody>
</table>
</xsl:template>

<xsl:template match="build" mode="row">
<tr>
<td class="st {@status}"><xsl:value-of select="@status"/></td>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@name"/></a></th>
<td><xsl:value-of select="@image"/></td>
<td><xsl:value-of select="@machine"/></td>
<td><xsl:value-of select="@distro"/></td>
<td><xsl:value-of select="@branch"/></td>
<td><xsl:value-of select="@builder"/></td>
<td title="{@started}"><xsl:value-of select="@started-h"/></td>
<td title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></td>
<td><xsl:value-of select="@tasks-h"/></td>
<td><xsl:value-of select="@failed-h"/></td>
</tr>
</xsl:template>

<!-- The views of one build. -->
<xsl:template match="build" mode="tabs">
<xsl:variable name="route" select="/page/@route"/>
<nav class="tabs" aria-label="This build">
<a href="{@path-url}"><xsl:if test="$route = 'build'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Summary</a>
<a href="{@path-url}/chart"><xsl:if test="$route = 'bootchart'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Chart</a>
<a href="{@path-url}/time"><xsl:if test="$route = 'time'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Time</a>
<a href="{@path-url}/packages"><xsl:if test="$route = 'packages'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Packages <small><xsl:value-of select="@packages-h"/></small></a>
<a href="{@path-url}/tasks"><xsl:if test="$route = 'tasks'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Tasks <small><xsl:value-of select="@tasks-h"/></small></a>
<xsl:if test="$route = 'results' or ../results/@tests &gt; 0"><a href="{@path-url}/results"><xsl:if test="$route = 'results'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Tests<xsl:if test="../results/@tests &gt; 0"><xsl:text> </xsl:text><small><xsl:value-of select="../results/@tests-h"/></small></xsl:if></a></xsl:if>
<a href="{@path-url}/sizes"><xsl:if test="$route = 'sizes'"><xsl:attribute name="aria-current">page</xsl:attribute></xsl:if>Sizes</a>
<a href="{$base}compare?build={@id}">Compare</a>
</nav>
</xsl:template>

</xsl:stylesheet>
