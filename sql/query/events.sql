-- What an event log told of a build: counts and messages.

-- name: events_clear
DELETE FROM build_events WHERE build = $1;

-- name: events_clear_messages
DELETE FROM build_message WHERE build = $1;

-- name: events_store
INSERT INTO build_events (build, counts, variables) VALUES ($1, $2, $3);

-- name: events_store_messages
COPY build_message (build, n, level, class, recipe, version, task, seen, text)
FROM STDIN (FORMAT binary);

-- name: events_counts
SELECT c.key AS name, c.value::bigint AS count
  FROM build_events e, jsonb_each_text(e.counts) c
 WHERE e.build = $1 ORDER BY c.key COLLATE "C";

-- name: events_variables
SELECT v.key AS name, v.value
  FROM build_events e, jsonb_each_text(e.variables) v
 WHERE e.build = $1 ORDER BY v.key COLLATE "C";

-- name: events_messages
SELECT level, class, recipe, version, task, seen, text
  FROM build_message WHERE build = $1 ORDER BY n;
