-- What buildstats-admin asks.

-- name: schema_lock
SELECT pg_advisory_xact_lock(7218331001);

-- name: schema_table
CREATE TABLE IF NOT EXISTS schema_version (
    version integer PRIMARY KEY,
    name    text NOT NULL,
    applied timestamptz NOT NULL DEFAULT now()
);

-- name: schema_exists
SELECT to_regclass('schema_version') IS NOT NULL AS present;

-- name: schema_current
SELECT coalesce(max(version), 0) AS version FROM schema_version;

-- name: schema_add
INSERT INTO schema_version (version, name) VALUES ($1, $2);

-- name: partitions_ahead
SELECT build_partition(t)
FROM generate_series(date_trunc('month', now()),
                     date_trunc('month', now()) + interval '2 months',
                     interval '1 month') t;

-- name: partition_list
SELECT c.relname AS name,
       p.relname AS parent,
       right(c.relname, 7) AS month,
       pg_total_relation_size(c.oid) AS bytes
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
JOIN pg_class p ON p.oid = i.inhparent
WHERE p.relname IN ('package_build', 'task_block', 'series_block', 'build_text')
  AND p.relkind = 'p' AND c.relkind = 'r'
  AND pg_table_is_visible(p.oid)
ORDER BY month, parent;

-- name: token_add
INSERT INTO token (sha256, builder) VALUES ($1, $2) RETURNING id;

-- name: token_list
SELECT id, builder, created, revoked FROM token ORDER BY id;

-- name: token_revoke
UPDATE token SET revoked = now() WHERE id = $1 AND revoked IS NULL;

-- name: prune_count
SELECT count(*) AS builds, coalesce(sum(tasks), 0)::bigint AS tasks
FROM build WHERE started < $1;

-- name: prune_lock
SELECT pg_advisory_xact_lock(7218331002);

-- Names of months, all of which lies before $1.
-- name: prune_months
SELECT DISTINCT right(c.relname, 7) AS month
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
JOIN pg_class p ON p.oid = i.inhparent
WHERE p.relname = 'build_text' AND pg_table_is_visible(p.oid)
  AND right(c.relname, 7) < to_char($1::timestamptz, 'YYYY_MM')
ORDER BY month;

-- name: prune_partition
SELECT build_partition_drop($1);

-- name: prune_months_ago
SELECT date_trunc('month', now()) - make_interval(months => $1::integer)
    AS before;

-- The rest of the month that $1 is in.
-- name: prune_package_build
DELETE FROM package_build WHERE started < $1;

-- name: prune_task_block
DELETE FROM task_block WHERE started < $1;

-- name: prune_series_block
DELETE FROM series_block WHERE started < $1;

-- name: prune_build_text
DELETE FROM build_text WHERE started < $1;

-- name: prune_build
DELETE FROM build WHERE started < $1;

-- name: prune_facets
DELETE FROM facet f
WHERE NOT EXISTS (
    SELECT FROM build b
    WHERE CASE f.kind
          WHEN 'builder' THEN b.builder = f.name
          WHEN 'machine' THEN b.machine = f.name
          WHEN 'distro' THEN b.distro = f.name
          WHEN 'image' THEN b.image = f.name
          WHEN 'branch' THEN b.branch = f.name
          WHEN 'layer' THEN b.layers @> ARRAY[f.name]
          WHEN 'tag' THEN b.tags @> ARRAY[f.name]
          END);

-- name: doctor_server
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::integer AS number,
       pg_is_in_recovery() AS standby,
       pg_database_size(current_database()) AS bytes,
       EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS trigrams;

-- name: doctor_ahead
SELECT to_char(m, 'YYYY-MM') AS month,
       to_regclass('build_text_' || to_char(m, 'YYYY_MM')) IS NOT NULL
           AS present
FROM generate_series(date_trunc('month', now()),
                     date_trunc('month', now()) + interval '1 month',
                     interval '1 month') m;

-- name: doctor_orphans
SELECT 'package_build' AS name, count(*) AS rows FROM package_build x
WHERE NOT EXISTS (SELECT FROM build b
                  WHERE b.id = x.build AND b.started = x.started)
UNION ALL
SELECT 'task_block', count(*) FROM task_block x
WHERE NOT EXISTS (SELECT FROM build b
                  WHERE b.id = x.build AND b.started = x.started)
UNION ALL
SELECT 'series_block', count(*) FROM series_block x
WHERE NOT EXISTS (SELECT FROM build b
                  WHERE b.id = x.build AND b.started = x.started)
UNION ALL
SELECT 'build_text', count(*) FROM build_text x
WHERE NOT EXISTS (SELECT FROM build b
                  WHERE b.id = x.build AND b.started = x.started)
UNION ALL
SELECT 'failure', count(*) FROM failure x
WHERE NOT EXISTS (SELECT FROM build b
                  WHERE b.id = x.build AND b.started = x.started)
UNION ALL
SELECT 'report', count(*) FROM report x
WHERE NOT EXISTS (SELECT FROM build b WHERE b.id = x.build)
UNION ALL
SELECT 'log in pieces', count(*) FROM log x
WHERE x.size <> (SELECT coalesce(sum(c.size), 0) FROM log_chunk c
                  WHERE c.log = x.id)
UNION ALL
SELECT 'build without tasks', count(*) FROM build b
WHERE NOT EXISTS (SELECT FROM task_block x
                  WHERE x.build = b.id AND x.started = b.started);

-- name: doctor_sizes
SELECT coalesce(p.relname, c.relname) AS name,
       sum(pg_total_relation_size(c.oid))::bigint AS bytes
FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
LEFT JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: doctor_counts
SELECT count(*) AS builds, coalesce(sum(tasks), 0)::bigint AS tasks FROM build;

-- name: verify_list
SELECT id, name, started, tasks, packages, failed
FROM build WHERE $1::integer IS NULL OR id = $1 ORDER BY id;

-- name: verify_packages
SELECT p.tasks, p.status FROM package_build p
WHERE p.build = $1 AND p.started = $2;

-- ---- failures ----

-- name: export_logs
SELECT r.name AS recipe, t.name AS task, l.id, l.size
  FROM failure f
  JOIN log l ON l.id = f.log
  JOIN recipe r ON r.id = f.recipe
  JOIN task_name t ON t.id = f.task
 WHERE f.build = $1 AND f.kind = 1 ORDER BY r.name, t.name, f.id;

-- name: prune_failure_count
SELECT count(*) AS failures FROM failure WHERE started < $1;

-- name: prune_failure
DELETE FROM failure WHERE started < $1;

-- Who stores a failure stores its log and signatures a moment before.

-- name: prune_log
DELETE FROM log l WHERE received < now() - interval '1 day'
   AND NOT EXISTS (SELECT FROM failure f WHERE f.log = l.id);

-- name: prune_signature
DELETE FROM signature s WHERE made < now() - interval '1 day'
   AND NOT EXISTS (SELECT FROM failure f WHERE f.sig_block = s.id)
   AND NOT EXISTS (SELECT FROM failure f WHERE f.sig_lines = s.id)
   AND NOT EXISTS (SELECT FROM failure f WHERE f.sig_task = s.id);

-- name: prune_report
DELETE FROM report r
 WHERE NOT EXISTS (SELECT FROM build b WHERE b.id = r.build);

-- name: prune_build_moved
DELETE FROM build_moved m
 WHERE NOT EXISTS (SELECT FROM build b WHERE b.id = m.build);

-- name: prune_failure_moved
DELETE FROM failure_moved m
 WHERE NOT EXISTS (SELECT FROM failure f WHERE f.id = m.failure);
