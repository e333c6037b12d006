// tap.mjs: results in the Test Anything Protocol, for the browser suite.

let count = 0;
let failed = 0;

// One result; why is printed when it failed. '#' would start a directive.
export function ok(passed, what, why = "") {
	count++;
	console.log(`${passed ? "ok" : "not ok"} ${count} - ` +
	    what.replaceAll("#", "").replace(/[^\x20-\x7e]/g, "?"));
	if (passed)
		return true;
	failed++;
	for (const line of String(why).split("\n").slice(0, 30))
		console.log("# " + line.slice(0, 300));
	return false;
}

export function same(got, want, what) {
	return ok(got === want, what,
	    `got:  ${JSON.stringify(got)}\nwant: ${JSON.stringify(want)}`);
}

export function nothing(list, what) {
	return ok(list.length === 0, what, list.join("\n"));
}

export function skip(why) {
	console.log(`ok ${++count} # SKIP ${why}`);
}

export function end() {
	console.log(`1..${count}`);
	return failed === 0;
}
