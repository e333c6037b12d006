-- A failure and its like.  $1, $2 and $3 are signatures by strength; 0, which
-- none has, leaves one out.  No more than the newest 1,000 of each are looked
-- at.

-- Of each strength: how often, and since when; $4 aside.  An index counts.

-- name: failure_view_known
SELECT 1::smallint AS strength,
       least((SELECT count(*) FROM (
           SELECT FROM failure WHERE sig_block = $1
            ORDER BY seen DESC LIMIT 1001) f)
             - (SELECT count(*) FROM failure WHERE id = $4 AND sig_block = $1),
             1000) AS times,
       (SELECT seen FROM failure WHERE sig_block = $1 AND id <> $4
         ORDER BY seen LIMIT 1) AS first,
       (SELECT seen FROM failure WHERE sig_block = $1 AND id <> $4
         ORDER BY seen DESC LIMIT 1) AS last
UNION ALL
SELECT 2::smallint AS strength,
       least((SELECT count(*) FROM (
           SELECT FROM failure WHERE sig_lines = $2
            ORDER BY seen DESC LIMIT 1001) f)
             - (SELECT count(*) FROM failure WHERE id = $4 AND sig_lines = $2),
             1000) AS times,
       (SELECT seen FROM failure WHERE sig_lines = $2 AND id <> $4
         ORDER BY seen LIMIT 1) AS first,
       (SELECT seen FROM failure WHERE sig_lines = $2 AND id <> $4
         ORDER BY seen DESC LIMIT 1) AS last
UNION ALL
SELECT 3::smallint AS strength,
       least((SELECT count(*) FROM (
           SELECT FROM failure WHERE sig_task = $3
            ORDER BY seen DESC LIMIT 1001) f)
             - (SELECT count(*) FROM failure WHERE id = $4 AND sig_task = $3),
             1000) AS times,
       (SELECT seen FROM failure WHERE sig_task = $3 AND id <> $4
         ORDER BY seen LIMIT 1) AS first,
       (SELECT seen FROM failure WHERE sig_task = $3 AND id <> $4
         ORDER BY seen DESC LIMIT 1) AS last;

-- By how many builders, today being what is later than $5; $4 aside.

-- name: failure_view_builders
SELECT count(*) AS builders,
       count(*) FILTER (WHERE last > $5::timestamptz) AS today
  FROM (SELECT builder, max(seen) AS last
          FROM ((SELECT seen, builder FROM failure
                  WHERE sig_block = $1 AND id <> $4
                  ORDER BY seen DESC LIMIT 1000)
                UNION ALL
                (SELECT seen, builder FROM failure
                  WHERE sig_lines = $2 AND id <> $4
                  ORDER BY seen DESC LIMIT 1000)
                UNION ALL
                (SELECT seen, builder FROM failure
                  WHERE sig_task = $3 AND id <> $4
                  ORDER BY seen DESC LIMIT 1000)) f
         GROUP BY builder) b;

-- name: failure_view_more
SELECT coalesce(recipe, 0) AS recipe, message FROM failure WHERE id = $1;

-- Where it was seen; recipe and started are those of the latest of a target.

-- name: failure_view_spread
WITH f AS (
    (SELECT id, build, recipe, started, seen, machine, distro, branch, builder
       FROM failure WHERE sig_block = $1 ORDER BY seen DESC LIMIT 1000)
    UNION ALL
    (SELECT id, build, recipe, started, seen, machine, distro, branch, builder
       FROM failure WHERE sig_lines = $2 ORDER BY seen DESC LIMIT 1000)
    UNION ALL
    (SELECT id, build, recipe, started, seen, machine, distro, branch, builder
       FROM failure WHERE sig_task = $3 ORDER BY seen DESC LIMIT 1000)
)
SELECT f.machine, f.distro, f.branch, count(*) AS times,
       min(f.seen) AS first, max(f.seen) AS last,
       count(DISTINCT f.builder) AS builders,
       count(DISTINCT nullif(b.host, '')) AS hosts,
       max(f.started) AS started,
       (array_agg(coalesce(f.recipe, 0)
                  ORDER BY f.seen DESC, f.id DESC))[1] AS recipe
  FROM f LEFT JOIN build b ON b.id = f.build
 GROUP BY f.machine, f.distro, f.branch
 ORDER BY max(f.seen) DESC, f.machine, f.distro, f.branch LIMIT 41;

-- Later successes of recipes: the newest $3 of each.

-- name: failure_view_successes
SELECT p.recipe, b.machine, b.distro, b.branch, p.started, p.build
  FROM unnest($1::integer[]) r (id)
 CROSS JOIN LATERAL (
       SELECT recipe, build, started FROM package_build
        WHERE recipe = r.id AND status = 1 AND started > $2
        ORDER BY started DESC LIMIT $3) p
  JOIN build b ON b.id = p.build
 ORDER BY p.started, p.build;

-- name: failure_view_signature
SELECT strength, version, text FROM signature WHERE id = $1;

-- How often over time: seen in steps of $5 seconds since $4.

-- name: failure_view_times
WITH f AS (
    (SELECT seen FROM failure WHERE sig_block = $1 ORDER BY seen DESC
      LIMIT 20000)
    UNION ALL
    (SELECT seen FROM failure WHERE sig_lines = $2 ORDER BY seen DESC
      LIMIT 20000)
    UNION ALL
    (SELECT seen FROM failure WHERE sig_task = $3 ORDER BY seen DESC
      LIMIT 20000)
)
SELECT floor(extract(epoch FROM seen - $4)::float8 / $5::float8)::integer
           AS bin,
       count(*) AS times
  FROM f WHERE seen >= $4 GROUP BY 1 ORDER BY 1;

-- The failures of one recipe in some builds.

-- name: failure_view_of_builds
SELECT f.build, f.id, coalesce(t.name, '') AS task
  FROM failure f LEFT JOIN task_name t ON t.id = f.task
 WHERE f.build = ANY ($1) AND f.recipe = $2 ORDER BY f.build, f.id;

-- What two builds were configured with.

-- name: failure_view_texts
SELECT build, name, data FROM build_text
 WHERE build = $1 AND started = $2 AND size <= 1048576
   AND name IN ('local.conf', 'auto.conf', 'site.conf', 'toolcfg.conf')
UNION ALL
SELECT build, name, data FROM build_text
 WHERE build = $3 AND started = $4 AND size <= 1048576
   AND name IN ('local.conf', 'auto.conf', 'site.conf', 'toolcfg.conf');
