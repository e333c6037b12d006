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

-- name: live_next
SELECT id, started, last_seen, ended, status,
       now() - last_seen > interval '1 hour' AS silent, facts::text AS facts
FROM live_build WHERE due <= now() AND facts IS NOT NULL
ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED;

-- In the order of file names: by the bytes of PF, which is not that of its
-- parts.
-- name: live_tasks
SELECT package, version, task, ended, seconds, passed,
       coalesce(failure, 0) AS failure,
       log IS NOT NULL AND NOT EXISTS (
           SELECT FROM failure f WHERE f.id = t.failure AND f.log IS NOT NULL)
           AS logged,
       qalog IS NOT NULL AS qalogged,
       coalesce(facts ->> 'depends', '') AS depends
FROM live_task t WHERE live = $1
ORDER BY (package || '-' || version) COLLATE "C", task, ended;

-- name: live_log
SELECT log, qalog FROM live_task
WHERE live = $1 AND package = $2 AND version = $3 AND task = $4 AND ended = $5;

-- name: live_folded
UPDATE live_build SET build = $2, folded = now(),
    due = CASE WHEN $3::smallint <> 0 THEN last_seen + interval '61 minutes'
          END
WHERE id = $1;

-- name: live_put_off
UPDATE live_build SET due = now() + interval '10 minutes' WHERE id = $1;

-- name: live_build_of
SELECT coalesce((SELECT l.build FROM live_build l WHERE l.id = $1),
                (SELECT b.id FROM build b WHERE b.uuid = $2)) AS build;

-- name: live_count
SELECT count(*) FILTER (WHERE due IS NOT NULL AND facts IS NOT NULL) AS live,
       count(*) FILTER (WHERE due <= now() AND facts IS NOT NULL) AS due
FROM live_build;

-- name: live_clean_tasks
DELETE FROM live_task t USING live_build b
WHERE t.live = b.id
  AND ((b.due IS NULL AND b.folded < now() - interval '1 day')
       OR (b.facts IS NULL AND b.last_seen < now() - interval '1 day'));

-- name: live_clean_builds
DELETE FROM live_build b
WHERE (b.due IS NULL AND b.folded < now() - interval '1 day')
   OR (b.facts IS NULL AND b.last_seen < now() - interval '1 day');
