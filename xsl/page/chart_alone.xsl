<?xml version="1.0" encoding="UTF-8"?>
<!-- chart_alone.xsl: the boot chart as a picture of its own, with its texts:
     for documents, mails and printers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns="http://www.w3.org/2000/svg">
<xsl:output method="xml" encoding="UTF-8" indent="no"/>
<xsl:include href="../lib/bars.xsl"/>

<!-- Heights of one chart of what the machine did, and of the bars. -->
<xsl:variable name="row" select="92"/>
<xsl:variable name="bars" select="sum(/page/content/charts/bars/@height) + 30 * count(/page/content/charts/bars)"/>

<xsl:template match="/page">
<xsl:variable name="height" select="90 + $bars + $row * count(content/charts/chart[@nodata = 'false']) + 30"/>
<svg width="1400" height="{$height}" viewBox="0 0 1400 {$height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#333a47">
<title><xsl:value-of select="@title"/></title>
<rect width="100%" height="100%" fill="#fff"/>
<xsl:call-template name="bar-patterns"/>
<text font-size="18" font-weight="600" x="20" y="28"><xsl:value-of select="@title"/></text>
<xsl:apply-templates select="content/charts/bars[1]/look" mode="legend"/>
<xsl:apply-templates select="content/charts" mode="ticks"/>
<xsl:apply-templates select="content/charts/bars" mode="alone"/>
<xsl:apply-templates select="content/charts/chart[@nodata = 'false']" mode="alone"/>
</svg>
</xsl:template>

<xsl:template match="look" mode="legend"/>
<xsl:template match="look[not(@kind = preceding-sibling::look/@kind)]" mode="legend">
<svg x="{20 + 110 * count(preceding-sibling::look[not(@kind = preceding-sibling::look/@kind)])}" y="40" overflow="visible"><rect width="22" height="14" fill="url(#b-{@kind})"/><text x="28" y="11"><xsl:value-of select="@kind"/></text></svg>
</xsl:template>

<xsl:template match="charts" mode="ticks">
<svg x="270" y="66" width="1110" height="24" overflow="visible"><xsl:for-each select="ticks/tick"><text x="{@x div 10}%" y="14" text-anchor="middle"><xsl:value-of select="@label"/></text></xsl:for-each></svg>
</xsl:template>

<xsl:template match="bars" mode="alone">
<xsl:variable name="y" select="90 + sum(preceding-sibling::bars/@height) + 30 * count(preceding-sibling::bars)"/>
<text font-weight="600" x="20" y="{$y + 14}">Tasks</text><text x="20" y="{$y + 30}"><xsl:value-of select="@name"/></text><text x="20" y="{$y + 46}"><xsl:value-of select="@builder"/></text>
<svg x="270" y="{$y}" width="1110" height="{@height}">
<svg width="100%" height="100%" viewBox="0 0 1000 {@lanes}" preserveAspectRatio="none"><xsl:apply-templates select="look"/><xsl:apply-templates select="@critical-d"/></svg>
<xsl:apply-templates select="label"/>
</svg>
</xsl:template>

<xsl:template match="chart" mode="alone">
<xsl:variable name="y" select="90 + $bars + $row * (position() - 1)"/>
<text font-weight="600" x="20" y="{$y + 14}"><xsl:value-of select="@kind"/><xsl:text> </xsl:text><xsl:value-of select="@subject"/></text>
<xsl:for-each select="line"><svg x="20" y="{$y + 26 + 14 * (position() - 1)}" overflow="visible"><path fill="none" stroke-width="1.5" d="M0,-3H16"><xsl:apply-templates select="." mode="dashed"/></path><text x="22"><xsl:value-of select="@name"/>: <xsl:value-of select="@mean-h"/>, peak <xsl:value-of select="@peak-h"/></text></svg></xsl:for-each>
<svg x="270" y="{$y}" width="1110" height="{$row - 14}" viewBox="0 0 1000 100" preserveAspectRatio="none">
<g stroke="#e3e6eb" fill="none"><xsl:for-each select="../ticks/tick"><path vector-effect="non-scaling-stroke" d="M{@x},0V100"/></xsl:for-each><xsl:for-each select="gridline"><path vector-effect="non-scaling-stroke" d="M0,{@y}H1000"/></xsl:for-each><path vector-effect="non-scaling-stroke" d="M0,100H1000"/></g>
<xsl:for-each select="line"><xsl:if test="@area-d != '' and (@stacked = 'true' or last() = 1)"><path fill-opacity=".18" d="{@area-d}"><xsl:attribute name="fill"><xsl:apply-templates select="." mode="ink"/></xsl:attribute></path></xsl:if><path fill="none" stroke-width="1.5" vector-effect="non-scaling-stroke" d="{@line-d}"><xsl:apply-templates select="." mode="dashed"/></path></xsl:for-each>
</svg>
<svg x="270" y="{$y}" width="1110" height="{$row - 14}" overflow="visible"><xsl:for-each select="gridline"><text x="-6" y="{@y}%" dy="4" text-anchor="end"><xsl:value-of select="@label"/></text></xsl:for-each></svg>
</xsl:template>

<!-- Of the first four lines: colours, and dashes that tell them apart. -->
<xsl:template match="line" mode="ink">#2f62cf</xsl:template>
<xsl:template match="line[2]" mode="ink">#0b7d72</xsl:template>
<xsl:template match="line[3]" mode="ink">#a75d00</xsl:template>
<xsl:template match="line[4]" mode="ink">#7847c2</xsl:template>
<xsl:template match="line" mode="dash">none</xsl:template>
<xsl:template match="line[2]" mode="dash">5 2.5</xsl:template>
<xsl:template match="line[3]" mode="dash">1.5 2.5</xsl:template>
<xsl:template match="line[4]" mode="dash">8 3 2 3</xsl:template>
<xsl:template match="line" mode="dashed"><xsl:attribute name="stroke"><xsl:apply-templates select="." mode="ink"/></xsl:attribute><xsl:attribute name="stroke-dasharray"><xsl:apply-templates select="." mode="dash"/></xsl:attribute></xsl:template>

</xsl:stylesheet>
