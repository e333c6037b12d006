<?xml version="1.0" encoding="UTF-8"?>
<!-- trend.xsl: what a recipe, a task or whole builds took from run to run: the
     picture, wall time beside CPU time and pressure, the steps, the runs. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/plot.xsl"/>
<xsl:include href="../lib/step.xsl"/>
<xsl:include href="../lib/turn.xsl"/>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/chart.css?v={/page/@version}"/>
<link rel="stylesheet" href="{$base}static/trend.css?v={/page/@version}"/>
<link rel="stylesheet" href="{$base}static/failure.css?v={/page/@version}"/>
<script src="{$base}static/js/copy.js?v={/page/@version}" defer="defer"></script>
</xsl:template>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb">
<xsl:choose>
<xsl:when test="@recipe != ''"><a href="{$base}builds">Builds</a><a href="{@package-url}"><xsl:value-of select="@recipe"/></a></xsl:when>
<xsl:otherwise><a href="{$base}steps">Trends</a></xsl:otherwise>
</xsl:choose>
<span aria-current="page"><xsl:choose><xsl:when test="@recipe != ''">Trend</xsl:when><xsl:otherwise>Whole builds</xsl:otherwise></xsl:choose></span>
</nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:call-template name="chips"/></xsl:template>

<xsl:template match="content">
<xsl:call-template name="plot-start"/>
<form class="filter" role="search" aria-label="What to follow" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'version' or @name = 'sort' or @name = 'per']" mode="hidden"/>
<div class="fields">
<label class="field"><span>Metric</span><select name="metric"><xsl:call-template name="options"><xsl:with-param name="options" select="options/option[@name = 'metric']"/></xsl:call-template></select></label>
<xsl:if test="@recipe != ''"><label class="field"><span>Task</span><select name="task"><option value="">all</option><xsl:call-template name="options"><xsl:with-param name="options" select="options/option[@name = 'task']"/></xsl:call-template></select></label></xsl:if>
<xsl:if test="not(@recipe != '')"><xsl:apply-templates select="facets/facet[@name = 'image']"/></xsl:if>
<xsl:apply-templates select="facets/facet[@name = 'machine']"/>
<xsl:apply-templates select="facets/facet[@name = 'builder']"/>
<xsl:apply-templates select="facets/facet[@name = 'distro']"/>
<xsl:apply-templates select="facets/facet[@name = 'branch']"/>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'since'"/><xsl:with-param name="label" select="'Since'"/><xsl:with-param name="hint" select="'4w'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'until'"/><xsl:with-param name="label" select="'Until'"/><xsl:with-param name="hint" select="'today'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'base'"/><xsl:with-param name="label" select="'Baseline'"/><xsl:with-param name="hint" select="'median:5, tag:NAME, a build'"/></xsl:call-template>
<label class="field"><span>Order</span><select name="x"><option value="time">by time</option><option value="commit"><xsl:if test="@x = 'commit'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>by oe-core commit</option></select></label>
<button type="submit">Show</button>
</div>
</form>
<section aria-labelledby="trend">
<div class="headline"><h2 id="trend"><xsl:value-of select="@metric-h"/><xsl:if test="@task != ''"> of <xsl:value-of select="@task"/></xsl:if></h2><xsl:if test="@picture-url != '' and @counted &gt; 0"><a href="{@picture-url}">As a picture</a></xsl:if><a href="{@graph-url}">Against something else</a></div>
<xsl:apply-templates select="plot"/>
<xsl:apply-templates select="." mode="notes"/>
</section>
<xsl:apply-templates select="steps"/>
<xsl:if test="@counted &gt; 0">
<section aria-labelledby="beside">
<h2 id="beside">Beside it</h2>
<p class="quiet">Where wall time steps and CPU time does not, or CPU pressure steps with it, the machine had other things to do.</p>
<div class="small-plots"><xsl:apply-templates select="beside/plot"/></div>
</section>
</xsl:if>
<xsl:apply-templates select="groups[group[2]]"/>
<xsl:apply-templates select="runs"/>
</xsl:template>

