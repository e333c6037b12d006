<?xml version="1.0" encoding="UTF-8"?>
<!-- results.xsl: what the tests of a build said. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/results.xsl"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><a href="{build/@path-url}"><xsl:value-of select="build/@name"/></a><span aria-current="page">Tests</span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:apply-templates select="build" mode="tabs"/></xsl:template>

<xsl:template match="content[not(runs/run)]">
<p class="blank">No test results came with this build. Send <code>testresults.json</code>, which bitbake leaves in <code>tmp/log/oeqa</code>, beside the build's statistics or by itself: <code>push-build-results testresults.json</code>.</p>
</xsl:template>

<xsl:template match="content">
<div class="scroll" tabindex="0" role="region" aria-label="Runs of tests">
<xsl:call-template name="runs"><xsl:with-param name="rows" select="runs/run"/></xsl:call-template>
</div>
<section aria-labelledby="cases">
<h2 id="cases">Tests</h2>
<form class="filter" role="search" aria-label="Filter" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'sort' or @name = 'per' or @name = 'run' or @name = 'suite']" mode="hidden"/>
<div class="fields">
<label class="field"><span>Result</span><select name="status"><option value="">any</option>
<xsl:call-template name="result-option"><xsl:with-param name="value" select="'failed'"/></xsl:call-template>
<xsl:call-template name="result-option"><xsl:with-param name="value" select="'passed'"/></xsl:call-template>
<xsl:call-template name="result-option"><xsl:with-param name="value" select="'skipped'"/></xsl:call-template>
<xsl:call-template name="result-option"><xsl:with-param name="value" select="'expected'"/></xsl:call-template>
<xsl:call-template name="result-option"><xsl:with-param name="value" select="'blocked'"/></xsl:call-template>
<xsl:call-template name="result-option"><xsl:with-param name="value" select="'other'"/></xsl:call-template>
</select></label>
<label class="field"><span>Since the run before</span><select name="turned"><option value="">any</option>
<xsl:call-template name="turn-option"><xsl:with-param name="value" select="'failing'"/></xsl:call-template>
<xsl:call-template name="turn-option"><xsl:with-param name="value" select="'passing'"/></xsl:call-template>
<xsl:call-template name="turn-option"><xsl:with-param name="value" select="'new'"/></xsl:call-template>
<xsl:call-template name="turn-option"><xsl:with-param name="value" select="'gone'"/></xsl:call-template>
</select></label>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'q'"/><xsl:with-param name="label" select="'Words'"/><xsl:with-param name="hint" select="'of its name or error'"/></xsl:call-template>
<button type="submit">Filter</button>
</div>
</form>
<xsl:call-template name="chips"/>
<xsl:choose>
<xsl:when test="results/result">
<table class="rows t-results">
<caption class="vh">Tests</caption>
<thead><tr>
<xsl:call-template name="th"><xsl:with-param name="key" select="'case'"/><xsl:with-param name="label" select="'Test'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'status'"/><xsl:with-param name="label" select="'Result'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'seconds'"/><xsl:with-param name="label" select="'Time'"/></xsl:call-template>
</tr></thead>
<tbody><xsl:apply-templates select="results/result"/></tbody>
</table>
<xsl:apply-templates select="." mode="pager"/>
</xsl:when>
<xsl:otherwise><p class="blank">No test matches. <a href="{/page/request/@path}">Show all tests</a></p></xsl:otherwise>
</xsl:choose>
</section>
<xsl:apply-templates select="runs/run[suites/suite]" mode="suites"/>
<section aria-labelledby="configurations">
<h2 id="configurations">Configurations</h2>
<xsl:apply-templates select="runs/run" mode="configuration"/>
</section>
</xsl:template>

<xsl:template name="result-option">
<xsl:param name="value"/>
<option value="{$value}"><xsl:if test="$given[@name = 'status']/@value = $value"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="$value"/></option>
</xsl:template>
<xsl:template name="turn-option">
<xsl:param name="value"/>
<option value="{$value}"><xsl:if test="$given[@name = 'turned']/@value = $value"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:if test="$value = 'failing' or $value = 'passing'">newly </xsl:if><xsl:value-of select="$value"/></option>
</xsl:template>

<xsl:template match="results/result">
<tr>
<th scope="row" class="path"><xsl:value-of select="@case"/><xsl:apply-templates select="@first_line[. != '']"/><xsl:apply-templates select="@excerpt[. != '']"/></th>
<td><xsl:apply-templates select="." mode="status"/><xsl:apply-templates select="@was[../@turned != '']" mode="was"/><xsl:apply-templates select="@log[. != '']"/></td>
<td class="n" title="{@seconds} s"><xsl:value-of select="@seconds-h"/></td>
</tr>
</xsl:template>
<xsl:template match="result/@first_line"><small class="line said"><xsl:value-of select="."/></small></xsl:template>
<xsl:template match="result/@excerpt"><details><summary>End of its log</summary><pre tabindex="0"><xsl:value-of select="."/></pre></details></xsl:template>
<xsl:template match="result/@log"><small class="line"><a href="{.}" aria-label="Log of {../@case}">Log</a></small></xsl:template>

<xsl:template match="run" mode="suites">
<section>
<h2>Suites of <xsl:value-of select="@type"/><xsl:text> </xsl:text><xsl:value-of select="@image"/></h2>
<div class="scroll" tabindex="0" role="region" aria-label="Suites of {@id}">
<table class="rows">
<caption class="vh">Suites of <xsl:value-of select="@id"/></caption>
<thead><tr><th scope="col">Suite</th><th scope="col" class="n">Failed</th><th scope="col" class="n">Passed</th><th scope="col" class="n">Skipped</th><th scope="col" class="n">Time</th><th scope="col">Ended</th><th scope="col" class="n">Log</th></tr></thead>
<tbody><xsl:apply-templates select="suites/suite"/></tbody>
</table>
</div>
</section>
</xsl:template>

<xsl:template match="suite">
<tr>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@name"/></a><xsl:if test="@kind != 'ptest'"><small class="line"><xsl:value-of select="@kind"/></small></xsl:if></th>
<td class="n"><xsl:apply-templates select="@failed" mode="failed"/></td>
<td class="n"><xsl:value-of select="@passed-h"/></td>
<td class="n"><xsl:value-of select="@skipped-h"/></td>
<td class="n" title="{@seconds} s"><xsl:value-of select="@seconds-h"/></td>
<td><xsl:if test="@timeout = 'true'"><span class="st failed">timed out</span><xsl:text> </xsl:text></xsl:if><xsl:if test="@exit != ''">exit status <xsl:value-of select="@exit"/></xsl:if></td>
<td class="n"><xsl:if test="@log != ''"><a href="{@log}" aria-label="{@log_bytes-h}: log of {@name}"><xsl:value-of select="@log_bytes-h"/></a></xsl:if></td>
</tr>
</xsl:template>

<xsl:template match="run" mode="configuration">
<details><summary><xsl:value-of select="@id"/></summary>
<dl class="pairs small">
<xsl:apply-templates select="configuration/variable"/>
<dt>As it came</dt><dd><a href="{@file}">testresults.json</a>, <span title="{@bytes} bytes"><xsl:value-of select="@bytes-h"/></span><xsl:if test="@masked = 'true'">; its logs hold what is masked here, so it takes a token</xsl:if></dd>
</dl>
</details>
</xsl:template>
<xsl:template match="variable"><dt><xsl:value-of select="@name"/></dt><dd class="path"><xsl:value-of select="@value"/></dd></xsl:template>

</xsl:stylesheet>
