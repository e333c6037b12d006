"""trends.py: the part of the measurement that is about trends: a recipe from
run to run beside its page of a hundred rows."""
import statistics

from figures import at_most, heading, line, progress
from servers import wait_until

RECIPE = "busybox"


class Trends:
    """Mixed into Bench."""

    def part_trends(self):
        db, builds = "bench_pages", self.size["fill"][1]
        heading("Trends over %d builds of %d tasks: server CPU of a request" %
                (builds, self.size["page_tasks"]))
        if not self.s.sql("postgres", "SELECT 1 FROM pg_database WHERE"
                          " datname = '%s'" % db):
            self.s.make_database(db)
            self.s.start_workers(db)
            self.fill(db, 0, builds)
        else:
            self.s.start_workers(db)
        self.find_steps(db)
        self.s.sql(db, "VACUUM ANALYZE")
        self.s.sql(db, "CHECKPOINT")
        page = "/buildstats/package/" + RECIPE
        cheap, ours = [], {}
        for query in ("", "?task=do_compile", "?metric=elapsed",
                      "?x=commit"):
            progress("trend " + query)
            cheap.append(self.cost(page, "workers", self.size["seconds"]))
            ours[query] = self.cost(page + "/trend" + query, "workers",
                                    self.size["seconds"])
        ref = statistics.median(cheap)
        for query, cost in ours.items():
            at_most("/package/RECIPE/trend" + query, cost / ref, " x", 5,
                    "%.2f ms; the recipe's page %.2f ms" %
                    (1e3 * cost, 1e3 * ref))
        for path in ("/buildstats/trend", "/buildstats/steps?since=520w",
                     page + "/trend?metric=io.read_bytes"):
            cost = self.cost(path, "workers", self.size["seconds"])
            line(path.replace("/buildstats", "", 1), "%.1f x" % (cost / ref),
                 "%.2f ms" % (1e3 * cost))

    def find_steps(self, db):
        """What the background does for all recipes of all builds."""
        before = self.servers_cpu("workers")
        wait_until("new builds", 600, lambda: self.s.sql(
            db, "SELECT count(*) FROM trend_new")[0][0] == "0")
        self.s.sql(db, "UPDATE trend_due SET due = now()")
        recipes = self.s.sql(db, "SELECT count(*) FROM trend_due")[0][0]
        wait_until("the steps of all recipes", 3600, lambda: self.s.sql(
            db, "SELECT count(*) FROM trend_due")[0][0] == "0")
        spent = self.servers_cpu("workers") - before
        line("steps of all recipes", "%.1f s" % spent,
             "of CPU in the background, %s recipes" % recipes)
