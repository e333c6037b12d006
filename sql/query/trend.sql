-- Trends: the latest runs of a recipe, and whole builds, newest first.

-- fragment: trend_rows
SELECT p.started, p.build, p.status, p.elapsed / 100::float8 AS wall,
       p.cputime / 100::float8 AS cpu, p.tasks, v.name AS version, b.name,
       b.builder, b.machine, b.distro, b.image, b.branch, b.commit,
       b.cpu_pressure AS pressure
  FROM package_build p
  JOIN build b ON b.id = p.build
  JOIN recipe_version v ON v.id = p.version
 WHERE p.recipe = $?

-- fragment: trend_where_branch
AND b.branch = $?

-- fragment: trend_where_build
AND b.id = $?

-- fragment: trend_where_image
AND b.image = $?

-- fragment: trend_where_since
AND p.started >= $?

-- fragment: trend_where_until
AND p.started < $?

-- fragment: trend_end
ORDER BY p.started DESC, p.build DESC LIMIT $?

-- Whole builds: a metric's sum or largest value.

-- fragment: trend_build_rows
SELECT b.started, b.id AS build, b.status, b.elapsed AS wall,
       (b.metrics #>> '{cputime,0}')::float8 AS cpu,
       (b.metrics -> $? ->> $?::integer)::float8 AS value,
       b.tasks, '' AS version, b.name,
       b.builder, b.machine, b.distro, b.image, b.branch, b.commit,
       b.cpu_pressure AS pressure
  FROM build b
 WHERE (b.tasks > 0 OR jsonb_exists(b.metrics, $?))

-- fragment: trend_build_where_since
AND b.started >= $?

-- fragment: trend_build_where_until
AND b.started < $?

-- fragment: trend_build_end
ORDER BY b.started DESC, b.id DESC LIMIT $?

-- name: trend_task_names
SELECT id, name FROM task_name WHERE id = ANY ($1);

-- Builds that were stored, by those that are to be looked at.

-- name: trend_take
WITH taken AS (
    DELETE FROM trend_new WHERE build IN
        (SELECT build FROM trend_new ORDER BY build LIMIT 20
            FOR UPDATE SKIP LOCKED)
    RETURNING build),
due AS (
    INSERT INTO trend_due (recipe, due)
    SELECT r.recipe, now() + interval '5 minutes'
      FROM (SELECT 0 AS recipe FROM taken
             UNION
            SELECT p.recipe FROM taken t
              JOIN build b ON b.id = t.build
              JOIN package_build p
                ON p.build = b.id AND p.started = b.started
             ORDER BY 1) r
    ON CONFLICT DO NOTHING)
SELECT count(*) AS builds FROM taken;

-- name: trend_next
SELECT d.recipe FROM trend_due d WHERE d.due <= now()
 ORDER BY d.due, d.recipe LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: trend_done
DELETE FROM trend_due WHERE recipe = $1;

-- name: trend_forget
DELETE FROM trend_step WHERE recipe = $1;

-- name: trend_step_add
INSERT INTO trend_step (recipe, task, image, machine, builder, metric, verdict,
    seen, build_before, build_after, runs_before, runs_after, change,
    value_before, value_after, wall_before, wall_after, cpu_before, cpu_after,
    pressure_before, pressure_after)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
    $17, $18, $19, $20, $21);

-- name: trend_left
SELECT (SELECT count(*) FROM trend_new) AS builds,
       (SELECT count(*) FROM trend_due) AS recipes,
       (SELECT coalesce(extract(epoch FROM now() - min(due)), 0)::float8
          FROM trend_due) AS age;

-- Steps: SELECT ... FROM ... WHERE ... [AND ...] ORDER BY ... LIMIT.

-- fragment: step_rows
SELECT coalesce(r.name, '') AS recipe, coalesce(t.name, '') AS task, s.image,
       s.machine, s.builder, s.metric, s.verdict, s.seen, s.build_before,
       s.build_after, s.runs_before, s.runs_after, s.change, s.value_before,
       s.value_after, s.wall_before, s.wall_after, s.cpu_before, s.cpu_after,
       s.pressure_before, s.pressure_after, b.name AS build_name,
       b.distro, b.branch

-- fragment: step_count
SELECT count(*) FILTER (WHERE s.verdict = 1) AS worse,
       count(*) FILTER (WHERE s.verdict = 2) AS better,
       count(*) FILTER (WHERE s.verdict IN (3, 4)) AS host

-- fragment: step_from
  FROM trend_step s
  JOIN build b ON b.id = s.build_after
  JOIN build o ON o.id = s.build_before
  LEFT JOIN recipe r ON r.id = s.recipe
  LEFT JOIN task_name t ON t.id = s.task
 WHERE s.seen >= $?

-- fragment: step_where_machine
AND s.machine = $?

-- fragment: step_where_builder
AND s.builder = $?

-- fragment: step_where_recipe
AND r.name = $?

-- fragment: step_where_task
AND t.name = $?

-- fragment: step_where_until
AND s.seen < $?

-- fragment: step_where_verdicts
AND s.verdict = ANY ($?)

-- fragment: step_by_seen
ORDER BY s.seen, s.recipe, s.machine, s.builder

-- fragment: step_by_seen_down
ORDER BY s.seen DESC, s.recipe, s.machine, s.builder

-- fragment: step_by_change
ORDER BY s.change, s.seen DESC, s.recipe, s.machine, s.builder

-- fragment: step_by_change_down
ORDER BY s.change DESC, s.seen DESC, s.recipe, s.machine, s.builder

-- fragment: step_by_diff
ORDER BY s.value_after - s.value_before, s.seen DESC, s.recipe, s.machine

-- fragment: step_by_diff_down
ORDER BY s.value_after - s.value_before DESC, s.seen DESC, s.recipe, s.machine

-- fragment: step_by_recipe
ORDER BY r.name NULLS FIRST, s.seen DESC, s.machine, s.builder

-- fragment: step_by_recipe_down
ORDER BY r.name DESC NULLS LAST, s.seen DESC, s.machine, s.builder
