<?xml version="1.0" encoding="UTF-8"?>
<!-- turn.xsl: the last good and the first bad build of a recipe on a target,
     and what came between. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:template match="turn" mode="sides">
<dl class="pairs turn">
<dt>Last good</dt>
<dd><xsl:choose>
<xsl:when test="good"><xsl:apply-templates select="good" mode="side"/></xsl:when>
<xsl:otherwise>None here: it hasn't been built for this target before.</xsl:otherwise>
</xsl:choose></dd>
<dt>First bad</dt>
<dd><xsl:apply-templates select="bad" mode="side"/></dd>
</dl>
<xsl:apply-templates select="ranges"/>
</xsl:template>

<xsl:template match="good | bad" mode="side">
<a class="st" href="{@path-url}"><xsl:attribute name="class">st <xsl:value-of select="@status"/></xsl:attribute><xsl:value-of select="@name"/></a>
<small class="line"><time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time><xsl:if test="@builder != ''"> on <xsl:value-of select="@builder"/></xsl:if><xsl:if test="@version != ''"> · <xsl:value-of select="@version"/></xsl:if><xsl:if test="@branch != ''"> · <xsl:value-of select="@branch"/></xsl:if></small>
</xsl:template>

<xsl:template match="ranges"><p class="meta">Which revisions lie between isn't known: the layers' commits of both builds tell it, and error reports or a <code>build.json</code> beside the statistics bring those.</p></xsl:template>
<xsl:template match="turn[@same &gt; 0]/ranges"><p class="meta">The layers are at the same revisions in both, so no commit to them broke it. What else differs?</p></xsl:template>
<xsl:template match="ranges[range]" priority="1">
<ul class="ranges"><xsl:apply-templates select="range"/></ul>
<p class="meta">To be run in a directory of the layer, or with <code>-C</code> and that directory after <code>git</code>.<xsl:if test="../@same &gt; 0"> Layers that didn't change: <xsl:value-of select="../@same"/>.</xsl:if></p>
</xsl:template>

<!-- Layers of one repository share their revisions: one command. -->
<xsl:template match="range">
<xsl:variable name="command" select="@command"/>
<xsl:if test="not(preceding-sibling::range[@command = $command])">
<li><p>What came to <xsl:for-each select="../range[@command = $command]"><xsl:if test="position() &gt; 1">, </xsl:if><b><xsl:value-of select="@layer"/></b></xsl:for-each><xsl:if test="@modified = 'true'">, which had local changes on top</xsl:if>:</p>
<pre tabindex="0" data-copy="{@command}"><code><xsl:value-of select="@command"/></code></pre></li>
</xsl:if>
</xsl:template>

</xsl:stylesheet>
