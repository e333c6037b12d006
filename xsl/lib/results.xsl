<?xml version="1.0" encoding="UTF-8"?>
<!-- results.xsl: runs of tests and their cases. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:template name="runs">
<xsl:param name="rows"/>
<table class="rows">
<caption class="vh">Runs of tests</caption>
<thead><tr><th scope="col">Run</th><th scope="col" class="n">Failed</th><th scope="col" class="n">Passed</th><th scope="col" class="n">Skipped</th><th scope="col" class="n w1">Expected to fail</th><th scope="col" class="n w1">Blocked</th><th scope="col" class="n w2">Other</th><th scope="col">Since the run before</th></tr></thead>
<tbody><xsl:apply-templates select="$rows" mode="run"/></tbody>
</table>
</xsl:template>

<xsl:template match="run" mode="run">
<tr>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@type"/><xsl:text> </xsl:text><xsl:value-of select="@image"/><xsl:if test="@type = '' and @image = ''"><xsl:value-of select="@id"/></xsl:if></a><small class="line"><xsl:value-of select="@machine"/><xsl:if test="@ran-h != ''"><xsl:text> </xsl:text><time datetime="{@ran}" title="{@ran}"><xsl:value-of select="@ran-h"/></time></xsl:if></small></th>
<td class="n"><xsl:apply-templates select="@failed" mode="failed"/></td>
<td class="n"><xsl:value-of select="@passed-h"/></td>
<td class="n"><xsl:value-of select="@skipped-h"/></td>
<td class="n w1"><xsl:value-of select="@expected-h"/></td>
<td class="n w1"><xsl:value-of select="@blocked-h"/></td>
<td class="n w2"><xsl:value-of select="@other-h"/></td>
<td><xsl:apply-templates select="before" mode="turns"/><xsl:if test="not(before)"><span class="meta">no run before</span></xsl:if></td>
</tr>
</xsl:template>

<xsl:template match="@failed" mode="failed"><xsl:value-of select="../@failed-h"/></xsl:template>
<xsl:template match="@failed[. &gt; 0]" mode="failed"><span class="st failed"><xsl:value-of select="../@failed-h"/></span></xsl:template>

<xsl:template match="before" mode="turns">
<span class="words"><xsl:apply-templates select="failing[@tests &gt; 0] | passing[@tests &gt; 0] | new[@tests &gt; 0] | gone[@tests &gt; 0]" mode="turn"/></span>
<xsl:if test="failing/@tests + passing/@tests + new/@tests + gone/@tests = 0">as before</xsl:if>
<small class="line">in <a href="{@path-url}"><xsl:value-of select="@name"/></a></small>
</xsl:template>
<xsl:template match="*" mode="turn"><span><a href="{@path-url}"><xsl:value-of select="@tests-h"/><xsl:text> </xsl:text><xsl:if test="self::failing or self::passing">newly </xsl:if><xsl:value-of select="name()"/></a></span></xsl:template>

<!-- What a case is now, as a word with a colour. -->
<xsl:template match="result" mode="status"><span class="st {@class}"><xsl:value-of select="@status"/><xsl:if test="@status = '' and @class = 'gone'">gone</xsl:if><xsl:if test="@status = '' and @class = 'other'">other</xsl:if></span><xsl:apply-templates select="@turned[. != '']" mode="tag"/></xsl:template>
<xsl:template match="@was" mode="was"><small class="line">was <xsl:value-of select="."/></small></xsl:template>
<xsl:template match="@turned" mode="tag"/>
<xsl:template match="@turned[. = 'failing']" mode="tag"><xsl:text> </xsl:text><span class="tag">newly</span></xsl:template>
<xsl:template match="@turned[. = 'passing']" mode="tag"><xsl:text> </xsl:text><span class="tag">newly</span></xsl:template>
<xsl:template match="@turned[. = 'new']" mode="tag"><xsl:text> </xsl:text><span class="tag">new</span></xsl:template>

</xsl:stylesheet>
