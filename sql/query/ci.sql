-- Builds of autobuilders.

-- name: ci_find
SELECT r.id, r.build, r.complete IS NOT NULL AS complete, r.result,
       coalesce(b.tasks, 0) AS tasks, b.id IS NOT NULL AS present
  FROM ci_run r LEFT JOIN build b ON b.id = r.build
 WHERE r.identity = $1;

-- A build that says that it belongs to this page.

-- name: ci_build_of_url
SELECT id FROM build
 WHERE environment ? 'ci_url' AND environment ->> 'ci_url' = $1 AND tasks > 0
 ORDER BY started DESC, id DESC LIMIT 1;

-- name: ci_store
INSERT INTO ci_run (identity, kind, url, build, builder, number, result, state,
    reason, worker, started, complete, names, properties)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (identity) DO UPDATE SET url = $3, build = $4, builder = $5,
    number = $6, result = $7, state = $8, reason = $9, worker = $10,
    started = $11, complete = $12, names = $13, properties = $14,
    updated = now();

-- The other way round: what an autobuilder told of this page made a build, of
-- which nothing else is known.

-- name: ci_alone
SELECT b.id, b.started FROM ci_run r JOIN build b ON b.id = r.build
 WHERE r.url = $1 AND r.url <> '' AND b.tasks = 0 AND b.packages = 0
   AND b.identity = r.identity;

-- name: takeover_ci
UPDATE ci_run SET build = $2 WHERE build = $1;

-- name: ci_of_build
SELECT r.kind, r.url, r.builder, r.number, r.result, r.state, r.reason,
       r.worker, r.started, r.complete, r.names, r.properties
  FROM ci_run r
 WHERE r.build = $1
    OR (r.url <> '' AND r.url = (SELECT environment ->> 'ci_url' FROM build
                                  WHERE id = $1))
 ORDER BY r.id LIMIT 20;

-- name: ci_url_of_build
SELECT coalesce(environment ->> 'ci_url', '') AS url FROM build WHERE id = $1;

-- Whose end nobody told for a day.

-- name: ci_silent
UPDATE build b SET status = 3, updated = now()
  FROM ci_run r
 WHERE b.id = r.build AND b.status = 0 AND b.tasks = 0
   AND b.identity = r.identity AND r.complete IS NULL
   AND r.updated < now() - interval '1 day';

-- name: prune_ci_run
DELETE FROM ci_run r WHERE NOT EXISTS (SELECT FROM build b WHERE b.id = r.build);
