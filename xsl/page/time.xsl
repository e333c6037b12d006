<?xml version="1.0" encoding="UTF-8"?>
<!-- time.xsl: where the time of a build went: how many tasks ran, the critical
     path, what would help, who took most, what was reused. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/plot.xsl"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><a href="{build/@path-url}"><xsl:value-of select="build/@name"/></a><span aria-current="page">Time</span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:apply-templates select="build" mode="tabs"/></xsl:template>
<xsl:template match="content" mode="assets">
<link rel="stylesheet" href="{$base}static/chart.css?v={/page/@version}"/>
</xsl:template>

<xsl:template match="content">
<xsl:choose>
<xsl:when test="parallelism/@tasks = 0 and parallelism/@untimed = 0"><p class="blank">This build came without tasks. bitbake writes when each of them ran and what it took, if <code>buildstats</code> is in <code>USER_CLASSES</code>.</p></xsl:when>
<xsl:when test="parallelism/@tasks = 0"><p class="blank">None of its <xsl:value-of select="parallelism/@untimed-h"/> tasks has a place in the time of the build: their files tell no start, or the clock was set meanwhile.</p><xsl:apply-templates select="." mode="rows"/></xsl:when>
<xsl:otherwise>
<xsl:apply-templates select="what_if"/>
<xsl:apply-templates select="path"/>
<xsl:apply-templates select="parallelism"/>
<xsl:apply-templates select="." mode="rows"/>
</xsl:otherwise>
</xsl:choose>
<xsl:apply-templates select="reuse"/>
</xsl:template>

<!-- ==== what would help -->

<xsl:template match="what_if">
<section aria-labelledby="whatif">
<h2 id="whatif">What would help</h2>
<p class="quiet">The build replayed on <xsl:value-of select="@threads"/> thread<xsl:if test="@threads &gt; 1">s</xsl:if>, with each task as long as it was, as if some had taken no time. With nothing changed it takes <xsl:value-of select="@replayed-h"/>; the recording took <xsl:value-of select="@recorded-h"/>. <a href="#how">How it is found</a></p>
<form class="filter" role="search" aria-label="What might take no time" action="{/page/request/@path}#whatif" method="get">
<xsl:apply-templates select="$given[@name = 'metric' or @name = 'by' or @name = 'sort' or @name = 'per']" mode="hidden"/>
<div class="fields">
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'free'"/><xsl:with-param name="label" select="'If this were free'"/><xsl:with-param name="hint" select="'zlib, do_compile, zlib:do_compile'"/></xsl:call-template>
<xsl:call-template name="text-field"><xsl:with-param name="name" select="'threads'"/><xsl:with-param name="label" select="'Threads'"/><xsl:with-param name="hint" select="@threads"/></xsl:call-template>
<button type="submit">Replay</button>
</div>
</form>
<xsl:apply-templates select="asked"/>
<div class="scroll" tabindex="0" role="group" aria-label="What would help">
<table class="rows t-whatif">
<caption class="vh">What saves most if it takes no time</caption>
<thead><tr><th scope="col">If this were free</th><th scope="col" class="w1">Tasks</th><th scope="col" class="w1">They take</th><th scope="col" class="w1">On the critical path</th><th scope="col">Then the build takes</th><th scope="col">Saved</th></tr></thead>
<tbody><xsl:apply-templates select="candidates/candidate"/></tbody>
</table>
</div>
</section>
</xsl:template>

