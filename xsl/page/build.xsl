<?xml version="1.0" encoding="UTF-8"?>
<!-- build.xsl: one build: what failed, the time line, what took longest, the
     environment, the packages. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:import href="../layout.xsl"/>
<xsl:include href="../lib/chart.xsl"/>
<xsl:include href="../lib/failures.xsl"/>
<xsl:include href="../lib/results.xsl"/>

<xsl:template match="content" mode="crumbs">
<nav class="crumbs" aria-label="Breadcrumb"><a href="{$base}builds">Builds</a><span aria-current="page"><xsl:value-of select="build/@name"/></span></nav>
</xsl:template>
<xsl:template match="content" mode="head"><xsl:apply-templates select="build" mode="tabs"/></xsl:template>

<!-- While it runs the page comes again by itself, with a script and without. -->
<xsl:template match="content[live]" mode="assets">
<noscript><meta http-equiv="refresh" content="20"/></noscript>
<script src="{$base}static/js/live.js?v={/page/@version}" defer="defer"></script>
</xsl:template>

<xsl:template match="content">
<xsl:apply-templates select="build" mode="facts"/>
<xsl:apply-templates select="live"/>
<xsl:apply-templates select="failures[failure]"/>
<xsl:apply-templates select="results[runs/run]"/>
<section aria-labelledby="timeline">
<h2 id="timeline">Over time</h2>
<xsl:choose>
<xsl:when test="charts/chart"><xsl:apply-templates select="charts"/></xsl:when>
<xsl:otherwise><p class="blank">No samples: bitbake writes them while it builds, if <code>buildstats</code> is in <code>USER_CLASSES</code>.</p></xsl:otherwise>
</xsl:choose>
</section>
<div class="two">
<xsl:apply-templates select="longest[task]"/>
<xsl:apply-templates select="types[type]"/>
</div>
<xsl:apply-templates select="events"/>
<xsl:apply-templates select="ci[run] | @ci_url[. != '' and not(../ci/run)]"/>
<xsl:apply-templates select="environment"/>
<xsl:apply-templates select="packages[package]"/>
<div class="two">
<xsl:apply-templates select="rootfs[image]"/>
<xsl:apply-templates select="texts[text]"/>
</div>
<xsl:apply-templates select="metrics[metric]"/>
<xsl:apply-templates select="repairs[repair]"/>
</xsl:template>

<xsl:template match="content[failures/failure/@first_line != '']" mode="preview"><xsl:value-of select="failures/failure[@first_line != ''][1]/@first_line"/></xsl:template>

<xsl:template match="build" mode="facts">
<dl class="facts">
<div><dt>Status</dt><dd><span class="st {@status}"><xsl:value-of select="@status"/></span></dd></div>
<div><dt>Started</dt><dd><time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time></dd></div>
<xsl:apply-templates select="@elapsed[. != '']"/>
<xsl:apply-templates select="@cputime[. != '']"/>
<div><dt>Packages</dt><dd><a href="{@path-url}/packages"><xsl:value-of select="@packages-h"/></a></dd></div>
<div><dt>Tasks</dt><dd><a href="{@path-url}/tasks"><xsl:value-of select="@tasks-h"/></a></dd></div>
<xsl:apply-templates select="@failed[. &gt; 0] | @reuse[. != '']"/>
<xsl:apply-templates select="../events/@warnings[. &gt; 0] | ../events/@errors[. &gt; 0] | ../events/@interrupted[. &gt; 0]"/>
</dl>
</xsl:template>

<xsl:template match="build/@elapsed"><div><dt>Time</dt><dd title="{.} s"><xsl:value-of select="../@elapsed-h"/></dd></div></xsl:template>
<xsl:template match="build/@cputime"><div><dt>CPU time</dt><dd title="{.} s"><xsl:value-of select="../@cputime-h"/></dd></div></xsl:template>
<xsl:template match="build/@failed"><div><dt>Failed tasks</dt><dd><a class="bad" href="{../@path-url}/tasks?status=failed"><xsl:value-of select="../@failed-h"/></a></dd></div></xsl:template>
<xsl:template match="build/@reuse"><div><dt>From sstate</dt><dd title="{.}"><xsl:value-of select="../@reuse-h"/></dd></div></xsl:template>

