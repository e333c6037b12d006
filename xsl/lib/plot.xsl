<?xml version="1.0" encoding="UTF-8"?>
<!-- plot.xsl: charts of points, lines, bands and bars (docs/pages.md, Plots).
     Lines live in a stretched box; points and bars are placed by percent, so
     that they keep their form at any width.  Each look has its own colour and
     its own form or dashes. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns="http://www.w3.org/2000/svg">

<!-- In a page: texts outside of the picture, as HTML. -->
<xsl:template match="plot">
<figure class="plotted" xmlns="">
<xsl:if test="yaxis/@label != ''"><p class="ylabel"><xsl:value-of select="yaxis/@label"/></p></xsl:if>
<svg class="y" width="100%" height="100%" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><xsl:apply-templates select="yaxis/tick" mode="y-label"/></svg>
<svg class="area" width="100%" height="100%" role="img" xmlns="http://www.w3.org/2000/svg">
<title><xsl:value-of select="@title"/></title>
<xsl:apply-templates select="." mode="inside"/>
</svg>
<svg class="x" width="100%" height="18" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><xsl:apply-templates select="xaxis/tick" mode="x-label"/></svg>
<xsl:if test="xaxis/@label != ''"><p class="xlabel"><xsl:value-of select="xaxis/@label"/></p></xsl:if>
<xsl:if test="series[@name != '']">
<figcaption><ul class="keys"><xsl:apply-templates select="series[@name != '']" mode="key"/></ul></figcaption>
</xsl:if>
</figure>
</xsl:template>

<xsl:template match="plot[@empty = 'true' or @empty = '1']">
<p class="blank" xmlns="">Nothing to draw: no values here.</p>
</xsl:template>

