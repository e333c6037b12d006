// browser.mjs: Chromium, and what is asked of any page that it shows.

import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
	"best-practice"];
// All that the colour scheme changes.
const COLOURS = ["color-contrast", "link-in-text-block"];

export const VARIANTS = [];
for (const width of [1400, 390])
	for (const colorScheme of ["light", "dark"])
		VARIANTS.push({name: `${width}-${colorScheme}`, colorScheme,
			viewport: {width, height: width > 1000 ? 900 : 844}});

export function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
		args: ["--headless", "--no-sandbox", "--disable-gpu",
			"--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync"],
	});
}

// A page that remembers what went wrong on it and whom it asked.
export async function newPage(browser, options) {
	const context = await browser.newContext(options);
	const page = await context.newPage();

	page.trouble = [];
	page.asked = [];
	page.on("console", (message) => {
		if (["error", "warning"].includes(message.type()))
			page.trouble.push(message.text());
	});
	page.on("pageerror", (error) => page.trouble.push(String(error)));
	page.on("dialog", (dialog) => {
		page.trouble.push("dialog: " + dialog.message());
		dialog.dismiss();
	});
	page.on("request", (request) => page.asked.push(request.url()));
	page.setDefaultTimeout(30000);
	return page;
}

// What axe holds against the page, a line each.
export async function axe(page, colorScheme) {
	const runOnly = colorScheme === "dark"
		? {type: "rule", values: COLOURS} : {type: "tag", values: RULES};

	await page.evaluate(AXE);
	return page.evaluate(async (only) =>
	    (await window.axe.run({runOnly: only, resultTypes: ["violations"]}))
		.violations.map((v) => `${v.id} (${v.nodes.length}): ` +
		    v.nodes[0].html.slice(0, 160)), runOnly);
}

// What stands out of the window, outside of boxes that scroll.
export function overflow(page) {
	return page.evaluate(() => {
		const root = document.documentElement;
		if (root.scrollWidth <= root.clientWidth)
			return [];
		return [`${root.scrollWidth} px of ${root.clientWidth}`,
			...[...document.querySelectorAll("body *")].filter((e) =>
			    e.getBoundingClientRect().right > root.clientWidth + 1 &&
			    !e.closest(".scroll, .vh, pre")).slice(0, 5)
			    .map((e) => e.outerHTML.slice(0, 120))];
	});
}

// Goes through the page with the Tab key; who can't be seen to have focus.
export async function unseenFocus(page, steps) {
	const unseen = [];

	for (let i = 0; i < steps; i++) {
		await page.keyboard.press("Tab");
		const bad = await page.evaluate(() => {
			const e = document.activeElement;
			const style = getComputedStyle(e);
			const box = e.getBoundingClientRect();
			if (e === document.body)
				return "";
			if (style.outlineStyle === "none" ||
			    parseFloat(style.outlineWidth) < 2)
				return "no outline: " + e.outerHTML.slice(0, 120);
			if (box.bottom <= 0 || box.top >= innerHeight)
				return "out of view: " + e.outerHTML.slice(0, 120);
			return "";
		});
		if (bad)
			unseen.push(bad);
	}
	return unseen;
}
