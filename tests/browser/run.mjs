// run.mjs: the pages of a running server in Chromium.
//
//     node run.mjs BASE_URL OUTDIR
//
// BASE_URL is that of the overview. The caller has uploaded what there is to
// see: at best builds with failures, one with more than a hundred tasks, and
// one with markup in its names. Screenshots of every page, at two widths and
// in both colour schemes, go to OUTDIR. Prints TAP.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { VARIANTS, axe, launch, newPage, overflow, unseenFocus }
	from "./browser.mjs";
import { chartPages, checkCharts } from "./charts.mjs";
import { checkFailures, failurePages } from "./failures.mjs";
import { checkLogs, logPages } from "./logs.mjs";
import { sizePages } from "./sizes.mjs";
import { end, nothing, ok, same, skip } from "./tap.mjs";

const [base, out] = process.argv.slice(2);
if (!base || !out) {
	console.error("usage: run.mjs BASE_URL OUTDIR");
	process.exit(2);
}
const at = (place) => new URL(place, base.endsWith("/") ? base : base + "/");
const getJson = async (place) => (await fetch(at(place))).json();
const isHostile = (text) => /[<>]/.test(text || "");

// ---- which pages there are

async function discover() {
	const { builds } = await getJson("builds.json?per=1000");
	const pages = [["overview", "."], ["builds", "builds"],
		["metrics", "metrics"],
		["builds-nothing", "builds?q=there-is-no-such-build"],
		["missing", "build/2000000000"],
		["refused", "builds?since=yesterdayish"]];
	const add = (name, place) => pages.push([name, place]);

	if (builds.length === 0)
		return { builds, pages };
	const running = builds.find((b) => b.status === "running");
	const failed = builds.find((b) => b.status === "failed");
	const good = builds.find((b) => b.status === "succeeded");
	const big = builds.reduce((a, b) => a.tasks >= b.tasks ? a : b);
	const hostile = builds.find((b) => isHostile(b.machine + b.image));
	add("builds-filtered", "builds?status=failed&since=2000-01-01&sort=elapsed");
	for (const b of new Set([failed, good, big, hostile].filter(Boolean)))
		add(`build-${b.id}`, `build/${b.id}`);
	if (running)
		add("build-running", `build/${running.id}`);
	add("packages", `build/${big.id}/packages`);
	add("tasks", `build/${big.id}/tasks`);
	add("tasks-filtered", `build/${big.id}/tasks?min=0.01&sort=-cputime`);
	add("tasks-nothing", `build/${big.id}/tasks?package=there-is-none`);
	const { packages } = await getJson(`build/${(failed || big).id}/packages.json`);
	const bad = packages.find((p) => p.status === "failed") || packages[0];
	add("package", `package/${encodeURIComponent(bad.recipe)}`);
	add("package-of-build",
	    `package/${encodeURIComponent(bad.recipe)}?build=${(failed || big).id}`);
	const tested = builds.find((b) => b.machine === "qemutested");
	if (tested) {
		add("build-tested", `build/${tested.id}`);
		add("results", `build/${tested.id}/results`);
		add("results-failed", `build/${tested.id}/results?status=failed&q=glib`);
		add("results-nothing", `build/${tested.id}/results?q=there-is-none`);
	}
	add("results-none", `build/${(failed || big).id}/results`);
	const failures = await failurePages(at);
	const logs = await logPages(at);
	const charts = await chartPages(at, builds);
	pages.push(...failures.pages, ...logs.pages, ...charts.pages,
	    ...await sizePages(at));
	return { builds, pages, running, failed, big, hostile, failures, logs, charts };
}

// ---- one page in one variant

const isError = (name) => /missing$/.test(name) || name === "refused";

async function sentenceOf(page) {
	const json = await page.getAttribute(
	    "link[rel=alternate][type='application/json']", "href");
	return (await (await fetch(new URL(json, base))).json()).sentence;
}

async function checkPage(page, name, place, { name: variant, colorScheme }) {
	const what = `${name} ${variant}`;

	page.trouble = [];
	const answer = await page.goto(at(place).href);
	if (!isError(name))
		same(answer.status(), 200, `${what} is there`);
	const heading = await page.innerText("h1");
	ok((await page.title()).startsWith(heading.slice(0, 40)),
	    `${what}: the title is the sentence`, await page.title());
	nothing(await overflow(page), `${what} needs no sideways scrolling`);
	nothing(await axe(page, colorScheme), `${what} is accessible`);
	nothing(page.trouble.filter((t) => !isError(name) ||
	    !t.startsWith("Failed to load resource")), `${what} runs clean`);
	await page.screenshot({path: path.join(out, `${name}-${variant}.png`),
		fullPage: true});
}

