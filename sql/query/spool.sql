-- How far the segments of spools have been read.

-- name: spool_position
SELECT position FROM spool_read WHERE file = $1;

-- From $2 to $3, unless somebody else has been there.
-- name: spool_advance
INSERT INTO spool_read AS s (file, position) VALUES ($1, $3)
ON CONFLICT (file) DO UPDATE SET position = excluded.position, seen = now()
WHERE s.position = $2;

-- name: spool_forget
DELETE FROM spool_read WHERE file = $1;

-- Those that are still there are seen every day.
-- name: spool_keep
UPDATE spool_read SET seen = now() WHERE file = ANY ($1);

-- name: spool_clean
DELETE FROM spool_read WHERE seen < now() - interval '30 days';
