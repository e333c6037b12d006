-- Sizes of what builds made: storing them, and giving them back.

-- name: size_unit_find
SELECT id, sha256 FROM size_unit WHERE sha256 = ANY ($1::bytea[]);

-- In order, so that two sessions can't wait for each other.
-- name: size_unit_store
INSERT INTO size_unit (sha256, kind, name, recipe, bytes, files, data)
SELECT u.sha256, u.kind, u.name, nullif(u.recipe, 0), nullif(u.bytes, -1),
       u.files, u.data
  FROM unnest($1::bytea[], $2::smallint[], $3::text[], $4::integer[],
              $5::bigint[], $6::integer[], $7::bytea[])
       AS u (sha256, kind, name, recipe, bytes, files, data)
 ORDER BY u.sha256
ON CONFLICT DO NOTHING;

-- name: build_size_store
INSERT INTO build_size (build, units, metrics, alone) VALUES ($1, $2, $3, $4 <> 0)
ON CONFLICT (build) DO UPDATE
   SET units = excluded.units, metrics = excluded.metrics,
       alone = build_size.alone AND excluded.alone;

-- The numbers of a build's sizes stay when the build itself is sent anew.
-- name: build_size_apply
UPDATE build b SET metrics = b.metrics || s.metrics
  FROM build_size s
 WHERE b.id = $1 AND s.build = $1 AND NOT b.metrics @> s.metrics;

-- The build that a buildhistory is about: of that name, on that machine or
-- host, as far as these are known.
-- name: build_size_about
SELECT b.id FROM build b
 WHERE b.name = $1
   AND ($2 = '' OR b.machine IN ('', $2))
   AND ($3 = '' OR split_part(b.host, '.', 1) IN ('', split_part($3, '.', 1)))
   AND ($2 <> '' OR $3 <> '')
   AND NOT EXISTS (SELECT FROM build_size s WHERE s.build = b.id AND s.alone)
 LIMIT 2;

-- A buildhistory that was all that is known of this build.
-- name: build_size_alone
SELECT b.id, b.started
  FROM build b JOIN build_size s ON s.build = b.id AND s.alone
 WHERE b.name = $1 AND b.id <> $4
   AND ($2 = '' OR b.machine IN ('', $2))
   AND ($3 = '' OR split_part(b.host, '.', 1) IN ('', split_part($3, '.', 1)))
   AND ($2 <> '' OR $3 <> '')
 LIMIT 2;

-- name: build_size_move
UPDATE build_size SET build = $2, alone = false
 WHERE build = $1 AND NOT EXISTS (SELECT FROM build_size WHERE build = $2);

-- name: build_size_units
SELECT units FROM build_size WHERE build = $1;

-- name: size_units
SELECT u.id, u.kind, u.name, coalesce(r.name, '') AS recipe,
       coalesce(u.bytes, -1) AS bytes, u.files, u.data
  FROM size_unit u LEFT JOIN recipe r ON r.id = u.recipe
 WHERE u.id = ANY ($1) ORDER BY u.kind, u.name, u.id;

-- What a recipe's packages weighed in each of some builds.
-- name: size_of_recipe
SELECT s.build, sum(u.bytes)::float8 AS bytes
  FROM size_unit u
  JOIN build_size s ON s.units @> ARRAY[u.id]
 WHERE u.recipe = $1 AND s.build = ANY ($2)
 GROUP BY s.build ORDER BY s.build;

-- name: prune_build_size
DELETE FROM build_size s
 WHERE NOT EXISTS (SELECT FROM build b WHERE b.id = s.build);

-- Who stores a unit stores the build a moment later.
-- name: prune_size_unit
DELETE FROM size_unit u
 WHERE received < now() - interval '1 day'
   AND u.id NOT IN (SELECT unnest(s.units) FROM build_size s);
