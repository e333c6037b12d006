-- What the worker asks beside its pages.

-- name: web_token
SELECT builder FROM token WHERE sha256 = $1 AND revoked IS NULL;

-- name: web_build_started
SELECT started FROM build WHERE id = $1;

-- name: web_health
SELECT (SELECT coalesce(max(version), 0) FROM schema_version) AS schema,
       current_setting('server_version') AS server,
       pg_is_in_recovery() AS standby,
       CASE WHEN pg_is_in_recovery() THEN
           extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8
       ELSE 0 END AS lag;

-- name: web_totals
SELECT status, count(*) AS builds, coalesce(sum(packages), 0)::bigint AS packages,
       coalesce(sum(tasks), 0)::bigint AS tasks
FROM build GROUP BY status ORDER BY status;

-- name: web_size
SELECT pg_database_size(current_database()) AS bytes;
