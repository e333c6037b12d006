-- The search for failures: a page of them, put together from fragments:
--
--     page, [sorted,] rows, FROM ... filters ... terms, order, limits,
--     [order, limits,] end of page

-- fragment: failures_page
WITH p AS MATERIALIZED (

-- How many others have a signature is counted once for each: a page has many
-- of the same.

-- fragment: failures_similar
), s AS (
SELECT d.sig, (SELECT count(*) - 1
                 FROM (SELECT FROM failure o WHERE o.sig_lines = d.sig

-- fragment: failures_page_end
) n) AS similar
  FROM (SELECT DISTINCT sig_lines AS sig FROM p
         WHERE sig_lines IS NOT NULL) d)
SELECT f.id, f.build, f.kind, f.first_line, f.builder, f.machine, f.distro,
       f.image, f.branch, f.seen, f.started, f.log, f.sig_block, f.sig_lines,
       f.sig_task, coalesce(s.similar, 0) AS similar, r.name AS recipe,
       v.name AS version, t.name AS task
  FROM p f
  LEFT JOIN s ON s.sig = f.sig_lines
  LEFT JOIN recipe r ON r.id = f.recipe
  LEFT JOIN recipe_version v ON v.id = f.version
  LEFT JOIN task_name t ON t.id = f.task

-- One row more than a page has tells whether there is another; rows are counted
-- so far for a page.

-- fragment: failures_limit_101
LIMIT 101

-- fragment: failures_limit_1001
LIMIT 1001

-- fragment: failures_count
SELECT count(*) AS total FROM (

-- An order lets the planner count by an index.

-- fragment: failures_count_by_seen
ORDER BY f.seen DESC

-- fragment: failures_count_end
) n

-- fragment: failures_one
SELECT 1

-- fragment: failures_rows
SELECT f.*

-- fragment: failures_from
FROM failure f WHERE true

-- Any other order than by time is one among the newest of what was found.

