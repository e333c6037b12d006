<?xml version="1.0" encoding="UTF-8"?>
<!-- spread.xsl: on which targets a failure was seen, and where it is gone. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:template match="spread"/>
<xsl:template match="spread[target]">
<table class="rows spread">
<caption class="vh">Where it was seen</caption>
<thead><tr><th scope="col">Target</th><th scope="col" class="n">Times</th><th scope="col" class="w1">First</th><th scope="col">Last</th><th scope="col" class="n w1">Builders</th><th scope="col" class="n w1">Hosts</th><th scope="col">Now</th></tr></thead>
<tbody><xsl:apply-templates select="target"/></tbody>
</table>
<xsl:if test="../@more_targets"><p class="meta">And on more targets, longer ago.</p></xsl:if>
</xsl:template>

<xsl:template match="spread/target">
<tr>
<th scope="row"><xsl:choose>
<xsl:when test="@failures-url"><a href="{@failures-url}"><xsl:apply-templates select="." mode="name"/></a></xsl:when>
<xsl:otherwise><xsl:apply-templates select="." mode="name"/></xsl:otherwise>
</xsl:choose><xsl:if test="position() = ../../@own-target"><xsl:text> </xsl:text><span class="tag">this one</span></xsl:if><small class="line"><xsl:value-of select="@distro"/><xsl:if test="@distro != '' and @branch != ''"> · </xsl:if><xsl:value-of select="@branch"/></small></th>
<td class="n"><xsl:value-of select="@times-h"/></td>
<td class="w1"><time datetime="{@first}" title="{@first}"><xsl:value-of select="@first-h"/></time></td>
<td><time datetime="{@last}" title="{@last}"><xsl:value-of select="@last-h"/></time></td>
<td class="n w1"><xsl:value-of select="@builders-h"/></td>
<td class="n w1"><xsl:value-of select="@hosts-h"/></td>
<td><xsl:apply-templates select="@gone"/></td>
</tr>
</xsl:template>

<xsl:template match="target" mode="name">a machine without a name</xsl:template>
<xsl:template match="target[@machine != '']" mode="name"><xsl:value-of select="@machine"/></xsl:template>

<xsl:template match="@gone"/>
<xsl:template match="@gone[. = 'true']"><a class="st succeeded" href="{../@gone-url}">gone</a><small class="line">since <xsl:value-of select="../@gone-since-h"/></small></xsl:template>
<xsl:template match="@gone[. = 'false']"><span class="st failed">open</span></xsl:template>

</xsl:stylesheet>