<xsl:template match="events/@warnings"><div><dt>Warnings</dt><dd><a href="#messages"><xsl:value-of select="../@warnings-h"/></a></dd></div></xsl:template>
<xsl:template match="events/@errors"><div><dt>Errors</dt><dd><a class="bad" href="#messages"><xsl:value-of select="../@errors-h"/></a></dd></div></xsl:template>
<xsl:template match="events/@interrupted"><div><dt>End</dt><dd><xsl:value-of select="../@interrupted-h"/></dd></div></xsl:template>

<xsl:template match="live">
<section class="live" aria-labelledby="live" data-live="">
<h2 id="live">How far it is</h2>
<xsl:apply-templates select="@progress[. != '']"/>
<dl class="facts">
<xsl:apply-templates select="@done[. != '']"/>
<xsl:apply-templates select="@setscene_total[. &gt; 0]"/>
<xsl:apply-templates select="@work[. != '']"/>
<div><dt>Running for</dt><dd title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></dd></div>
<xsl:apply-templates select="@expected[. != '']"/>
<div><dt>Last heard of</dt><dd><time datetime="{@heard}" title="{@heard}"><xsl:value-of select="@heard-h"/></time></dd></div>
</dl>
<xsl:apply-templates select="@basis[. != '']"/>
<xsl:apply-templates select="running"/>
</section>
</xsl:template>

<xsl:template match="live/@progress"><svg class="bar wide" role="img" aria-label="{../@progress-h} of the tasks"><rect width="{../@width div 10}%"/></svg></xsl:template>
<xsl:template match="live/@done"><div><dt>Tasks done</dt><dd><xsl:value-of select="../@done-h"/><xsl:if test="../@total != ''"> of <xsl:value-of select="../@total-h"/></xsl:if><xsl:if test="../@progress-h != ''">, <xsl:value-of select="../@progress-h"/></xsl:if></dd></div></xsl:template>
<xsl:template match="live/@setscene_total"><div><dt>From sstate</dt><dd><xsl:value-of select="../@setscene_done-h"/> of <xsl:value-of select="../@setscene_total-h"/></dd></div></xsl:template>
<xsl:template match="live/@work"><div><dt>Work done</dt><dd title="{.}"><xsl:value-of select="../@work-h"/></dd></div></xsl:template>
<xsl:template match="live/@expected"><div><dt>Expected end</dt><dd><time datetime="{.}" title="{.}"><xsl:value-of select="../@expected-h"/></time><small class="line"><time datetime="{../@earliest}"><xsl:value-of select="../@earliest-h"/></time> to <time datetime="{../@latest}"><xsl:value-of select="../@latest-h"/></time></small></dd></div></xsl:template>
<xsl:template match="live/@basis"><p class="meta">The end is expected <xsl:value-of select="."/>.</p></xsl:template>

<xsl:template match="running"><p class="blank">Nothing is known to run right now.</p></xsl:template>
<xsl:template match="running[task]">
<table class="rows">
<caption>Running now</caption>
<thead><tr><th scope="col">Task</th><th scope="col" class="w1">Since</th><th scope="col" class="n">For</th><th scope="col" class="n">Usually</th></tr></thead>
<tbody><xsl:apply-templates select="task"/></tbody>
</table>
</xsl:template>

