// failures.mjs: what is asked of the pages of failures and signatures.

import { newPage } from "./browser.mjs";
import { nothing, ok, same, skip } from "./tap.mjs";

// One of each sort: [name, place], and the failures that were chosen.
export async function failurePages(at) {
	const answer = await fetch(at("failures.json?per=1000"));
	const { failures } = answer.ok ? await answer.json() : { failures: [] };
	const chosen = {
		known: failures.find((f) => f.similar > 1),
		hostile: failures.find((f) => /[<>]/.test(f.recipe || "")),
		provider: failures.find((f) => f.kind === "provider"),
		parse: failures.find((f) => f.kind === "parse"),
		bare: failures.find((f) => f.kind === "task" && !f.log),
		long: failures.find((f) => /number \d/.test(f.first_line)),
		any: failures.find((f) => f.kind === "task" && f.log),
	};
	const pages = [["failure-missing", "f/zzzzzz"]];

	for (const [name, f] of Object.entries(chosen))
		if (f)
			pages.push([`failure-${name}`, `f/${f.id}`]);
	if (chosen.known)
		pages.push(["signature", `signature/${chosen.known.signature}`],
		    ["package-failing",
			`package/${encodeURIComponent(chosen.known.recipe)}`]);
	return { pages, chosen };
}

// What somebody sees who opens the link on a phone.
async function checkFirstScreen(browser, at, failure) {
	const page = await newPage(browser, {viewport: {width: 390, height: 844}});

	await page.goto(at(`f/${failure.id}`).href);
	const line = await page.locator(".excerpt .first").boundingBox();
	ok(line && line.y + line.height < 844,
	    "a phone shows the first error without scrolling",
	    JSON.stringify(line));
	const marked = await page.locator(".excerpt .first a").first().innerText();
	ok(/error/.test(await page.locator(".excerpt .first a").first()
	    .textContent()) && /^\s*\d+/.test(marked),
	    "marked by a word beside its number", marked);
	await page.context().close();
}

async function checkWays(browser, at, failure) {
	const page = await newPage(browser, {});

	await page.goto(at(`f/${failure.id}`).href);
	const href = await page.locator(".excerpt .first a").first()
	    .getAttribute("href");
	ok(/\/log\?line=(\d+)#L\1$/.test(href), "a line leads to the log", href);
	await page.goto(new URL(href, page.url()).href);
	same(await page.locator(":target").count(), 1, "and is there");
	await page.goto(at(`f/${failure.id}`).href);
	await page.click(".likes a");
	await page.waitForURL("**/signature/*");
	ok((await page.locator(".t-like tbody tr").count()) > 1,
	    "its signature's page lists the others");
	await page.goto(at(`f/${failure.id.toUpperCase()}`).href);
	same(new URL(await page.getAttribute(".verdict .link", "data-copy"))
	    .pathname, at(`f/${failure.id}`).pathname,
	    "a code in capitals works as well");
	nothing(page.trouble, "all without an error");
	await page.context().close();
}

async function checkCopy(browser, at, failure) {
	const page = await newPage(browser, {
		permissions: ["clipboard-read", "clipboard-write"]});

	await page.goto(at(`f/${failure.id}`).href);
	await page.click(".verdict .copy");
	await page.waitForFunction(() =>
	    document.querySelector(".verdict .copy").textContent === "Copied");
	same(new URL(await page.evaluate(() => navigator.clipboard.readText()))
	    .pathname, at(`f/${failure.id}`).pathname,
	    "a button copies the link");
	await page.context().close();
}

async function checkMarkup(browser, at, failure) {
	const page = await newPage(browser, {});

	await page.goto(at(`f/${failure.id}`).href);
	ok((await page.innerText("main")).includes("<script>alert("),
	    "a log with markup is shown as it is");
	same(await page.locator("script:not([src])").count(), 0,
	    "and makes no element");
	nothing(page.trouble, "and runs nothing");
	await page.context().close();
}

export async function checkFailures(browser, at, chosen) {
	if (!chosen.known || !chosen.hostile) {
		skip("no failures to look at");
		return;
	}
	await checkFirstScreen(browser, at, chosen.known);
	await checkWays(browser, at, chosen.known);
	await checkCopy(browser, at, chosen.known);
	await checkMarkup(browser, at, chosen.hostile);
}