async function checkAll(browser, pages) {
	for (const variant of VARIANTS) {
		const page = await newPage(browser, variant);
		for (const [name, place] of pages)
			await checkPage(page, name, place, variant);
		nothing(page.asked.filter((url) => !url.startsWith(at("/").href)),
		    `${variant.name}: nothing is asked of anyone else`);
		await page.context().close();
	}
}

async function checkSentences(browser, pages) {
	const page = await newPage(browser, {});

	/* when a build will end is another minute in between */
	for (const [name, place] of pages.filter(([n]) => !isError(n) &&
	    n !== "build-running")) {
		await page.goto(at(place).href);
		const words = (s) => s.replace(/\s+/g, " ").trim();
		same(words(await page.textContent("h1")),
		    words(await sentenceOf(page)),
		    `${name}: the heading is the sentence of the document`);
	}
	await page.context().close();
}

// ---- without a script, on paper, in a small window

const shape = (page) => page.evaluate(() => ["h1", "a", "tbody tr", "path"]
    .map((s) => `${s}: ${document.querySelectorAll(s).length}`).join(", "));

async function checkWithoutScript(browser, pages) {
	const plain = await newPage(browser, {javaScriptEnabled: false});
	const full = await newPage(browser, {});

	for (const [name, place] of pages) {
		await plain.goto(at(place).href);
		await full.goto(at(place).href);
		same(await shape(plain), await shape(full),
		    `${name} shows the same without JavaScript`);
	}
	await plain.context().close();
	await full.context().close();
}

async function checkSmall(browser, pages) {
	const page = await newPage(browser, {viewport: {width: 320, height: 600}});

	for (const [name, place] of pages) {
		await page.goto(at(place).href);
		nothing(await overflow(page), `${name} fits 320 px`);
	}
	await page.context().close();
}

async function checkPaper(browser, pages) {
	const page = await newPage(browser, {colorScheme: "dark"});

	await page.emulateMedia({media: "print"});
	for (const [name, place] of pages) {
		await page.goto(at(place).href);
		const shown = await page.evaluate(() => ({
			nav: [...document.querySelectorAll("header, form, .pager")]
			    .some((e) => e.getClientRects().length),
			gone: [...document.querySelectorAll("path.draw")]
			    .filter((e) => !e.getClientRects().length).length,
			ink: getComputedStyle(document.body).color,
			paper: getComputedStyle(document.body).backgroundColor,
		}));
		ok(!shown.nav && shown.gone === 0 && shown.ink === "rgb(0, 0, 0)" &&
		    shown.paper === "rgb(255, 255, 255)",
		    `${name} prints black on white, without what one clicks`,
		    JSON.stringify(shown));
	}
	await page.context().close();
}

// ---- a build that runs

async function checkRunning(browser, { running }) {
	const page = await newPage(browser, {});

	if (running === undefined) {
		skip("no build runs");
		return;
	}
	await page.clock.install();
	await page.goto(at(`build/${running.id}`).href);
	ok((await page.innerText(".live")).includes("unusually long"),
	    "what takes too long is said in words");
	await page.evaluate(() => {
		window.kept = "yes";
		document.querySelector(".live h2").textContent = "old";
	});
	await page.clock.runFor(11000);
	await page.waitForFunction(
	    () => document.querySelector(".live h2").textContent !== "old");
	same(await page.evaluate(() => window.kept), "yes",
	    "a running page exchanges what is new");
	await page.context().close();
}

// ---- by hand

async function checkKeyboard(browser, place) {
	const page = await newPage(browser, {});

	await page.goto(at(place).href);
	await page.keyboard.press("Tab");
	same(await page.evaluate(() => document.activeElement.className), "skip",
	    `${place}: the first Tab offers to skip to the content`);
	await page.keyboard.press("Enter");
	same(await page.evaluate(() => document.activeElement.id), "main",
	    `${place}: and does so`);
	await page.goto(at(place).href);
	nothing(await unseenFocus(page, 30), `${place}: focus can be seen`);
	await page.context().close();
}

async function checkSearch(browser, { builds }) {
	const page = await newPage(browser, {});
	const wanted = builds[0].name;

	await page.goto(at(".").href);
	await page.keyboard.press("/");
	await page.keyboard.type(wanted);
	await page.keyboard.press("Enter");
	await page.waitForURL("**/builds?q=*");
	ok((await page.innerText("tbody")).includes(wanted),
	    "the search of the top bar finds a build by its name");
	await page.context().close();
}

