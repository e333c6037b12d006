-- Failures: kept with their build, and found again.

-- Those of a build that are stored, in the order of their numbers.

-- name: failure_stored
SELECT f.id, f.kind, coalesce(f.recipe, 0) AS recipe,
       coalesce(f.version, 0) AS version, coalesce(f.task, 0) AS task,
       coalesce(f.log, 0) AS log, coalesce(f.sig_task, 0) AS sig_task,
       coalesce(f.sig_lines, 0) AS sig_lines, f.message = '' AS bare,
       coalesce(r.name, '') AS recipe_name,
       coalesce(v.name, '') AS version_name,
       coalesce(t.name, '') AS task_name, f.first_line
  FROM failure f
  LEFT JOIN recipe r ON r.id = f.recipe
  LEFT JOIN recipe_version v ON v.id = f.version
  LEFT JOIN task_name t ON t.id = f.task
 WHERE f.build = $1 ORDER BY f.id LIMIT $2;

-- Of numbers that were given out: those that somebody has.

-- name: failure_taken
SELECT id FROM failure WHERE id = ANY ($1::integer[]);

-- Number 0 is replaced by a new one.

-- name: failure_insert
WITH given AS MATERIALIZED (
    SELECT g.n, CASE g.number WHEN 0 THEN nextval('failure_id')::integer
                ELSE g.number END AS id,
           g.seen, g.kind, g.recipe, g.version, g.task, g.log, g.sig_block,
           g.sig_lines, g.sig_task, g.first_line, g.message
      FROM unnest($2::integer[], $3::timestamptz[], $4::smallint[],
                  $5::integer[], $6::integer[], $7::integer[], $8::integer[],
                  $9::integer[], $10::integer[], $11::integer[], $12::text[],
                  $13::text[]) WITH ORDINALITY
               AS g (number, seen, kind, recipe, version, task, log, sig_block,
                     sig_lines, sig_task, first_line, message, n)
), stored AS (
    INSERT INTO failure (id, build, started, seen, kind, recipe, version, task,
        log, sig_block, sig_lines, sig_task, first_line, message, signed,
        builder, machine, distro, image, branch)
    SELECT g.id, b.id, b.started, g.seen, g.kind, nullif(g.recipe, 0),
           nullif(g.version, 0), nullif(g.task, 0), nullif(g.log, 0),
           nullif(g.sig_block, 0), nullif(g.sig_lines, 0),
           nullif(g.sig_task, 0), g.first_line, g.message, $14::smallint,
           b.builder, b.machine, b.distro, b.image, b.branch
      FROM given g, build b WHERE b.id = $1
)
SELECT id FROM given ORDER BY n;

-- What has become known of stored failures; log 0 leaves what is there.

-- name: failure_update
UPDATE failure f SET seen = coalesce(g.seen, f.seen),
       version = coalesce(nullif(g.version, 0), f.version),
       log = coalesce(nullif(g.log, 0), f.log),
       sig_block = CASE WHEN g.told THEN nullif(g.sig_block, 0)
                        ELSE f.sig_block END,
       sig_lines = CASE WHEN g.told THEN nullif(g.sig_lines, 0)
                        ELSE f.sig_lines END,
       sig_task = CASE WHEN g.told THEN nullif(g.sig_task, 0)
                       ELSE f.sig_task END,
       first_line = CASE WHEN g.told THEN g.first_line ELSE f.first_line END,
       message = CASE WHEN g.told THEN g.message ELSE f.message END,
       signed = CASE WHEN g.told THEN $9::smallint ELSE f.signed END
  FROM (SELECT id, seen, version, log, sig_block, sig_lines, sig_task,
               first_line IS NOT NULL AS told, first_line, message
          FROM unnest($1::integer[], $2::timestamptz[], $3::integer[],
                      $4::integer[], $5::integer[], $6::integer[],
                      $7::integer[], $8::text[], $10::text[])
                   AS u (id, seen, version, log, sig_block, sig_lines,
                         sig_task, first_line, message)) g
 WHERE f.id = g.id;

-- name: failure_delete
DELETE FROM failure WHERE id = ANY ($1::integer[]);

-- What is copied from a build that was replaced.

-- name: failure_follow
UPDATE failure f SET started = b.started, builder = b.builder,
       machine = b.machine, distro = b.distro, image = b.image,
       branch = b.branch
  FROM build b
 WHERE b.id = $1 AND f.build = b.id
   AND (f.started, f.builder, f.machine, f.distro, f.image, f.branch)
       IS DISTINCT FROM
       (b.started, b.builder, b.machine, b.distro, b.image, b.branch);

-- What is known of the like of a build's first failures, each of them aside.
-- An index says how many there are; rows are read of the first, the last and
-- the latest.  Not for a list of numbers: that would be planned anew each time,
-- which takes ten times as long as all the rest.

