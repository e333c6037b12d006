<?xml version="1.0" encoding="UTF-8"?>
<!-- failures.xsl: the table of failures, and what says that one is new or
     known.  Columns are known by their number, as in lib/table.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:template name="failures">
<xsl:param name="rows"/>
<xsl:param name="caption"/>
<table class="rows folds t-fails">
<caption class="vh"><xsl:value-of select="$caption"/></caption>
<thead><tr>
<th scope="col">Error</th>
<xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'task'"/><xsl:with-param name="label" select="'Task'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'machine'"/><xsl:with-param name="label" select="'Machine'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'builder'"/><xsl:with-param name="label" select="'Builder'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'seen'"/><xsl:with-param name="label" select="'When'"/></xsl:call-template>
<th scope="col">Known</th>
</tr></thead>
<tbody><xsl:apply-templates select="$rows" mode="row"/></tbody>
</table>
</xsl:template>

<!-- What is as most are comes with its badge. -->
<xsl:template match="failure[@badge]" mode="row" priority="1">
<tr>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@first_line"/></a></th>
<td><a href="{@package-url}"><xsl:value-of select="@recipe"/></a></td>
<td><xsl:value-of select="@task"/></td>
<td><xsl:value-of select="@machine"/></td>
<td><xsl:value-of select="@builder"/></td>
<td title="{@seen}"><xsl:value-of select="@seen-h"/></td>
<td><a class="badge {@badge}" href="{@signature-url}"><xsl:value-of select="@badge-h"/></a></td>
</tr>
</xsl:template>
<xsl:template match="failure" mode="row">
<tr>
<th scope="row"><a href="{@path-url}"><xsl:apply-templates select="@first_line"/></a></th>
<td><a href="{@package-url}"><xsl:value-of select="@recipe"/></a></td>
<td><xsl:value-of select="@task"/></td>
<td><xsl:value-of select="@machine"/></td>
<td><xsl:value-of select="@builder"/></td>
<td title="{@seen}"><xsl:value-of select="@seen-h"/></td>
<td><xsl:apply-templates select="@similar"/></td>
</tr>
</xsl:template>
<!-- Of no recipe. -->
<xsl:template match="failure[@recipe = '']" mode="row">
<tr>
<th scope="row"><a href="{@path-url}"><xsl:apply-templates select="@first_line"/></a></th>
<td></td>
<td><xsl:value-of select="@task"/></td>
<td><xsl:value-of select="@machine"/></td>
<td><xsl:value-of select="@builder"/></td>
<td title="{@seen}"><xsl:value-of select="@seen-h"/></td>
<td><xsl:apply-templates select="@similar"/></td>
</tr>
</xsl:template>

<xsl:template match="@first_line"><xsl:value-of select="."/></xsl:template>
<xsl:template match="@first_line[. = '']">no error line</xsl:template>

<xsl:template match="@similar"><a class="badge known" href="{../@signature-url}">known <xsl:value-of select="../@similar-h"/>×</a></xsl:template>
<xsl:template match="@similar[. = 0]"><a class="badge new" href="{../@signature-url}">new</a></xsl:template>
<xsl:template match="@similar[. &gt; 98]"><a class="badge known" href="{../@signature-url}">known 99+×</a></xsl:template>
<!-- Nothing that could be compared. -->
<xsl:template match="failure[@signature = '']/@similar" priority="1"/>

</xsl:stylesheet>
