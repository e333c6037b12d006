<?xml version="1.0" encoding="UTF-8"?>
<!-- graph.xsl: any number of builds, recipes or tasks against any other. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/plot.xsl"/>

<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/chart.css?v={/page/@version}"/>
<link rel="stylesheet" href="{$base}static/trend.css?v={/page/@version}"/>
</xsl:template>

<xsl:template match="content" mode="head"><xsl:call-template name="chips"/></xsl:template>

<xsl:template match="content">
<xsl:call-template name="plot-start"/>
<form class="filter" role="search" aria-label="What to draw" action="{/page/request/@path}" method="get">
<xsl:apply-templates select="$given[@name = 'sort' or @name = 'per']" mode="hidden"/>
<div class="fields">
<label class="field"><span>Up (y)</span><select name="y"><xsl:call-template name="choices"><xsl:with-param name="options" select="options/option[@name = 'y']"/></xsl:call-template></select></label>
<label class="field"><span>Across (x)</span><select name="x"><xsl:call-template name="choices"><xsl:with-param name="options" select="options/option[@name = 'x']"/></xsl:call-template></select></label>
<label class="field"><span>Told apart by</span><select name="group"><option value="">nothing</option><xsl:call-template name="choices"><xsl:with-param name="options" select="options/option[@name = 'group']"/></xsl:call-template></select></label>
<label class="field"><span>A point is</span><select name="of"><xsl:apply-templates select="@of" mode="of"/></select></label>
<button type="submit">Draw</button>
</div>
<xsl:apply-templates select="facets"/>
</form>
<section aria-labelledby="graph">
<div class="headline"><h2 id="graph"><xsl:value-of select="@y-h"/></h2><xsl:if test="@picture-url != '' and @counted &gt; 0"><a href="{@picture-url}">As a picture</a></xsl:if></div>
<xsl:choose>
<xsl:when test="@total = 0 and not($given)"><xsl:call-template name="how-to-send"/></xsl:when>
<xsl:when test="@counted = 0"><p class="blank">Nothing to draw with this choice. <a href="{/page/request/@path}">Start anew</a></p></xsl:when>
<xsl:otherwise><xsl:apply-templates select="plot"/></xsl:otherwise>
</xsl:choose>
<xsl:apply-templates select="." mode="notes"/>
</section>
<xsl:apply-templates select="summary[box]"/>
<xsl:apply-templates select="points[point]"/>
</xsl:template>

<!-- The points that aren't there, and why. -->
<xsl:template match="content" mode="notes">
<xsl:if test="@more = 'true'"><p class="note"><xsl:choose>
<xsl:when test="@blocks = 'true'">This takes reading the tasks or logs of each build: the newest <xsl:value-of select="@total-h"/> points, of at most 100 builds.</xsl:when>
<xsl:otherwise>The newest <xsl:value-of select="@total-h"/>.</xsl:otherwise></xsl:choose><xsl:if test="@all-url != ''"><xsl:text> </xsl:text><a href="{@all-url}">Show all</a>, up to 10,000;</xsl:if><xsl:text> </xsl:text><code>until=</code> leads further back.</p></xsl:if>
<xsl:if test="@lacks + @clock &gt; 0"><p class="note">Not in the picture, but in the table: <xsl:if test="@lacks &gt; 0"><xsl:value-of select="@lacks-h"/> without such a value</xsl:if><xsl:if test="@lacks &gt; 0 and @clock &gt; 0">; </xsl:if><xsl:if test="@clock &gt; 0"><xsl:value-of select="@clock-h"/> from a machine whose clock was wrong</xsl:if>.</p></xsl:if>
<xsl:if test="@drawn &lt; @places"><p class="note">Of <xsl:value-of select="@places-h"/> values of <xsl:value-of select="@x-h"/> the <xsl:value-of select="@drawn-h"/> with the highest medians are drawn; the tables have all.</p></xsl:if>
</xsl:template>

