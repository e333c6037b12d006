<?xml version="1.0" encoding="UTF-8"?>
<!-- bars.xsl: the bars of a boot chart, a path for each kind and status: kinds
     differ by colour and pattern, statuses by their outline. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns="http://www.w3.org/2000/svg">

<xsl:template name="bar-patterns">
<defs>
<pattern id="b-fetch" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b-fetch" width="6" height="6"/><circle class="ink" cx="3" cy="3" r="1"/></pattern>
<pattern id="b-configure" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="b-configure" width="6" height="6"/><path class="ink" d="M0,0V6"/></pattern>
<pattern id="b-compile" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b-compile" width="6" height="6"/></pattern>
<pattern id="b-install" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="b-install" width="6" height="6"/><path class="ink" d="M0,0V6"/></pattern>
<pattern id="b-package" width="6" height="4" patternUnits="userSpaceOnUse"><rect class="b-package" width="6" height="4"/><path class="ink" d="M0,2H6"/></pattern>
<pattern id="b-setscene" width="4" height="6" patternUnits="userSpaceOnUse"><rect class="b-setscene" width="4" height="6"/><path class="ink" d="M2,0V6"/></pattern>
<pattern id="b-image" width="7" height="7" patternUnits="userSpaceOnUse"><rect class="b-image" width="7" height="7"/><path class="ink" d="M0,0L7,7M7,0L0,7"/></pattern>
<pattern id="b-other" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="b-other" width="6" height="6"/></pattern>
</defs>
</xsl:template>

<xsl:template match="look"><path class="bars {@status}" fill="url(#b-{@kind})" d="{@path-d}"/></xsl:template>

<xsl:template match="bars[@dense = 'true']/look"><path class="bars dense {@status}" fill="url(#b-{@kind})" d="{@path-d}"/></xsl:template>

<xsl:template match="label"><text class="bar-label" x="{@x}" y="{@y}" dx="4"><xsl:value-of select="@text"/></text></xsl:template>
<xsl:template match="label[@side = 'left']"><text class="bar-label" x="{@x}" y="{@y}" dx="-4" text-anchor="end"><xsl:value-of select="@text"/></text></xsl:template>
<!-- A name inside of its bar ends where the bar does. -->
<xsl:template match="label[@side = 'in']"><svg x="{@x}" width="{@width}" height="100%"><text class="bar-label in" x="0" y="{@y}" dx="4"><xsl:value-of select="@text"/></text></svg></xsl:template>

<xsl:template match="look" mode="key"/>
<xsl:template match="look[not(@kind = preceding-sibling::look/@kind)]" mode="key">
<li xmlns=""><svg class="key" width="18" height="12" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><rect width="18" height="12" fill="url(#b-{@kind})"/></svg><xsl:value-of select="@kind"/></li>
</xsl:template>

</xsl:stylesheet>
