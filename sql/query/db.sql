-- What src/db itself says to the server.

-- name: tx_begin
BEGIN;

-- name: tx_begin_read_only
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: tx_commit
COMMIT;

-- name: tx_rollback
ROLLBACK;

-- name: db_deallocate_all
DEALLOCATE ALL;

-- name: db_set_timeout
SELECT set_config('statement_timeout', $1::text, false),
       set_config('lock_timeout', $2::text, false);
