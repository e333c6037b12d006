/*
 * buildstats.js: what a script adds to pages that work without it: "/" goes
 * to the search, and pointing at a chart tells time and values there.
 */
"use strict";

document.addEventListener("keydown", (event) => {
	const at = document.activeElement;

	if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey ||
	    (at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)))
		return;
	event.preventDefault();
	document.getElementById("find").focus();
});

/* Path data holds nothing but absolute points. */
const pointsOf = (path) => {
	const n = (path.getAttribute("d").match(/-?[\d.]+/g) || []).map(Number);
	const points = [];

	for (let i = 0; i + 1 < n.length; i += 2)
		points.push([n[i], n[i + 1]]);
	return points;
};

/* The height at x: of the last point that is not right of it. */
const heightAt = (points, x) => {
	let low = 0, high = points.length - 1;

	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (points[middle][0] <= x)
			low = middle;
		else
			high = middle - 1;
	}
	return points[low][1];
};

const words = (value, unit) => {
	const size = ["", "k", "M", "G", "T"];
	let step = 0;

	if (unit === "share")
		return (100 * value).toFixed(0) + " %";
	if (unit !== "B" && unit !== "B/s")
		return Number(value.toFixed(1)) + (unit === "%" ? " %" : "");
	while (Math.abs(value) >= 1000 && step < 4) {
		value /= 1000;
		step++;
	}
	return value.toFixed(step ? 1 : 0) + " " + size[step] + unit;
};

const clock = (seconds) => {
	const s = Math.round(seconds), h = Math.floor(s / 3600);

	return (h ? h + " h " : "") + Math.floor((s % 3600) / 60) + " min " +
	    (h ? "" : (s % 60) + " s");
};

const readChart = (svg) => {
	const figure = svg.closest("figure");

	return {
		svg,
		min: Number(svg.dataset.min) || 0,
		max: Number(svg.dataset.max),
		unit: svg.dataset.unit,
		lines: [...svg.querySelectorAll("path.draw")].map((path) =>
		    ({points: pointsOf(path), stacked: path.dataset.stacked})),
		head: figure.querySelector(".legend thead th:nth-child(2)"),
		cells: [...figure.querySelectorAll(".legend tbody td:nth-child(2)")]
		    .map((cell) => ({cell, mean: cell.textContent})),
		cursor: svg.appendChild(document.createElementNS(svg.namespaceURI,
		    "path")),
	};
};

const point = (chart, x) => {
	let below = 0;

	chart.cursor.setAttribute("class", "cursor");
	chart.cursor.setAttribute("d", `M${x},0V100`);
	chart.head.textContent = "here";
	chart.lines.forEach((line, i) => {
		if (line.points.length === 0 || !chart.cells[i])
			return;
		const top = chart.min + (chart.max - chart.min) *
		    (1 - heightAt(line.points, x) / 100);
		chart.cells[i].cell.textContent = words(
		    Math.max(0, line.stacked ? top - below : top), chart.unit);
		below = line.stacked ? top : 0;
	});
};

const leave = (chart) => {
	chart.cursor.removeAttribute("d");
	chart.head.textContent = "mean";
	for (const {cell, mean} of chart.cells)
		cell.textContent = mean;
};

for (const box of document.querySelectorAll(".charts")) {
	const plots = [...box.querySelectorAll(".plot")];
	const at = box.appendChild(document.createElement("output"));
	let charts = null;

	at.className = "at";
	at.hidden = true;
	box.addEventListener("pointermove", (event) => {
		const area = plots.length && plots[0].getBoundingClientRect();
		const x = area ? 1000 * (event.clientX - area.left) / area.width : -1;

		charts = charts || plots.map(readChart);
		at.hidden = x < 0 || x > 1000;
		if (at.hidden) {
			charts.forEach(leave);
			return;
		}
		at.textContent = clock(x / 1000 * Number(box.dataset.seconds));
		at.style.left = event.clientX - box.getBoundingClientRect().left +
		    "px";
		charts.forEach((chart) => point(chart, x));
	});
	box.addEventListener("pointerleave", () => {
		at.hidden = true;
		(charts || []).forEach(leave);
	});
}