<!-- What isn't in the picture, and why. -->
<xsl:template match="content" mode="notes">
<xsl:if test="@more = 'true'"><p class="note"><xsl:choose><xsl:when test="@blocks = 'true'">This metric takes reading all tasks of each build: the latest <xsl:value-of select="@total-h"/> runs.</xsl:when><xsl:otherwise>The latest <xsl:value-of select="@total-h"/> runs; <code>until=</code> leads further back.</xsl:otherwise></xsl:choose></p></xsl:if>
<xsl:if test="@failed + @partial + @clock + @lacks &gt; 0">
<p class="note">Not in the picture, but in the table: <xsl:for-each select="@failed[. &gt; 0] | @partial[. &gt; 0] | @clock[. &gt; 0] | @lacks[. &gt; 0]"><xsl:if test="position() &gt; 1">; </xsl:if><xsl:apply-templates select="." mode="left-out"/></xsl:for-each>.</p>
</xsl:if>
<xsl:if test="@base-url != ''"><p class="note">The baseline is <a href="{@base-url}"><xsl:value-of select="@base-h"/></a>.</p></xsl:if>
<xsl:if test="@nameless &gt; 0"><p class="note">Left out: <xsl:value-of select="@nameless-h"/> without a known commit.</p></xsl:if>
</xsl:template>
<xsl:template match="@failed" mode="left-out"><xsl:value-of select="../@failed-h"/> that failed</xsl:template>
<xsl:template match="@partial" mode="left-out"><xsl:value-of select="../@partial-h"/> that restored most tasks, or ran far fewer or more than usual</xsl:template>
<xsl:template match="@clock" mode="left-out"><xsl:value-of select="../@clock-h"/> from a machine whose clock was wrong</xsl:template>
<xsl:template match="@lacks" mode="left-out"><xsl:value-of select="../@lacks-h"/> without such a value</xsl:template>

<xsl:template match="steps">
<section aria-labelledby="steps"><h2 id="steps">Steps</h2>
<p class="blank"><xsl:choose><xsl:when test="../@counted &lt; 10">A step is looked for among ten runs and more of one branch on one machine and builder.</xsl:when><xsl:otherwise>None: what varies is noise.</xsl:otherwise></xsl:choose></p></section>
</xsl:template>
<xsl:template match="steps[step]">
<section aria-labelledby="steps"><h2 id="steps">Steps</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Steps">
<table class="rows t-steps">
<caption class="vh">Steps, newest first</caption>
<thead><tr><th scope="col">Since</th><th scope="col">What</th><th scope="col">By</th><xsl:if test="not(../@metric = 'elapsed' or ../@metric = 'cputime')"><th scope="col"><xsl:value-of select="../@metric-h"/></th></xsl:if><th scope="col">Wall time</th><th scope="col">CPU time</th><th scope="col">CPU pressure</th><th scope="col">Where</th><th scope="col">Builds</th></tr></thead>
<tbody><xsl:apply-templates select="step"/></tbody>
</table>
</div>
<xsl:apply-templates select="step" mode="between"/>
</section>
</xsl:template>
<xsl:template match="step">
<tr>
<td><time datetime="{@seen}" title="{@seen}"><xsl:value-of select="@seen-h"/></time></td>
<th scope="row"><xsl:apply-templates select="@verdict"/><xsl:if test="@task != '' and not(../../@task != '')"><small class="line">mostly <a href="{@trend-url}"><xsl:value-of select="@task"/></a></small></xsl:if></th>
<td class="n"><xsl:apply-templates select="@change"/></td>
<xsl:if test="not(@metric = 'elapsed' or @metric = 'cputime')"><td><xsl:apply-templates select="@before"/></td></xsl:if>
<td><xsl:apply-templates select="@wall_before"/></td>
<td><xsl:apply-templates select="@cpu_before"/></td>
<td><xsl:apply-templates select="@pressure_before"/></td>
<td><xsl:value-of select="@image"/><xsl:text> </xsl:text><xsl:value-of select="@machine"/><xsl:if test="@builder != ''"> on <xsl:value-of select="@builder"/></xsl:if><xsl:if test="@branch != ''">, <xsl:value-of select="@branch"/></xsl:if></td>
<td><a href="{@compare-url}">Compare</a><small class="line"><a href="{@before-url}">before</a> (<xsl:value-of select="@runs_before-h"/> runs), <a href="{@after-url}">after</a> (<xsl:value-of select="@runs_after-h"/>)</small></td>
</tr>
</xsl:template>

<xsl:template match="step" mode="between">
<details><xsl:if test="position() = 1"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
<summary>What came between <xsl:value-of select="@name_before"/> and <xsl:value-of select="@name_after"/></summary>
<xsl:apply-templates select="ranges"/>
</details>
</xsl:template>
<xsl:template match="step[@same &gt; 0]/ranges"><p class="meta">The layers are at the same revisions in both builds, so no commit to them did it. What else differs? <a href="{../@compare-url}">Compare</a></p></xsl:template>