<xsl:template match="asked">
<p class="answer" role="status">
<xsl:choose>
<xsl:when test="@free != '' and @tasks = 0">No task of this build is meant by <b><xsl:value-of select="@free"/></b>; it takes a recipe, a task, or both as recipe:task.</xsl:when>
<xsl:otherwise>
<xsl:if test="@free != ''">Without <b><xsl:value-of select="@recipe"/><xsl:if test="@recipe != '' and @task != ''"><xsl:text> </xsl:text></xsl:if><xsl:value-of select="@task"/></b> (<xsl:value-of select="@tasks-h"/> task<xsl:if test="@tasks != 1">s</xsl:if>, <xsl:value-of select="@takes-h"/>)<xsl:text> </xsl:text></xsl:if>
<xsl:if test="@threads != ../@threads">on <b><xsl:value-of select="@threads"/> thread<xsl:if test="@threads &gt; 1">s</xsl:if></b><xsl:text> </xsl:text></xsl:if>
the build takes <b><xsl:value-of select="@seconds-h"/></b>: <xsl:apply-templates select="." mode="saved"/>.
</xsl:otherwise>
</xsl:choose>
</p>
</xsl:template>

<xsl:template match="asked | candidate" mode="saved"><xsl:value-of select="@saved-h"/> (<xsl:value-of select="@saved_share-h"/>) less</xsl:template>
<xsl:template match="*[@saved &lt; 0]" mode="saved">nothing saved (<xsl:value-of select="@saved-h"/>): the order of the others becomes worse</xsl:template>
<xsl:template match="*[@saved &lt; 0.005 and @saved &gt; -0.005]" mode="saved">as much as before</xsl:template>

<xsl:template match="candidate">
<tr>
<th scope="row"><a href="{@free-url}"><xsl:if test="@kind = 'type'">all </xsl:if><xsl:value-of select="@recipe"/><xsl:if test="@kind = 'task'"><xsl:text> </xsl:text></xsl:if><xsl:value-of select="@task"/></a></th>
<td class="n w1"><xsl:value-of select="@tasks-h"/></td>
<td class="n w1" title="{@takes} s"><xsl:value-of select="@takes-h"/></td>
<td class="n w1" title="{@on_path} s"><xsl:value-of select="@on_path-h"/></td>
<td class="n" title="{@seconds} s"><xsl:value-of select="@seconds-h"/></td>
<td class="n" title="{@saved} s"><b><xsl:value-of select="@saved-h"/></b><small class="line"><xsl:value-of select="@saved_share-h"/></small></td>
</tr>
</xsl:template>

<!-- ==== the critical path -->

<xsl:template match="path">
<section aria-labelledby="path">
<div class="headline"><h2 id="path">The critical path</h2><span><a href="{/page/request/@path}?by=task&amp;sort=slack#rows">Slack of all tasks</a> · <a href="{@chart-url}">In the chart</a></span></div>
<p>From the first start to the last end <xsl:value-of select="@length-h"/> went by: <xsl:value-of select="@busy-h"/> in <xsl:value-of select="@tasks-h"/> task<xsl:if test="@tasks != 1">s</xsl:if> that followed one another, <xsl:value-of select="@paused-h"/> between them. Before it <xsl:value-of select="@before-h"/>, after it <xsl:value-of select="@behind-h"/>. However many threads there are, the longest chain of tasks takes <span title="{@longest} s"><xsl:value-of select="@longest-h"/></span>.</p>
<p class="note"><xsl:apply-templates select="@basis"/></p>
<div class="scroll" tabindex="0" role="group" aria-label="The critical path">
<table class="rows t-path">
<caption class="vh">Tasks of the critical path in their order</caption>
<thead><tr><th scope="col" class="barcol">Recipe</th><th scope="col">Task</th><th scope="col" class="w1">Started at</th><th scope="col">Took</th><th scope="col" class="w1">Waited before</th><th scope="col" class="w1">Why not earlier</th></tr></thead>
<tbody><xsl:apply-templates select="steps/step"/></tbody>
</table>
</div>
<xsl:if test="@left_out &gt; 0"><p class="quiet">And <xsl:value-of select="@left_out-h"/> shorter ones, <xsl:value-of select="@left_out_seconds-h"/> together: all of them are in the <a href="{/page/request/@json}">JSON</a>.</p></xsl:if>
<details id="how"><summary>How it is found</summary>
<p>A task was held up by what it waited for last, if it was started within two seconds of that; else by the task that had ended last before it was started: that made room for it if all threads were busy. From the task that ended last the path leads back from one to the next. Slack is how much longer a task could have taken, the rest being as it was, until the build would have ended later.</p>
<p>The replay starts tasks as bitbake does, one after another: when a thread is free and a task has all it waits for, it lets the pause pass that passed in the recording, then starts the task that was started first there. What is free is still started, so bitbake's own time stays. In rare cases less work makes a worse order, and nothing is saved. What the observed order does not show can make savings smaller than they are told here.</p>
</details>
</section>
</xsl:template>

