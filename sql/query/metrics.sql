-- The dictionary of metrics.  Two keys may share a name; the first counts.

-- name: metric_list
SELECT DISTINCT ON (m.name) m.name, m.key, m.unit, m.kind, m.first_seen
  FROM metric m ORDER BY m.name, m.id;

-- name: build_latest
SELECT id FROM build ORDER BY started DESC, id DESC LIMIT 1;

-- name: metric_called
SELECT unit, kind FROM metric WHERE name = $1 ORDER BY id LIMIT 1;
