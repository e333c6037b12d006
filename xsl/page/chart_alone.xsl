<?xml version="1.0" encoding="UTF-8"?>
<!-- chart_alone.xsl: the boot chart as a picture of its own, with its texts
     and its style: for documents, mails and printers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns="http://www.w3.org/2000/svg">
<xsl:output method="xml" encoding="UTF-8" indent="no"/>
<xsl:include href="../lib/bars.xsl"/>

<!-- Heights of one chart of what the machine did, and of the bars. -->
<xsl:variable name="row" select="92"/>
<xsl:variable name="bars" select="sum(/page/content/charts/bars/@height) + 30 * count(/page/content/charts/bars)"/>

<xsl:template match="/page">
<xsl:variable name="height" select="90 + $bars + $row * count(content/charts/chart[@nodata = 'false']) + 30"/>
<svg width="1400" height="{$height}" viewBox="0 0 1400 {$height}" role="img">
<title><xsl:value-of select="@title"/></title>
<style>
svg { font: 12px system-ui, sans-serif; color: #171a21 }
text { fill: #333a47 } .h { font-size: 18px; font-weight: 600 } .k { font-weight: 600 }
.grid path { stroke: #e3e6eb; fill: none; vector-effect: non-scaling-stroke }
.ink { stroke: #171a21; stroke-opacity: .45; fill: none; stroke-width: 1 }
.b-fetch { fill: #9db7ea } .b-configure { fill: #f3c97c } .b-compile { fill: #e0716a } .b-install { fill: #7fc29b } .b-package { fill: #b59be0 } .b-setscene { fill: #c9ced8 } .b-image { fill: #6ec3cf } .b-other { fill: #b9bfca }
.bars { stroke: #171a21; stroke-opacity: .35; stroke-width: .6; vector-effect: non-scaling-stroke }
.bars.dense { stroke: none } .bars.failed { stroke: #b3261e; stroke-opacity: 1; stroke-width: 2.5 } .bars.incomplete { stroke: #171a21; stroke-opacity: 1; stroke-width: 1.5; stroke-dasharray: 3 2 }
.bar-label { font-size: 10px; dominant-baseline: central }
.l { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke }
.l1 { stroke: #2f62cf } .l2 { stroke: #0b7d72; stroke-dasharray: 5 2.5 } .l3 { stroke: #a75d00; stroke-dasharray: 1.5 2.5 } .l4 { stroke: #7847c2; stroke-dasharray: 8 3 2 3 }
.a1 { fill: #2f62cf } .a2 { fill: #0b7d72 } .a3 { fill: #a75d00 } .a4 { fill: #7847c2 } .a { fill-opacity: .18 }
</style>
<rect width="100%" height="100%" fill="#fff"/>
<xsl:call-template name="bar-patterns"/>
<text class="h" x="20" y="28"><xsl:value-of select="@title"/></text>
<xsl:apply-templates select="content/charts/bars[1]/look" mode="legend"/>
<xsl:apply-templates select="content/charts" mode="ticks"/>
<xsl:apply-templates select="content/charts/bars" mode="alone"/>
<xsl:apply-templates select="content/charts/chart[@nodata = 'false']" mode="alone"/>
</svg>
</xsl:template>

<xsl:template match="look" mode="legend"/>
<xsl:template match="look[not(@kind = preceding-sibling::look/@kind)]" mode="legend">
<g transform="translate({20 + 110 * count(preceding-sibling::look[not(@kind = preceding-sibling::look/@kind)])}, 40)"><rect width="22" height="14" fill="url(#b-{@kind})"/><text x="28" y="11"><xsl:value-of select="@kind"/></text></g>
</xsl:template>

<xsl:template match="charts" mode="ticks">
<svg x="190" y="66" width="1190" height="24" overflow="visible"><xsl:for-each select="ticks/tick"><text x="{@x div 10}%" y="14" text-anchor="middle"><xsl:value-of select="@label"/></text></xsl:for-each></svg>
</xsl:template>

<xsl:template match="bars" mode="alone">
<xsl:variable name="y" select="90 + sum(preceding-sibling::bars/@height) + 30 * count(preceding-sibling::bars)"/>
<text class="k" x="20" y="{$y + 14}">Tasks</text><text x="20" y="{$y + 30}"><xsl:value-of select="@name"/></text><text x="20" y="{$y + 46}"><xsl:value-of select="@builder"/></text>
<svg x="190" y="{$y}" width="1190" height="{@height}">
<svg width="100%" height="100%" viewBox="0 0 1000 {@lanes}" preserveAspectRatio="none"><xsl:apply-templates select="look"/></svg>
<xsl:apply-templates select="label"/>
</svg>
</xsl:template>

<xsl:template match="chart" mode="alone">
<xsl:variable name="y" select="90 + $bars + $row * (position() - 1)"/>
<text class="k" x="20" y="{$y + 14}"><xsl:value-of select="@kind"/><xsl:text> </xsl:text><xsl:value-of select="@subject"/></text>
<xsl:for-each select="line"><g transform="translate(20, {$y + 26 + 14 * (position() - 1)})"><path class="l l{position()}" d="M0,-3H16"/><text x="22"><xsl:value-of select="@name"/>: <xsl:value-of select="@mean-h"/>, peak <xsl:value-of select="@peak-h"/></text></g></xsl:for-each>
<svg x="190" y="{$y}" width="1190" height="{$row - 14}" viewBox="0 0 1000 100" preserveAspectRatio="none">
<g class="grid"><xsl:for-each select="../ticks/tick"><path d="M{@x},0V100"/></xsl:for-each><xsl:for-each select="gridline"><path d="M0,{@y}H1000"/></xsl:for-each><path d="M0,100H1000"/></g>
<xsl:for-each select="line"><xsl:if test="@area-d != '' and (@stacked = 'true' or last() = 1)"><path class="a a{position()}" d="{@area-d}"/></xsl:if><path class="l l{position()}" d="{@line-d}"/></xsl:for-each>
</svg>
<svg x="190" y="{$y}" width="1190" height="{$row - 14}" overflow="visible"><xsl:for-each select="gridline"><text x="-6" y="{@y}%" dy="4" text-anchor="end"><xsl:value-of select="@label"/></text></xsl:for-each></svg>
</xsl:template>

</xsl:stylesheet>
