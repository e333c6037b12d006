<?xml version="1.0" encoding="UTF-8"?>
<!-- metrics.xsl: the dictionary of metrics that have been seen. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<xsl:template match="content">
<p class="lead">Every line <code>name: number</code> that bitbake writes becomes a metric by itself. The name is what pages, JSON and CSV call it.</p>
<xsl:choose>
<xsl:when test="metrics/metric">
<table class="rows">
<caption class="vh">Metrics</caption>
<thead><tr><th scope="col">Name</th><th scope="col" class="w1">As bitbake writes it</th><th scope="col">Unit</th><th scope="col">Kind</th><th scope="col" class="w1">First seen</th><th scope="col"><span class="vh">Graph</span></th></tr></thead>
<tbody><xsl:apply-templates select="metrics/metric"/></tbody>
</table>
</xsl:when>
<xsl:otherwise><xsl:call-template name="how-to-send"/></xsl:otherwise>
</xsl:choose>
</xsl:template>

<xsl:template match="@graph-url"><a href="{.}" aria-label="Graph of {../@name}">Graph</a></xsl:template>
<xsl:template match="metric">
<tr>
<th scope="row"><xsl:apply-templates select="@url"/></th>
<td class="w1"><xsl:value-of select="@key"/></td>
<td><xsl:value-of select="@unit"/></td>
<td><xsl:value-of select="@kind"/></td>
<td class="w1"><time datetime="{@seen}" title="{@seen}"><xsl:value-of select="@seen-h"/></time></td>
<td><xsl:apply-templates select="@graph-url"/></td>
</tr>
</xsl:template>

<xsl:template match="@url"><code><xsl:value-of select="../@name"/></code></xsl:template>
<xsl:template match="@url[. != '']"><a href="{.}"><code><xsl:value-of select="../@name"/></code></a></xsl:template>

</xsl:stylesheet>
