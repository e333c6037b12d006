/*
 * log.js: what a script adds to the viewer of logs: an address ending in #L123
 * finds its line wherever it is, n and p go from error to error, and a line's
 * link can be copied.
 */
"use strict";

{
	const lineOf = (hash) => {
		const found = /^#L([1-9][0-9]{0,9})$/.exec(hash);

		return found ? Number(found[1]) : 0;
	};

	/* The address of a line, for others: of what is shown it says nothing. */
	const addressOf = (line) => `${location.pathname}?line=${line}#L${line}`;

	const shown = (line) => document.getElementById("L" + line);

	/* A line that isn't in this window is in another one. */
	const follow = () => {
		const line = lineOf(location.hash);

		if (line && document.querySelector(".listing") && !shown(line) &&
		    new URLSearchParams(location.search).get("line") !== String(line))
			location.replace(addressOf(line));
		offerCopy(line && shown(line) ? line : 0);
	};

	/* Links to lines that are shown need no new page. */
	document.addEventListener("click", (event) => {
		const link = event.target.closest && event.target.closest("a[href]");

		if (!link || event.button || event.ctrlKey || event.metaKey ||
		    event.shiftKey || event.altKey ||
		    link.pathname !== location.pathname)
			return;
		if (lineOf(link.hash) && shown(lineOf(link.hash))) {
			event.preventDefault();
			location.hash = link.hash;
		}
	});

	/* ---- n and p */

	const current = () => lineOf(location.hash) ||
	    Number((document.querySelector(".listing .here") || {id: "L0"}).id.slice(1));

	/* From block to block of error lines in this window; beyond it to the
	 * nearest that is known. */
	const jump = (down) => {
		const here = current();
		const ahead = (line) => down ? line > here : line < here;
		const pick = (list) => down ? list[0] : list[list.length - 1];
		const next = pick([...document.querySelectorAll(".listing .k-error")]
		    .filter((e) => ahead(Number(e.id.slice(1))) &&
			!(e.previousElementSibling &&
			    e.previousElementSibling.classList.contains("k-error"))));
		const far = pick([...document.querySelectorAll(".log-lines a")]
		    .filter((a) => ahead(lineOf(a.hash)) && !shown(lineOf(a.hash))));

		if (next)
			location.hash = next.id;
		else if (far)
			location.assign(far.href);
	};

	document.addEventListener("keydown", (event) => {
		const at = document.activeElement;

		if (event.ctrlKey || event.metaKey || event.altKey ||
		    (at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)))
			return;
		if (event.key === "n" || event.key === "j")
			jump(true);
		else if (event.key === "p" || event.key === "k")
			jump(false);
	});

	/* ---- a line's link */

	const button = document.createElement("button");
	button.type = "button";
	button.className = "quiet button log-copy";
	button.hidden = true;
	button.addEventListener("click", () => {
		const line = Number(button.dataset.line);

		navigator.clipboard.writeText(location.origin + addressOf(line))
			.then(() => { button.textContent = "Copied"; }, () => {
				button.textContent = "Can't copy";
			});
	});

	/* Browsers let pages copy in secure contexts only. */
	const offerCopy = (line) => {
		button.hidden = !line || !navigator.clipboard;
		button.dataset.line = String(line);
		button.textContent = `Copy link to line ${line}`;
	};

	const place = document.querySelector(".log-links");
	if (place)
		place.prepend(button, " ");
	window.addEventListener("hashchange", follow);
	follow();
}
