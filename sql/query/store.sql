-- Storing a build, and giving it back.

-- name: store_partition
SELECT build_partition($1);

-- name: store_lock
SELECT pg_advisory_xact_lock($1);

-- The build, and the one that has an error report of it; alone: such a report
-- is all that is known of it.  Behind them the records of test results alone
-- that the build has made: $3 is its machine, NULL if nobody asks.

-- name: store_find
WITH own AS (
    SELECT b.id, b.content, b.started, b.status, b.tasks,
           b.elapsed IS NOT NULL AS finished, b.failed, b.identity = $1 AS own,
           EXISTS (SELECT FROM report r WHERE r.sha256 = b.identity) AS alone
      FROM build b
     WHERE b.identity = $1
        OR b.id = (SELECT r.build FROM report r WHERE r.sha256 = $2)
       FOR UPDATE OF b
), results AS (
    SELECT DISTINCT b.id, b.content, b.started, b.status, b.tasks,
           b.elapsed IS NOT NULL AS finished, b.failed, false AS own,
           true AS alone
      FROM result_run r JOIN build b ON b.id = r.build
     WHERE r.alone AND r.timed AND r.machine = $3
       AND r.ran > $4::timestamptz - interval '1 minute'
       AND r.ran < $4::timestamptz + interval '2 days'
       AND (b.builder = '' OR b.builder = $5)
       AND (b.distro = '' OR $6 = '' OR b.distro = $6)
       AND (r.image = '' OR r.image = $7 OR r.image = ANY ($9::text[]))
       AND (b.commit = '' OR $8 = '' OR starts_with(b.commit, $8)
            OR starts_with($8, b.commit))
       AND NOT EXISTS (SELECT FROM build o
                        WHERE o.machine = $3 AND o.tasks > 0
                          AND o.started > $4 AND o.started < r.ran
                          AND o.builder <> $5)
     LIMIT 20
)
SELECT * FROM own
UNION ALL
SELECT * FROM results r WHERE NOT EXISTS (SELECT FROM own o WHERE o.id = r.id)
 ORDER BY own DESC, id;

-- Found by its number: it is as good as its own.

-- name: store_find_id
SELECT b.id, b.content, b.started, b.status, b.tasks,
       b.elapsed IS NOT NULL AS finished, b.failed, false AS own,
       false AS alone
  FROM build b WHERE b.id = $1 FOR UPDATE;

-- What ran no task is in no trend.

-- name: store_insert
WITH b AS (
    INSERT INTO build (identity, content, uuid, name, builder, machine, distro,
        image, branch, commit, host, targets, layers, tags, task_names,
        started, elapsed, status, packages, tasks, failed, environment,
        metrics, rootfs, repairs, build_stats, cpu_pressure)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
        $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)
    RETURNING id),
new AS (INSERT INTO trend_new (build) SELECT id FROM b WHERE $20 > 0)
SELECT id, EXISTS (SELECT FROM build_size WHERE alone) AS alone FROM b;

-- name: store_update
WITH b AS (
    UPDATE build SET identity = $1, content = $2, uuid = $3, name = $4,
        builder = $5, machine = $6, distro = $7, image = $8, branch = $9,
        commit = $10, host = $11, targets = $12, layers = $13, tags = $14,
        task_names = $15, started = $16, elapsed = $17, status = $18,
        packages = $19, tasks = $20, failed = $21, environment = $22,
        metrics = $23, rootfs = $24, repairs = $25, build_stats = $26,
        cpu_pressure = $27, updated = now()
    WHERE id = $28
    RETURNING id),
new AS (INSERT INTO trend_new (build) SELECT id FROM b ON CONFLICT DO NOTHING)
SELECT id, false AS alone FROM b;

-- name: store_clear_packages
DELETE FROM package_build WHERE build = $1 AND started = $2;

-- name: store_clear_block
DELETE FROM task_block WHERE build = $1 AND started = $2;

-- name: store_clear_series
DELETE FROM series_block WHERE build = $1 AND started = $2;

-- name: store_clear_texts
DELETE FROM build_text WHERE build = $1 AND started = $2;

-- name: store_block
INSERT INTO task_block (started, build, core, columns)
VALUES ($1, $2, $3, $4);

-- name: store_package
INSERT INTO package_build (started, build, recipe, version, first_start,
    elapsed, cputime, failed_task, status, tasks)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: store_packages
COPY package_build (started, build, recipe, version, first_start, elapsed,
    cputime, failed_task, status, tasks) FROM STDIN (FORMAT binary);

-- name: store_series
COPY series_block (started, build, kind, subject, flags, samples, data)
FROM STDIN (FORMAT binary);

-- name: store_text
INSERT INTO build_text (started, build, name, size, data)
VALUES ($1, $2, $3, $4, $5);

-- name: load_build
SELECT identity, content, coalesce(uuid::text, '') AS uuid, name, builder,
       machine, distro, image, branch, commit, host, targets, tags, started,
       elapsed, status, repairs, build_stats,
       coalesce(environment ->> 'distro_version', '') AS distro_version,
       coalesce(environment ->> 'host_info', '') AS host_info,
       coalesce(environment ->> 'host_distro', '') AS host_distro,
       coalesce(environment ->> 'host_arch', '') AS host_arch,
       coalesce(environment ->> 'bitbake_version', '') AS bitbake_version,
       coalesce(environment ->> 'mode', '') AS mode,
       coalesce(environment ->> 'sent', '') AS sent,
       coalesce((environment ->> 'cooker_cpu')::float8, -1) AS cooker_cpu
FROM build WHERE id = $1;

-- name: load_layers
SELECT coalesce(l ->> 'name', '') AS name,
       coalesce(l ->> 'branch', '') AS branch,
       coalesce(l ->> 'commit', '') AS commit,
       CASE l ->> 'modified' WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE -1
       END AS modified
FROM build b,
     jsonb_array_elements(b.environment -> 'layers') WITH ORDINALITY x (l, n)
WHERE b.id = $1 ORDER BY x.n;

-- name: load_origin
SELECT o.key, o.value FROM build b, jsonb_each_text(b.environment -> 'origin') o
WHERE b.id = $1 ORDER BY o.key;

-- name: load_rootfs
SELECT i ->> 'path' AS path, (i ->> 'bytes')::bigint AS bytes
FROM build b, jsonb_array_elements(b.rootfs) WITH ORDINALITY x (i, n)
WHERE b.id = $1 ORDER BY x.n;

-- name: load_block
SELECT core, columns FROM task_block WHERE build = $1 AND started = $2;

-- name: load_core
SELECT core FROM task_block WHERE build = $1 AND started = $2;

-- name: load_columns
SELECT columns FROM task_block WHERE build = $1 AND started = $2;

-- One stretch of the columns each: the toasted value is read from there on.
-- name: load_column
SELECT substr(columns, $3, $4) AS bytes
FROM task_block WHERE build = $1 AND started = $2;

-- name: load_series
SELECT kind, subject, flags, samples, data FROM series_block
WHERE build = $1 AND started = $2 ORDER BY kind, subject COLLATE "C";

-- name: load_texts
SELECT name, size, data FROM build_text
WHERE build = $1 AND started = $2 ORDER BY name COLLATE "C";

-- name: load_text
SELECT size, data FROM build_text
WHERE build = $1 AND started = $2 AND name = $3;
