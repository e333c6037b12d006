-- Test results: kept, and asked for.

-- ---- storing; aside, a transaction each, so that nobody waits ----

-- name: result_file_store
WITH given AS MATERIALIZED (
    SELECT (SELECT id FROM result_file WHERE sha256 = $1) AS id
      FROM set_config('synchronous_commit', 'off', true)
), new AS (
    INSERT INTO result_file (sha256, size, masked)
    SELECT $1, $2, $3 FROM given WHERE id IS NULL
    ON CONFLICT DO NOTHING
    RETURNING id
), piece AS (
    INSERT INTO result_chunk (file, n, start, size, data)
    SELECT new.id, p.n, p.start, p.size, p.data
      FROM new, unnest($4::integer[], $5::bigint[], $6::integer[],
                       $7::bytea[]) AS p (n, start, size, data)
)
SELECT id FROM new
UNION ALL
SELECT id FROM given WHERE id IS NOT NULL;

-- Who stores a run looks its names up a moment before; prune leaves those of
-- the last day alone.

-- name: result_names_store
WITH given AS MATERIALIZED (
    SELECT g.sha256, g.data,
           (SELECT n.id FROM result_names n WHERE n.sha256 = g.sha256) AS id
      FROM set_config('synchronous_commit', 'off', true),
           unnest($1::bytea[], $2::bytea[]) AS g (sha256, data)
), new AS (
    INSERT INTO result_names (sha256, data)
    SELECT sha256, data FROM given WHERE id IS NULL ORDER BY sha256
    ON CONFLICT DO NOTHING
    RETURNING id, sha256
), again AS (
    UPDATE result_names n SET used = now()
      FROM given g
     WHERE n.id = g.id AND n.used < now() - interval '12 hours'
)
SELECT id, sha256 FROM new
UNION ALL
SELECT id, sha256 FROM given WHERE id IS NOT NULL;

-- name: result_names_find
SELECT id, sha256 FROM result_names WHERE sha256 = ANY ($1::bytea[]);

-- name: result_file_find
SELECT id FROM result_file WHERE sha256 = $1;

-- ---- storing; in the build's transaction ----

-- name: result_run_stored
SELECT id, content, log_bytes,
       passed + failed + skipped + expected + blocked + other AS cases
  FROM result_run WHERE build = $1 AND name = $2;

-- name: result_run_delete
DELETE FROM result_run WHERE id = $1;

-- name: result_run_insert
INSERT INTO result_run (build, name, content, file, position, type, machine,
    image, same, ran, timed, alone, configuration, passed, failed, skipped,
    expected, blocked, other, seconds, log_bytes, names, cases)
SELECT b.id, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, b.started),
       $10 IS NOT NULL, $11 = 1, $12, $13, $14, $15, $16, $17, $18, $19, $20,
       $21, $22
  FROM build b WHERE b.id = $1
RETURNING id;

-- name: result_failed_insert
INSERT INTO result_failed (run, n, first_line, excerpt)
SELECT $1, f.n, f.first_line, f.excerpt
  FROM unnest($2::integer[], $3::text[], $4::text[])
           AS f (n, first_line, excerpt);

-- Builds that may have made results: of the machine, distro, image and commit,
-- as far as both know them, started within two days before.  Those that were
-- running then come first.

-- name: result_builds
SELECT b.id, b.builder,
       b.elapsed IS NOT NULL AND $2 <= b.started
           + make_interval(secs => b.elapsed) + interval '1 minute' AS during
  FROM build b
 WHERE b.machine = $1 AND b.tasks > 0
   AND b.started > $2::timestamptz - interval '2 days'
   AND b.started < $2::timestamptz + interval '1 minute'
   AND ($3 = '' OR b.builder = $3)
   AND ($4 = '' OR b.distro = '' OR b.distro = $4)
   AND ($5 = '' OR b.image = $5 OR b.targets @> ARRAY[$5::text])
   AND ($6 = '' OR b.commit = '' OR starts_with(b.commit, $6)
        OR starts_with($6, b.commit))
 ORDER BY during DESC, b.started DESC, b.id DESC LIMIT 20;

-- name: takeover_results
WITH kept AS (
    DELETE FROM result_run r WHERE r.build = $1
       AND EXISTS (SELECT FROM result_run o
                    WHERE o.build = $2 AND o.name = r.name)
)
UPDATE result_run r SET build = $2, alone = false
 WHERE r.build = $1
   AND NOT EXISTS (SELECT FROM result_run o
                    WHERE o.build = $2 AND o.name = r.name);

-- ---- asking ----

-- name: result_runs
SELECT r.id, r.name, r.type, r.machine, r.image, r.same, r.ran, r.timed,
       r.alone, r.configuration, r.passed, r.failed, r.skipped, r.expected,
       r.blocked, r.other, r.seconds, r.log_bytes, r.file, r.position,
       f.sha256, f.size, f.masked
  FROM result_run r JOIN result_file f ON f.id = r.file
 WHERE r.build = $1 ORDER BY r.ran, r.name, r.id;

-- name: result_cases
SELECT names, cases FROM result_run WHERE id = $1;

-- name: result_names_load
SELECT id, data FROM result_names WHERE id = ANY ($1::integer[]);

-- name: result_failed_load
SELECT n, first_line, excerpt FROM result_failed WHERE run = $1 ORDER BY n;

-- The run of the same test before: by its time, then by that of its build.

-- name: result_before
SELECT r.id, r.build, r.name, r.ran, b.name AS build_name,
       b.commit, b.started, r.passed, r.failed, r.skipped, r.expected,
       r.blocked, r.other
  FROM result_run r JOIN build b ON b.id = r.build
 WHERE r.same = $1 AND (r.ran, r.id) < ($2, $3)
 ORDER BY r.ran DESC, r.id DESC LIMIT 1;

-- The first failed cases of a build's runs.

-- name: result_pieces
SELECT n, start, size, data FROM result_chunk
 WHERE file = $1 AND start + size > $2 ORDER BY n LIMIT $3;

-- ---- buildstats-admin ----

-- name: prune_result_run
DELETE FROM result_run r
 WHERE NOT EXISTS (SELECT FROM build b WHERE b.id = r.build);

-- name: prune_result_file
DELETE FROM result_file f WHERE received < now() - interval '1 day'
   AND NOT EXISTS (SELECT FROM result_run r WHERE r.file = f.id);

-- name: prune_result_names
DELETE FROM result_names WHERE used < now() - interval '1 day'
   AND id NOT IN (SELECT unnest(names) FROM result_run);
