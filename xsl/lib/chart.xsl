<?xml version="1.0" encoding="UTF-8"?>
<!-- chart.xsl: the series of a build over one time axis.  Shapes are drawn in
     a stretched box; texts stand outside of it, so that they keep their form.
     A line has its own colour and its own pattern or dashes. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:template match="charts">
<svg class="defs" width="0" height="0" aria-hidden="true"><defs>
<pattern id="fill-1" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="s1" width="8" height="8"/></pattern>
<pattern id="fill-2" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="s2" width="7" height="7"/><path class="s2" d="M0,0V7"/></pattern>
<pattern id="fill-3" width="7" height="6" patternUnits="userSpaceOnUse"><rect class="s3" width="7" height="6"/><path class="s3" d="M0,3H7"/></pattern>
<pattern id="fill-4" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="s4" width="6" height="6"/><circle class="s4" cx="3" cy="3" r="1"/></pattern>
</defs></svg>
<div class="charts" data-start="{@start}" data-seconds="{@seconds}">
<xsl:apply-templates select="." mode="axis"/>
<xsl:apply-templates select="bars"/>
<xsl:apply-templates select="chart"/>
<xsl:apply-templates select="." mode="axis"/>
</div>
</xsl:template>

<xsl:template match="charts" mode="axis">
<div class="axis" aria-hidden="true"><span><xsl:value-of select="@start-h"/></span><svg width="100%" height="18"><xsl:apply-templates select="ticks/tick" mode="label"/></svg></div>
</xsl:template>

<xsl:template match="tick" mode="label"><text x="{@x div 10}%" y="13"><xsl:value-of select="@label"/></text></xsl:template>
<xsl:template match="tick"><path d="M{@x},0V100"/></xsl:template>

<xsl:template match="chart">
<figure class="chart">
<figcaption>
<h3><xsl:apply-templates select="@kind"/><xsl:text> </xsl:text><small><xsl:value-of select="@subject"/></small></h3>
<table class="legend">
<caption class="vh"><xsl:apply-templates select="@kind"/><xsl:text> </xsl:text><xsl:value-of select="@subject"/></caption>
<thead><tr><th scope="col"><span class="vh">Line</span></th><th scope="col">mean</th><th scope="col">peak</th></tr></thead>
<tbody><xsl:apply-templates select="line" mode="legend"/></tbody>
</table>
</figcaption>
<svg class="y" width="100%" height="100%" aria-hidden="true"><xsl:apply-templates select="gridline" mode="label"/></svg>
<svg class="plot" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" data-min="{@min}" data-max="{@max}" data-unit="{@unit}">
<title><xsl:apply-templates select="@kind"/><xsl:text> </xsl:text><xsl:value-of select="@subject"/> over time</title>
<desc><xsl:apply-templates select="line" mode="words"/></desc>
<g class="grid"><xsl:apply-templates select="../ticks/tick"/><xsl:apply-templates select="gridline"/></g>
<xsl:apply-templates select="line"/>
</svg>
<xsl:apply-templates select="note"/>
</figure>
</xsl:template>

<xsl:template match="chart[@nodata = 'true']">
<figure class="chart empty">
<figcaption><h3><xsl:apply-templates select="@kind"/><xsl:text> </xsl:text><small><xsl:value-of select="@subject"/></small></h3></figcaption>
<p class="nodata">No data</p>
<xsl:apply-templates select="note"/>
</figure>
</xsl:template>

<xsl:template match="gridline"><path d="M0,{@y}H1000"/></xsl:template>
<xsl:template match="gridline" mode="label"><text x="100%" y="{@y}%"><xsl:value-of select="@label"/></text></xsl:template>

<xsl:template match="line">
<path class="draw s{position()}" d="{@line-d}"/>
</xsl:template>
<!-- Stacked, or alone: filled. -->
<xsl:template match="line[@stacked = 'true' or @stacked = '1']">
<path fill="url(#fill-{position()})" d="{@area-d}"/><path class="draw s{position()} edge" d="{@line-d}" data-stacked="1"/>
</xsl:template>
<xsl:template match="line[last() = 1]" priority="1">
<path fill="url(#fill-1)" d="{@area-d}"/><path class="draw s1 edge" d="{@line-d}"/>
</xsl:template>

<xsl:template match="line" mode="words"><xsl:value-of select="@name"/>: mean <xsl:value-of select="@mean-h"/>, peak <xsl:value-of select="@peak-h"/>. </xsl:template>

<xsl:template match="line" mode="legend">
<tr>
<th scope="row"><svg class="key" width="18" height="10" aria-hidden="true"><path class="s{position()}" d="M0,5H18"/></svg><xsl:value-of select="@name"/></th>
<td title="{@mean}"><xsl:value-of select="@mean-h"/></td>
<td title="{@peak}"><xsl:value-of select="@peak-h"/></td>
</tr>
</xsl:template>
<xsl:template match="line[@stacked = 'true' or @stacked = '1' or last() = 1]" mode="legend">
<tr>
<th scope="row"><svg class="key" width="18" height="10" aria-hidden="true"><rect width="18" height="10" fill="url(#fill-{position()})"/><path class="s{position()} edge" d="M0,.75H18"/></svg><xsl:value-of select="@name"/></th>
<td title="{@mean}"><xsl:value-of select="@mean-h"/></td>
<td title="{@peak}"><xsl:value-of select="@peak-h"/></td>
</tr>
</xsl:template>

<xsl:template match="chart/note"><p class="note"><xsl:value-of select="@text"/></p></xsl:template>

<xsl:template match="chart/@kind"><xsl:value-of select="."/></xsl:template>
<xsl:template match="chart/@kind[. = 'cpu']">CPU</xsl:template>
<xsl:template match="chart/@kind[. = 'memory']">Memory</xsl:template>
<xsl:template match="chart/@kind[. = 'disk']">Disk throughput</xsl:template>
<xsl:template match="chart/@kind[. = 'network']">Network</xsl:template>
<xsl:template match="chart/@kind[. = 'pressure']">Pressure</xsl:template>
<xsl:template match="chart/@kind[. = 'space']">Disk space</xsl:template>
<xsl:template match="chart/@kind[. = 'tasks']">Running tasks</xsl:template>

</xsl:stylesheet>
