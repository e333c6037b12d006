<?xml version="1.0" encoding="UTF-8"?>
<!-- form.xsl: filters as fields, and as words one can click away. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

<xsl:variable name="given" select="/page/request/param"/>

<!-- What is filtered by: each word links to the view without it. -->
<xsl:template name="chips">
<xsl:variable name="chips" select="$given[@name != 'sort' and @name != 'page' and @name != 'per' and @name != 'metric' and @name != 'x' and @name != 'y' and @name != 'group' and @name != 'of' and @name != 'log' and @name != 'base']"/>
<xsl:if test="$chips">
<ul class="chips" aria-label="Filters in use">
<xsl:apply-templates select="$chips" mode="chip"/>
<li><a class="clear" href="{/page/request/@path}">Clear all</a></li>
</ul>
</xsl:if>
</xsl:template>

<xsl:template match="param" mode="chip">
<li><a class="chip" href="{@without}"><span><xsl:value-of select="@name"/></span><xsl:text> </xsl:text><b><xsl:value-of select="@value"/></b><i aria-hidden="true">✕</i><span class="vh"> (remove)</span></a></li>
</xsl:template>

<!-- Sorting and page size survive a change of the filter. -->
<xsl:template match="param" mode="hidden">
<input type="hidden" name="{@name}" value="{@value}"/>
</xsl:template>

<xsl:template name="text-field">
<xsl:param name="name"/>
<xsl:param name="label"/>
<xsl:param name="hint"/>
<label class="field"><span><xsl:value-of select="$label"/></span><input type="text" name="{$name}" value="{$given[@name = $name]/@value}" placeholder="{$hint}"/></label>
</xsl:template>

<xsl:template match="facet">
<label class="field"><span><xsl:value-of select="@name"/></span><select name="{@name}"><option value="">any</option><xsl:call-template name="options"><xsl:with-param name="options" select="option"/></xsl:call-template></select></label>
</xsl:template>

<!-- Many choices: a field that proposes. -->
<xsl:template match="facet[option[26]]">
<label class="field"><span><xsl:value-of select="@name"/></span><input type="text" name="{@name}" list="list-{@name}" value="{option[@selected = 'true']/@value}" placeholder="any"/></label>
<datalist id="list-{@name}"><xsl:apply-templates select="option" mode="data"/></datalist>
</xsl:template>

<xsl:template match="facet[@name = 'status']">
<fieldset class="toggles"><legend>Status</legend><xsl:apply-templates select="option" mode="toggle"/></fieldset>
</xsl:template>

<xsl:template name="options">
<xsl:param name="options"/>
<xsl:for-each select="$options"><option value="{@value}"><xsl:if test="@selected = 'true'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="@value"/></option></xsl:for-each>
</xsl:template>

<xsl:template match="option" mode="data"><option value="{@value}"></option></xsl:template>

<xsl:template match="option" mode="toggle">
<label><input type="checkbox" name="status" value="{@value}"/><span class="st {@value}"><xsl:value-of select="@value"/></span></label>
</xsl:template>
<xsl:template match="option[@selected = 'true']" mode="toggle">
<label><input type="checkbox" name="status" value="{@value}" checked="checked"/><span class="st {@value}"><xsl:value-of select="@value"/></span></label>
</xsl:template>

</xsl:stylesheet>