<xsl:template match="running/task">
<tr>
<th scope="row"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a><small class="line"><xsl:value-of select="@task"/></small></th>
<td class="w1"><time datetime="{@since}" title="{@since}"><xsl:value-of select="@since-h"/></time></td>
<td class="n" title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/><xsl:if test="@alarm = 'true'"><small class="line"><span class="st failed">unusually long</span></small></xsl:if></td>
<td class="n" title="{@runs} earlier runs; up to {@limit} s is explained by them"><xsl:value-of select="@usual-h"/><xsl:if test="@alarm = 'true'"><small class="line">up to <xsl:value-of select="@limit-h"/></small></xsl:if></td>
</tr>
</xsl:template>

<xsl:template match="failures">
<section class="alarm" aria-labelledby="failures">
<h2 id="failures">What failed</h2>
<ul class="list fails"><xsl:apply-templates select="failure"/></ul>
<xsl:if test="failure[50]"><p class="meta">There may be more: <a href="{$base}failures?build={../build/@id}">all failures of this build</a>.</p></xsl:if>
</section>
</xsl:template>

<xsl:template match="failure">
<li>
<p><xsl:apply-templates select="." mode="name"/><xsl:text> </xsl:text><xsl:apply-templates select="@similar"/></p>
<xsl:apply-templates select="@path-url"/>
<p class="meta"><xsl:if test="@version != ''"><xsl:value-of select="@version"/> · </xsl:if><xsl:if test="@started-h != ''"><time datetime="{@started}" title="{@started}"><xsl:value-of select="@started-h"/></time> · </xsl:if><xsl:if test="@elapsed-h != ''"><span title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></span> · </xsl:if><xsl:if test="@package-url != ''"><a href="{@package-url}" aria-label="Where it builds: {@recipe}">Where it builds</a></xsl:if><xsl:if test="@tasks-url != ''"> · <a href="{@tasks-url}" aria-label="Tasks of {@recipe}">Tasks</a></xsl:if></p>
</li>
</xsl:template>

<xsl:template match="failure" mode="name"><a href="{@package-url}"><b><xsl:value-of select="@recipe"/></b></a><xsl:text> </xsl:text><span class="st failed"><xsl:value-of select="@task"/></span></xsl:template>
<xsl:template match="failure[@kind = 'provider']" mode="name"><span class="st failed">Nothing provides <xsl:value-of select="@recipe"/></span></xsl:template>
<xsl:template match="failure[@kind = 'parse']" mode="name"><span class="st failed">Does not parse<xsl:if test="@recipe != ''">: <xsl:value-of select="@recipe"/></xsl:if></span></xsl:template>
<xsl:template match="failure/@path-url"><p class="said"><a href="{.}"><xsl:value-of select="../@first_line"/><xsl:if test="../@first_line = ''">No error line is known</xsl:if></a></p></xsl:template>

<xsl:template match="results">
<section aria-labelledby="tests">
<div class="headline"><h2 id="tests">Tests: <xsl:value-of select="@sentence"/></h2><a href="{@path-url}">All tests</a></div>
<div class="scroll" tabindex="0" role="region" aria-label="Runs of tests">
<xsl:call-template name="runs"><xsl:with-param name="rows" select="runs/run"/></xsl:call-template>
</div>
<xsl:if test="failed_tests/result"><ul class="list fails"><xsl:apply-templates select="failed_tests/result"/></ul></xsl:if>
</section>
</xsl:template>

<xsl:template match="failed_tests/result">
<li>
<p><xsl:apply-templates select="." mode="status"/><xsl:text> </xsl:text><b class="path"><xsl:value-of select="@case"/></b><xsl:if test="@log != ''"><xsl:text> </xsl:text><a href="{@log}" aria-label="Log of {@case}">Log</a></xsl:if></p>
<xsl:if test="@first_line != ''"><p class="said"><xsl:value-of select="@first_line"/></p></xsl:if>
</li>
</xsl:template>

