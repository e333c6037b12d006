<?xml version="1.0" encoding="UTF-8"?>
<!-- builds.xsl: the search over builds. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<xsl:template match="content" mode="head"><xsl:call-template name="chips"/></xsl:template>

<xsl:template match="content">
<xsl:apply-templates select="facets"/>
<xsl:choose>
<xsl:when test="builds/build">
<xsl:call-template name="builds">
<xsl:with-param name="rows" select="builds/build"/>
<xsl:with-param name="caption" select="'Builds'"/>
</xsl:call-template>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:when test="$given">
<div class="blank"><p>Nothing matches all of these filters. Take one away above, or <a href="{/page/request/@path}">show all builds</a>.</p></div>
</xsl:when>
<xsl:otherwise><xsl:call-template name="how-to-send"/></xsl:otherwise>
</xsl:choose>
</xsl:template>

<xsl:template match="facets">
<form class="filter" role="search" aria-label="Filter" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'sort' or @name = 'per']" mode="hidden"/>
<xsl:apply-templates select="facet[@name = 'status']"/>
<div class="fields">
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'q'"/><xsl:with-param name="label" select="'Any name'"/><xsl:with-param name="hint" select="'part of a name'"/></xsl:call-template>
<xsl:apply-templates select="facet[option][@name = 'machine' or @name = 'image' or @name = 'builder' or @name = 'branch']"/>
<button type="submit">Filter</button>
</div>
<details>
<xsl:if test="$given[@name = 'distro' or @name = 'package' or @name = 'task' or @name = 'layer' or @name = 'tag' or @name = 'commit' or @name = 'since' or @name = 'until']"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
<summary>More filters</summary>
<div class="fields">
<xsl:apply-templates select="facet[option][@name = 'distro' or @name = 'layer' or @name = 'tag' or @name = 'task']"/>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Package'"/><xsl:with-param name="hint" select="'zlib'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'commit'"/><xsl:with-param name="label" select="'Commit'"/><xsl:with-param name="hint" select="'35a2c6ed'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'since'"/><xsl:with-param name="label" select="'Since'"/><xsl:with-param name="hint" select="'2026-03-31'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'until'"/><xsl:with-param name="label" select="'Until'"/><xsl:with-param name="hint" select="'2026-04-30'"/></xsl:call-template>
</div>
</details>
</form>
</xsl:template>

</xsl:stylesheet>
