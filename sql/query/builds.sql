-- The search for builds: SELECT ... FROM ... [AND ...] ORDER BY ... LIMIT ...

-- fragment: builds_rows
SELECT b.id, b.name, b.builder, b.machine, b.distro, b.image, b.branch,
       b.commit, b.started, b.elapsed, b.status, b.packages, b.tasks, b.failed

-- fragment: builds_count
SELECT count(*) AS total FROM (SELECT 1

-- fragment: builds_count_end
LIMIT $?) n

-- fragment: builds_from
FROM build b WHERE true

-- Words that many builds have are found among the newest, in their order; only
-- others are worth the index over words.

-- fragment: builds_from_recent
FROM (SELECT * FROM build ORDER BY started DESC, id DESC LIMIT 500) b WHERE true

-- The builds that hold a recipe, newest first: months are read in order and
-- a LIMIT stops early.  A build may hold a recipe twice, in two versions: its
-- rows stand together.

-- fragment: builds_from_package
FROM package_build p JOIN build b ON b.id = p.build WHERE p.recipe = $?

-- The same, each build once: all of them are read.

-- fragment: builds_from_package_once
FROM (SELECT DISTINCT started, build FROM package_build WHERE recipe = $?) p
JOIN build b ON b.id = p.build WHERE true

-- And to be counted: the builds themselves aren't asked.

-- fragment: builds_from_package_alone
FROM package_build p WHERE p.recipe = $?

-- fragment: builds_from_package_alone_once
FROM (SELECT DISTINCT started, build FROM package_build WHERE recipe = $?) p
WHERE true

-- fragment: builds_where_version
AND p.version = $?

-- fragment: builds_where_builder
AND b.builder = $?

-- fragment: builds_where_machine
AND b.machine = $?

-- fragment: builds_where_distro
AND b.distro = $?

-- fragment: builds_where_image
AND (b.image = $? OR b.targets @> ARRAY[$=]::text[])

-- fragment: builds_where_branch
AND b.branch = $?

-- Those that were given way to others are found as these.

-- fragment: builds_where_ids
AND b.id IN (SELECT coalesce(m.build, i.id) FROM unnest($?::integer[]) i(id)
             LEFT JOIN build_moved m ON m.id = i.id)

-- fragment: builds_where_commit
AND starts_with(b.commit, $?)

-- fragment: builds_where_layer
AND b.layers @> ARRAY[$?]::text[]

-- fragment: builds_where_tags
AND b.tags @> $?

-- fragment: builds_where_task
AND (SELECT id FROM task_name WHERE name = $?) = ANY (b.task_names)

-- fragment: builds_where_status
AND b.status = $?

-- fragment: builds_where_statuses
AND b.status = ANY ($?)

-- fragment: builds_where_since
AND b.started >= $?

-- fragment: builds_where_until
AND b.started < $?

-- fragment: builds_where_word
AND (b.name || ' ' || b.builder || ' ' || b.machine || ' ' || b.distro || ' '
     || b.image || ' ' || b.branch || ' ' || b.commit || ' ' || b.host)
    ILIKE $?

-- fragment: builds_where_words
AND (b.name || ' ' || b.builder || ' ' || b.machine || ' ' || b.distro || ' '
     || b.image || ' ' || b.branch || ' ' || b.commit || ' ' || b.host)
    ILIKE ALL ($?)

-- fragment: builds_by_started
ORDER BY b.started, b.id

-- fragment: builds_by_started_down
ORDER BY b.started DESC, b.id DESC

-- fragment: builds_by_package_started
ORDER BY p.started, p.build

-- fragment: builds_by_package_started_down
ORDER BY p.started DESC, p.build DESC

-- fragment: builds_by_name
ORDER BY b.name, b.started, b.id

-- fragment: builds_by_name_down
ORDER BY b.name DESC, b.started DESC, b.id DESC

-- fragment: builds_by_builder
ORDER BY b.builder, b.started DESC, b.id DESC

-- fragment: builds_by_builder_down
ORDER BY b.builder DESC, b.started DESC, b.id DESC

-- fragment: builds_by_machine
ORDER BY b.machine, b.started DESC, b.id DESC

-- fragment: builds_by_machine_down
ORDER BY b.machine DESC, b.started DESC, b.id DESC

-- fragment: builds_by_distro
ORDER BY b.distro, b.started DESC, b.id DESC

-- fragment: builds_by_distro_down
ORDER BY b.distro DESC, b.started DESC, b.id DESC

-- fragment: builds_by_image
ORDER BY b.image, b.started DESC, b.id DESC

-- fragment: builds_by_image_down
ORDER BY b.image DESC, b.started DESC, b.id DESC

-- fragment: builds_by_branch
ORDER BY b.branch, b.started DESC, b.id DESC

-- fragment: builds_by_branch_down
ORDER BY b.branch DESC, b.started DESC, b.id DESC

-- fragment: builds_by_status
ORDER BY b.status, b.started DESC, b.id DESC

-- fragment: builds_by_status_down
ORDER BY b.status DESC, b.started DESC, b.id DESC

-- fragment: builds_by_elapsed
ORDER BY b.elapsed NULLS LAST, b.id

-- fragment: builds_by_elapsed_down
ORDER BY b.elapsed DESC NULLS LAST, b.id DESC

-- fragment: builds_by_packages
ORDER BY b.packages, b.id

-- fragment: builds_by_packages_down
ORDER BY b.packages DESC, b.id DESC

-- fragment: builds_by_tasks
ORDER BY b.tasks, b.id

-- fragment: builds_by_tasks_down
ORDER BY b.tasks DESC, b.id DESC

-- fragment: builds_by_failed
ORDER BY b.failed, b.id

-- fragment: builds_by_failed_down
ORDER BY b.failed DESC, b.id DESC

-- The first page by far most often: a constant lets the plan be kept.

-- fragment: limit_100
LIMIT 100

-- fragment: limit
LIMIT $?

-- fragment: offset
OFFSET $?

-- What the pickers offer; the search field takes anything.

-- name: builds_facets
SELECT k.kind, f.name
  FROM unnest(ARRAY['builder', 'machine', 'distro', 'image', 'branch',
                    'layer', 'tag']) WITH ORDINALITY k (kind, place)
 CROSS JOIN LATERAL (SELECT name FROM facet
                      WHERE facet.kind = k.kind AND name <> ''
                      ORDER BY name LIMIT 60) f
UNION ALL
SELECT 'task', t.name FROM (SELECT name FROM task_name
                             ORDER BY name LIMIT 120) t;

-- A recipe, or a recipe with its version (PF), by name: the candidates are
-- the ways to cut the name in two, best first.

-- name: package_name_find
SELECT r.id AS recipe, v.id AS version, r.name AS recipe_name,
       coalesce(v.name, '') AS version_name
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY c (recipe, version, n)
  JOIN recipe r ON r.name = c.recipe
  LEFT JOIN recipe_version v ON v.name = c.version
 WHERE c.version IS NULL OR v.id IS NOT NULL
 ORDER BY c.n LIMIT 1;
