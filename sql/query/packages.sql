-- The packages of one build.  Numbers are sorted and cut before the
-- dictionaries are asked: SELECT ... FROM (rows ORDER LIMIT) p JOIN ... ORDER.

-- fragment: packages_rows
SELECT r.name AS recipe, v.name AS version, p.first_start, p.elapsed,
       p.cputime, t.name AS failed_task, p.status, p.tasks
  FROM (SELECT p.recipe, p.version, p.first_start, p.elapsed, p.cputime,
               p.failed_task, p.status, p.tasks
          FROM package_build p

-- fragment: packages_named
JOIN recipe r ON r.id = p.recipe JOIN recipe_version v ON v.id = p.version

-- fragment: packages_where_started
WHERE p.started = $?

-- fragment: packages_where_build
AND p.build = $?

-- fragment: packages_where_status
AND p.status = ANY ($?)

-- fragment: packages_where_recipe
AND p.recipe = $?

-- fragment: packages_where_version
AND p.version = $?

-- fragment: packages_where_task
AND p.failed_task IN (SELECT id FROM task_name WHERE name = $?)

-- fragment: packages_where_min
AND p.elapsed >= $?

-- fragment: packages_close
) p JOIN recipe r ON r.id = p.recipe JOIN recipe_version v ON v.id = p.version
LEFT JOIN task_name t ON t.id = p.failed_task

-- fragment: packages_totals
SELECT count(*) AS total, count(*) FILTER (WHERE p.status = 2) AS failed,
       count(*) FILTER (WHERE p.status = 1) AS succeeded,
       max(p.elapsed) AS longest FROM package_build p

-- fragment: packages_by_recipe
ORDER BY r.name, v.name

-- fragment: packages_by_recipe_down
ORDER BY r.name DESC, v.name DESC

-- fragment: packages_by_version
ORDER BY v.name, r.name

-- fragment: packages_by_version_down
ORDER BY v.name DESC, r.name

-- fragment: packages_by_status
ORDER BY p.status, p.elapsed DESC NULLS LAST, p.recipe, p.version

-- fragment: packages_by_status_down
ORDER BY p.status DESC, p.elapsed DESC NULLS LAST, p.recipe, p.version

-- fragment: packages_by_started
ORDER BY p.first_start NULLS LAST, p.recipe, p.version

-- fragment: packages_by_started_down
ORDER BY p.first_start DESC NULLS LAST, p.recipe, p.version

-- fragment: packages_by_elapsed
ORDER BY p.elapsed NULLS LAST, p.recipe, p.version

-- fragment: packages_by_elapsed_down
ORDER BY p.elapsed DESC NULLS LAST, p.recipe, p.version

-- fragment: packages_by_cputime
ORDER BY p.cputime NULLS LAST, p.recipe, p.version

-- fragment: packages_by_cputime_down
ORDER BY p.cputime DESC NULLS LAST, p.recipe, p.version

-- fragment: packages_by_tasks
ORDER BY length(p.tasks), p.recipe, p.version

-- fragment: packages_by_tasks_down
ORDER BY length(p.tasks) DESC, p.recipe, p.version
