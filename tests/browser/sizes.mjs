// sizes.mjs: what builds made, what grew, and performance tests.

// [name, place] of the pages, where there are such builds.
export async function sizePages(at) {
	const json = async (place) => (await fetch(at(place))).json();
	const named = async (name) => (await json(
	    `builds.json?q=${name}&per=10`)).builds.find((b) => b.name === name);
	const [early, later] = [await named("20261129000001"),
		await named("20261129000002")];
	const perf = await named("20261128121500");
	const pages = [];

	if (early && later) {
		pages.push(["sizes", `build/${later.id}/sizes?per=25`],
		    ["sizes-package", `build/${later.id}/sizes?package=lua`],
		    ["sizes-no-package", `build/${later.id}/sizes?package=nobody`],
		    ["compare-sizes", `compare?build=${early.id}&build=${later.id}`],
		    ["trend-sizes", "trend?metric=image_size"],
		    ["trend-package-size", "package/lua/trend?metric=package_size"]);
	}
	if (perf)
		pages.push(["sizes-nothing", `build/${perf.id}/sizes`],
		    ["perf", `build/${perf.id}`],
		    ["compare-perf", `compare?build=${perf.id}&build=${perf.id}`],
		    ["trend-perf", "trend?metric=perf.test1.build.elapsed"]);
	return pages;
}