<xsl:template match="longest">
<section aria-labelledby="longest">
<div class="headline"><h2 id="longest">Longest tasks</h2><a href="{../build/@path-url}/tasks?sort=-elapsed">All tasks</a></div>
<table class="rows">
<caption class="vh">Ten longest tasks</caption>
<thead><tr><th scope="col" class="barcol">Recipe</th><th scope="col">Task</th><th scope="col" class="n">Time</th><th scope="col" class="n w1">CPU time</th></tr></thead>
<tbody><xsl:apply-templates select="task"/></tbody>
</table>
</section>
</xsl:template>

<xsl:template match="longest/task">
<tr>
<th scope="row"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a><svg class="bar"><rect class="{@status}" width="{@width div 10}%"/></svg></th>
<td><xsl:value-of select="@task"/></td>
<td class="n" title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></td>
<td class="n w1" title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td>
</tr>
</xsl:template>

<xsl:template match="types">
<section aria-labelledby="types">
<div class="headline"><h2 id="types">Where the CPU time went</h2><a href="{../build/@path-url}/time">Where all the time went</a></div>
<table class="rows">
<caption class="vh">CPU time by task</caption>
<thead><tr><th scope="col">Task</th><th scope="col" class="n w1">Runs</th><th scope="col" class="n">CPU time</th><th scope="col" class="n w1">Time</th></tr></thead>
<tbody><xsl:apply-templates select="type"/></tbody>
</table>
</section>
</xsl:template>

<xsl:template match="type">
<tr>
<th scope="row"><a href="{@tasks-url}"><xsl:value-of select="@task"/></a><svg class="bar"><rect width="{@width div 10}%"/></svg></th>
<td class="n w1"><xsl:value-of select="@tasks-h"/></td>
<td class="n" title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td>
<td class="n w1" title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></td>
</tr>
</xsl:template>

<xsl:template match="events">
<section aria-labelledby="messages">
<h2 id="messages">Warnings and the cache</h2>
<p><xsl:value-of select="@said-h"/>.<xsl:apply-templates select="@sstate_wanted[. &gt; 0]"/><xsl:apply-templates select="@unreadable[. &gt; 0]"/></p>
<xsl:apply-templates select="qa[class]"/>
<xsl:apply-templates select="messages[message]"/>
</section>
</xsl:template>
<xsl:template match="events/@sstate_wanted"> Shared state objects: <xsl:value-of select="../@sstate_wanted-h"/> wanted, <xsl:value-of select="../@sstate_local-h"/> found here, <xsl:value-of select="../@sstate_mirrors-h"/> on mirrors, <xsl:value-of select="../@sstate_missed-h"/> missed; <xsl:value-of select="../@sstate_current-h"/> were current.</xsl:template>
<xsl:template match="events/@unreadable"><xsl:text> </xsl:text><xsl:value-of select="../@unreadable-h"/> events of its log can't be read.</xsl:template>

<xsl:template match="qa">
<table class="rows">
<caption>QA issues by class</caption>
<thead><tr><th scope="col">Class</th><th scope="col" class="n">Errors</th><th scope="col" class="n">Warnings</th><th scope="col">The first</th></tr></thead>
<tbody><xsl:apply-templates select="class"/></tbody>
</table>
</xsl:template>
<xsl:template match="qa/class">
<tr>
<th scope="row"><xsl:value-of select="@class"/></th>
<td class="n"><xsl:value-of select="@errors-h"/></td>
<td class="n"><xsl:value-of select="@warnings-h"/></td>
<td><xsl:apply-templates select="." mode="task"/></td>
</tr>
</xsl:template>
<xsl:template match="class | message" mode="task"><small class="line"><xsl:value-of select="@text"/></small></xsl:template>
<xsl:template match="class[@package-url != ''] | message[@package-url != '']" mode="task"><a href="{@package-url}"><xsl:value-of select="@recipe"/></a><small class="line"><xsl:value-of select="@task"/>: <xsl:value-of select="@text"/></small></xsl:template>

