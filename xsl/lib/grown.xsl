<?xml version="1.0" encoding="UTF-8"?>
<!-- grown.xsl: what grew from one build to another, and which files did it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:template match="numbers">
<section aria-labelledby="numbers">
<h2 id="numbers">The builds as wholes</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Numbers of the builds as wholes">
<table class="rows t-grown">
<caption class="vh">Numbers of the builds as wholes</caption>
<thead><tr><th scope="col">What</th><xsl:for-each select="../builds/build"><th scope="col" class="n"><xsl:value-of select="@column"/></th></xsl:for-each><th scope="col" class="n">Difference</th><th scope="col" class="n">Change</th></tr></thead>
<tbody><xsl:apply-templates select="number"/></tbody>
</table>
</div>
</section>
</xsl:template>

<xsl:template match="number">
<tr><th scope="row"><a href="{@history-url}" title="over time"><xsl:value-of select="@name"/></a></th><xsl:for-each select="in"><td class="n" title="{@value}"><xsl:choose><xsl:when test="@value != ''"><xsl:value-of select="@value-h"/></xsl:when><xsl:otherwise><span class="quiet">–</span></xsl:otherwise></xsl:choose></td></xsl:for-each><td class="n change {@change}" title="{@difference}"><xsl:if test="@difference &gt; 0">+</xsl:if><xsl:value-of select="@difference-h"/></td><td class="n"><xsl:if test="@share &gt; 0">+</xsl:if><xsl:value-of select="@share-h"/></td></tr>
</xsl:template>

<xsl:template match="sizes">
<section aria-labelledby="grew">
<h2 id="grew">What grew</h2>
<xsl:choose>
<xsl:when test="images/image or packages/package or sections/section">
<p class="quiet">From the first to the last build; packages and sections that are new, gone, or differ by more than <xsl:value-of select="@threshold"/> %.</p>
<xsl:apply-templates select="images[image]"/>
<xsl:apply-templates select="packages[package]"/>
<xsl:apply-templates select="sections[section]"/>
</xsl:when>
<xsl:otherwise><p class="blank">Nothing: what is known of their images and packages is the same, up to <xsl:value-of select="@threshold"/> %.</p></xsl:otherwise>
</xsl:choose>
</section>
</xsl:template>

<xsl:template match="sizes/images">
<div class="scroll" tabindex="0" role="group" aria-label="Images that changed">
<table class="rows t-grown">
<caption>Images, without free space</caption>
<thead><tr><th scope="col">Image</th><xsl:call-template name="grown-heads"/><th scope="col">Files</th></tr></thead>
<tbody><xsl:for-each select="image"><tr><th scope="row"><xsl:value-of select="@image"/></th><xsl:apply-templates select="." mode="grown"/></tr></xsl:for-each></tbody>
</table>
</div>
</xsl:template>

<xsl:template match="sizes/packages">
<div class="scroll" tabindex="0" role="group" aria-label="Packages that changed">
<table class="rows t-grown">
<caption>Packages</caption>
<thead><tr><th scope="col">Package</th><xsl:call-template name="grown-heads"/><th scope="col">Files</th></tr></thead>
<tbody><xsl:for-each select="package"><tr><th scope="row"><a href="{@history-url}" title="the size of {@recipe} over time"><xsl:value-of select="@package"/></a><xsl:if test="@version_before != @version_after and @version_before != '' and @version_after != ''"><br/><small class="quiet"><xsl:value-of select="@version_before"/> → <xsl:value-of select="@version_after"/></small></xsl:if></th><xsl:apply-templates select="." mode="grown"/></tr></xsl:for-each></tbody>
</table>
</div>
<xsl:if test="../@packages_changed &gt; count(package)"><p class="quiet">The <xsl:value-of select="count(package)"/> that changed most of <xsl:value-of select="../@packages_changed-h"/>.</p></xsl:if>
</xsl:template>

<xsl:template match="sizes/sections">
<div class="scroll" tabindex="0" role="group" aria-label="Sections that changed">
<table class="rows t-grown">
<caption>Sections of programs</caption>
<thead><tr><th scope="col">Program</th><th scope="col">Section</th><xsl:call-template name="grown-heads"/></tr></thead>
<tbody><xsl:for-each select="section"><tr><th scope="row"><xsl:value-of select="@path"/><br/><small class="quiet"><xsl:value-of select="@package"/></small></th><td><xsl:value-of select="@section"/></td><xsl:call-template name="grown-cells"/></tr></xsl:for-each></tbody>
</table>
</div>
<xsl:if test="../@sections_changed &gt; count(section)"><p class="quiet">The <xsl:value-of select="count(section)"/> that changed most of <xsl:value-of select="../@sections_changed-h"/>.</p></xsl:if>
</xsl:template>

<xsl:template name="grown-heads"><th scope="col" class="n">Before</th><th scope="col" class="n">After</th><th scope="col" class="n">Difference</th><th scope="col" class="n">Change</th></xsl:template>

<xsl:template name="grown-cells">
<td class="n" title="{@before}"><xsl:apply-templates select="@before" mode="grown"/></td>
<td class="n" title="{@after}"><xsl:apply-templates select="@after" mode="grown"/></td>
<td class="n change {@change}" title="{@difference}"><xsl:if test="@difference &gt; 0">+</xsl:if><xsl:value-of select="@difference-h"/></td>
<td class="n"><xsl:choose><xsl:when test="@share != ''"><xsl:if test="@share &gt; 0">+</xsl:if><xsl:value-of select="@share-h"/></xsl:when><xsl:otherwise><xsl:value-of select="@change"/></xsl:otherwise></xsl:choose></td>
</xsl:template>

<xsl:template match="@before" mode="grown"><xsl:value-of select="../@before-h"/></xsl:template>
<xsl:template match="@after" mode="grown"><xsl:value-of select="../@after-h"/></xsl:template>
<xsl:template match="@before[. = ''] | @after[. = '']" mode="grown"><span class="quiet">–</span></xsl:template>

<xsl:template match="*" mode="grown">
<xsl:call-template name="grown-cells"/>
<td><xsl:if test="files/file">
<ul class="why"><xsl:for-each select="files/file[position() &lt;= 10]"><li><xsl:value-of select="@path"/><xsl:text> </xsl:text><span class="quiet" title="{@before} → {@after}"><xsl:if test="@difference &gt; 0">+</xsl:if><xsl:value-of select="@difference-h"/><xsl:if test="@change = 'new' or @change = 'gone'">, <xsl:value-of select="@change"/></xsl:if></span></li></xsl:for-each>
<xsl:if test="@files_changed &gt; 10"><li class="quiet">and <xsl:value-of select="@files_changed - 10"/> more files that changed</li></xsl:if></ul>
</xsl:if></td>
</xsl:template>

</xsl:stylesheet>
