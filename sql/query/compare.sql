-- What builds are compared with.

-- name: compare_before
SELECT id FROM build
 WHERE machine = $1 AND distro = $2 AND image = $3 AND builder = $4
   AND status = 1 AND started < $5
 ORDER BY started DESC, id DESC LIMIT $6;

-- name: compare_tagged
SELECT id FROM build
 WHERE tags @> ARRAY[$1]::text[] ORDER BY started DESC, id DESC LIMIT 1;

-- Builds of the same thing, other than these, to choose from.
-- name: compare_candidates
SELECT b.id, b.name, b.builder, b.machine, b.distro, b.image, b.branch,
       b.commit, b.started, b.elapsed, b.status, b.packages, b.tasks, b.failed
  FROM build b
 WHERE ($1 = '' OR b.machine = $1) AND b.id <> $2
   AND (b.tasks > 0 OR b.metrics <> '{}')
 ORDER BY b.started DESC, b.id DESC LIMIT 12;

-- Numbers of builds as a whole, side by side.
-- name: compare_numbers
SELECT m.key AS name, b.id AS build, (m.value ->> 0)::float8 AS value, d.unit
  FROM build b CROSS JOIN LATERAL jsonb_each(b.metrics) m
  JOIN (SELECT DISTINCT ON (name) name, unit, kind FROM metric
         ORDER BY name, id) d ON d.name = m.key AND d.kind = 'build'
 WHERE b.id = ANY ($1)
 ORDER BY m.key, b.id;
