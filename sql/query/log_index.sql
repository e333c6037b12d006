-- The words of logs, for the search.

-- Who refers to a log meanwhile need not wait.

-- name: log_index_next
SELECT id, size FROM log WHERE words IS NULL
ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED;

-- If the server dies before this is on the disk the log is read once more; the
-- uploads that go on meanwhile don't wait for it.

-- name: log_index_set
UPDATE log SET words = $2
  FROM set_config('synchronous_commit', 'off', true) WHERE id = $1;

-- name: log_index_left
SELECT count(*) AS logs,
       coalesce(extract(epoch FROM now() - min(received)), 0)::float8 AS age
FROM log WHERE words IS NULL;