<xsl:template match="path/@basis">In the order observed: what each task really waited for did not come with this build. bitbake's event log tells it, which <code>push-build-results</code> reads, and so does the <code>task-depends.dot</code> of <code>bitbake -g</code>. A task is taken to have waited for the one of its recipe before it, or for what ended last.</xsl:template>
<xsl:template match="path/@basis[. = 'observed' and ../@not_used != 'none']">In the order observed: the dependency file that came with this build is not used, for <xsl:apply-templates select="../@not_used"/>.</xsl:template>
<xsl:template match="path/@basis[. = 'tasks']">By the dependencies that bitbake told of this build, in its event log or <code>task-depends.dot</code>. They name <xsl:value-of select="../@named-h"/> of <xsl:value-of select="../@nameable-h"/> tasks.<xsl:apply-templates select="../@contradicted[. &gt; 0]"/></xsl:template>
<xsl:template match="path/@basis[. = 'recipes']">By what recipes depend on (<code><xsl:value-of select="../@file"/></code>): it names the recipes of <xsl:value-of select="../@named-h"/> of <xsl:value-of select="../@nameable-h"/> tasks. Within a recipe tasks stand in the order observed.<xsl:apply-templates select="../@contradicted[. &gt; 0]"/></xsl:template>
<xsl:template match="@contradicted"><xsl:text> </xsl:text><xsl:value-of select="../@contradicted-h"/> of <xsl:value-of select="../@said-h"/> dependencies can't be, for the task began before what it needs had ended; they are left out.</xsl:template>
<xsl:template match="@not_used">it is damaged</xsl:template>
<xsl:template match="@not_used[. = 'cycle']">it goes in circles<xsl:if test="../@cycle != ''"> (through <code><xsl:value-of select="../@cycle"/></code>)</xsl:if></xsl:template>
<xsl:template match="@not_used[. = 'unknown']">it names only <xsl:value-of select="../@named-h"/> of <xsl:value-of select="../@nameable-h"/> tasks: it is about another build</xsl:template>
<xsl:template match="@not_used[. = 'contradicted']"><xsl:value-of select="../@contradicted-h"/> of the <xsl:value-of select="../@said-h"/> dependencies in it can't be: it is about another build, or the clock was set meanwhile</xsl:template>

<xsl:template match="step">
<tr>
<th scope="row"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a><svg class="bar"><rect width="{@width div 10}%"/></svg></th>
<td><xsl:value-of select="@task"/></td>
<td class="n w1" title="{@from} s"><xsl:value-of select="@from-h"/></td>
<td class="n" title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></td>
<td class="n w1" title="{@wait} s"><xsl:value-of select="@wait-h"/></td>
<td class="w1"><xsl:apply-templates select="@after"/></td>
</tr>
</xsl:template>
<xsl:template match="@after">nothing had ended before</xsl:template>
<xsl:template match="@after[. = 'dependency']">it needs the one above</xsl:template>
<xsl:template match="@after[. = 'recipe']">same recipe</xsl:template>
<xsl:template match="@after[. = 'thread']">no thread was free</xsl:template>
<xsl:template match="@after[. = 'order']">ended last before it</xsl:template>

<!-- ==== how many ran -->

