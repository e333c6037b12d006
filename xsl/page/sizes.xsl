<?xml version="1.0" encoding="UTF-8"?>
<!-- sizes.xsl: how large the things are that a build made. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><a href="{build/@path-url}"><xsl:value-of select="build/@name"/></a><span aria-current="page">Sizes</span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:apply-templates select="build" mode="tabs"/></xsl:template>
<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/sizes.css?v={/page/@version}"/>
</xsl:template>

<xsl:template match="content[not(packages/package) and not(images/image) and not(programs/program)]">
<p class="blank">Sizes come with a build's <code>buildhistory</code>: inherit it, and <code>push-build-results</code> sends it with the build, or by itself from the directory <code>buildhistory</code>.</p>
</xsl:template>

<xsl:template match="content">
<xsl:apply-templates select="images[image]"/>
<xsl:if test="@package = ''"><xsl:apply-templates select="packages[package]"/></xsl:if>
<xsl:if test="@package != ''"><xsl:call-template name="chips"/></xsl:if>
<xsl:apply-templates select="files"/>
<xsl:apply-templates select="programs[program]"/>
</xsl:template>

<xsl:template match="images">
<section aria-labelledby="images">
<h2 id="images">Images</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Images">
<table class="rows t-images">
<caption class="vh">Images without free space</caption>
<thead><tr><th scope="col">Image</th><th scope="col">Machine</th><th scope="col">C library</th><th scope="col" class="n">Size</th><th scope="col" class="n">Packages</th><th scope="col" class="n">Files</th><th scope="col"><span class="vh">History</span></th></tr></thead>
<tbody><xsl:apply-templates select="image"/></tbody>
</table>
</div>
</section>
</xsl:template>

<xsl:template match="image">
<tr><th scope="row"><xsl:value-of select="@image"/></th><td><xsl:value-of select="@machine"/></td><td><xsl:value-of select="@libc"/></td><td class="n" title="{@bytes}"><xsl:value-of select="@bytes-h"/></td><td class="n"><xsl:value-of select="@packages-h"/></td><td class="n"><xsl:value-of select="@files-h"/></td><td><a href="{$base}trend?metric=image_size" aria-label="History of {@image}">History</a></td></tr>
</xsl:template>

<xsl:template match="packages">
<section aria-labelledby="packages">
<h2 id="packages">Packages</h2>
<p class="quiet"><xsl:value-of select="../@packages_bytes-h"/> in all. Choose a package to see its files.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Packages">
<table class="rows t-sizes">
<caption class="vh">Packages by size</caption>
<thead><tr><xsl:for-each select="..">
<xsl:call-template name="th"><xsl:with-param name="key" select="'package'"/><xsl:with-param name="label" select="'Package'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template>
<th scope="col">Version</th>
<xsl:call-template name="th"><xsl:with-param name="key" select="'bytes'"/><xsl:with-param name="label" select="'Size'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'files'"/><xsl:with-param name="label" select="'Files'"/></xsl:call-template>
<th scope="col">In an image</th>
</xsl:for-each></tr></thead>
<tbody><xsl:apply-templates select="package"/></tbody>
</table>
</div>
<xsl:apply-templates select=".." mode="pager"/>
</section>
</xsl:template>

<xsl:template match="package">
<tr>
<th scope="row"><a href="{@files-url}"><xsl:value-of select="@package"/></a></th>
<td><xsl:if test="@recipe != ''"><a href="{@history-url}" title="its size over time"><xsl:value-of select="@recipe"/></a></xsl:if></td>
<td><xsl:value-of select="@version"/></td>
<td class="n" title="{@bytes}"><xsl:choose><xsl:when test="@bytes != ''"><xsl:value-of select="@bytes-h"/><svg class="bar"><rect width="{@width div 10}%"/></svg></xsl:when><xsl:otherwise><span class="quiet">unknown</span></xsl:otherwise></xsl:choose></td>
<td class="n"><xsl:value-of select="@files-h"/></td>
<td><xsl:if test="@installed = 'true'">yes</xsl:if></td>
</tr>
</xsl:template>

<xsl:template match="files">
<section aria-labelledby="files">
<h2 id="files"><xsl:choose><xsl:when test="../@package != ''">Files of <xsl:value-of select="../@package"/></xsl:when><xsl:otherwise>Largest files</xsl:otherwise></xsl:choose></h2>
<xsl:choose>
<xsl:when test="file">
<div class="scroll" tabindex="0" role="group" aria-label="Files">
<table class="rows t-files">
<caption class="vh">Files by size</caption>
<thead><tr><th scope="col">File</th><th scope="col">Of</th><th scope="col" class="n">Size</th></tr></thead>
<tbody><xsl:apply-templates select="file"/></tbody>
</table>
</div>
<xsl:if test="../@files_total &gt; count(file)"><p class="quiet">The largest <xsl:value-of select="count(file)"/> of <xsl:value-of select="../@files_total-h"/>.</p></xsl:if>
</xsl:when>
<xsl:otherwise><p class="blank">No files are known<xsl:if test="../@package != ''"> of this package. <a href="{/page/request/@path}">Show all packages</a></xsl:if></p></xsl:otherwise>
</xsl:choose>
</section>
</xsl:template>

<xsl:template match="file">
<tr><th scope="row"><xsl:value-of select="@path"/><xsl:if test="@type = 'l'"><small class="quiet"> link</small></xsl:if></th><td><xsl:value-of select="@of"/></td><td class="n" title="{@bytes}"><xsl:value-of select="@bytes-h"/><svg class="bar"><rect width="{@width div 10}%"/></svg></td></tr>
</xsl:template>

<xsl:template match="programs">
<section aria-labelledby="programs">
<h2 id="programs">Sections of programs</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Sections of programs">
<table class="rows t-files">
<caption class="vh">Sections of programs</caption>
<thead><tr><th scope="col">Program</th><th scope="col">Package</th><th scope="col" class="n">In all</th><th scope="col">Sections</th></tr></thead>
<tbody><xsl:for-each select="program"><tr><th scope="row"><xsl:value-of select="@path"/></th><td><xsl:value-of select="@package"/></td><td class="n" title="{@bytes}"><xsl:value-of select="@bytes-h"/></td><td><xsl:for-each select="section"><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="@name"/><xsl:text> </xsl:text><xsl:value-of select="@bytes-h"/></xsl:for-each></td></tr></xsl:for-each></tbody>
</table>
</div>
</section>
</xsl:template>

</xsl:stylesheet>