<xsl:template match="groups">
<section aria-labelledby="groups"><h2 id="groups">By machine, builder and branch</h2>
<div class="scroll" tabindex="0" role="group" aria-label="By machine, builder and branch">
<table class="rows">
<caption class="vh">What is usual on each machine, builder and branch</caption>
<thead><tr><th scope="col">Where</th><th scope="col">Runs</th><th scope="col">Latest</th><th scope="col">Median</th><th scope="col">10th percentile</th><th scope="col">90th percentile</th></tr></thead>
<tbody><xsl:apply-templates select="group"/></tbody>
</table>
</div>
</section>
</xsl:template>
<xsl:template match="group">
<tr><th scope="row"><a href="{@only-url}"><xsl:value-of select="@name-h"/></a></th><td class="n"><xsl:value-of select="@runs-h"/></td><td class="n" title="{@latest}"><xsl:value-of select="@latest-h"/></td><td class="n" title="{@median}"><xsl:value-of select="@median-h"/></td><td class="n" title="{@low}"><xsl:value-of select="@low-h"/></td><td class="n" title="{@high}"><xsl:value-of select="@high-h"/></td></tr>
</xsl:template>

<xsl:template match="runs">
<section aria-labelledby="runs"><h2 id="runs">Runs</h2>
<p class="blank">No run matches. <a href="{/page/request/@path}">Show all</a></p></section>
</xsl:template>
<xsl:template match="runs[run]">
<section aria-labelledby="runs"><h2 id="runs">Runs</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Runs">
<table class="rows t-runs">
<caption class="vh">Runs</caption>
<thead><tr><xsl:apply-templates select=".." mode="heads"/></tr></thead>
<tbody><xsl:apply-templates select="run"/></tbody>
</table>
</div>
<xsl:apply-templates select=".." mode="pager"/>
</section>
</xsl:template>
<xsl:template match="content" mode="heads">
<xsl:call-template name="th"><xsl:with-param name="key" select="'started'"/><xsl:with-param name="label" select="'Started'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'value'"/><xsl:with-param name="label" select="@metric-h"/></xsl:call-template>
<xsl:if test="@base != ''"><xsl:call-template name="th"><xsl:with-param name="key" select="'difference'"/><xsl:with-param name="label" select="'Against the baseline'"/></xsl:call-template></xsl:if>
<xsl:if test="@metric != 'elapsed'"><th scope="col">Wall time</th></xsl:if><xsl:if test="@metric != 'cputime'"><th scope="col">CPU time</th></xsl:if><th scope="col">Pressure</th>
<xsl:if test="@recipe != ''"><xsl:call-template name="th"><xsl:with-param name="key" select="'version'"/><xsl:with-param name="label" select="'Version'"/></xsl:call-template></xsl:if>
<xsl:call-template name="th"><xsl:with-param name="key" select="'machine'"/><xsl:with-param name="label" select="'Machine'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'builder'"/><xsl:with-param name="label" select="'Builder'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'status'"/><xsl:with-param name="label" select="'Status'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'name'"/><xsl:with-param name="label" select="'Build'"/></xsl:call-template>
</xsl:template>

<xsl:template match="run">
<tr>
<td title="{@started}"><xsl:value-of select="@started-h"/></td>
<td title="{@value}"><xsl:value-of select="@value-h"/><xsl:apply-templates select="@use"/><xsl:if test="@outlier = 'true'"><small class="line">outlier</small></xsl:if></td>
<xsl:if test="../../@base != ''"><xsl:apply-templates select="@difference"/></xsl:if>
<xsl:if test="../../@metric != 'elapsed'"><td title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></td></xsl:if>
<xsl:if test="../../@metric != 'cputime'"><td title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td></xsl:if>
<td><xsl:value-of select="@pressure-h"/></td>
<xsl:apply-templates select="@version"/>
<td><xsl:value-of select="@machine"/></td>
<td><xsl:value-of select="@builder"/></td>
<td class="st {@status}"><xsl:value-of select="@status"/></td>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@name"/></a></th>
</tr>
</xsl:template>
<xsl:template match="run/@difference"><td title="{.}"></td></xsl:template>
<xsl:template match="run/@difference[. != '']"><td class="change" title="{.}, baseline {../@base-h}"><xsl:attribute name="class">change<xsl:if test=". &gt; 0"> more</xsl:if><xsl:if test=". &lt; 0"> less</xsl:if></xsl:attribute><xsl:if test=". &gt; 0">+</xsl:if><xsl:value-of select="../@difference-h"/><xsl:if test="../@change != ''"><small class="line"><xsl:if test=". &gt; 0">+</xsl:if><xsl:value-of select="../@change-h"/></small></xsl:if></td></xsl:template>
<xsl:template match="run/@version"><td><xsl:value-of select="."/></td></xsl:template>
<xsl:template match="run/@use"/>
<xsl:template match="run/@use[. = 'partial']"><small class="line">partly run</small></xsl:template>
<xsl:template match="run/@use[. = 'clock']"><small class="line">wrong clock</small></xsl:template>

</xsl:stylesheet>