<xsl:template match="messages">
<table class="rows">
<caption>Other warnings and errors</caption>
<thead><tr><th scope="col">Level</th><th scope="col">Message</th></tr></thead>
<tbody><xsl:apply-templates select="message"/></tbody>
</table>
</xsl:template>
<xsl:template match="message">
<tr>
<th scope="row"><xsl:value-of select="@level"/></th>
<td><xsl:apply-templates select="." mode="task"/></td>
</tr>
</xsl:template>

<xsl:template match="variables"><xsl:apply-templates select="variable[@name = 'BB_NUMBER_THREADS' or @name = 'PARALLEL_MAKE' or @name = 'TCLIBC' or @name = 'TUNE_FEATURES' or @name = 'TARGET_SYS']"/></xsl:template>
<xsl:template match="variable"><dt><code><xsl:value-of select="@name"/></code></dt><dd><xsl:value-of select="@value"/></dd></xsl:template>

<xsl:template match="ci">
<section aria-labelledby="ci">
<h2 id="ci">Autobuilder</h2>
<xsl:apply-templates select="run"/>
</section>
</xsl:template>
<xsl:template match="@ci_url"><p class="meta">Built by an autobuilder: <a class="path" href="{.}" rel="nofollow noopener"><xsl:value-of select="."/></a></p></xsl:template>

<xsl:template match="ci/run">
<p><xsl:value-of select="@kind"/><xsl:text> </xsl:text><xsl:choose><xsl:when test="@url != ''"><a href="{@url}" rel="nofollow noopener"><xsl:value-of select="@builder"/> #<xsl:value-of select="@number"/></a></xsl:when><xsl:otherwise><xsl:value-of select="@builder"/> #<xsl:value-of select="@number"/></xsl:otherwise></xsl:choose>: <b><xsl:value-of select="@result"/><xsl:if test="@result = ''">running</xsl:if></b><xsl:if test="@worker != ''"> on <xsl:value-of select="@worker"/></xsl:if><xsl:if test="@state != ''"> · <xsl:value-of select="@state"/></xsl:if><xsl:if test="@reason != ''"> · <xsl:value-of select="@reason"/></xsl:if></p>
<xsl:if test="properties/property">
<details><summary>Properties</summary>
<dl class="pairs small"><xsl:apply-templates select="properties/property"/></dl>
</details>
</xsl:if>
</xsl:template>
<xsl:template match="property"><dt><xsl:value-of select="@name"/></dt><dd class="path"><xsl:value-of select="@value"/></dd></xsl:template>

<xsl:template match="environment">
<section aria-labelledby="environment">
<h2 id="environment">Environment</h2>
<div class="two">
<dl class="pairs">
<xsl:apply-templates select="@machine[. != '']" mode="pair"><xsl:with-param name="label" select="'Machine'"/></xsl:apply-templates>
<xsl:apply-templates select="@distro[. != '']" mode="pair"><xsl:with-param name="label" select="'Distro'"/></xsl:apply-templates>
<xsl:apply-templates select="@distro_version[. != '']" mode="pair"><xsl:with-param name="label" select="'Distro version'"/></xsl:apply-templates>
<xsl:apply-templates select="targets[target]"/>
<xsl:apply-templates select="@builder[. != '']" mode="pair"><xsl:with-param name="label" select="'Builder'"/></xsl:apply-templates>
<xsl:apply-templates select="@branch[. != '']" mode="pair"><xsl:with-param name="label" select="'Branch'"/></xsl:apply-templates>
<xsl:apply-templates select="@commit[. != '']" mode="pair"><xsl:with-param name="label" select="'Commit'"/></xsl:apply-templates>
<xsl:apply-templates select="@mode[. != '']" mode="pair"><xsl:with-param name="label" select="'Kind of build'"/></xsl:apply-templates>
<xsl:apply-templates select="@bitbake_version[. != '']" mode="pair"><xsl:with-param name="label" select="'bitbake'"/></xsl:apply-templates>
<xsl:apply-templates select="@host[. != '']" mode="pair"><xsl:with-param name="label" select="'Host'"/></xsl:apply-templates>
<xsl:apply-templates select="@host_distro[. != '']" mode="pair"><xsl:with-param name="label" select="'Host distro'"/></xsl:apply-templates>
<xsl:apply-templates select="@host_arch[. != '']" mode="pair"><xsl:with-param name="label" select="'Host architecture'"/></xsl:apply-templates>
<xsl:apply-templates select="@host_info[. != '']" mode="pair"><xsl:with-param name="label" select="'Host system'"/></xsl:apply-templates>
<xsl:apply-templates select="../events/variables"/>
<xsl:apply-templates select="tags[tag]"/>
<xsl:apply-templates select="@uuid[. != '']" mode="pair"><xsl:with-param name="label" select="'UUID'"/></xsl:apply-templates>
</dl>
<div>
<xsl:apply-templates select="layers"/>
<xsl:apply-templates select="origin[field]"/>
</div>
</div>
</section>
</xsl:template>

