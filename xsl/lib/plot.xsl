<?xml version="1.0" encoding="UTF-8"?>
<!-- plot.xsl: charts of points, lines, bands and bars (docs/pages.md, Plots).
     Lines live in a stretched box; points and bars are placed by percent, so
     that they keep their form at any width.  Each look has its own colour and
     its own form or dashes. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns="http://www.w3.org/2000/svg">

<!-- Of the six looks: colours, and dashes that tell lines apart.  They are
     attributes, for pictures that stand alone; in pages the style sheet wins. -->
<xsl:template match="@look" mode="ink">#2f62cf</xsl:template>
<xsl:template match="@look[. = 2]" mode="ink">#0b7d72</xsl:template>
<xsl:template match="@look[. = 3]" mode="ink">#a75d00</xsl:template>
<xsl:template match="@look[. = 4]" mode="ink">#7847c2</xsl:template>
<xsl:template match="@look[. = 5]" mode="ink">#5d6675</xsl:template>
<xsl:template match="@look[. = 6]" mode="ink">#b3261e</xsl:template>
<xsl:template match="@look" mode="dash">none</xsl:template>
<xsl:template match="@look[. = 2]" mode="dash">6 3</xsl:template>
<xsl:template match="@look[. = 3]" mode="dash">2 2</xsl:template>
<xsl:template match="@look[. = 4]" mode="dash">9 3 2 3</xsl:template>
<xsl:template match="@look[. = 5]" mode="dash">1 3</xsl:template>
<xsl:template match="@look[. = 6]" mode="dash">12 4</xsl:template>
<xsl:template match="series" mode="stroke"><xsl:attribute name="stroke"><xsl:apply-templates select="@look" mode="ink"/></xsl:attribute></xsl:template>
<xsl:template match="series" mode="fill"><xsl:attribute name="fill"><xsl:apply-templates select="@look" mode="ink"/></xsl:attribute></xsl:template>
<xsl:template match="series" mode="dashed"><xsl:apply-templates select="." mode="stroke"/><xsl:attribute name="stroke-dasharray"><xsl:apply-templates select="@look" mode="dash"/></xsl:attribute></xsl:template>

<!-- In a page: texts outside of the picture, as HTML. -->
<xsl:template match="plot">
<figure class="plotted" xmlns="">
<xsl:if test="yaxis/@label != ''"><p class="ylabel"><xsl:value-of select="yaxis/@label"/></p></xsl:if>
<svg class="y" width="100%" height="100%" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><xsl:apply-templates select="yaxis/tick" mode="y-label"/></svg>
<svg class="area" width="100%" height="100%" aria-label="{@title}" xmlns="http://www.w3.org/2000/svg">
<xsl:attribute name="role"><xsl:choose><xsl:when test="series/mark/@url[. != ''] or event/@url[. != '']">group</xsl:when><xsl:otherwise>img</xsl:otherwise></xsl:choose></xsl:attribute>
<xsl:apply-templates select="." mode="inside"/>
</svg>
<svg class="x" width="100%" height="18" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><xsl:if test="xaxis/@places"><xsl:attribute name="class">x places</xsl:attribute></xsl:if><xsl:apply-templates select="xaxis/tick" mode="x-label"/></svg>
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
<svg width="1200" height="650" viewBox="0 0 1200 650" role="img" font-family="system-ui, sans-serif" font-size="13" fill="#333a47">
<title><xsl:value-of select="@title"/></title>
<rect width="100%" height="100%" fill="#fff"/>
<xsl:call-template name="plot-forms"/>
<text font-size="17" font-weight="600" x="90" y="26"><xsl:value-of select="@title"/></text>
<text x="90" y="52"><xsl:value-of select="yaxis/@label"/></text>
<text x="1180" y="52" text-anchor="end"><xsl:value-of select="xaxis/@label"/></text>
<svg x="0" y="64" width="84" height="470" overflow="visible"><xsl:apply-templates select="yaxis/tick" mode="y-label"/></svg>
<svg x="90" y="64" width="1090" height="470" overflow="visible"><xsl:apply-templates select="." mode="inside"/></svg>
<svg x="90" y="536" width="1090" height="20" overflow="visible"><xsl:apply-templates select="xaxis/tick" mode="x-label"/></svg>
<xsl:for-each select="series[@name != '']">
<svg x="{90 + (position() - 1) mod 3 * 370}" y="{571 + floor((position() - 1) div 3) * 21}" overflow="visible"><xsl:apply-templates select="." mode="sample"/><text x="30" y="10"><xsl:value-of select="@name"/></text></svg>
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
<g class="grid" stroke="#e3e6eb" fill="none"><xsl:apply-templates select="yaxis/tick" mode="grid"/></g>
<xsl:apply-templates select="series[@path-d != '']"/>
</svg>
<xsl:apply-templates select="event"/>
<xsl:apply-templates select="series[mark]" mode="marks"/>
</xsl:template>

<xsl:template match="yaxis/tick" mode="grid"><path vector-effect="non-scaling-stroke" d="M0,{@at}H1000"/></xsl:template>
<xsl:template match="yaxis/tick" mode="y-label"><text x="100%" y="{@at}%" dy="4" text-anchor="end"><xsl:value-of select="@label"/></text></xsl:template>
<xsl:template match="xaxis/tick" mode="x-label"><text x="{@at}%" y="13" text-anchor="middle"><xsl:value-of select="@label"/></text></xsl:template>

