-- The last good and the first bad build of a recipe on one target.  Each looks
-- at no more than 500 results of the recipe.

-- The newest success before a build; on its branch if there is one.

-- name: turn_good
SELECT p.started, p.build, p.status, p.elapsed, p.cputime, v.name AS version,
       '' AS failed_task, b.name, b.builder, b.machine, b.distro, b.image,
       b.branch, b.commit
  FROM (SELECT started, build, status, elapsed, cputime, version
          FROM package_build
         WHERE recipe = $1 AND status = 1 AND started < $2
         ORDER BY started DESC, build DESC LIMIT 500) p
  JOIN build b ON b.id = p.build
  JOIN recipe_version v ON v.id = p.version
 WHERE b.machine = $3 AND b.distro = $4
 ORDER BY b.branch = $5 DESC, p.started DESC, p.build DESC LIMIT 1;

-- The oldest failure between a success (or the beginning) and a build.

-- name: turn_bad
SELECT p.started, p.build, p.status, p.elapsed, p.cputime, v.name AS version,
       coalesce(t.name, '') AS failed_task, b.name, b.builder, b.machine,
       b.distro, b.image, b.branch, b.commit
  FROM (SELECT started, build, status, elapsed, cputime, version, failed_task
          FROM package_build
         WHERE recipe = $1 AND status = 2 AND started > $2 AND started <= $3
         ORDER BY started, build LIMIT 500) p
  JOIN build b ON b.id = p.build
  JOIN recipe_version v ON v.id = p.version
  LEFT JOIN task_name t ON t.id = p.failed_task
 WHERE b.machine = $4 AND b.distro = $5 AND b.branch = $6
 ORDER BY p.started, p.build LIMIT 1;