-- fragment: failures_sorted
SELECT x.*, row_number() OVER () AS place FROM (SELECT f.* FROM (

-- fragment: failures_sorted_end
) x

-- fragment: failures_in_place
ORDER BY f.place

-- Words that many failures have are found among the newest, by looking into
-- their logs one by one; OFFSET 0 keeps the planner from better ideas.

-- fragment: failures_from_newest
FROM (SELECT f.* FROM failure f WHERE true

-- fragment: failures_newest_logs
) f LEFT JOIN LATERAL (SELECT l.search, l.words FROM log l
                        WHERE l.id = f.log OFFSET 0) l ON true WHERE true

-- fragment: failures_look_for
AND (strpos(coalesce(l.search, lower(f.first_line || ' '
                                       || f.message COLLATE "C")), $?) > 0
     OR f.recipe = (SELECT r.id FROM recipe r WHERE r.name = $=)
     OR f.task = (SELECT t.id FROM task_name t WHERE t.name = $=)
     OR f.machine = $= OR f.builder = $=)

-- fragment: failures_look_for_word
AND (strpos(coalesce(l.search, lower(f.first_line || ' '
                                       || f.message COLLATE "C")), $?) > 0
     OR f.recipe = (SELECT r.id FROM recipe r WHERE r.name = $=)
     OR f.task = (SELECT t.id FROM task_name t WHERE t.name = $=)
     OR f.machine = $= OR f.builder = $=
     OR l.words @> ARRAY[$?]::integer[])

-- fragment: failures_look_for_all
AND (SELECT bool_and(strpos(coalesce(l.search, lower(f.first_line || ' '
                                       || f.message COLLATE "C")), t) > 0)
       FROM unnest($?::text[]) t)

-- Others are found by the indices over all logs, and over the lines of what
-- has none.  Values behind a SELECT hide from the planner, which takes an index
-- then, whatever it knows of common words.

-- fragment: failures_from_logs
FROM (SELECT f.* FROM log l JOIN failure f ON f.log = l.id
       WHERE l.words IS NOT NULL

-- fragment: failures_logs_among
AND ARRAY[l.id >> 9] && (SELECT $?::integer[])

-- Logs that aren't in the indices yet; when they are many, the newest.

-- fragment: failures_from_unread
UNION ALL
SELECT f.* FROM (SELECT u.id, u.search FROM log u WHERE u.words IS NULL
                  ORDER BY u.id DESC LIMIT 2000) l
  JOIN failure f ON f.log = l.id WHERE true

-- fragment: failures_from_bare
UNION ALL SELECT f.* FROM failure f WHERE f.log IS NULL

-- A single word may be a name, too, and not be in the log.

-- fragment: failures_from_named
UNION ALL
SELECT f.* FROM failure f
 WHERE (f.recipe = (SELECT r.id FROM recipe r WHERE r.name = $?)
        OR f.machine = (SELECT $=) OR f.builder = (SELECT $=))
   AND NOT coalesce((SELECT strpos(l.search, $=) > 0
                            OR l.words @> ARRAY[$?]::integer[]
                       FROM log l WHERE l.id = f.log),
                    strpos(lower(f.first_line || ' '
                                 || f.message COLLATE "C"), $?) > 0)

-- fragment: failures_from_logs_end
) f WHERE true

-- fragment: failures_log_like
AND l.search LIKE (SELECT $?)

-- fragment: failures_log_like_word
AND (l.search LIKE (SELECT $?) OR l.words @> (SELECT ARRAY[$?]::integer[]))

-- fragment: failures_log_has
AND strpos(l.search, $?) > 0

-- fragment: failures_log_has_all
AND (SELECT bool_and(strpos(l.search, t) > 0) FROM unnest($?::text[]) t)

-- fragment: failures_line_like
AND lower(f.first_line || ' ' || f.message COLLATE "C") LIKE (SELECT $?)

-- fragment: failures_line_has
AND strpos(lower(f.first_line || ' ' || f.message COLLATE "C"), $?) > 0

-- fragment: failures_line_has_all
AND (SELECT bool_and(strpos(lower(f.first_line || ' '
                                  || f.message COLLATE "C"), t) > 0)
       FROM unnest($?::text[]) t)

-- fragment: failures_where_recipe
AND f.recipe = $?

-- fragment: failures_where_version
AND f.version = $?

-- fragment: failures_where_task
AND f.task = (SELECT t.id FROM task_name t WHERE t.name = $?)

-- fragment: failures_where_build
AND f.build = $?

-- fragment: failures_where_builder
AND f.builder = $?

-- fragment: failures_where_machine
AND f.machine = $?

-- fragment: failures_where_distro
AND f.distro = $?

-- fragment: failures_where_image
AND f.image = $?

-- fragment: failures_where_branch
AND f.branch = $?

-- fragment: failures_where_since
AND f.seen >= $?

-- fragment: failures_where_log_before
AND f.log < $?

-- fragment: failures_where_until
AND f.seen < $?

-- fragment: failures_where_sig_block
AND f.sig_block = $?

-- fragment: failures_where_sig_lines
AND f.sig_lines = $?

-- fragment: failures_where_sig_task
AND f.sig_task = $?

-- What only the build knows is asked build by build.

-- fragment: failures_where_commit
AND (SELECT starts_with(b.commit, $?) FROM build b WHERE b.id = f.build)

-- fragment: failures_where_layer
AND (SELECT b.layers @> ARRAY[$?]::text[] FROM build b WHERE b.id = f.build)

-- fragment: failures_where_tags
AND (SELECT b.tags @> $?::text[] FROM build b WHERE b.id = f.build)

-- fragment: failures_where_statuses
AND (SELECT b.status = ANY ($?::smallint[]) FROM build b WHERE b.id = f.build)

-- fragment: failures_by_seen
ORDER BY f.seen, f.id

-- fragment: failures_by_seen_down
ORDER BY f.seen DESC, f.id DESC

-- fragment: failures_by_recipe
) f ORDER BY (SELECT r.name FROM recipe r WHERE r.id = f.recipe),
             f.seen DESC, f.id DESC

