-- Ids of names.  Only what is missing is inserted, so that no identity is
-- used up, and in order, so that two sessions can't wait for each other.  A
-- name's own commit need not wait for the disk: the commit of the build that
-- uses it does, and what was committed before is on the disk then too.

-- name: recipe_find
SELECT name, id FROM recipe WHERE name = ANY ($1::text[]);

-- name: recipe_insert
INSERT INTO recipe (name)
SELECT n FROM set_config('synchronous_commit', 'off', true), unnest($1::text[]) n
ORDER BY n COLLATE "C"
ON CONFLICT DO NOTHING;

-- name: recipe_version_find
SELECT name, id FROM recipe_version WHERE name = ANY ($1::text[]);

-- name: recipe_version_insert
INSERT INTO recipe_version (name)
SELECT n FROM set_config('synchronous_commit', 'off', true), unnest($1::text[]) n
ORDER BY n COLLATE "C"
ON CONFLICT DO NOTHING;

-- name: task_name_find
SELECT name, id FROM task_name WHERE name = ANY ($1::text[]);

-- name: task_name_insert
INSERT INTO task_name (name)
SELECT n FROM set_config('synchronous_commit', 'off', true), unnest($1::text[]) n
ORDER BY n COLLATE "C"
ON CONFLICT DO NOTHING;

-- name: metric_insert
INSERT INTO metric (key, name, unit, kind)
SELECT m.key, m.name, m.unit, m.kind
FROM set_config('synchronous_commit', 'off', true),
     unnest($1::text[], $2::text[], $3::text[], $4::text[])
     AS m (key, name, unit, kind)
WHERE NOT EXISTS (SELECT FROM metric x WHERE x.key = m.key)
ORDER BY m.key COLLATE "C"
ON CONFLICT DO NOTHING;

-- name: facet_insert
INSERT INTO facet (kind, name)
SELECT f.kind, f.name
FROM set_config('synchronous_commit', 'off', true),
     unnest($1::text[], $2::text[]) AS f (kind, name)
ORDER BY f.kind COLLATE "C", f.name COLLATE "C"
ON CONFLICT DO NOTHING;

-- name: facet_missing
SELECT DISTINCT f.kind, f.name
FROM unnest($1::text[], $2::text[]) AS f (kind, name)
WHERE NOT EXISTS (SELECT FROM facet x
                  WHERE x.kind = f.kind AND x.name = f.name);
