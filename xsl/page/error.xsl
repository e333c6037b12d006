<?xml version="1.0" encoding="UTF-8"?>
<!-- error.xsl: what went wrong, and where to go from here. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>

<xsl:template match="content">
<p class="lead"><xsl:value-of select="@hint"/></p>
<xsl:call-template name="chips"/>
<p><a class="button" href="{$base}builds">Search builds</a><xsl:text> </xsl:text><a class="button quiet" href="{$base}">Overview</a></p>
</xsl:template>

<xsl:template match="content" mode="crumbs">
<p class="crumbs">Error <xsl:value-of select="@status"/></p>
</xsl:template>

</xsl:stylesheet>