-- name: failure_known
SELECT f.id, k.times, k.first, k.last, k.builders
  FROM (SELECT id, sig_lines, sig_task FROM failure
         WHERE build = $1 ORDER BY id LIMIT 50) f
 CROSS JOIN LATERAL (
       SELECT (SELECT count(*) - 1
                 FROM (SELECT FROM failure o WHERE o.sig_lines = f.sig_lines
                        ORDER BY o.seen DESC LIMIT 1001) c) AS times,
              (SELECT min(c.seen)
                 FROM (SELECT o.id, o.seen FROM failure o
                        WHERE o.sig_lines = f.sig_lines
                        ORDER BY o.seen LIMIT 2) c
                WHERE c.id <> f.id) AS first,
              (SELECT max(c.seen)
                 FROM (SELECT o.id, o.seen FROM failure o
                        WHERE o.sig_lines = f.sig_lines
                        ORDER BY o.seen DESC LIMIT 2) c
                WHERE c.id <> f.id) AS last,
              (SELECT count(DISTINCT c.builder)
                 FROM (SELECT o.id, o.builder FROM failure o
                        WHERE o.sig_lines = f.sig_lines
                          AND o.seen > now() - interval '1 day'
                        ORDER BY o.seen DESC LIMIT 1001) c
                WHERE c.id <> f.id) AS builders
        WHERE f.sig_lines IS NOT NULL
        UNION ALL
       SELECT (SELECT count(*) - 1
                 FROM (SELECT FROM failure o WHERE o.sig_task = f.sig_task
                        ORDER BY o.seen DESC LIMIT 1001) c),
              (SELECT min(c.seen)
                 FROM (SELECT o.id, o.seen FROM failure o
                        WHERE o.sig_task = f.sig_task
                        ORDER BY o.seen LIMIT 2) c
                WHERE c.id <> f.id),
              (SELECT max(c.seen)
                 FROM (SELECT o.id, o.seen FROM failure o
                        WHERE o.sig_task = f.sig_task
                        ORDER BY o.seen DESC LIMIT 2) c
                WHERE c.id <> f.id),
              (SELECT count(DISTINCT c.builder)
                 FROM (SELECT o.id, o.builder FROM failure o
                        WHERE o.sig_task = f.sig_task
                          AND o.seen > now() - interval '1 day'
                        ORDER BY o.seen DESC LIMIT 1001) c
                WHERE c.id <> f.id)
        WHERE f.sig_lines IS NULL AND f.sig_task IS NOT NULL) k;

-- name: failure_reserve
SELECT failure_reserve($1) AS first;

-- ---- error reports ----

-- name: report_find
SELECT build FROM report WHERE sha256 = $1;

-- name: report_add
INSERT INTO report (sha256, build)
SELECT h, $1 FROM unnest($2::bytea[]) h ORDER BY h
ON CONFLICT DO NOTHING;

-- A whole build $2 takes the place of $1, which a report alone had made: its
-- failures move, but those that the whole one has already, which get another
-- number; texts that came with the report stay.

-- name: takeover_same
INSERT INTO failure_moved (id, failure)
SELECT o.id, min(n.id)
  FROM failure o
  JOIN failure n ON n.build = $2 AND n.kind = o.kind
   AND n.recipe IS NOT DISTINCT FROM o.recipe
   AND n.task IS NOT DISTINCT FROM o.task
   AND (n.version = o.version OR n.version IS NULL OR o.version IS NULL)
   AND (n.sig_task = o.sig_task OR n.sig_task IS NULL OR o.sig_task IS NULL)
 WHERE o.build = $1 GROUP BY o.id;

-- name: takeover_logs
UPDATE failure n SET log = o.log, sig_block = o.sig_block,
       sig_lines = o.sig_lines, sig_task = o.sig_task,
       first_line = o.first_line, message = o.message, signed = o.signed
  FROM failure o JOIN failure_moved m ON m.id = o.id
 WHERE o.build = $1 AND n.id = m.failure AND n.log IS NULL
   AND (o.log IS NOT NULL OR n.message = '');

-- name: takeover_chain
UPDATE failure_moved p SET failure = m.failure
  FROM failure o JOIN failure_moved m ON m.id = o.id
 WHERE o.build = $1 AND p.failure = o.id;

-- name: takeover_gone
DELETE FROM failure o USING failure_moved m WHERE o.build = $1 AND m.id = o.id;

-- name: takeover_failures
UPDATE failure f SET build = b.id, started = b.started, builder = b.builder,
       machine = b.machine, distro = b.distro, image = b.image,
       branch = b.branch
  FROM build b WHERE f.build = $1 AND b.id = $2;

-- name: takeover_texts
INSERT INTO build_text (started, build, name, size, data)
SELECT b.started, b.id, t.name, t.size, t.data
  FROM build_text t, build b
 WHERE t.build = $1 AND t.started = $3 AND b.id = $2
ON CONFLICT DO NOTHING;

-- name: takeover_reports
UPDATE report SET build = $2 WHERE build = $1;

-- name: takeover_moved
WITH chain AS (UPDATE build_moved SET build = $2 WHERE build = $1)
INSERT INTO build_moved (id, build) VALUES ($1, $2);

-- name: takeover_build
DELETE FROM build WHERE id = $1;
