-- Logs: kept once, read in pieces.

-- Logs and their pieces; $8 to $12 are of the pieces, $8 telling whose a piece
-- is.  Only what is missing is inserted, in order, and this statement is a
-- transaction of its own, so that nobody waits for longer than it takes; its
-- commit need not wait for the disk, for that of the build does.

-- What is there is looked up one by one, so that a plan made when the table was
-- small serves when it isn't.

-- name: log_store
WITH given AS MATERIALIZED (
    SELECT g.*, (SELECT l.id FROM log l WHERE l.sha256 = g.sha256) AS id
      FROM set_config('synchronous_commit', 'off', true),
           unnest($1::bytea[], $2::bigint[], $3::integer[], $4::integer[],
                  $5::text[], $6::text[], $7::text[])
               AS g (sha256, size, lines, first_error, error_lines, excerpt,
                     excerpt_lines)
), new AS (
    INSERT INTO log (sha256, size, lines, first_error, error_lines, excerpt,
        excerpt_lines)
    SELECT sha256, size, lines, first_error, error_lines::integer[], excerpt,
           excerpt_lines::integer[]
      FROM given WHERE id IS NULL ORDER BY sha256
    ON CONFLICT DO NOTHING
    RETURNING id, sha256
), piece AS (
    INSERT INTO log_chunk (log, n, start, size, first_line, data)
    SELECT new.id, p.n, p.start, p.size, p.first_line, p.data
      FROM unnest($8::bytea[], $9::integer[], $10::bigint[], $11::integer[],
                  $12::integer[], $13::bytea[])
               AS p (sha256, n, start, size, first_line, data)
      JOIN new ON new.sha256 = p.sha256
)
SELECT id, sha256 FROM new
UNION ALL
SELECT id, sha256 FROM given WHERE id IS NOT NULL;

-- name: log_find
SELECT id, sha256 FROM log WHERE sha256 = ANY ($1::bytea[]);

-- name: log_info
SELECT sha256, size, lines, first_error, error_lines, excerpt, excerpt_lines,
       words IS NOT NULL AS indexed
  FROM log WHERE id = $1;

-- The piece that line $2 begins in, or the one before it.

-- name: log_piece_of_line
SELECT n FROM log_chunk WHERE log = $1 AND (first_line < $2 OR n = 0)
 ORDER BY n DESC LIMIT 1;

-- The last piece that holds a part of line $3, which piece $2 doesn't end.

-- name: log_piece_behind
SELECT n FROM log_chunk WHERE log = $1 AND n > $2 AND first_line > $3
 ORDER BY n LIMIT 1;

-- The piece that byte $2 is in.

-- name: log_piece_of_byte
SELECT n FROM log_chunk WHERE log = $1 AND start <= $2
 ORDER BY n DESC LIMIT 1;

-- name: log_pieces
SELECT n, start, size, first_line, data FROM log_chunk
 WHERE log = $1 AND n >= $2 AND n < $3 ORDER BY n;

-- ---- buildstats-admin ----

-- name: log_list
SELECT id, sha256, size, lines FROM log WHERE id > $1 ORDER BY id LIMIT 1000;

-- Those of one build.

-- name: log_list_of_build
SELECT id, sha256, size, lines FROM log
 WHERE id > $1 AND id IN (SELECT log FROM failure WHERE build = $2)
 ORDER BY id LIMIT 1000;

-- What was found in a log by another version of the program.

-- name: log_refresh
UPDATE log SET first_error = $2, error_lines = $3::text::integer[],
       excerpt = $4, excerpt_lines = $5::text::integer[]
 WHERE id = $1
   AND (first_error, error_lines, excerpt, excerpt_lines) IS DISTINCT FROM
       ($2, $3::text::integer[], $4, $5::text::integer[]);
