-- One build; what gave way to a whole one is found as this.

-- name: build_by_id
SELECT b.id, b.name, b.builder, b.machine, b.distro, b.image, b.branch,
       b.commit, b.started, b.elapsed, b.status, b.packages, b.tasks, b.failed,
       coalesce(b.uuid::text, '') AS uuid, b.host, b.targets, b.tags, b.repairs,
       b.updated,
       coalesce(b.environment ->> 'distro_version', '') AS distro_version,
       coalesce(b.environment ->> 'host_info', '') AS host_info,
       coalesce(b.environment ->> 'host_distro', '') AS host_distro,
       coalesce(b.environment ->> 'host_arch', '') AS host_arch,
       coalesce(b.environment ->> 'bitbake_version', '') AS bitbake_version,
       coalesce(b.environment ->> 'mode', '') AS mode,
       (b.environment ->> 'cooker_cpu')::float8 AS cooker_cpu
  FROM build b
 WHERE b.id = coalesce((SELECT m.build FROM build_moved m WHERE m.id = $1), $1);

-- name: build_id_by_uuid
SELECT id FROM build WHERE uuid = $1;

-- name: build_layers
SELECT b.id AS build, coalesce(l ->> 'name', '') AS name,
       coalesce(l ->> 'branch', '') AS branch,
       coalesce(l ->> 'commit', '') AS commit,
       (l ->> 'modified')::boolean AS modified
  FROM build b
 CROSS JOIN LATERAL jsonb_array_elements(
       CASE jsonb_typeof(b.environment -> 'layers') WHEN 'array'
       THEN b.environment -> 'layers' ELSE '[]' END) WITH ORDINALITY x (l, n)
 WHERE b.id = ANY ($1) ORDER BY b.id, x.n;

-- name: build_origin
SELECT o.key AS field, o.value AS source
  FROM build b
 CROSS JOIN LATERAL jsonb_each_text(
       CASE jsonb_typeof(b.environment -> 'origin') WHEN 'object'
       THEN b.environment -> 'origin' ELSE '{}' END) o
 WHERE b.id = $1 ORDER BY o.key;

-- name: build_metrics
SELECT m.key AS name, (m.value ->> 0)::float8 AS sum,
       (m.value ->> 1)::float8 AS max, coalesce(d.unit, '') AS unit,
       coalesce(d.kind, '') AS kind
  FROM build b CROSS JOIN LATERAL jsonb_each(b.metrics) m
  LEFT JOIN (SELECT DISTINCT ON (name) name, unit, kind FROM metric
              ORDER BY name, id) d ON d.name = m.key
 WHERE b.id = $1 ORDER BY m.key;

-- name: build_rootfs
SELECT coalesce(i ->> 'path', '') AS path, (i ->> 'bytes')::float8 AS bytes
  FROM build b
 CROSS JOIN LATERAL jsonb_array_elements(b.rootfs) WITH ORDINALITY x (i, n)
 WHERE b.id = $1 ORDER BY x.n;

-- name: build_texts
SELECT name, size FROM build_text WHERE build = $1 AND started = $2
 ORDER BY name;

-- On how many threads: build.json, and what its event log says.

-- name: build_threads
SELECT coalesce(b.environment ->> 'sent', '') AS sent,
       coalesce(e.variables ->> 'BB_NUMBER_THREADS', '') AS threads
  FROM build b LEFT JOIN build_events e ON e.build = b.id WHERE b.id = $1;