<xsl:template match="parallelism">
<section aria-labelledby="parallel">
<h2 id="parallel">How many tasks ran</h2>
<p>On average <xsl:value-of select="@mean-h"/>, at most <xsl:value-of select="@most-h"/>, on <xsl:value-of select="@threads-h"/> thread<xsl:if test="@threads != 1">s</xsl:if><xsl:text> </xsl:text><xsl:apply-templates select="@threads_from"/>.<xsl:if test="@untimed &gt; 0"><xsl:text> </xsl:text><xsl:value-of select="@untimed-h"/> tasks are not counted: their files tell no time within the build.</xsl:if></p>
<xsl:call-template name="plot-start"/>
<xsl:apply-templates select="plot"/>
<div class="scroll" tabindex="0" role="group" aria-label="For how long how many tasks ran">
<table class="rows t-levels">
<caption class="vh">For how long how many tasks ran</caption>
<thead><tr><th scope="col" class="barcol">Tasks at once</th><th scope="col">For</th><th scope="col">Of the build</th></tr></thead>
<tbody><xsl:apply-templates select="levels/level"/></tbody>
</table>
</div>
</section>
</xsl:template>

<xsl:template match="@threads_from">(BB_NUMBER_THREADS, by <xsl:value-of select="."/>)</xsl:template>
<xsl:template match="@threads_from[. = 'observed']">(so many ran at once; BB_NUMBER_THREADS did not come with the build)</xsl:template>
<xsl:template match="@threads_from[. = 'observed' and ../@threads_told &gt; 0]">(so many ran at once, though BB_NUMBER_THREADS was told as <xsl:value-of select="../@threads_told"/>: the clock was set meanwhile, or it is about another build)</xsl:template>

<xsl:template match="level">
<tr>
<th scope="row"><xsl:choose><xsl:when test="@from = 0">none</xsl:when><xsl:when test="@from = @to"><xsl:value-of select="@from-h"/></xsl:when><xsl:otherwise><xsl:value-of select="@from-h"/> to <xsl:value-of select="@to-h"/></xsl:otherwise></xsl:choose><svg class="bar"><rect width="{@width div 10}%"/></svg></th>
<td class="n" title="{@seconds} s"><xsl:value-of select="@seconds-h"/></td>
<td class="n"><xsl:value-of select="@share-h"/></td>
</tr>
</xsl:template>

<!-- ==== top consumers -->

