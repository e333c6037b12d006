// logs.mjs: what is asked of the viewer of logs and of receipts. It sends a
// report of its own.

import { newPage } from "./browser.mjs";
import { nothing, ok, same } from "./tap.mjs";

const LONG = 3000;
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan",
	"white"];

function colours() {
	const e = "\u001b[";
	return [30, 90, 40, 100].map((start) => NAMES.map((name, i) =>
	    `${e}${start + i}m${name}${e}m`).join(" ")).join("\n") +
	    `\n${e}7minverse${e}m ${e}31;7mred inverse${e}m ${e}1mbold${e}m ` +
	    `${e}2mfaint${e}m ${e}3mitalic${e}m ${e}4munderline${e}m\n`;
}

// Errors at 1000 and 1001, at 1020 and at 2900.
function log() {
	const lines = [];

	for (let i = 1; i <= LONG; i++)
		lines.push(`NOTE: step ${i}`);
	lines[998] = "a.c: In function 'main':";
	lines[999] = "a.c:3:7: \u001b[01;31m\u001b[Kerror: \u001b[m\u001b[Kfirst";
	lines[1000] = "a.c:4:7: error: just after";
	lines[1004] = "a.c:5:1: warning: unused <b>markup</b>";
	lines[1007] = "x".repeat(6000);
	lines[1010] = "fetching https://me:hidden-word@example.org/";
	lines[1019] = "b.c:1:1: error: second block";
	lines[2899] = "c.c:1:1: error: far away";
	lines.splice(1011, 5, ...colours().trimEnd().split("\n"));
	return lines.join("\n") + "\n";
}

const report = () => ({
	machine: "qemumips", distro: "poky", build_sys: "x86_64-linux",
	target_sys: "mips-poky-linux", nativelsb: "debian-12",
	component: "logs", branch_commit: "master: 0123456789abcdef",
	failures: [{package: "logs-1.0-r0", recipe: "logs", task: "do_compile",
		log: log()}],
});

// [name, place] of the pages, and where the log is.
export async function logPages(at) {
	const answer = await fetch(at("/ClientPost/JSON"), {
		method: "POST", headers: {"Content-Type": "application/json"},
		body: JSON.stringify(report())});
	if (!answer.ok)
		return { pages: [] };
	const said = await answer.json();
	const code = said.failures[0].url.split("/").pop();
	const view = `f/${code}/log`;
	return { view, receipt: said.receipt, pages: [["log", view],
		["log-line", `${view}?line=1500`], ["log-end", `${view}?line=${LONG}`],
		["log-found", `${view}?q=error`], ["log-nothing", `${view}?q=nowhere`],
		["receipt", new URL(said.receipt).pathname]] };
}

const lineAt = (page) => page.evaluate(() =>
    (document.querySelector(".listing :target") || {}).id);

async function checkOpening(browser, at, view) {
	const page = await newPage(browser, {viewport: {width: 390, height: 844}});

	await page.goto(at(view).href);
	const box = await page.locator("#L1000").boundingBox();
	ok(box && box.y + box.height < 844,
	    "a phone shows a log's first error without scrolling",
	    JSON.stringify(box));
	same(await page.locator("#L1000 i").textContent(), " error",
	    "with a word for those who don't see its colour");
	same(await page.locator("#L1000 .red.bold").textContent(), "error: ",
	    "in the terminal's colours");
	ok(/6,?000|1\.9 kB/.test(await page.locator("#L1008 .rest").innerText()),
	    "a long line says how much it leaves out",
	    await page.locator("#L1008 .rest").innerText());
	same(await page.locator("#L1005 b").count(), 0, "markup makes no element");
	await page.context().close();
}

async function checkKeys(browser, at, view) {
	const page = await newPage(browser, {});
	const seen = [];

	await page.goto(at(view).href);
	for (const key of ["n", "p", "n"]) {
		await page.keyboard.press(key);
		seen.push(await lineAt(page));
	}
	same(seen.join(" "), "L1020 L1000 L1020",
	    "n and p go from block to block of errors");
	await page.keyboard.press("n");
	await page.waitForURL("**#L2900");
	same(await lineAt(page), "L2900", "and to another part of the log");
	await page.focus("#log-q");
	await page.keyboard.press("p");
	same(await page.inputValue("#log-q"), "p", "but not while one types");
	nothing(page.trouble, "all without an error");
	await page.context().close();
}

async function checkAnchors(browser, at, view) {
	const page = await newPage(browser, {});

	await page.goto(at(`${view}#L5`).href);
	await page.waitForURL("**line=5#L5");
	same(await lineAt(page), "L5", "an anchor finds its line wherever it is");
	await page.goto(at(`${view}#L99999`).href);
	await page.waitForURL("**line=99999#L99999");
	ok(await page.locator(".listing .here").count() === 1,
	    "one behind the end leads to the end");
	await page.goto(at(`${view}?line=1500`).href);
	await page.evaluate(() => { window.here = true; });
	await page.click("#L1501 > a");
	same([await lineAt(page), await page.evaluate(() => window.here)].join(),
	    "L1501,true", "a number that is shown needs no new page");
	await page.context().close();
}

async function checkPlain(browser, at, view) {
	const page = await newPage(browser, {javaScriptEnabled: false});

	await page.goto(at(view).href);
	await page.click("#L1010 > a");
	same(new URL(page.url()).search + new URL(page.url()).hash,
	    "?line=1010#L1010", "without a script a number is a link");
	await page.click(".next-error");
	same(new URL(page.url()).hash, "#L1020", "and the next error is one");
	await page.fill("#log-q", "far away");
	await page.press("#log-q", "Enter");
	same(await page.locator(".listing mark").innerText(), "far away",
	    "what is searched for is marked");
	await page.click(".found li a");
	same(new URL(page.url()).hash, "#L2900", "and has a link");
	await page.context().close();
}

async function checkWrapping(browser, at, view) {
	const page = await newPage(browser, {});
	const wide = () => page.locator(".listing").evaluate((e) =>
	    e.scrollWidth > e.clientWidth + 1);

	await page.goto(at(view).href);
	same(await wide(), false, "long lines are wrapped");
	await page.check("#log-nowrap");
	same(await wide(), true, "unless that isn't wanted");
	await page.context().close();
}

async function checkCopy(browser, at, view) {
	const page = await newPage(browser, {
		permissions: ["clipboard-read", "clipboard-write"]});

	await page.goto(at(view).href);
	same(await page.locator(".log-copy:visible").count(), 0,
	    "without a line there is no link to copy");
	await page.click("#L1002 > a");
	await page.click(".log-copy");
	await page.waitForFunction(() =>
	    document.querySelector(".log-copy").textContent === "Copied");
	same(await page.evaluate(() => navigator.clipboard.readText()),
	    at(`${view}?line=1002#L1002`).href, "a line's link can be copied");
	await page.context().close();
}

async function checkReceipt(browser, url) {
	const page = await newPage(browser, {});

	await page.goto(url);
	const text = await page.innerText("main");
	ok(text.includes("masked") && text.includes("1,011"),
	    "a receipt tells what was masked where", text);
	ok(!text.includes("hidden-word"), "but not what");
	await page.click(".t-builds a");
	ok(/\/build\/\d+$/.test(page.url()), "and leads to the build", page.url());
	await page.context().close();
}

export async function checkLogs(browser, at, { view, receipt }) {
	if (!ok(view, "a report with a log is taken"))
		return;
	for (const check of [checkOpening, checkKeys, checkAnchors, checkPlain,
		checkWrapping, checkCopy])
		await check(browser, at, view);
	await checkReceipt(browser, receipt);
}
