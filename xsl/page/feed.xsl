<?xml version="1.0" encoding="UTF-8"?>
<!-- feed.xsl: a search over builds or failures as an Atom feed (RFC 4287).  An
     entry is named by its sentence, and known by its address. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
  xmlns="http://www.w3.org/2005/Atom">
<xsl:output method="xml" encoding="UTF-8" indent="no"/>

<xsl:template match="/page">
<feed>
<title><xsl:value-of select="content/@sentence"/> · buildstats</title>
<id><xsl:value-of select="content/@self"/></id>
<link rel="self" type="application/atom+xml" href="{content/@self}"/>
<link rel="alternate" type="text/html" href="{content/@html}"/>
<updated><xsl:value-of select="content/@updated"/></updated>
<author><name>buildstats</name></author>
<generator version="{@version}">buildstats</generator>
<xsl:apply-templates select="content/failures/failure | content/builds/build"/>
</feed>
</xsl:template>

<xsl:template match="failure">
<entry>
<title><xsl:value-of select="@sentence"/></title>
<id><xsl:value-of select="@url"/></id>
<link rel="alternate" type="text/html" href="{@url}"/>
<updated><xsl:value-of select="@seen"/></updated>
<published><xsl:value-of select="@seen"/></published>
<xsl:apply-templates select="@builder[. != '']" mode="author"/>
<xsl:apply-templates select="@recipe[. != ''] | @task[. != ''] | @machine[. != ''] | @distro[. != '']" mode="category"/>
<summary type="text"><xsl:value-of select="@first_line"/></summary>
</entry>
</xsl:template>

<xsl:template match="build">
<entry>
<title><xsl:value-of select="@sentence"/></title>
<id><xsl:value-of select="@url"/></id>
<link rel="alternate" type="text/html" href="{@url}"/>
<updated><xsl:value-of select="@updated"/></updated>
<published><xsl:value-of select="@started"/></published>
<xsl:apply-templates select="@builder[. != '']" mode="author"/>
<xsl:apply-templates select="@status | @machine[. != ''] | @distro[. != ''] | @image[. != '']" mode="category"/>
<summary type="text"><xsl:value-of select="@name"/></summary>
</entry>
</xsl:template>

<xsl:template match="@*" mode="author"><author><name><xsl:value-of select="."/></name></author></xsl:template>
<xsl:template match="@*" mode="category"><category term="{.}"/></xsl:template>

</xsl:stylesheet>
