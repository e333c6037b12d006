-- Signatures: what makes failures the same.

-- What is there is looked up one by one, so that a plan made when the table was
-- small serves when it isn't.

-- name: signature_store
WITH given AS MATERIALIZED (
    SELECT g.hash, g.strength, g.text,
           (SELECT s.id FROM signature s
             WHERE s.hash = g.hash AND s.strength = g.strength
               AND s.version = $3) AS id
      FROM set_config('synchronous_commit', 'off', true),
           unnest($1::bytea[], $2::smallint[], $4::text[])
               AS g (hash, strength, text)
), new AS (
    INSERT INTO signature (hash, strength, version, text)
    SELECT hash, strength, $3, text FROM given
     WHERE id IS NULL ORDER BY hash, strength
    ON CONFLICT DO NOTHING
    RETURNING id, hash, strength
)
SELECT id, hash, strength FROM new
UNION ALL
SELECT id, hash, strength FROM given WHERE id IS NOT NULL;

-- name: signature_find
SELECT id, hash, strength FROM signature
 WHERE hash = ANY ($1::bytea[]) AND version = $2;

-- Failures to be signed again, behind number $1: those of another version than
-- $2, or all with $2 = -1.

-- name: signature_due
SELECT f.id, coalesce(f.log, 0) AS log, coalesce(r.name, '') AS recipe,
       coalesce(t.name, '') AS task, f.message
  FROM failure f
  LEFT JOIN recipe r ON r.id = f.recipe
  LEFT JOIN task_name t ON t.id = f.task
 WHERE f.id > $1 AND f.signed <> $2
 ORDER BY f.id LIMIT 200;

-- name: signature_set
UPDATE failure f SET sig_block = nullif(g.sig_block, 0),
       sig_lines = nullif(g.sig_lines, 0), sig_task = nullif(g.sig_task, 0),
       first_line = g.first_line, signed = $1
  FROM unnest($2::integer[], $3::integer[], $4::integer[], $5::integer[],
              $6::text[]) AS g (id, sig_block, sig_lines, sig_task, first_line)
 WHERE f.id = g.id;
