<?xml version="1.0" encoding="UTF-8"?>
<!-- chart.xsl: the boot chart: bars above what the machine did, on one axis;
     the longest tasks as a table beneath. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/chart.xsl"/>
<xsl:include href="../lib/bars.xsl"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><a href="{build/@path-url}"><xsl:value-of select="build/@name"/></a><span aria-current="page">Chart</span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:apply-templates select="build" mode="tabs"/></xsl:template>
<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/chart.css?v={/page/@version}"/>
<script src="{$base}static/js/chart.js?v={/page/@version}" defer="defer"></script>
</xsl:template>

<xsl:template match="content">
<form class="filter" role="search" aria-label="Bars" action="{/page/request/@path}" method="get">
<div class="fields">
<label class="field"><span>At least (seconds)</span><input type="text" inputmode="decimal" name="min" value="{@min}"/></label>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'package'"/><xsl:with-param name="label" select="'Recipe'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'task'"/><xsl:with-param name="label" select="'Task'"/><xsl:with-param name="hint" select="'any'"/></xsl:call-template>
<label class="field"><span>A row for each</span><select name="rows"><option value="thread">thread</option><option value="task"><xsl:if test="@rows = 'task'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if>task</option></select></label>
<button type="submit">Show</button>
</div>
</form>
<xsl:choose>
<xsl:when test="@shown &gt; 0"><h2 class="vh">The chart</h2><xsl:apply-templates select="charts"/></xsl:when>
<xsl:when test="@tasks_total = 0"><p class="blank">This build came without tasks: there is nothing to draw.</p></xsl:when>
<xsl:when test="@untimed &gt; 0 and @untimed = @tasks_total"/>
<xsl:otherwise><p class="blank">No task took that long. <a href="{/page/request/@path}?min=0">Show all</a></p></xsl:otherwise>
</xsl:choose>
<xsl:if test="@untimed &gt; 0"><p class="note"><xsl:value-of select="@untimed-h"/> tasks have no place here: their files tell no time within the build.</p></xsl:if>
<xsl:if test="@critical &gt; 0"><p class="note"><xsl:value-of select="@critical-h"/> of the bars are on the critical path: each was held up by the one before it. <a href="{@time-url}">Why, and what would help</a></p></xsl:if>
<p class="quiet">The picture alone: <a href="{/page/request/@svg}">SVG</a> · for trace viewers: <a href="{@trace-url}">trace events</a></p>
<xsl:if test="tasks/task">
<section aria-labelledby="longest">
<h2 id="longest">Longest of them</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Longest tasks">
<table class="rows">
<caption class="vh">The longest tasks of the chart</caption>
<thead><tr><th scope="col">Recipe</th><th scope="col">Task</th><th scope="col">Kind</th><th scope="col" class="n">From</th><th scope="col" class="n">Time</th><th scope="col" class="n">CPU time</th><th scope="col" class="n">Slack</th><th scope="col">Status</th></tr></thead>
<tbody><xsl:apply-templates select="tasks/task"/></tbody>
</table>
</div>
<xsl:if test="@shown &gt; count(tasks/task)"><p><a href="{build/@path-url}/tasks?sort=-elapsed">All tasks</a></p></xsl:if>
</section>
</xsl:if>
</xsl:template>

<xsl:template match="task">
<tr><th scope="row"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a></th><td><xsl:value-of select="@task"/><xsl:if test="@critical = 'true'"><small class="line">critical path</small></xsl:if></td><td><xsl:value-of select="@kind"/></td><td class="n" title="{@from} s"><xsl:value-of select="@from-h"/></td><td class="n" title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></td><td class="n" title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td><td class="n" title="{@slack} s"><xsl:value-of select="@slack-h"/></td><td class="st {@status}"><xsl:value-of select="@status"/></td></tr>
</xsl:template>

<!-- Before what the machine did, in the same grid. -->
<xsl:template match="charts/bars">
<svg class="defs" width="0" height="0" aria-hidden="true" xmlns="http://www.w3.org/2000/svg"><xsl:call-template name="bar-patterns"/></svg>
<figure class="chart boot">
<figcaption>
<h3>Tasks</h3>
<ul class="keys"><xsl:apply-templates select="look" mode="key"/>
<xsl:if test="look[@status = 'failed']"><li><svg class="key" width="18" height="12" aria-hidden="true"><rect class="bars failed" x="1" y="1" width="16" height="10"/></svg>failed</li></xsl:if>
<xsl:if test="look[@status = 'incomplete']"><li><svg class="key" width="18" height="12" aria-hidden="true"><rect class="bars incomplete" x="1" y="1" width="16" height="10"/></svg>unfinished</li></xsl:if>
<xsl:if test="@critical-d != ''"><li><svg class="key" width="18" height="12" aria-hidden="true"><path class="critical" d="M0,6H18"/></svg>critical path</li></xsl:if>
</ul>
</figcaption>
<span></span>
<div class="boots">
<svg class="boots-plot" width="100%" height="{@height}" viewBox="0 0 1000 {@lanes}" preserveAspectRatio="none" role="img">
<title><xsl:value-of select="/page/@title"/></title>
<xsl:apply-templates select="look"/>
<xsl:apply-templates select="@critical-d"/>
</svg>
<svg class="labels" width="100%" height="{@height}" aria-hidden="true"><xsl:apply-templates select="label"/></svg>
</div>
</figure>
</xsl:template>

</xsl:stylesheet>
