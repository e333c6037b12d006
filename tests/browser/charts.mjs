// charts.mjs: builds side by side, boot charts, trends.

import { newPage } from "./browser.mjs";
import { nothing, ok, same } from "./tap.mjs";

// [name, place] of the pages.
export async function chartPages(at, builds) {
	const timed = builds.filter((b) => b.tasks > 0)
	    .sort((a, b) => b.tasks - a.tasks || a.id - b.id);
	const none = builds.find((b) => b.tasks === 0);
	if (timed.length < 2)
		return { pages: [] };
	const [big, other] = timed.map((b) => b.id);
	const tasks = (await (await fetch(at(
	    `build/${other}/tasks.json?per=1&sort=-elapsed`))).json()).tasks;
	const recipe = encodeURIComponent(tasks[0].recipe);
	return { big, other, recipe, pages: [
		["compare", `compare?build=${other}&build=${big}&all=1`],
		["compare-packages", `compare?build=${other}&build=${big}&by=package`],
		["compare-itself", `compare?build=${big}&build=${big}`],
		["compare-one", `compare?build=${big}`], ["compare-none", "compare"],
		["bootchart", `build/${other}/chart`],
		["bootchart-tasks", `build/${other}/chart?rows=task&min=1`],
		["bootchart-all", `build/${big}/chart?min=0`],
		["bootchart-two", `build/${other}/chart?with=${big}`],
		["time", `build/${other}/time`],
		["time-tasks", `build/${big}/time?by=task&sort=-on_path`],
		["time-free", `build/${other}/time?free=do_compile&threads=4`],
		...(none ? [["time-nothing", `build/${none.id}/time`]] : []),
		["bootchart-nothing", `build/${big}/chart?min=1000000`],
		["trend", `package/${recipe}/trend`],
		["trend-nothing", `package/${recipe}/trend?machine=nobody`],
		["trend-steps", "package/zlib/trend?builder=ci-7&base=median:5"],
		["trend-commits", "package/zlib/trend?builder=ci-7&x=commit"],
		["trend-builds", "trend"], ["steps", "steps"],
		["graph", "graph?group=machine"],
		["graph-strips", `graph?package=${recipe}&x=task&group=builder`],
		["graph-numbers", "graph?x=cputime&y=io.read_bytes&log=x&log=y"],
		["graph-nothing", "graph?y=nobody.has_this"]] };
}

export async function checkCharts(browser, at, { other }) {
	const page = await newPage(browser, {});
	const zoomed = () => page.evaluate(() =>
	    document.querySelector(".boots-plot").viewBox.baseVal.width);

	await page.goto(at(`build/${other}/chart?min=0`).href);
	const { tasks } = await (await fetch(at(
	    `build/${other}/chart.json?min=0`))).json();
	const longest = tasks.reduce((a, b) =>
	    b.to - b.from > a.to - a.from ? b : a);
	const seconds = Number(await page.getAttribute(".charts", "data-seconds"));
	const lanes = await page.evaluate(() =>
	    document.querySelector(".boots-plot").viewBox.baseVal.height);
	const box = await page.locator(".boots-plot").boundingBox();
	await page.mouse.move(
	    box.x + (longest.from + longest.to) / 2 / seconds * box.width,
	    box.y + (longest.lane + 0.5) / lanes * box.height);
	await page.waitForSelector(".tip dl");
	const tip = await page.innerText(".tip");
	ok(tip.includes(longest.recipe) && tip.includes(longest.task) &&
	    tip.includes("child_rusage"),
	    "pointing at a bar tells its task and all of its numbers", tip);
	same(await zoomed(), 1000, "the whole build at first");
	await page.click(".zoom button[aria-label='Zoom in']");
	same(await zoomed(), 500, "a button looks closer");
	await page.click(".zoom button[aria-label='Show all']");
	await page.mouse.move(box.x + box.width / 4, box.y + 5);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width / 2, box.y + 5);
	await page.mouse.up();
	ok(Math.abs(await zoomed() - 250) < 5, "and so does a drag",
	    await zoomed());
	await page.click(".zoom button[aria-label='Show all']");
	await page.fill(".zoom input", longest.recipe);
	await page.waitForSelector(".boots .found");
	same(await page.innerText(".zoom output"),
	    tasks.filter((t) => t.recipe === longest.recipe).length +
	    " tasks of " + longest.recipe, "a recipe is found, with its chain");
	await checkChain(page, tasks, { seconds, lanes });
	nothing(page.trouble, "all without an error");
	await page.context().close();
}

// What led to a task: by a click on its bar, or by its name.
async function checkChain(page, tasks, { seconds, lanes }) {
	const last = tasks.filter((t) => t.critical).reduce((a, b) =>
	    b.to - b.from > a.to - a.from ? b : a);
	const chain = (t) => t.after === null ? 1 : 1 + chain(tasks[t.after]);
	const said = `${chain(last)} tasks, each held up by the one before`;
	const plot = page.locator(".boots-plot");

	await page.fill(".zoom input", `${last.recipe} ${last.task}`);
	await page.waitForFunction((text) => document.querySelector(
	    ".zoom output").textContent.startsWith(text), said);
	ok((await page.innerText(".zoom output")).endsWith("the critical path"),
	    "a task's name shows what led to it");
	await page.fill(".zoom input", "");
	await page.waitForSelector(".boots .found", { state: "detached" });
	await plot.scrollIntoViewIfNeeded();
	const box = await plot.boundingBox();
	await plot.click({ position: {
		x: (last.from + last.to) / 2 / seconds * box.width,
		y: (last.lane + 0.5) / lanes * box.height } });
	await page.waitForFunction((text) => document.querySelector(
	    ".zoom output").textContent.startsWith(text), said);
	same(await page.locator(".boots .found").count(), 1,
	    "and so does a click on its bar");
}
