<?xml version="1.0" encoding="UTF-8"?>
<!-- bars.xsl: the bars of a boot chart, a path for each kind and status: kinds
     differ by colour and pattern, statuses by their outline.  Colours are
     attributes, for pictures that stand alone; in pages the style sheet wins. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns="http://www.w3.org/2000/svg">

<xsl:template name="bar-patterns">
<defs>
<pattern id="b-fetch" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b-fetch" fill="#9db7ea" width="6" height="6"/><circle class="ink" fill="#171a21" fill-opacity=".45" cx="3" cy="3" r="1"/></pattern>
<pattern id="b-configure" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="b-configure" fill="#f3c97c" width="6" height="6"/><path class="ink" stroke="#171a21" stroke-opacity=".45" fill="none" d="M0,0V6"/></pattern>
<pattern id="b-compile" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b-compile" fill="#e0716a" width="6" height="6"/></pattern>
<pattern id="b-install" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="b-install" fill="#7fc29b" width="6" height="6"/><path class="ink" stroke="#171a21" stroke-opacity=".45" fill="none" d="M0,0V6"/></pattern>
<pattern id="b-package" width="6" height="4" patternUnits="userSpaceOnUse"><rect class="b-package" fill="#b59be0" width="6" height="4"/><path class="ink" stroke="#171a21" stroke-opacity=".45" fill="none" d="M0,2H6"/></pattern>
<pattern id="b-setscene" width="4" height="6" patternUnits="userSpaceOnUse"><rect class="b-setscene" fill="#c9ced8" width="4" height="6"/><path class="ink" stroke="#171a21" stroke-opacity=".45" fill="none" d="M2,0V6"/></pattern>
<pattern id="b-image" width="7" height="7" patternUnits="userSpaceOnUse"><rect class="b-image" fill="#6ec3cf" width="7" height="7"/><path class="ink" stroke="#171a21" stroke-opacity=".45" fill="none" d="M0,0L7,7M7,0L0,7"/></pattern>
<pattern id="b-other" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b-other" fill="#b9bfca" width="6" height="6"/></pattern>
</defs>
</xsl:template>

<xsl:template match="look"><path class="bars {@status}" fill="url(#b-{@kind})" stroke="#fff" stroke-width=".6" vector-effect="non-scaling-stroke" d="{@path-d}"/></xsl:template>
<xsl:template match="look[@status = 'failed']" priority="2"><path class="bars failed" fill="url(#b-{@kind})" stroke="#b3261e" stroke-width="2.5" vector-effect="non-scaling-stroke" d="{@path-d}"/></xsl:template>
<xsl:template match="look[@status = 'incomplete']" priority="2"><path class="bars incomplete" fill="url(#b-{@kind})" stroke="#171a21" stroke-width="1.5" stroke-dasharray="3 2" vector-effect="non-scaling-stroke" d="{@path-d}"/></xsl:template>

<xsl:template match="bars[@dense = 'true']/look" priority="1"><path class="bars dense {@status}" fill="url(#b-{@kind})" d="{@path-d}"/></xsl:template>

<!-- What held what up: a line along the bars of the critical path. -->
<xsl:template match="@critical-d"/>
<xsl:template match="@critical-d[. != '']"><path class="critical" fill="none" stroke="#171a21" stroke-width="2" stroke-linejoin="round" vector-effect="non-scaling-stroke" d="{.}"/></xsl:template>

<xsl:template match="label"><text font-size="10" dominant-baseline="central" class="bar-label" x="{@x}" y="{@y}" dx="4"><xsl:value-of select="@text"/></text></xsl:template>
<xsl:template match="label[@side = 'left']"><text font-size="10" dominant-baseline="central" class="bar-label" x="{@x}" y="{@y}" dx="-4" text-anchor="end"><xsl:value-of select="@text"/></text></xsl:template>
<!-- A name inside of its bar ends where the bar does. -->
<xsl:template match="label[@side = 'in']"><svg x="{@x}" width="{@width}" height="100%"><text font-size="10" dominant-baseline="central" class="bar-label in" x="0" y="{@y}" dx="4"><xsl:value-of select="@text"/></text></svg></xsl:template>

<xsl:template match="look" mode="key"/>
<xsl:template match="look[not(@kind = preceding-sibling::look/@kind)]" mode="key">
<li xmlns=""><svg class="key" width="18" height="12" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><rect width="18" height="12" fill="url(#b-{@kind})"/></svg><xsl:value-of select="@kind"/></li>
</xsl:template>

</xsl:stylesheet>
