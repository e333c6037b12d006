/*
 * live.js: a build that runs.  The page is fetched again every few seconds while
 * somebody looks, and what tells how far it is takes its place; when the build
 * has ended the whole page comes anew.  Without a script the browser reloads.
 */
"use strict";

const PAUSE = 10000;
const parts = ["h1", "[data-live]", "section.alarm", "main > dl.facts", ".tabs"];

const take = (page) => {
	if (!page.querySelector("[data-live]")) {
		location.reload();
		return;
	}
	document.title = page.title;
	for (const part of parts) {
		const here = document.querySelector(part);
		const there = page.querySelector(part);

		if (here && there && here.innerHTML !== there.innerHTML &&
		    !here.contains(document.activeElement))
			here.replaceWith(there);
		else if (!here && there)
			document.querySelector("[data-live]").after(there);
	}
};

const look = async () => {
	if (document.visibilityState === "visible") {
		try {
			const answer = await fetch(location.href);

			if (answer.ok)
				take(new DOMParser().parseFromString(
				    await answer.text(), "text/html"));
		} catch (e) {
			/* it is tried again */
		}
	}
	setTimeout(look, PAUSE);
};

setTimeout(look, PAUSE);
