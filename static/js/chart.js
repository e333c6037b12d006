/*
 * chart.js: what a script adds to the boot chart: pointing at a bar tells all
 * numbers of its task, a drag or the keys zoom, a name finds its recipe, and
 * a click shows what held a task up.  The tasks come from the page's own JSON.
 */
"use strict";

const SVG = "http://www.w3.org/2000/svg";

const make = (parent, name, text, props) => {
	const node = parent.appendChild(document.createElement(name));

	if (text)
		node.textContent = text;
	return Object.assign(node, props || {});
};

const span = (seconds) => {
	const s = Math.abs(seconds);

	if (s < 60)
		return seconds.toFixed(s < 10 ? 1 : 0) + " s";
	if (s < 3600)
		return Math.floor(s / 60) + " min " + Math.round(s % 60) + " s";
	return Math.floor(s / 3600) + " h " + Math.round((s % 3600) / 60) + " min";
};

/* Of the same JSON's lists: the build's own tasks only, those with lanes. */
const load = async () => {
	const path = location.pathname.replace(/\.html$/, "");
	const answer = await fetch(path + ".json" + location.search);

	return answer.ok ? (await answer.json()).tasks : [];
};

class BootChart {
	constructor(box) {
		this.box = box;
		this.figure = box.querySelector(".boots");
		this.plot = this.figure.querySelector(".boots-plot");
		this.total = Number(box.dataset.seconds);
		this.lanes = this.plot.viewBox.baseVal.height;
		this.from = 0;
		this.to = this.total;
		this.plots = [...box.querySelectorAll(".plot, .boots-plot")];
		this.labels = [...box.querySelectorAll(".labels > *")].map((node) => ({
			node, at: parseFloat(node.getAttribute("x")) / 100,
			width: parseFloat(node.getAttribute("width")) / 100,
		}));
		this.axes = [...box.querySelectorAll(".axis svg")];
		this.ticks = this.axes.map((axis) => axis.innerHTML);
		this.tip = make(box, "div", "", {className: "tip", hidden: true});
		this.numbers = new Map();
		this.controls();
		this.listen();
	}

	controls() {
		const bar = document.createElement("div");
		const button = (text, label, act) => {
			make(bar, "button", text, {type: "button", onclick: act})
			    .setAttribute("aria-label", label);
		};

		bar.className = "zoom";
		button("+", "Zoom in", () => this.scale(0.5));
		button("−", "Zoom out", () => this.scale(2));
		button("‹", "Earlier", () => this.move(-0.3));
		button("›", "Later", () => this.move(0.3));
		button("All", "Show all", () => this.show(0, this.total));
		const label = make(bar, "label", "Find a recipe, or what led to a task ");
		this.find = make(label, "input", "", {type: "search"});
		this.find.addEventListener("input", () => this.search());
		this.said = make(bar, "output");
		this.box.before(bar);
	}

	listen() {
		let start = null, brush = null;
		const at = (event) => {
			const r = this.plot.getBoundingClientRect();
			return Math.min(1, Math.max(0, (event.clientX - r.left) / r.width));
		};

		this.figure.addEventListener("pointermove", (event) => {
			if (start === null) {
				this.point(event);
				return;
			}
			brush = brush || make(this.figure, "div", "", {className: "brush"});
			brush.style.left = 100 * Math.min(start, at(event)) + "%";
			brush.style.width = 100 * Math.abs(at(event) - start) + "%";
		});
		this.figure.addEventListener("pointerleave", () => {
			this.tip.hidden = true;
		});
		this.figure.addEventListener("pointerdown", (event) => {
			if (event.button === 0 && event.pointerType !== "touch")
				start = at(event);
		});
		addEventListener("pointerup", (event) => {
			if (start === null)
				return;
			const a = Math.min(start, at(event)), b = Math.max(start, at(event));
			start = null;
			if (brush)
				brush.remove();
			brush = null;
			if (b - a <= 0.005)
				this.pick(event);
			else
				this.show(this.from + a * (this.to - this.from),
				    this.from + b * (this.to - this.from));
		});
		this.figure.addEventListener("wheel", (event) => {
			if (!event.ctrlKey && !event.metaKey)
				return;
			event.preventDefault();
			this.scale(event.deltaY > 0 ? 1.25 : 0.8, at(event));
		}, {passive: false});
	}

	tasks() {
		this.loaded = this.loaded || load();
		return this.loaded;
	}

	/* ---- where we look */

	scale(factor, around = 0.5) {
		const width = this.to - this.from;
		const middle = this.from + around * width;

		this.show(middle - around * width * factor,
		    middle + (1 - around) * width * factor);
	}

	move(share) {
		const by = share * (this.to - this.from);
		const room = Math.max(-this.from, Math.min(by, this.total - this.to));

		this.show(this.from + room, this.to + room);
	}

	show(from, to) {
		const least = this.total / 2000;

		this.from = Math.max(0, Math.min(from, this.total - least));
		this.to = Math.min(this.total, Math.max(to, this.from + least));
		this.box.classList.toggle("zoomed", this.to - this.from < this.total);
		for (const svg of this.plots)
			svg.viewBox.baseVal.x = 1000 * this.from / this.total;
		for (const svg of this.plots)
			svg.viewBox.baseVal.width =
			    1000 * (this.to - this.from) / this.total;
		for (const l of this.labels) {
			l.node.setAttribute("x", 100 * this.place(l.at * this.total) + "%");
			if (l.width)
				l.node.setAttribute("width", 100 * l.width * this.total /
				    (this.to - this.from) + "%");
		}
		this.drawTicks();
	}