<xsl:template match="content" mode="rows">
<section aria-labelledby="rows">
<h2 id="rows">Who took most</h2>
<form class="filter" role="search" aria-label="What to add up" action="{/page/request/@path}#rows" method="get">
<xsl:apply-templates select="$given[@name = 'free' or @name = 'threads' or @name = 'per']" mode="hidden"/>
<div class="fields">
<label class="field"><span>Metric</span><select name="metric"><xsl:call-template name="options"><xsl:with-param name="options" select="options/option"/></xsl:call-template></select></label>
<label class="field"><span>By</span><select name="by"><xsl:apply-templates select="." mode="by"><xsl:with-param name="value" select="'recipe'"/><xsl:with-param name="label" select="'recipe'"/></xsl:apply-templates><xsl:apply-templates select="." mode="by"><xsl:with-param name="value" select="'task'"/><xsl:with-param name="label" select="'task'"/></xsl:apply-templates><xsl:apply-templates select="." mode="by"><xsl:with-param name="value" select="'type'"/><xsl:with-param name="label" select="'task type'"/></xsl:apply-templates></select></label>
<button type="submit">Show</button>
</div>
</form>
<p class="quiet"><xsl:choose><xsl:when test="@total_value = ''">No task of this build has <b><xsl:value-of select="@metric"/></b>.</xsl:when><xsl:when test="@added_up = 'true'"><xsl:value-of select="@total_value-h"/> in all.</xsl:when><xsl:otherwise>The largest of each: <b><xsl:value-of select="@metric"/></b> is not added up.</xsl:otherwise></xsl:choose></p>
<xsl:if test="rows/row">
<div class="scroll" tabindex="0" role="group" aria-label="Who took most">
<table class="rows t-consumers">
<caption class="vh"><xsl:value-of select="@metric"/> by <xsl:value-of select="@by"/></caption>
<thead><tr>
<xsl:if test="@by != 'type'"><xsl:call-template name="th"><xsl:with-param name="key" select="'recipe'"/><xsl:with-param name="label" select="'Recipe'"/></xsl:call-template></xsl:if>
<xsl:if test="@by != 'recipe'"><xsl:call-template name="th"><xsl:with-param name="key" select="'task'"/><xsl:with-param name="label" select="'Task'"/></xsl:call-template></xsl:if>
<xsl:call-template name="th"><xsl:with-param name="key" select="'tasks'"/><xsl:with-param name="label" select="'Tasks'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'value'"/><xsl:with-param name="label" select="@metric"/></xsl:call-template>
<th scope="col">Share</th>
<xsl:call-template name="th"><xsl:with-param name="key" select="'on_path'"/><xsl:with-param name="label" select="'On the critical path'"/></xsl:call-template>
<xsl:call-template name="th"><xsl:with-param name="key" select="'slack'"/><xsl:with-param name="label" select="'Least slack'"/></xsl:call-template>
</tr></thead>
<tbody><xsl:apply-templates select="rows/row"/></tbody>
</table>
</div>
<xsl:apply-templates select="." mode="pager"/>
</xsl:if>
</section>
</xsl:template>

<xsl:template match="content" mode="by">
<xsl:param name="value"/><xsl:param name="label"/>
<option value="{$value}"><xsl:if test="@by = $value"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="$label"/></option>
</xsl:template>

<xsl:template match="row">
<tr>
<xsl:if test="@recipe != ''"><th scope="row"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a></th></xsl:if>
<xsl:choose><xsl:when test="@task != '' and @recipe != ''"><td><xsl:value-of select="@task"/></td></xsl:when><xsl:when test="@task != ''"><th scope="row"><xsl:value-of select="@task"/></th></xsl:when></xsl:choose>
<td class="n"><a href="{@tasks-url}"><xsl:value-of select="@tasks-h"/></a></td>
<td class="n" title="{@value}"><xsl:value-of select="@value-h"/></td>
<td class="n"><xsl:value-of select="@share-h"/></td>
<td class="n" title="{@on_path} s"><xsl:if test="@on_path &gt; 0"><xsl:value-of select="@on_path-h"/></xsl:if></td>
<td class="n" title="{@slack} s"><xsl:value-of select="@slack-h"/></td>
</tr>
</xsl:template>

<!-- ==== reuse -->

<xsl:template match="reuse">
<section aria-labelledby="reuse">
<h2 id="reuse">Restored from shared state</h2>
<p class="blank">No task of this build is one whose result is kept in shared state.</p>
</section>
</xsl:template>
<xsl:template match="reuse[type]">
<section aria-labelledby="reuse">
<h2 id="reuse">Restored from shared state</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Restored from shared state">
<table class="rows t-reuse">
<caption class="vh">Recipes whose results were restored or made, by task</caption>
<thead><tr><th scope="col" class="barcol">Task</th><th scope="col">Restored</th><th scope="col">Ran</th><th scope="col">Reuse</th></tr></thead>
<tbody><xsl:apply-templates select="type"/></tbody>
</table>
</div>
</section>
</xsl:template>
<xsl:template match="type">
<tr><th scope="row"><xsl:value-of select="@task"/><svg class="bar"><rect width="{@width div 10}%"/></svg></th><td class="n"><xsl:value-of select="@restored-h"/></td><td class="n"><xsl:value-of select="@ran-h"/></td><td class="n"><xsl:value-of select="@share-h"/></td></tr>
</xsl:template>

</xsl:stylesheet>
