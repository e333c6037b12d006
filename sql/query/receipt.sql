-- Receipts: what became of uploads.

-- name: receipt_store
INSERT INTO receipt (code, kind, bytes, sha256, builds, content, raw)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: receipt_load
SELECT received, code, kind, raw, encode(sha256, 'hex') AS sha256, bytes,
       builds, content
  FROM receipt WHERE code = $1;

-- name: receipt_prune
DELETE FROM receipt WHERE received < now() - make_interval(days => $1);

-- name: receipt_old
SELECT count(*) AS receipts FROM receipt
 WHERE received < now() - make_interval(days => $1);

-- Those whose bytes may be there still, for buildstats-admin reparse.

-- name: receipt_codes
SELECT code FROM receipt WHERE raw <> '' AND received >= $1 ORDER BY id;