async function checkFilter(browser) {
	const page = await newPage(browser, {});

	await page.goto(at("builds").href);
	await page.check("input[name=status][value=failed]");
	await page.click(".filter button");
	await page.waitForURL("**status=failed**");
	const all = await page.locator("tbody .st").allTextContents();
	ok(all.length > 0 && all.every((s) => s === "failed"),
	    "a filter leaves only what it says", all.join(" "));
	ok(await page.isChecked("input[name=status][value=failed]"),
	    "and is still set in the form");
	await page.click(".chip");
	await page.waitForURL((url) => !url.search.includes("status"));
	same(await page.locator(".chip").count(), 0,
	    "its word can be clicked away");
	await page.context().close();
}

const column = (page, n) => page.locator(`tbody tr > :nth-child(${n})`)
	.evaluateAll((cells) => cells.map((c) => parseFloat(c.title)));
const isSorted = (v, down) => v.length > 1 && v.every((x, i) =>
    i === 0 || (down ? v[i - 1] >= x : v[i - 1] <= x));

async function checkSort(browser, { big }) {
	const page = await newPage(browser, {});
	const TIME = 3;

	await page.goto(at(`build/${big.id}/tasks`).href);
	for (let turn = 0; turn < 2; turn++) {
		await page.click(`thead th:nth-child(${TIME}) a`);
		await page.waitForURL("**sort=**");
		const how = await page.getAttribute(
		    `thead th:nth-child(${TIME})`, "aria-sort");
		ok(isSorted(await column(page, TIME), how === "descending"),
		    `a click on a column head sorts (${how})`);
	}
	await page.context().close();
}

async function checkPager(browser, { big }) {
	const page = await newPage(browser, {});
	const first = () => page.innerText("tbody tr:first-child");

	if (big.tasks <= 100) {
		skip("no build with more than a hundred tasks");
		return;
	}
	await page.goto(at(`build/${big.id}/tasks`).href);
	const before = await first();
	same(await page.locator("tbody tr").count(), 100, "a page has 100 rows");
	await page.click(".pager a[rel=next]");
	await page.waitForURL("**page=2**");
	ok(await first() !== before, "the next page begins with another row");
	await page.click(".pager a[rel=prev]");
	await page.waitForURL((url) => !url.search.includes("page=2"));
	same(await first(), before, "and back");
	await page.context().close();
}

async function checkChart(browser, { big }) {
	const page = await newPage(browser, {});

	await page.goto(at(`build/${big.id}`).href);
	const plots = page.locator(".charts .plot");
	if (await plots.count() === 0) {
		skip("no build with samples");
		return;
	}
	const wide = await plots.first().boundingBox();
	await page.mouse.move(wide.x + wide.width / 2, wide.y + 20);
	ok(/\d+ (s|min)/.test(await page.innerText(".charts .at")),
	    "pointing at a chart tells the time there");
	await page.mouse.move(5, 5);
	ok(await page.isHidden(".charts .at"), "and is silent elsewhere");
	nothing(page.trouble, "both without an error");
	await page.context().close();
}

async function checkHostile(browser, { hostile }) {
	const page = await newPage(browser, {});

	if (!hostile) {
		skip("no build with markup in its names");
		return;
	}
	for (const place of ["builds", `build/${hostile.id}`]) {
		await page.goto(at(place).href);
		ok((await page.innerText("main")).includes(
		    isHostile(hostile.machine) ? hostile.machine : hostile.image),
		    `${place}: a name with markup is shown as it is`);
		same(await page.locator("script:not([src])").count(), 0,
		    `${place}: and makes no element`);
	}
	nothing(page.trouble, "a name with markup runs nothing");
	await page.context().close();
}

async function checkEmpty(browser) {
	const page = await newPage(browser, {});

	await page.goto(at(".").href);
	ok((await page.innerText("main")).includes("push-build-results --server"),
	    "an empty overview says what would fill it, and how");
	await page.context().close();
}

// ---- all of it

// One check that breaks fails alone.
async function attempt(check, ...args) {
	try {
		await check(...args);
	} catch (error) {
		ok(false, `${check.name} runs to its end`, error.stack);
	}
}

async function checkEverything(browser) {
	const found = await discover();

	for (const check of [checkAll, checkSentences, checkWithoutScript,
		checkSmall, checkPaper])
		await attempt(check, browser, found.pages);
	await attempt(checkKeyboard, browser, "builds");
	if (found.builds.length === 0) {
		await attempt(checkEmpty, browser);
		return;
	}
	await attempt(checkKeyboard, browser, `build/${found.big.id}`);
	for (const check of [checkSearch, checkFilter, checkSort, checkPager,
		checkChart, checkHostile, checkRunning])
		await attempt(check, browser, found);
	await attempt(checkFailures, browser, at, found.failures.chosen);
	await attempt(checkLogs, browser, at, found.logs);
	await attempt(checkCharts, browser, at, found.charts);
}

mkdirSync(out, {recursive: true});
const browser = await launch();
await attempt(checkEverything, browser);
await browser.close();
process.exitCode = end() ? 0 : 1;
