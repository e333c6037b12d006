<?xml version="1.0" encoding="UTF-8"?>
<!-- receipt.xsl: what became of an upload. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<xsl:template match="content" mode="crumbs">
<p class="crumbs"><span>Receipt</span></p>
</xsl:template>

<xsl:template match="content">
<dl class="facts">
<div><dt>Kind</dt><dd><xsl:apply-templates select="@kind"/></dd></div>
<div><dt>Size</dt><dd title="{@bytes} bytes"><xsl:value-of select="@bytes-h"/></dd></div>
<div><dt>Received</dt><dd><time datetime="{@received}" title="{@received}"><xsl:value-of select="@received-h"/></time></dd></div>
<div><dt>Kept until</dt><dd><time datetime="{@kept_until}" title="{@kept_until}"><xsl:value-of select="@kept_until-h"/></time></dd></div>
</dl>
<xsl:if test="builds/build">
<section>
<h2>Builds</h2>
<xsl:call-template name="builds"><xsl:with-param name="rows" select="builds/build"/><xsl:with-param name="caption">Builds of this upload</xsl:with-param></xsl:call-template>
</section>
</xsl:if>
<xsl:if test="read/kind">
<section>
<h2>What was read</h2>
<dl class="pairs"><xsl:apply-templates select="read/kind"/></dl>
</section>
</xsl:if>
<section>
<h2>What was not taken as it is</h2>
<xsl:choose>
<xsl:when test="notes/note">
<ul class="list"><xsl:apply-templates select="notes/note"/></ul>
</xsl:when>
<xsl:otherwise><p class="blank">Nothing was ignored, repaired or masked, and nothing was there already.</p></xsl:otherwise>
</xsl:choose>
<xsl:apply-templates select="dropped/kind"/>
</section>
<section>
<h2>The upload itself</h2>
<dl class="pairs">
<dt>SHA-256</dt><dd><code><xsl:value-of select="@sha256"/></code></dd>
<dt>As it came</dt><dd><xsl:apply-templates select="@raw"/></dd>
</dl>
<xsl:if test="@raw != ''"><p class="meta">Nothing is masked in it, so it takes a token to have it.</p></xsl:if>
</section>
</xsl:template>

<xsl:template match="@kind"><xsl:value-of select="."/></xsl:template>
<xsl:template match="@kind[. = 'bundle']">build statistics</xsl:template>
<xsl:template match="@kind[. = 'report']">error report</xsl:template>
<xsl:template match="@kind[. = 'oestats']">oestats</xsl:template>

<xsl:template match="@raw">not kept</xsl:template>
<xsl:template match="@raw[. != '']"><a href="{.}" download="">Download</a></xsl:template>

<xsl:template match="read/kind"><dt><xsl:value-of select="@what"/></dt><dd><xsl:value-of select="@n-h"/></dd></xsl:template>

<xsl:template match="note">
<li>
<p><span class="tag"><xsl:value-of select="@what"/></span><xsl:text> </xsl:text><code><xsl:value-of select="@where"/></code><xsl:apply-templates select="@line-h"/></p>
<p class="meta"><xsl:value-of select="@text"/></p>
</li>
</xsl:template>
<xsl:template match="@line-h"/>
<xsl:template match="@line-h[. != '']">, line <xsl:value-of select="."/></xsl:template>

<xsl:template match="dropped/kind"><p class="meta">and <xsl:value-of select="@n-h"/> more: <xsl:value-of select="@what"/></p></xsl:template>

</xsl:stylesheet>