<!-- Pickers: what has been seen, by kind. -->
<xsl:template name="choices">
<xsl:param name="options"/>
<xsl:call-template name="options"><xsl:with-param name="options" select="$options[@kind = 'time' or @kind = 'other']"/></xsl:call-template>
<xsl:call-template name="choice-group"><xsl:with-param name="label" select="'Numbers'"/><xsl:with-param name="options" select="$options[@kind = 'number']"/></xsl:call-template>
<xsl:call-template name="choice-group"><xsl:with-param name="label" select="'Dimensions'"/><xsl:with-param name="options" select="$options[@kind = 'dimension']"/></xsl:call-template>
<xsl:call-template name="choice-group"><xsl:with-param name="label" select="'Metrics'"/><xsl:with-param name="options" select="$options[@kind = 'metric']"/></xsl:call-template>
<xsl:call-template name="choice-group"><xsl:with-param name="label" select="'Largest of the tasks'"/><xsl:with-param name="options" select="$options[@kind = 'largest']"/></xsl:call-template>
<xsl:call-template name="choice-group"><xsl:with-param name="label" select="'Sum over the tasks'"/><xsl:with-param name="options" select="$options[@kind = 'sum']"/></xsl:call-template>
<xsl:call-template name="choice-group"><xsl:with-param name="label" select="'Sampled logs, mean over the build'"/><xsl:with-param name="options" select="$options[@kind = 'series']"/></xsl:call-template>
<xsl:call-template name="choice-group"><xsl:with-param name="label" select="'What event logs told'"/><xsl:with-param name="options" select="$options[@kind = 'event']"/></xsl:call-template>
</xsl:template>
<xsl:template name="choice-group">
<xsl:param name="label"/>
<xsl:param name="options"/>
<xsl:if test="$options"><optgroup label="{$label}"><xsl:call-template name="options"><xsl:with-param name="options" select="$options"/></xsl:call-template></optgroup></xsl:if>
</xsl:template>
<xsl:template match="@of" mode="of"><option value="build" selected="selected">a build</option><option value="package">a recipe in a build</option><option value="task">a task in a build</option></xsl:template>
<xsl:template match="@of[. = 'package']" mode="of"><option value="build">a build</option><option value="package" selected="selected">a recipe in a build</option><option value="task">a task in a build</option></xsl:template>
<xsl:template match="@of[. = 'task']" mode="of"><option value="build">a build</option><option value="package">a recipe in a build</option><option value="task" selected="selected">a task in a build</option></xsl:template>

<xsl:template match="facets">
<xsl:variable name="filters" select="$given[@name != 'x' and @name != 'y' and @name != 'group' and @name != 'of' and @name != 'sort' and @name != 'per' and @name != 'page']"/>
<details>
<xsl:if test="$filters"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
<summary>Filters and axes</summary>
<div class="fields">
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Package'"/><xsl:with-param name="hint" select="'zlib'"/></xsl:call-template>
<xsl:apply-templates select="facet[option][@name = 'task' or @name = 'machine' or @name = 'image' or @name = 'builder' or @name = 'distro' or @name = 'branch' or @name = 'layer' or @name = 'tag']"/>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'q'"/><xsl:with-param name="label" select="'Any name'"/><xsl:with-param name="hint" select="'part of a name'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'commit'"/><xsl:with-param name="label" select="'Commit'"/><xsl:with-param name="hint" select="'35a2c6ed'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'since'"/><xsl:with-param name="label" select="'Since'"/><xsl:with-param name="hint" select="'4w'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'until'"/><xsl:with-param name="label" select="'Until'"/><xsl:with-param name="hint" select="'today'"/></xsl:call-template>
</div>
<xsl:apply-templates select="facet[@name = 'status']"/>
<fieldset class="toggles"><legend>Logarithmic</legend><xsl:call-template name="log"><xsl:with-param name="axis" select="'x'"/></xsl:call-template><xsl:call-template name="log"><xsl:with-param name="axis" select="'y'"/></xsl:call-template></fieldset>
</details>
</xsl:template>
<xsl:template name="log">
<xsl:param name="axis"/>
<label><input type="checkbox" name="log" value="{$axis}"><xsl:if test="$given[@name = 'log' and @value = $axis]"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if></input><span><xsl:value-of select="$axis"/></span></label>
</xsl:template>