<xsl:template match="@*" mode="pair">
<xsl:param name="label"/>
<dt><xsl:value-of select="$label"/></dt><dd><xsl:value-of select="."/></dd>
</xsl:template>

<xsl:template match="targets"><dt>Targets</dt><dd class="words"><xsl:apply-templates select="target"/></dd></xsl:template>
<xsl:template match="tags"><dt>Tags</dt><dd class="words"><xsl:apply-templates select="tag"/></dd></xsl:template>
<xsl:template match="target | tag"><span><xsl:value-of select="@name"/></span></xsl:template>

<xsl:template match="layers"><p class="blank">No layers are known: a <code>build.json</code> beside the statistics tells them.</p></xsl:template>
<xsl:template match="layers[layer]">
<table class="rows tight">
<caption>Layers</caption>
<thead><tr><th scope="col">Layer</th><th scope="col">Branch</th><th scope="col">Commit</th></tr></thead>
<tbody><xsl:apply-templates select="layer"/></tbody>
</table>
</xsl:template>

<xsl:template match="layer">
<tr><th scope="row"><xsl:value-of select="@name"/></th><td><xsl:value-of select="@branch"/></td><td><code title="{@commit}"><xsl:value-of select="@commit-h"/></code><xsl:apply-templates select="@modified"/></td></tr>
</xsl:template>
<xsl:template match="@modified"/>
<xsl:template match="@modified[. = 'true']"><xsl:text> </xsl:text><span class="tag">modified</span></xsl:template>

<xsl:template match="origin">
<details><summary>Where each of these is from</summary>
<dl class="pairs small"><xsl:apply-templates select="field"/></dl>
</details>
</xsl:template>
<xsl:template match="field"><dt><xsl:value-of select="@name"/></dt><dd><xsl:value-of select="@value"/></dd></xsl:template>

<xsl:template match="packages">
<section aria-labelledby="packages">
<div class="headline"><h2 id="packages">Packages by CPU time</h2><a href="{../build/@path-url}/packages">All packages</a></div>
<table class="rows">
<caption class="vh">Packages that took most CPU time</caption>
<thead><tr><th scope="col">Recipe</th><th scope="col" class="w1">Version</th><th scope="col">Status</th><th scope="col" class="w2 barcol"><span class="vh">Share</span></th><th scope="col" class="n">Time</th><th scope="col" class="n w1">CPU time</th><th scope="col" class="n w2">Tasks</th></tr></thead>
<tbody><xsl:apply-templates select="package"/></tbody>
</table>
</section>
</xsl:template>

