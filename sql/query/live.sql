-- Builds that report task by task.

-- Something came from a build: $4 how many seconds after the last time it may
-- be folded again (-1: nothing to fold yet), $5 its end, $6 its
-- status, $7 the fields of its start.  What has never been folded and has tasks
-- is due at once, what has only begun when it has been silent for an hour.
-- name: live_touch
INSERT INTO live_build AS b (id, started, last_seen, due, ended, status, facts)
VALUES ($1, $2, $3::timestamptz,
    CASE WHEN $4::integer < 0 THEN $3::timestamptz + interval '1 hour'
         ELSE now() END,
    $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET
    last_seen = greatest(b.last_seen, excluded.last_seen),
    ended = coalesce(b.ended, excluded.ended),
    status = CASE WHEN b.status = '' THEN excluded.status ELSE b.status END,
    facts = coalesce(b.facts, excluded.facts),
    due = least(b.due, CASE
        WHEN $4::integer < 0 THEN b.due
        WHEN b.folded IS NULL THEN now()
        WHEN b.ended IS NOT NULL THEN
            greatest(now(), b.folded + interval '2 seconds')
        ELSE greatest(now(), b.folded + make_interval(secs => $4::integer))
        END);

-- name: live_task_add
INSERT INTO live_task (live, package, version, task, ended, seconds, passed,
    failure, log, qalog, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7::smallint <> 0, $8, $9, $10, $11)
ON CONFLICT DO NOTHING;

-- The one that has been due for longest; $1 after how many seconds of silence
-- it counts as ended.
-- name: live_next
SELECT id, started, last_seen, ended, status, uuid, name, builder,
       token IS NOT NULL AS reports, elapsed, build,
       now() - last_seen > make_interval(secs => $1::integer) AS silent,
       coalesce(folded < (SELECT b.updated FROM build b
                           WHERE b.id = l.build AND b.status IN (1, 2)), false)
           AS overtaken,
       facts::text AS facts
FROM live_build l WHERE due <= now() AND facts IS NOT NULL
ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED;

-- A certain one.
-- name: live_get
SELECT id, started, last_seen, ended, status, uuid, name, builder,
       token IS NOT NULL AS reports, elapsed, build,
       now() - last_seen > make_interval(secs => $2::integer) AS silent,
       false AS overtaken, facts::text AS facts
FROM live_build WHERE id = $1 FOR UPDATE;

-- In the order of file names: by the bytes of PF, which is not that of its
-- parts.
-- name: live_tasks
SELECT package, version, task, ended, seconds, passed,
       coalesce(failure, 0) AS failure,
       log IS NOT NULL AND NOT EXISTS (
           SELECT FROM failure f
             JOIN recipe r ON r.id = f.recipe
             JOIN task_name n ON n.id = f.task
            WHERE f.build = $2 AND f.log IS NOT NULL
              AND r.name = t.package AND n.name = t.task)
           AS logged,
       qalog IS NOT NULL AS qalogged,
       coalesce(facts ->> 'depends', '') AS depends,
       coalesce(facts ->> 'message', '') AS message
FROM live_task t WHERE live = $1
ORDER BY (package || '-' || version) COLLATE "C", task, ended;

-- name: live_log
SELECT log, qalog FROM live_task
WHERE live = $1 AND package = $2 AND version = $3 AND task = $4 AND ended = $5;

-- name: live_folded
UPDATE live_build SET build = $2, folded = now(),
    due = CASE WHEN $3::smallint <> 0
          THEN last_seen + make_interval(secs => $4::integer + 1) END
WHERE id = $1;

-- The whole build came from elsewhere since it was folded: that stays.
-- name: live_overtaken
UPDATE live_build SET due = NULL WHERE id = $1;

-- name: live_put_off
UPDATE live_build SET due = now() + interval '10 minutes' WHERE id = $1;

-- name: live_build_of
SELECT coalesce((SELECT l.build FROM live_build l WHERE l.id = $1),
                (SELECT b.id FROM build b WHERE b.uuid = $2)) AS build;

-- name: live_count
SELECT count(*) FILTER (WHERE due IS NOT NULL AND facts IS NOT NULL) AS live,
       count(*) FILTER (WHERE due <= now() AND facts IS NOT NULL) AS due
FROM live_build;

-- What is folded for good and forgotten: a day later, where the client can't
-- say more; one that reports itself may be sent on from its spool.
-- name: live_clean_tasks
DELETE FROM live_task t USING live_build b
WHERE t.live = b.id
  AND ((b.due IS NULL AND b.folded < now() - CASE
            WHEN b.token IS NULL THEN interval '1 day'
            WHEN b.ended IS NULL THEN interval '60 days'
            ELSE interval '7 days' END)
       OR (b.facts IS NULL AND b.last_seen < now() - interval '1 day'));

-- name: live_clean_builds
DELETE FROM live_build b
WHERE (b.due IS NULL AND b.folded < now() - CASE
            WHEN b.token IS NULL THEN interval '1 day'
            WHEN b.ended IS NULL THEN interval '60 days'
            ELSE interval '7 days' END)
   OR (b.facts IS NULL AND b.last_seen < now() - interval '1 day');

-- ---- builds that report themselves ----

-- Rows of a build that is there already; it is locked.
-- name: live_by_uuid
SELECT id, build, token FROM live_build WHERE uuid = $1 FOR UPDATE;

-- Nothing comes back if the UUID is there: another request was faster.
-- name: live_begin
INSERT INTO live_build (id, uuid, name, builder, token, started, last_seen, due,
    facts)
VALUES ($1, $2, $3, $4, $5, $6, now(), now(), $7)
ON CONFLICT DO NOTHING RETURNING id;

-- Which build is meant, and who may tell of it.
-- name: live_of_build
SELECT l.id, l.token, coalesce(l.builder, '') AS builder, l.builder IS NOT NULL
       AS of_token
FROM live_build l WHERE l.build = $1 AND l.token IS NOT NULL;

-- name: live_shapes
SELECT text FROM live_shape WHERE live = $1;

-- name: live_shapes_add
INSERT INTO live_shape (live, hash, text)
SELECT $1, s.hash, s.text FROM unnest($2::bytea[], $3::bytea[]) s (hash, text)
ON CONFLICT DO NOTHING;

-- The row stays locked until the events are applied.
-- name: live_lock
SELECT pieces, tasks, bytes FROM live_build WHERE id = $1 FOR UPDATE;

-- Those of the numbers that weren't applied yet.
-- name: live_new_seqs
SELECT s FROM live_build l, unnest($2::bigint[]) s
WHERE l.id = $1 AND NOT l.seqs @> s ORDER BY s;

-- name: live_piece_add
INSERT INTO live_piece (live, n, data) VALUES ($1, $2, $3);

-- name: live_pieces
SELECT data FROM live_piece WHERE live = $1 ORDER BY n;

-- Events were applied: $2 their numbers, then how many pieces, tasks, bytes and
-- ignored ones came with them, $7 the newest snapshot and $8 its time, $9 the
-- end, $10 status and $11 elapsed time with it, $12 in how many seconds after
-- the last time it may be folded (-1: no need).
-- name: live_advance
UPDATE live_build l SET
    seqs = l.seqs + (SELECT range_agg(int8range(s, s + 1))
                       FROM unnest($2::bigint[]) s),
    pieces = l.pieces + $3, tasks = l.tasks + $4, bytes = l.bytes + $5,
    ignored = l.ignored + $6,
    running = CASE WHEN $8::timestamptz >= coalesce(l.running_at, '-infinity')
                   THEN $7::jsonb ELSE l.running END,
    running_at = greatest(l.running_at, $8::timestamptz),
    last_seen = now(),
    ended = coalesce(l.ended, $9::timestamptz),
    status = CASE WHEN l.status = '' THEN $10 ELSE l.status END,
    elapsed = coalesce(l.elapsed, $11::float8),
    due = CASE
        WHEN $12::integer < 0 THEN coalesce(l.due, now())
        ELSE least(l.due,
            greatest(now(), l.folded + make_interval(secs => CASE
                WHEN l.ended IS NULL THEN $12::integer
                ELSE least($12::integer, 2) END)))
        END
WHERE l.id = $1
RETURNING (SELECT count(*) FROM unnest(seqs)) AS ranges;

-- ---- what is shown of a build that runs ----

-- name: live_progress
SELECT l.build, (l.running ->> 'done')::bigint AS done,
       (l.running ->> 'total')::bigint AS total,
       (l.running ->> 'setscene_done')::bigint AS setscene_done,
       (l.running ->> 'setscene_total')::bigint AS setscene_total,
       l.last_seen AS heard, l.running_at AS told
  FROM live_build l WHERE l.build = ANY ($1) AND l.ended IS NULL;

-- name: live_runners
SELECT x ->> 0 AS package, x ->> 1 AS task,
       to_timestamp((x ->> 2)::float8) AS since
  FROM live_build l
 CROSS JOIN LATERAL jsonb_array_elements(
       coalesce(l.running -> 'running', '[]')) x
 WHERE l.build = $1;

-- name: live_task_ids
SELECT id, name FROM task_name WHERE name = ANY ($1);

-- The latest runs of recipes in other builds; $3 the builder, $4 the machine.
-- name: live_past
SELECT r.name AS recipe, p.tasks, b.builder = $3 AS builder,
       b.machine = $4 AS machine
  FROM recipe r
 CROSS JOIN LATERAL (
       SELECT p.build, p.tasks FROM package_build p
        WHERE p.recipe = r.id AND p.build <> $2
        ORDER BY p.started DESC LIMIT 60) p
  JOIN build b ON b.id = p.build
 WHERE r.name = ANY ($1) AND b.status <> 0;

-- Like builds that succeeded: of $1 an image, $2 a machine, $4 clean or
-- incremental, first those of the builder $5, the latest of each first.
-- name: live_like
SELECT x.id, x.started, x.elapsed, x.ours
  FROM (SELECT b.id, b.started, b.elapsed, b.builder = $5 AS ours
          FROM build b
         WHERE b.image = $1 AND b.machine = $2 AND b.id <> $3 AND b.status = 1
           AND b.elapsed > 0 AND b.tasks > 0
           AND coalesce(b.environment ->> 'mode', '') = $4
         ORDER BY b.started DESC LIMIT 100) x
 ORDER BY x.ours DESC, x.started DESC LIMIT $6;