	place(seconds) {
		return (seconds - this.from) / (this.to - this.from);
	}

	drawTicks() {
		const width = this.to - this.from;
		const steps = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600,
		    7200, 21600, 86400];
		const step = steps.find((s) => width / s <= 8) || 86400;

		this.axes.forEach((axis, i) => {
			if (width === this.total) {
				axis.innerHTML = this.ticks[i];
				return;
			}
			axis.replaceChildren();
			for (let t = Math.ceil(this.from / step) * step; t <= this.to;
			    t += step) {
				const text = axis.appendChild(
				    document.createElementNS(SVG, "text"));
				text.setAttribute("x", 100 * this.place(t) + "%");
				text.setAttribute("y", 13);
				text.textContent = span(t);
			}
		});
	}

	/* ---- what is there */

	/* The task of the bar at which the pointer is. */
	async under(event) {
		const r = this.plot.getBoundingClientRect();
		const x = event.clientX - r.left, y = event.clientY - r.top;
		const seconds = this.from + x / r.width * (this.to - this.from);
		const lane = Math.floor(y / r.height * this.lanes);
		const slack = 2 * (this.to - this.from) / r.width;

		return (await this.tasks()).find((t) => t.lane === lane &&
		    t.from - slack <= seconds && seconds <= t.to + slack);
	}

	async point(event) {
		const task = await this.under(event);

		this.tip.hidden = !task;
		if (!task)
			return;
		const box = this.box.getBoundingClientRect();
		this.tip.style.top = event.clientY - box.top + 14 + "px";
		this.tip.style.left = Math.min(event.clientX - box.left + 14,
		    Math.max(0, box.width - 260)) + "px";
		if (this.shown !== task)
			this.tell(task);
	}

	/* A click shows how it came to that bar, or to none any more. */
	async pick(event) {
		const task = await this.under(event);

		this.find.value = task ? task.recipe + " " + task.task : "";
		this.search();
	}

	tell(task) {
		this.shown = task;
		this.tip.replaceChildren();
		make(this.tip, "b", task.recipe + " " + task.task);
		make(this.tip, "span", task.status + ", " + span(task.to - task.from) +
		    ", from " + span(task.from));
		clearTimeout(this.waiting);
		this.waiting = setTimeout(() => this.more(task), 150);
	}

	/* All numbers of the task, asked for when the pointer rests on it. */
	async more(task) {
		const key = task.package + " " + task.task;

		if (!this.numbers.has(key)) {
			const path = location.pathname.replace(/\/chart$/, "/tasks.json");
			const query = new URLSearchParams({package: task.package,
			    task: task.task});
			this.numbers.set(key, fetch(path + "?" + query).then((answer) =>
			    answer.ok ? answer.json() : {tasks: []}));
		}
		const found = (await this.numbers.get(key)).tasks[0];
		if (this.shown !== task || !found || this.tip.querySelector("dl"))
			return;
		const list = make(this.tip, "dl");
		for (const [name, value] of Object.entries(found.metrics)) {
			make(list, "dt", name);
			make(list, "dd", value === null ? "–" : String(value));
		}
	}

	/* Marks tasks, and joins those that follow each other as joined() says. */
	draw(found, joined) {
		const scale = 1000 / this.total;
		let d = "", last = null;

		if (this.mark)
			this.mark.remove();
		this.mark = null;
		this.figure.classList.toggle("finding", found.length > 0);
		for (const t of found) {
			d += `M${t.from * scale},${t.lane + 0.08}H${t.to * scale}` +
			    `V${t.lane + 0.92}H${t.from * scale}Z`;
			if (last && joined(last, t))
				d += `M${last.to * scale},${last.lane + 0.5}` +
				    `L${t.from * scale},${t.lane + 0.5}`;
			last = t;
		}
		if (!d)
			return;
		this.mark = this.plot.appendChild(document.createElementNS(SVG, "path"));
		this.mark.setAttribute("class", "found");
		this.mark.setAttribute("d", d);
	}

	/* What held a task up, what that one, and so on from the beginning. */
	async chain(task) {
		const tasks = await this.tasks();
		const found = [];

		for (let t = task; t; t = t.after === null ? null : tasks[t.after])
			found.unshift(t);
		this.draw(found, () => true);
		this.said.textContent = `${found.length} tasks, each held up by the ` +
		    `one before, from ${found[0].recipe} ${found[0].task} to ` +
		    `${task.recipe} ${task.task}` + (task.critical ?
		    ": the critical path" : task.slack === null ? "" :
		    `; it had ${span(task.slack)} to spare`);
	}

	/* A recipe's tasks, one after the other, joined; of a recipe and a task
	 * the chain that leads there. */
	async search() {
		const text = this.find.value.trim().toLowerCase();
		const tasks = text ? await this.tasks() : [];
		const one = tasks.find((t) =>
		    (t.recipe + " " + t.task).toLowerCase() === text);
		const some = tasks.filter((t) => t.recipe.toLowerCase().includes(text));
		const exact = some.filter((t) => t.recipe.toLowerCase() === text);
		const found = (exact.length ? exact : some)
		    .sort((a, b) => a.from - b.from);
		const recipes = new Set(found.map((t) => t.recipe)).size;

		if (one) {
			this.chain(one);
			return;
		}
		this.said.textContent = !text ? "" : found.length === 0 ?
		    "no bar of such a recipe" : `${found.length} tasks of ` +
		    (recipes === 1 ? found[0].recipe : `${recipes} recipes`);
		this.draw(found, (a, b) => a.recipe === b.recipe);
	}
}

for (const box of document.querySelectorAll(".charts"))
	if (box.querySelector(".boots"))
		new BootChart(box);
