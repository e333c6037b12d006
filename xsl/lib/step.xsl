<?xml version="1.0" encoding="UTF-8"?>
<!-- step.xsl: a step in a trend, in words and signs. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:template match="step/@verdict"/>
<xsl:template match="step/@verdict[. = 'worse']"><span class="step worse"><i aria-hidden="true">▲ </i><xsl:choose><xsl:when test="../@unit = 's'">slower</xsl:when><xsl:otherwise>more</xsl:otherwise></xsl:choose></span></xsl:template>
<xsl:template match="step/@verdict[. = 'better']"><span class="step better"><i aria-hidden="true">▼ </i><xsl:choose><xsl:when test="../@unit = 's'">faster</xsl:when><xsl:otherwise>less</xsl:otherwise></xsl:choose></span></xsl:template>
<xsl:template match="step/@verdict[. = 'busier']"><span class="step host"><i aria-hidden="true">△ </i>busy host</span></xsl:template>
<xsl:template match="step/@verdict[. = 'calmer']"><span class="step host"><i aria-hidden="true">▽ </i>host less busy</span></xsl:template>

<xsl:template name="pair">
<xsl:param name="before"/><xsl:param name="after"/>
<xsl:choose>
<xsl:when test="../@*[name() = $before] = '' and ../@*[name() = $after] = ''"><span class="quiet">unknown</span></xsl:when>
<xsl:otherwise><xsl:value-of select="../@*[name() = concat($before, '-h')]"/> → <xsl:value-of select="../@*[name() = concat($after, '-h')]"/></xsl:otherwise>
</xsl:choose>
</xsl:template>
<xsl:template match="step/@before"><xsl:call-template name="pair"><xsl:with-param name="before" select="'before'"/><xsl:with-param name="after" select="'after'"/></xsl:call-template></xsl:template>
<xsl:template match="step/@wall_before"><xsl:call-template name="pair"><xsl:with-param name="before" select="'wall_before'"/><xsl:with-param name="after" select="'wall_after'"/></xsl:call-template></xsl:template>
<xsl:template match="step/@cpu_before"><xsl:call-template name="pair"><xsl:with-param name="before" select="'cpu_before'"/><xsl:with-param name="after" select="'cpu_after'"/></xsl:call-template></xsl:template>
<xsl:template match="step/@pressure_before"><xsl:call-template name="pair"><xsl:with-param name="before" select="'pressure_before'"/><xsl:with-param name="after" select="'pressure_after'"/></xsl:call-template></xsl:template>

<!-- By how much, with its sign. -->
<xsl:template match="step/@change"><xsl:choose><xsl:when test="../@difference &gt; 0">+</xsl:when><xsl:otherwise>−</xsl:otherwise></xsl:choose><xsl:value-of select="../@change-h"/></xsl:template>

</xsl:stylesheet>