<xsl:template match="series"><path class="l k{@look}" stroke-width="2" fill="none" vector-effect="non-scaling-stroke" d="{@path-d}"><xsl:apply-templates select="." mode="dashed"/></path></xsl:template>
<xsl:template match="series[@kind = 'band']"><path class="band k{@look}" fill-opacity=".22" d="{@path-d}"><xsl:apply-templates select="." mode="fill"/></path></xsl:template>
<xsl:template match="series[@kind = 'dots']"><path class="l dots k{@look}" stroke-width="5" stroke-linecap="round" fill="none" vector-effect="non-scaling-stroke" d="{@path-d}"><xsl:apply-templates select="." mode="stroke"/></path></xsl:template>

<xsl:template match="series" mode="marks"><g fill="#fff" stroke-width="1.6"><xsl:apply-templates select="." mode="stroke"/><xsl:apply-templates select="mark"/></g></xsl:template>
<xsl:template match="series[@kind = 'bars' or @kind = 'boxes']" mode="marks"><g><xsl:apply-templates select="." mode="fill"/><xsl:apply-templates select="mark"/></g></xsl:template>
<xsl:template match="mark[@url != '']"><a href="{@url}" aria-label="{@text}"><xsl:apply-templates select="." mode="form"/></a></xsl:template>
<xsl:template match="mark"><xsl:apply-templates select="." mode="form"/></xsl:template>
<xsl:template match="mark" mode="form"><use class="k{../@look}" href="#k{../@look}" x="{@x}" y="{@y}"><title><xsl:value-of select="@text"/></title></use></xsl:template>
<xsl:template match="mark[not(@text)]" mode="form"><use class="k{../@look}" href="#k{../@look}" x="{@x}" y="{@y}"/></xsl:template>
<xsl:template match="series[@kind = 'boxes']/mark" mode="form"><rect class="k{../@look} box" fill-opacity=".22" x="{@x}" y="{@y}" width="{@width}" height="{@height}"><title><xsl:value-of select="@text"/></title></rect><line class="k{../@look}" stroke-width="2" x1="{@x}" x2="{@to}" y1="{@middle}" y2="{@middle}"><xsl:apply-templates select=".." mode="stroke"/></line></xsl:template>
<xsl:template match="series[@kind = 'bars']/mark" mode="form"><rect class="k{../@look}" x="{@x}" y="{@y}" width="{@width}" height="{@height}"><title><xsl:value-of select="@text"/></title></rect></xsl:template>

<xsl:template match="event">
<svg class="event" x="{@x}" height="100%" overflow="visible">
<xsl:if test="@worse = 'true' or @worse = '1'"><xsl:attribute name="class">event worse</xsl:attribute></xsl:if>
<xsl:choose>
<xsl:when test="@url != ''"><a href="{@url}" aria-label="{@label}"><xsl:apply-templates select="." mode="form"/></a></xsl:when>
<xsl:otherwise><xsl:apply-templates select="." mode="form"/></xsl:otherwise>
</xsl:choose>
</svg>
</xsl:template>
<xsl:template match="event" mode="form"><svg width="2" height="100%" viewBox="0 0 2 100" preserveAspectRatio="none" overflow="visible"><path stroke="#7d5100" stroke-width="1.5" fill="none" vector-effect="non-scaling-stroke" d="M0,0V100"><title><xsl:value-of select="@label"/></title></path></svg></xsl:template>

<xsl:template match="series" mode="key">
<li xmlns=""><svg class="key" width="26" height="12" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><xsl:apply-templates select="." mode="sample"/></svg><xsl:value-of select="@name"/></li>
</xsl:template>
<xsl:template match="series" mode="sample"><path class="l k{@look}" stroke-width="2" fill="none" vector-effect="non-scaling-stroke" d="M0,6H26"><xsl:apply-templates select="." mode="dashed"/></path></xsl:template>
<xsl:template match="series[@kind = 'band']" mode="sample"><path class="band k{@look}" fill-opacity=".22" d="M0,1H26V11H0Z"><xsl:apply-templates select="." mode="fill"/></path></xsl:template>
<xsl:template match="series[@kind = 'boxes']" mode="sample"><rect class="k{@look} box" fill-opacity=".22" x="4" y="1" width="18" height="10"><xsl:apply-templates select="." mode="fill"/></rect><line class="k{@look}" stroke-width="2" x1="4" x2="22" y1="6" y2="6"><xsl:apply-templates select="." mode="stroke"/></line></xsl:template>
<xsl:template match="series[@kind = 'bars']" mode="sample"><rect class="k{@look}" x="4" y="1" width="18" height="10"><xsl:apply-templates select="." mode="fill"/></rect></xsl:template>
<xsl:template match="series[@kind = 'points']" mode="sample"><use class="k{@look}" stroke-width="1.6" fill="#fff" href="#k{@look}" x="13" y="6"><xsl:apply-templates select="." mode="stroke"/></use></xsl:template>
<xsl:template match="series[@kind = 'dots']" mode="sample"><path class="l dots k{@look}" stroke-width="5" stroke-linecap="round" fill="none" vector-effect="non-scaling-stroke" d="M13,6h0"><xsl:apply-templates select="." mode="stroke"/></path></xsl:template>

</xsl:stylesheet>
