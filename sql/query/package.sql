-- One recipe over all builds: SELECT ... FROM ... [AND ...] ORDER BY ... LIMIT.

-- The latest results, and those of one status beyond them.

-- name: package_window
SELECT p.started, p.build, p.status, p.elapsed, p.cputime, v.name AS version,
       coalesce(t.name, '') AS failed_task, b.name, b.builder, b.machine,
       b.distro, b.image, b.branch, b.commit
  FROM (SELECT started, build, status, elapsed, cputime, version, failed_task
          FROM package_build WHERE recipe = $1
         ORDER BY started DESC, build DESC, version LIMIT 150) p
  JOIN build b ON b.id = p.build
  JOIN recipe_version v ON v.id = p.version
  LEFT JOIN task_name t ON t.id = p.failed_task
 ORDER BY p.started DESC, p.build DESC, p.version;

-- name: package_more_failures
SELECT p.started, p.build, p.status, p.elapsed, p.cputime, v.name AS version,
       coalesce(t.name, '') AS failed_task, b.name, b.builder, b.machine,
       b.distro, b.image, b.branch, b.commit
  FROM (SELECT started, build, status, elapsed, cputime, version, failed_task
          FROM package_build
         WHERE recipe = $1 AND status = 2 AND started < $2
         ORDER BY started DESC, build DESC, version LIMIT 40) p
  JOIN build b ON b.id = p.build
  JOIN recipe_version v ON v.id = p.version
  LEFT JOIN task_name t ON t.id = p.failed_task
 ORDER BY p.started DESC, p.build DESC, p.version;

-- name: package_more_successes
SELECT p.started, p.build, p.status, p.elapsed, p.cputime, v.name AS version,
       '' AS failed_task, b.name, b.builder, b.machine, b.distro, b.image,
       b.branch, b.commit
  FROM (SELECT started, build, status, elapsed, cputime, version
          FROM package_build
         WHERE recipe = $1 AND status = 1 AND started < $2
         ORDER BY started DESC, build DESC, version LIMIT 40) p
  JOIN build b ON b.id = p.build
  JOIN recipe_version v ON v.id = p.version
 ORDER BY p.started DESC, p.build DESC, p.version;

-- The latest successes on one machine, which the window may not reach.

-- name: package_successes_on
SELECT p.started, p.build, p.status, p.elapsed, p.cputime, v.name AS version,
       '' AS failed_task, b.name, b.builder, b.machine, b.distro, b.image,
       b.branch, b.commit
  FROM package_build p
  JOIN build b ON b.id = p.build
  JOIN recipe_version v ON v.id = p.version
 WHERE p.recipe = $1 AND p.status = 1 AND b.machine = $2
 ORDER BY p.started DESC LIMIT 50;

-- name: package_in_build
SELECT v.name AS version FROM package_build p
  JOIN recipe_version v ON v.id = p.version
 WHERE p.build = $1 AND p.started = $2 AND p.recipe = $3
 ORDER BY v.name LIMIT 1;

-- name: package_environments
SELECT b.id, coalesce(b.environment ->> 'host_distro', '') AS host_distro,
       coalesce(b.environment ->> 'bitbake_version', '') AS bitbake_version
  FROM build b WHERE b.id = ANY ($1);

-- fragment: package_rows
SELECT p.started, p.build, p.status, p.elapsed, p.cputime, v.name AS version,
       coalesce(t.name, '') AS failed_task, b.name, b.builder, b.machine,
       b.distro, b.image, b.branch, b.commit

-- fragment: package_count
SELECT count(*) AS total FROM (SELECT 1

-- fragment: package_count_end
LIMIT $?) n

-- fragment: package_from_bare
FROM package_build p WHERE p.recipe = $?

-- fragment: package_from
FROM package_build p
JOIN build b ON b.id = p.build
JOIN recipe_version v ON v.id = p.version
LEFT JOIN task_name t ON t.id = p.failed_task
WHERE p.recipe = $?

-- fragment: package_where_statuses
AND p.status = ANY ($?)

-- fragment: package_where_machine
AND b.machine = $?

-- fragment: package_where_distro
AND b.distro = $?

-- fragment: package_where_builder
AND b.builder = $?

-- fragment: package_where_version
AND v.name = $?

-- fragment: package_by_started
ORDER BY p.started, p.build

-- fragment: package_by_started_down
ORDER BY p.started DESC, p.build DESC

-- fragment: package_by_version
ORDER BY v.name, p.started DESC, p.build DESC

-- fragment: package_by_version_down
ORDER BY v.name DESC, p.started DESC, p.build DESC

-- fragment: package_by_machine
ORDER BY b.machine, p.started DESC, p.build DESC

-- fragment: package_by_machine_down
ORDER BY b.machine DESC, p.started DESC, p.build DESC

-- fragment: package_by_distro
ORDER BY b.distro, p.started DESC, p.build DESC

-- fragment: package_by_distro_down
ORDER BY b.distro DESC, p.started DESC, p.build DESC

-- fragment: package_by_builder
ORDER BY b.builder, p.started DESC, p.build DESC

-- fragment: package_by_builder_down
ORDER BY b.builder DESC, p.started DESC, p.build DESC

-- fragment: package_by_branch
ORDER BY b.branch, p.started DESC, p.build DESC

-- fragment: package_by_branch_down
ORDER BY b.branch DESC, p.started DESC, p.build DESC

-- fragment: package_by_image
ORDER BY b.image, p.started DESC, p.build DESC

-- fragment: package_by_image_down
ORDER BY b.image DESC, p.started DESC, p.build DESC

-- fragment: package_by_status
ORDER BY p.status, p.started DESC, p.build DESC

-- fragment: package_by_status_down
ORDER BY p.status DESC, p.started DESC, p.build DESC

-- fragment: package_by_elapsed
ORDER BY p.elapsed NULLS LAST, p.started DESC, p.build DESC

-- fragment: package_by_elapsed_down
ORDER BY p.elapsed DESC NULLS LAST, p.started DESC, p.build DESC

-- fragment: package_by_cputime
ORDER BY p.cputime NULLS LAST, p.started DESC, p.build DESC

-- fragment: package_by_cputime_down
ORDER BY p.cputime DESC NULLS LAST, p.started DESC, p.build DESC