<xsl:template match="summary">
<section aria-labelledby="summary"><h2 id="summary">What is usual</h2>
<div class="scroll" tabindex="0" role="group" aria-label="What is usual">
<table class="rows t-numbers">
<caption class="vh">What is usual</caption>
<thead><tr><xsl:if test="box/@x != ''"><th scope="col"><xsl:value-of select="../@x-h"/></th></xsl:if><xsl:if test="../@group != ''"><th scope="col"><xsl:value-of select="../@group-h"/></th></xsl:if><th scope="col">Points</th><th scope="col">Median</th><th scope="col">Least</th><th scope="col">10th percentile</th><th scope="col">25th</th><th scope="col">75th</th><th scope="col">90th percentile</th><th scope="col">Most</th></tr></thead>
<tbody><xsl:apply-templates select="box"/></tbody>
</table>
</div>
</section>
</xsl:template>
<xsl:template match="box">
<tr><xsl:if test="../box/@x != ''"><th scope="row"><xsl:value-of select="@x-h"/></th></xsl:if><xsl:if test="../../@group != ''"><td><xsl:value-of select="@group-h"/></td></xsl:if><td class="n"><xsl:value-of select="@n-h"/></td><td class="n" title="{@median}"><xsl:value-of select="@median-h"/></td><td class="n" title="{@least}"><xsl:value-of select="@least-h"/></td><td class="n" title="{@low}"><xsl:value-of select="@low-h"/></td><td class="n" title="{@q1}"><xsl:value-of select="@q1-h"/></td><td class="n" title="{@q3}"><xsl:value-of select="@q3-h"/></td><td class="n" title="{@high}"><xsl:value-of select="@high-h"/></td><td class="n" title="{@most}"><xsl:value-of select="@most-h"/></td></tr>
</xsl:template>

<xsl:template match="points">
<section aria-labelledby="points"><h2 id="points">Points</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Points">
<table class="rows">
<caption class="vh">Points</caption>
<thead><tr><xsl:apply-templates select=".." mode="heads"/></tr></thead>
<tbody><xsl:apply-templates select="point"/></tbody>
</table>
</div>
<xsl:apply-templates select=".." mode="pager"/>
</section>
</xsl:template>
<xsl:template match="content" mode="heads">
<xsl:call-template name="th"><xsl:with-param name="key" select="'name'"/><xsl:with-param name="label" select="'Build'"/></xsl:call-template>
<xsl:if test="@x != 'time'"><xsl:call-template name="th"><xsl:with-param name="key" select="'started'"/><xsl:with-param name="label" select="'Started'"/></xsl:call-template></xsl:if>
<xsl:if test="@of != 'build'"><xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template></xsl:if>
<xsl:if test="@of = 'task'"><xsl:call-template name="th"><xsl:with-param name="key" select="'task'"/><xsl:with-param name="label" select="'Task'"/></xsl:call-template></xsl:if>
<xsl:call-template name="th"><xsl:with-param name="key" select="'x'"/><xsl:with-param name="label" select="@x-h"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'y'"/><xsl:with-param name="label" select="@y-h"/></xsl:call-template>
<xsl:if test="@group != ''"><xsl:call-template name="th"><xsl:with-param name="key" select="'group'"/><xsl:with-param name="label" select="@group-h"/></xsl:call-template></xsl:if>
<xsl:call-template name="th"><xsl:with-param name="key" select="'status'"/><xsl:with-param name="label" select="'Status'"/></xsl:call-template>
</xsl:template>
<xsl:template match="point">
<tr>
<th scope="row"><a href="{@path-url}"><xsl:value-of select="@name"/></a></th>
<xsl:if test="../../@x != 'time'"><td title="{@started}"><xsl:value-of select="@started-h"/></td></xsl:if>
<xsl:if test="../../@of != 'build'"><td><a href="{@tasks-url}"><xsl:value-of select="@recipe"/></a></td></xsl:if>
<xsl:if test="../../@of = 'task'"><td><xsl:value-of select="@task"/></td></xsl:if>
<td title="{@x}"><xsl:value-of select="@x-h"/></td>
<td class="n" title="{@y}"><xsl:value-of select="@y-h"/></td>
<xsl:if test="../../@group != ''"><td title="{@group}"><xsl:value-of select="@group-h"/></td></xsl:if>
<td class="st {@status}"><xsl:value-of select="@status"/></td>
</tr>
</xsl:template>

</xsl:stylesheet>
