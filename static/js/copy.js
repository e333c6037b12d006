/*
 * copy.js: a button beside what one may want to paste elsewhere: elements with
 * data-copy.  Without a script, or where the page may not write to the
 * clipboard, the text is there to be selected.
 */
"use strict";

const said = (button, text) => {
	button.textContent = text;
	setTimeout(() => { button.textContent = "Copy"; }, 2000);
};

const buttonFor = (element) => {
	const button = document.createElement("button");

	button.type = "button";
	button.className = "copy";
	button.textContent = "Copy";
	button.setAttribute("aria-live", "polite");
	button.addEventListener("click", () => {
		navigator.clipboard.writeText(element.dataset.copy).then(
		    () => said(button, "Copied"),
		    () => said(button, "Not allowed"));
	});
	return button;
};

if (navigator.clipboard) {
	for (const element of document.querySelectorAll("[data-copy]")) {
		const button = buttonFor(element);

		if (element.tagName === "PRE") {
			const box = document.createElement("div");
			box.className = "copyable";
			element.replaceWith(box);
			box.append(element, button);
		} else {
			element.after(button);
		}
	}
}
