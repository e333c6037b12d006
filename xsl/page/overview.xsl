<?xml version="1.0" encoding="UTF-8"?>
<!-- overview.xsl: what needs a look, the targets with their history, and the
     latest builds. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<xsl:template match="content">
<dl class="facts">
<div><dt>Builds</dt><dd><a href="{$base}builds"><xsl:apply-templates select="@capped"/><xsl:value-of select="@builds-h"/></a></dd></div>
<div><dt>Tasks</dt><dd><xsl:apply-templates select="@capped"/><xsl:value-of select="@tasks-h"/></dd></div>
<div><dt>Packages built</dt><dd><xsl:apply-templates select="@capped"/><xsl:value-of select="@packages-h"/></dd></div>
<div><dt>Recipes</dt><dd><xsl:value-of select="@recipes-h"/></dd></div>
<div><dt>Builders</dt><dd><xsl:value-of select="@builders-h"/></dd></div>
<div><dt>Since</dt><dd><time datetime="{@since}" title="{@since}"><xsl:value-of select="@since-h"/></time></dd></div>
</dl>
<xsl:apply-templates select="running[build]"/>
<xsl:apply-templates select="new[failure]"/>
<xsl:apply-templates select="failing[package]"/>
<xsl:apply-templates select="targets[target]"/>
<section aria-labelledby="latest">
<div class="headline"><h2 id="latest">Latest builds</h2><a href="{$base}builds">All builds</a></div>
<xsl:call-template name="builds">
<xsl:with-param name="rows" select="latest/build"/>
<xsl:with-param name="caption" select="'Latest builds'"/>
</xsl:call-template>
</section>
</xsl:template>

<!-- Counting stopped. -->
<xsl:template match="@capped"/>
<xsl:template match="@capped[. = 'true']"><span title="of the latest builds, which were counted">≥ </span></xsl:template>

<!-- Nothing has been sent yet. -->
<xsl:template match="content[not(latest/build)]">
<p class="lead">Builds show here as soon as one has been sent.</p>
<xsl:call-template name="how-to-send"/>
</xsl:template>

<xsl:template match="running">
<section aria-labelledby="running">
<div class="headline"><h2 id="running">Running now</h2><a href="{$base}builds?status=running">All running builds</a></div>
<ul class="cards"><xsl:apply-templates select="build"/></ul>
</section>
</xsl:template>

<xsl:template match="running/build">
<li class="card run">
<h3><a href="{@path-url}"><xsl:value-of select="@image"/><xsl:if test="@image = ''"><xsl:value-of select="@name"/></xsl:if></a></h3>
<p><span class="st running">running</span><xsl:if test="@total != ''"><xsl:text> </xsl:text><xsl:value-of select="@done-h"/> of <xsl:value-of select="@total-h"/> tasks, <xsl:value-of select="@progress-h"/></xsl:if></p>
<xsl:if test="@progress != ''"><svg class="bar" aria-hidden="true"><rect width="{@width div 10}%"/></svg></xsl:if>
<p class="meta"><xsl:if test="@machine != ''"><xsl:value-of select="@machine"/> · </xsl:if><xsl:if test="@builder != ''"><xsl:value-of select="@builder"/> · </xsl:if>since <time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time><xsl:if test="@failed &gt; 0"> · <xsl:value-of select="@failed-h"/> failed</xsl:if></p>
</li>
</xsl:template>

<xsl:template match="new">
<section aria-labelledby="new">
<div class="headline"><h2 id="new">New failures</h2><a href="{$base}failures">All failures</a></div>
<ul class="cards"><xsl:apply-templates select="failure"/></ul>
</section>
</xsl:template>

<xsl:template match="new/failure">
<li class="card bad">
<p class="said"><a href="{@path-url}"><xsl:value-of select="@first_line"/></a></p>
<p class="meta"><xsl:if test="@recipe != ''"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a><xsl:text> </xsl:text></xsl:if><xsl:value-of select="@task"/><xsl:if test="@machine != ''"> on <xsl:value-of select="@machine"/></xsl:if></p>
<p class="meta"><time datetime="{@seen}" title="{@seen}"><xsl:value-of select="@seen-h"/></time><xsl:apply-templates select="@times[. &gt; 1]"/><xsl:if test="@builders &gt; 1"> on <xsl:value-of select="@builders-h"/> builders</xsl:if></p>
</li>
</xsl:template>

<xsl:template match="failing">
<section aria-labelledby="failing">
<div class="headline"><h2 id="failing">Failing now</h2><a href="{$base}builds?status=failed">Failed builds</a></div>
<ul class="cards"><xsl:apply-templates select="package"/></ul>
</section>
</xsl:template>

<xsl:template match="failing/package">
<li class="card bad">
<h3><a href="{@url}"><xsl:value-of select="@recipe"/></a></h3>
<p><span class="st failed"><xsl:value-of select="@task"/></span></p>
<p class="meta"><xsl:value-of select="@version"/> · <xsl:value-of select="@machine"/> · <xsl:value-of select="@distro"/></p>
<p class="meta"><a href="{@build-url}"><time datetime="{@seen}" title="{@seen}"><xsl:value-of select="@seen-h"/></time> on <xsl:value-of select="@builder"/></a><xsl:apply-templates select="@times"/></p>
</li>
</xsl:template>

<xsl:template match="@times"/>
<xsl:template match="@times[. &gt; 1]"> · <xsl:value-of select="."/> times</xsl:template>

<xsl:template match="targets">
<section aria-labelledby="targets">
<h2 id="targets">Targets</h2>
<table class="rows targets">
<caption class="vh">Targets and the outcome of their builds, newest right</caption>
<thead><tr><th scope="col">Target</th><th scope="col" class="w2">Distro</th><th scope="col">Builds, newest right</th><th scope="col" class="n w1">Succeeded</th><th scope="col" class="w1">Last</th></tr></thead>
<tbody><xsl:apply-templates select="target"/></tbody>
</table>
</section>
</xsl:template>

<xsl:template match="targets/target">
<tr>
<th scope="row"><a href="{@url}"><xsl:value-of select="@image"/><xsl:if test="@image = ''">no image</xsl:if></a><small class="line"><xsl:value-of select="@machine"/></small></th>
<td class="w2"><xsl:value-of select="@distro"/></td>
<td><ol class="history"><xsl:apply-templates select="history/build"/></ol></td>
<td class="n w1"><xsl:value-of select="@succeeded"/> of <xsl:value-of select="@builds"/></td>
<td class="w1"><span class="st {@last-status}"><xsl:value-of select="@last-status"/></span><small class="line"><time datetime="{@last}" title="{@last}"><xsl:value-of select="@last-h"/></time></small></td>
</tr>
</xsl:template>

<xsl:template match="history/build">
<li><a class="{@status}" href="{@url}" title="{@name}, {@status}, {@elapsed-h}"><span class="vh"><xsl:value-of select="@name"/><xsl:text> </xsl:text><xsl:value-of select="@status"/></span></a></li>
</xsl:template>

</xsl:stylesheet>
