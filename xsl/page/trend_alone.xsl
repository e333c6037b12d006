<?xml version="1.0" encoding="UTF-8"?>
<!-- trend_alone.xsl: the picture of a trend by itself: for documents, mails and
     printers. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns="http://www.w3.org/2000/svg">
<xsl:output method="xml" encoding="UTF-8" indent="no"/>
<xsl:include href="../lib/plot.xsl"/>

<xsl:template match="/page"><xsl:apply-templates select="content/plot" mode="alone"/></xsl:template>

</xsl:stylesheet>
