-- Graphs: SELECT columns [, what was chosen] FROM ... WHERE ... newest first.

-- fragment: graph_rows
SELECT b.started, b.id AS build, b.name, b.status, b.elapsed AS wall, b.tasks,
       b.packages, b.failed, b.cpu_pressure AS pressure, b.builder, b.machine,
       b.distro, b.image, b.branch, b.commit, b.host,
       array_to_string(b.tags, ' ') AS tags

-- Recipes and their tasks; and the number of the one task that was asked for.

-- fragment: graph_part_columns
, r.name AS recipe, v.name AS version, p.status AS part_status,
  p.elapsed AS span, p.first_start, p.tasks AS packed,
  (SELECT id FROM task_name WHERE name = $?) AS only_task

-- Of whole builds a metric's sum or largest value, or what its events tell.

-- fragment: graph_x_metric
, (b.metrics -> $? ->> $?::integer)::float8 AS x_number

-- fragment: graph_y_metric
, (b.metrics -> $? ->> $?::integer)::float8 AS y_number

-- fragment: graph_x_event
, (SELECT (e.counts ->> $?)::float8 FROM build_events e
    WHERE e.build = b.id) AS x_number

-- fragment: graph_y_event
, (SELECT (e.counts ->> $?)::float8 FROM build_events e
    WHERE e.build = b.id) AS y_number

-- Dimensions that have no column.

-- fragment: graph_x_environment
, coalesce(b.environment ->> $?, '') AS x_text

-- fragment: graph_group_environment
, coalesce(b.environment ->> $?, '') AS group_text

-- fragment: graph_x_layer
, coalesce((SELECT l ->> 'commit' FROM jsonb_array_elements(
       CASE jsonb_typeof(b.environment -> 'layers') WHEN 'array'
       THEN b.environment -> 'layers' ELSE '[]' END) l
    WHERE l ->> 'name' = $? LIMIT 1), '') AS x_text

-- fragment: graph_group_layer
, coalesce((SELECT l ->> 'commit' FROM jsonb_array_elements(
       CASE jsonb_typeof(b.environment -> 'layers') WHEN 'array'
       THEN b.environment -> 'layers' ELSE '[]' END) l
    WHERE l ->> 'name' = $? LIMIT 1), '') AS group_text

-- fragment: graph_x_variable
, coalesce((SELECT e.variables ->> $? FROM build_events e
             WHERE e.build = b.id), '') AS x_text

-- fragment: graph_group_variable
, coalesce((SELECT e.variables ->> $? FROM build_events e
             WHERE e.build = b.id), '') AS group_text

-- fragment: graph_from_package
FROM package_build p
JOIN build b ON b.id = p.build
JOIN recipe r ON r.id = p.recipe
JOIN recipe_version v ON v.id = p.version
WHERE p.recipe = $?

-- All recipes of the newest builds, as many builds as it takes to have enough.

-- fragment: graph_from_newest
FROM (SELECT b.*, sum(b.packages) OVER (ORDER BY b.started DESC, b.id DESC)
             - b.packages AS before
        FROM (SELECT * FROM build b WHERE b.tasks > 0

-- fragment: graph_parts_of_newest
ORDER BY b.started DESC, b.id DESC LIMIT $?) b) b
JOIN package_build p ON p.build = b.id AND p.started = b.started
JOIN recipe r ON r.id = p.recipe
JOIN recipe_version v ON v.id = p.version
WHERE b.before < $=

-- fragment: graph_part_end
ORDER BY b.started DESC, b.id DESC, p.recipe, p.version LIMIT $?

-- fragment: graph_package_end
ORDER BY p.started DESC, p.build DESC, p.version LIMIT $?

-- fragment: graph_build_end
ORDER BY b.started DESC, b.id DESC LIMIT $?

-- name: graph_series
SELECT s.build, s.subject, s.samples, s.data
  FROM build b
  JOIN series_block s ON s.build = b.id AND s.started = b.started
 WHERE b.id = ANY ($1) AND s.kind = $2
 ORDER BY s.build, s.subject;

-- What the newest builds tell about themselves, for the pickers.

-- name: graph_seen
SELECT 'environment' AS kind, k AS name
  FROM (SELECT DISTINCT x.k
          FROM (SELECT environment FROM build
                 ORDER BY started DESC, id DESC LIMIT 50) b
         CROSS JOIN LATERAL jsonb_object_keys(b.environment) x (k)) e
UNION ALL
SELECT 'event', k
  FROM (SELECT DISTINCT x.k
          FROM (SELECT counts FROM build_events
                 ORDER BY build DESC LIMIT 50) b
         CROSS JOIN LATERAL jsonb_object_keys(b.counts) x (k)) c
UNION ALL
SELECT 'variable', k
  FROM (SELECT DISTINCT x.k
          FROM (SELECT variables FROM build_events
                 ORDER BY build DESC LIMIT 50) b
         CROSS JOIN LATERAL jsonb_object_keys(b.variables) x (k)) v
 ORDER BY 1, 2;