<!-- Alone: a whole picture with its own texts and style. -->
<xsl:template match="plot" mode="alone">
<svg width="1200" height="600" viewBox="0 0 1200 600" role="img">
<title><xsl:value-of select="@title"/></title>
<style>
svg { font: 13px system-ui, sans-serif; background: #fff; color: #171a21 }
text { fill: #333a47 } .t { font-size: 17px; font-weight: 600 }
.grid path { stroke: #e3e6eb; stroke-width: 1; vector-effect: non-scaling-stroke; fill: none }
.l { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round }
.dots { stroke-linecap: round; stroke-width: 5 } .band { opacity: .22; stroke: none }
.event path { stroke: #7d5100; stroke-width: 1.5; stroke-dasharray: 2 3; fill: none }
.event.worse path { stroke: #b3261e; stroke-dasharray: none }
path.k1, use.k1 { stroke: #2f62cf } path.k2, use.k2 { stroke: #0b7d72; stroke-dasharray: 6 3 } path.k3, use.k3 { stroke: #a75d00; stroke-dasharray: 2 2 }
path.k4, use.k4 { stroke: #7847c2; stroke-dasharray: 9 3 2 3 } path.k5, use.k5 { stroke: #5d6675; stroke-dasharray: 1 3 } path.k6, use.k6 { stroke: #b3261e; stroke-dasharray: 12 4 }
path.dots { stroke-dasharray: none } path.band { stroke: none } use { fill: #fff; fill-opacity: .6; stroke-width: 1.6; stroke-dasharray: none }
.band.k1, rect.k1 { fill: #2f62cf } .band.k2, rect.k2 { fill: #0b7d72 } .band.k3, rect.k3 { fill: #a75d00 } .band.k4, rect.k4 { fill: #7847c2 } .band.k5, rect.k5 { fill: #5d6675 } .band.k6, rect.k6 { fill: #b3261e }
</style>
<xsl:call-template name="plot-forms"/>
<text class="t" x="90" y="26"><xsl:value-of select="@title"/></text>
<text x="90" y="52"><xsl:value-of select="yaxis/@label"/></text>
<text x="1180" y="592" text-anchor="end"><xsl:value-of select="xaxis/@label"/></text>
<svg x="0" y="64" width="84" height="470" overflow="visible"><xsl:apply-templates select="yaxis/tick" mode="y-label"/></svg>
<svg x="90" y="64" width="1090" height="470" overflow="visible"><xsl:apply-templates select="." mode="inside"/></svg>
<svg x="90" y="536" width="1090" height="20" overflow="visible"><xsl:apply-templates select="xaxis/tick" mode="x-label"/></svg>
<xsl:for-each select="series[@name != '']">
<g transform="translate({90 + (position() - 1) * 180}, 584)"><path class="l k{@look}" d="M0,-4H24"/><text x="30"><xsl:value-of select="@name"/></text></g>
</xsl:for-each>
</svg>
</xsl:template>

<!-- The forms of points: once in each document that has plots. -->
<xsl:template name="plot-forms">
<defs>
<circle id="k1" r="4"/><rect id="k2" x="-3.6" y="-3.6" width="7.2" height="7.2"/><path id="k3" d="M0,-5L4.6,3.4H-4.6Z"/>
<path id="k4" d="M0,-5.2L5.2,0L0,5.2L-5.2,0Z"/><path id="k5" d="M-4,-4L4,4M-4,4L4,-4"/><path id="k6" d="M0,5L4.6,-3.4H-4.6Z"/>
</defs>
</xsl:template>
<xsl:template name="plot-start">
<svg class="defs" width="0" height="0" aria-hidden="true"><xsl:call-template name="plot-forms"/></svg>
</xsl:template>

<xsl:template match="plot" mode="inside">
<svg class="stretched" width="100%" height="100%" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
<g class="grid"><xsl:apply-templates select="yaxis/tick" mode="grid"/></g>
<xsl:apply-templates select="series[@path-d != '']"/>
</svg>
<xsl:apply-templates select="event"/>
<xsl:apply-templates select="series/mark"/>
</xsl:template>

<xsl:template match="yaxis/tick" mode="grid"><path d="M0,{@at}H1000"/></xsl:template>
<xsl:template match="yaxis/tick" mode="y-label"><text x="100%" y="{@at}%" dy="4" text-anchor="end"><xsl:value-of select="@label"/></text></xsl:template>
<xsl:template match="xaxis/tick" mode="x-label"><text x="{@at}%" y="13" text-anchor="middle"><xsl:value-of select="@label"/></text></xsl:template>

<xsl:template match="series"><path class="l k{@look}" d="{@path-d}"/></xsl:template>
<xsl:template match="series[@kind = 'band']"><path class="band k{@look}" d="{@path-d}"/></xsl:template>
<xsl:template match="series[@kind = 'dots']"><path class="l dots k{@look}" d="{@path-d}"/></xsl:template>

<xsl:template match="mark[@url != '']"><a href="{@url}"><xsl:apply-templates select="." mode="form"/></a></xsl:template>
<xsl:template match="mark"><xsl:apply-templates select="." mode="form"/></xsl:template>
<xsl:template match="mark" mode="form"><use class="k{../@look}" href="#k{../@look}" x="{@x}" y="{@y}"><title><xsl:value-of select="@text"/></title></use></xsl:template>
<xsl:template match="series[@kind = 'bars']/mark" mode="form"><rect class="k{../@look}" x="{@x}" y="{@y}" width="{@width}" height="{@height}"><title><xsl:value-of select="@text"/></title></rect></xsl:template>

<xsl:template match="event">
<svg class="event" x="{@x}" height="100%" overflow="visible">
<xsl:if test="@worse = 'true' or @worse = '1'"><xsl:attribute name="class">event worse</xsl:attribute></xsl:if>
<xsl:choose>
<xsl:when test="@url != ''"><a href="{@url}"><xsl:apply-templates select="." mode="form"/></a></xsl:when>
<xsl:otherwise><xsl:apply-templates select="." mode="form"/></xsl:otherwise>
</xsl:choose>
</svg>
</xsl:template>
<xsl:template match="event" mode="form"><svg width="2" height="100%" viewBox="0 0 2 100" preserveAspectRatio="none" overflow="visible"><path d="M0,0V100"><title><xsl:value-of select="@label"/></title></path></svg></xsl:template>

<xsl:template match="series" mode="key">
<li xmlns=""><svg class="key" width="26" height="12" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><xsl:apply-templates select="." mode="sample"/></svg><xsl:value-of select="@name"/></li>
</xsl:template>
<xsl:template match="series" mode="sample"><path class="l k{@look}" d="M0,6H26"/></xsl:template>
<xsl:template match="series[@kind = 'band']" mode="sample"><path class="band k{@look}" d="M0,1H26V11H0Z"/></xsl:template>
<xsl:template match="series[@kind = 'bars']" mode="sample"><rect class="k{@look}" x="4" y="1" width="18" height="10"/></xsl:template>
<xsl:template match="series[@kind = 'points']" mode="sample"><use class="k{@look}" href="#k{@look}" x="13" y="6"/></xsl:template>
<xsl:template match="series[@kind = 'dots']" mode="sample"><path class="l dots k{@look}" d="M13,6h0"/></xsl:template>

</xsl:stylesheet>
