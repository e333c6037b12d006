-- The first page.

-- Totals over the latest $1 builds, so that their cost has a bound.

-- name: overview_totals
SELECT count(*) AS builds, coalesce(sum(n.tasks), 0)::bigint AS tasks,
       coalesce(sum(n.packages), 0)::bigint AS packages,
       (SELECT started FROM build ORDER BY started, id LIMIT 1) AS since,
       (SELECT count(*) FROM facet
         WHERE kind = 'builder' AND name <> '') AS builders,
       (SELECT count(*) FROM recipe) AS recipes
  FROM (SELECT tasks, packages, started FROM build
         ORDER BY started DESC, id DESC LIMIT $1) n;

-- name: overview_targets
SELECT id, name, machine, distro, image, status, started, elapsed
  FROM build ORDER BY started DESC, id DESC LIMIT 240;

-- What happened since a time, of the latest $2 builds.

-- name: overview_since
SELECT count(*) AS builds,
       count(*) FILTER (WHERE status = 1) AS succeeded,
       count(*) FILTER (WHERE status = 2) AS failed,
       count(*) FILTER (WHERE status = 0) AS running
  FROM (SELECT status FROM build WHERE started >= $1
         ORDER BY started DESC LIMIT $2) n;

-- The packages that failed most recently, once for each machine, and not built
-- there since: how often, and the latest time.  The inner order makes the
-- questions after later successes stop at twelve answers.  The cheap one comes
-- first: a whole build of the same that succeeded; the other goes through the
-- builds for the machine since then, of which the first or second has it.

-- name: overview_failing
SELECT f.recipe_name, f.version_name, f.task, f.machine, f.distro, f.builder,
       f.name, f.build, f.started, f.times
  FROM (SELECT g.*, r.name AS recipe_name, v.name AS version_name,
               coalesce(t.name, '') AS task
          FROM (SELECT DISTINCT ON (w.recipe, w.failed_task, b.machine)
                       w.recipe, w.version, w.failed_task, w.started, w.build,
                       b.machine, b.distro, b.builder, b.name, b.image,
                       count(*) OVER (PARTITION BY w.recipe, w.failed_task,
                                      b.machine) AS times
                  FROM (SELECT started, build, recipe, version, failed_task
                          FROM package_build WHERE status = 2
                         ORDER BY started DESC LIMIT 60) w
                  JOIN build b ON b.id = w.build
                 ORDER BY w.recipe, w.failed_task, b.machine, w.started DESC) g
          JOIN recipe r ON r.id = g.recipe
          JOIN recipe_version v ON v.id = g.version
          LEFT JOIN task_name t ON t.id = g.failed_task
         ORDER BY g.started DESC, r.name, t.name OFFSET 0) f
 WHERE CASE WHEN (SELECT gb.id FROM build gb
                   WHERE gb.machine = f.machine AND gb.started > f.started
                     AND gb.image = f.image AND gb.status = 1
                   ORDER BY gb.started LIMIT 1) IS NOT NULL
            THEN false
            ELSE (SELECT sb.id FROM build sb
                   WHERE sb.machine = f.machine AND sb.started > f.started
                     AND (SELECT s.build FROM package_build s
                           WHERE s.recipe = f.recipe AND s.started = sb.started
                             AND s.build = sb.id AND s.status = 1
                           LIMIT 1) IS NOT NULL
                   ORDER BY sb.started LIMIT 1) IS NULL
       END
 LIMIT 12;

-- Errors that nobody had before a time: how often since then, on how many
-- builders, and the newest of each.  Among the newest thousand failures, so
-- that the cost has a bound.

-- name: overview_new
WITH recent AS MATERIALIZED (
SELECT id, seen, sig_lines, builder FROM failure
 WHERE seen >= $1 ORDER BY seen DESC, id DESC LIMIT 1000),
fresh AS MATERIALIZED (
SELECT g.* FROM (SELECT r.sig_lines, count(*) AS times,
                        count(DISTINCT r.builder) AS builders,
                        (array_agg(r.id ORDER BY r.seen DESC, r.id DESC))[1]
                            AS newest
                   FROM recent r WHERE r.sig_lines IS NOT NULL
                  GROUP BY r.sig_lines) g
 WHERE (SELECT o.seen FROM failure o WHERE o.sig_lines = g.sig_lines
         ORDER BY o.seen LIMIT 1) >= $1)
SELECT f.id, f.build, f.kind, f.first_line, f.builder, f.machine, f.distro,
       f.image, f.branch, f.seen, f.started, f.log, f.sig_block, f.sig_lines,
       f.sig_task, r.name AS recipe, v.name AS version, t.name AS task,
       g.times - 1 AS similar, g.builders,
       (SELECT count(*) FROM fresh) AS total,
       (SELECT count(DISTINCT a.builder) FROM recent a
          JOIN fresh b ON b.sig_lines = a.sig_lines) AS all_builders
  FROM (SELECT * FROM fresh ORDER BY newest DESC LIMIT 12) g
  JOIN failure f ON f.id = g.newest
  LEFT JOIN recipe r ON r.id = f.recipe
  LEFT JOIN recipe_version v ON v.id = f.version
  LEFT JOIN task_name t ON t.id = f.task
 ORDER BY f.seen DESC, f.id DESC;