<xsl:template match="packages/package">
<tr>
<th scope="row"><a href="{@url}"><xsl:value-of select="@recipe"/></a></th>
<td class="w1"><xsl:value-of select="@version"/></td>
<td><span class="st {@status}"><xsl:value-of select="@status"/></span><small class="line"><xsl:value-of select="@failed_task"/></small></td>
<td class="w2"><svg class="bar"><rect class="{@status}" width="{@width div 10}%"/></svg></td>
<td class="n" title="{@elapsed} s"><xsl:value-of select="@elapsed-h"/></td>
<td class="n w1" title="{@cputime} s"><xsl:value-of select="@cputime-h"/></td>
<td class="n w2"><a href="{@tasks-url}"><xsl:value-of select="@tasks"/></a></td>
</tr>
</xsl:template>

<xsl:template match="rootfs">
<section aria-labelledby="rootfs">
<h2 id="rootfs">Root file systems</h2>
<table class="rows">
<caption class="vh">Root file systems</caption>
<thead><tr><th scope="col">Path</th><th scope="col" class="n">Uncompressed</th></tr></thead>
<tbody><xsl:apply-templates select="image"/></tbody>
</table>
</section>
</xsl:template>
<xsl:template match="image"><tr><th scope="row" class="path"><xsl:value-of select="@path"/></th><td class="n" title="{@bytes} bytes"><xsl:value-of select="@bytes-h"/></td></tr></xsl:template>

<xsl:template match="texts">
<section aria-labelledby="texts">
<h2 id="texts">Texts</h2>
<table class="rows">
<caption class="vh">Texts that were sent with the build</caption>
<thead><tr><th scope="col">Name</th><th scope="col" class="n">Size</th></tr></thead>
<tbody><xsl:apply-templates select="text"/></tbody>
</table>
</section>
</xsl:template>
<xsl:template match="texts/text"><tr><th scope="row" class="path"><a href="{@url}"><xsl:value-of select="@name"/></a></th><td class="n" title="{@size} bytes"><xsl:value-of select="@size-h"/></td></tr></xsl:template>

<xsl:template match="metrics">
<xsl:if test="metric[@kind = 'build']">
<section aria-labelledby="numbers">
<h2 id="numbers">The build as a whole</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Numbers of the build as a whole">
<table class="rows tight">
<caption class="vh">Numbers of the build as a whole</caption>
<thead><tr><th scope="col">What</th><th scope="col" class="n">Value</th></tr></thead>
<tbody><xsl:for-each select="metric[@kind = 'build']"><tr><th scope="row"><a href="{@tasks-url}" title="over time"><xsl:value-of select="@name"/></a></th><td class="n" title="{@sum} {@unit}"><xsl:value-of select="@sum-h"/></td></tr></xsl:for-each></tbody>
</table>
</div>
</section>
</xsl:if>
<xsl:if test="metric[@kind != 'build']">
<section aria-labelledby="metrics">
<h2 id="metrics">Totals</h2>
<details><summary>All metrics, added up over the tasks</summary>
<table class="rows tight">
<caption class="vh">Metrics of all tasks</caption>
<thead><tr><th scope="col">Metric</th><th scope="col" class="n">Sum</th><th scope="col" class="n">Largest</th></tr></thead>
<tbody><xsl:apply-templates select="metric[@kind != 'build']"/></tbody>
</table>
</details>
</section>
</xsl:if>
</xsl:template>
<xsl:template match="metrics/metric"><tr><th scope="row"><a href="{@tasks-url}"><xsl:value-of select="@name"/></a></th><td class="n" title="{@sum} {@unit}"><xsl:value-of select="@sum-h"/></td><td class="n" title="{@max} {@unit}"><xsl:value-of select="@max-h"/></td></tr></xsl:template>

<xsl:template match="repairs">
<section aria-labelledby="repairs">
<h2 id="repairs">Repaired while reading</h2>
<ul class="plain"><xsl:apply-templates select="repair"/></ul>
</section>
</xsl:template>
<xsl:template match="repair"><li><xsl:value-of select="@text"/></li></xsl:template>

</xsl:stylesheet>