-- fragment: failures_by_recipe_down
) f ORDER BY (SELECT r.name FROM recipe r WHERE r.id = f.recipe) DESC
             NULLS LAST, f.seen DESC, f.id DESC

-- fragment: failures_by_task
) f ORDER BY (SELECT t.name FROM task_name t WHERE t.id = f.task),
             f.seen DESC, f.id DESC

-- fragment: failures_by_task_down
) f ORDER BY (SELECT t.name FROM task_name t WHERE t.id = f.task) DESC
             NULLS LAST, f.seen DESC, f.id DESC

-- fragment: failures_by_machine
) f ORDER BY f.machine, f.seen DESC, f.id DESC

-- fragment: failures_by_machine_down
) f ORDER BY f.machine DESC, f.seen DESC, f.id DESC

-- fragment: failures_by_distro
) f ORDER BY f.distro, f.seen DESC, f.id DESC

-- fragment: failures_by_distro_down
) f ORDER BY f.distro DESC, f.seen DESC, f.id DESC

-- fragment: failures_by_builder
) f ORDER BY f.builder, f.seen DESC, f.id DESC

-- fragment: failures_by_builder_down
) f ORDER BY f.builder DESC, f.seen DESC, f.id DESC

-- Two numbers of one failure are one.

-- fragment: failures_span
SELECT count(*) AS total,
       coalesce(percentile_disc(0.1) WITHIN GROUP (ORDER BY w.log), 0)
           AS first,
       (SELECT coalesce(max(l.id), 0) FROM log l) AS last
  FROM (SELECT f.log

-- fragment: failures_span_end
) w

-- How many failures since then have a log from before?  The same log may come
-- again.

-- name: failures_with_older_logs
SELECT count(*) AS total
  FROM (SELECT FROM failure f WHERE f.seen >= $1 AND f.log < $2
         ORDER BY f.seen DESC LIMIT $3) n;

-- name: failure_by_id
SELECT f.id, f.build, f.kind, f.first_line, f.builder, f.machine, f.distro,
       f.image, f.branch, f.seen, f.started, f.log, f.sig_block, f.sig_lines,
       f.sig_task, r.name AS recipe, v.name AS version, t.name AS task,
       CASE WHEN f.sig_lines IS NULL THEN 0
            ELSE (SELECT count(*) - 1
                    FROM (SELECT FROM failure o WHERE o.sig_lines = f.sig_lines
                           LIMIT $2) n) END AS similar
  FROM failure f
  LEFT JOIN recipe r ON r.id = f.recipe
  LEFT JOIN recipe_version v ON v.id = f.version
  LEFT JOIN task_name t ON t.id = f.task
 WHERE f.id = coalesce((SELECT m.failure FROM failure_moved m WHERE m.id = $1), $1);

-- name: failures_of_build
SELECT f.id, f.build, f.kind, f.first_line, f.builder, f.machine, f.distro,
       f.image, f.branch, f.seen, f.started, f.log, f.sig_block, f.sig_lines,
       f.sig_task, r.name AS recipe, v.name AS version, t.name AS task,
       CASE WHEN f.sig_lines IS NULL THEN 0
            ELSE (SELECT count(*) - 1
                    FROM (SELECT FROM failure o WHERE o.sig_lines = f.sig_lines
                           LIMIT 101) n) END AS similar
  FROM (SELECT * FROM failure WHERE build = $1
         ORDER BY seen, id LIMIT $2) f
  LEFT JOIN recipe r ON r.id = f.recipe
  LEFT JOIN recipe_version v ON v.id = f.version
  LEFT JOIN task_name t ON t.id = f.task
 ORDER BY f.seen, f.id;

-- name: signature_strength
SELECT strength FROM signature WHERE id = $1;

-- What nearness looks at and a failure doesn't tell.

-- name: failures_builds
SELECT b.id, b.commit, coalesce(b.environment ->> 'host_distro', '') AS host,
       coalesce(b.environment ->> 'bitbake_version', '') AS bitbake
  FROM build b WHERE b.id = ANY ($1);
