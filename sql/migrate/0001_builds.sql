-- The spine: builds, their packages, their tasks' numbers, their series.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Names are compared and sorted as bytes: the same everywhere, and several
-- times faster than by the rules of a language.

-- Dictionaries: small integers everywhere else.

CREATE TABLE recipe (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);

-- [epoch_]version-revision, the part of PF behind the recipe.
CREATE TABLE recipe_version (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE task_name (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE metric (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        text COLLATE "C" NOT NULL UNIQUE,      -- as bitbake writes it
    name       text COLLATE "C" NOT NULL,             -- as URLs and JSON write it
    unit       text NOT NULL DEFAULT '',  -- 's', 'B', 'KiB', '1/s', 'ticks', ''
    kind       text NOT NULL DEFAULT 'task',
    first_seen timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX metric_name ON metric (name);

-- What the search's pickers offer.
CREATE TABLE facet (
    kind text COLLATE "C" NOT NULL,  -- builder machine distro image branch layer tag
    name text COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, name)
);

CREATE TABLE token (
    id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256  bytea NOT NULL UNIQUE,
    builder text NOT NULL,
    created timestamptz NOT NULL DEFAULT now(),
    revoked timestamptz
);

CREATE TABLE build (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    identity     bytea NOT NULL UNIQUE,  -- SHA-256 of UUID, or of host, start, name
    content      bytea NOT NULL,         -- SHA-256 of what was read
    uuid         uuid UNIQUE,
    name         text COLLATE "C" NOT NULL,
    builder      text COLLATE "C" NOT NULL DEFAULT '',
    machine      text COLLATE "C" NOT NULL DEFAULT '',
    distro       text COLLATE "C" NOT NULL DEFAULT '',
    image        text COLLATE "C" NOT NULL DEFAULT '',
    branch       text COLLATE "C" NOT NULL DEFAULT '',
    commit       text COLLATE "C" NOT NULL DEFAULT '',
    host         text COLLATE "C" NOT NULL DEFAULT '',
    targets      text[] NOT NULL DEFAULT '{}',
    layers       text[] NOT NULL DEFAULT '{}',
    tags         text[] NOT NULL DEFAULT '{}',
    task_names   integer[] NOT NULL DEFAULT '{}',  -- task_name.id, sorted
    started      timestamptz NOT NULL,
    elapsed      double precision,       -- seconds; NULL if never finished
    status       smallint NOT NULL,      -- enum build_status of model/build.h
    packages     integer NOT NULL,
    tasks        integer NOT NULL,
    failed       integer NOT NULL,       -- failed tasks
    environment  jsonb NOT NULL DEFAULT '{}',
    metrics      jsonb NOT NULL DEFAULT '{}',  -- {"name": [sum, max]}
    rootfs       jsonb NOT NULL DEFAULT '[]',
    repairs      text[] NOT NULL DEFAULT '{}',
    build_stats  bytea NOT NULL DEFAULT '',    -- the file itself
    received     timestamptz NOT NULL DEFAULT now(),
    updated      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX build_started ON build (started DESC, id DESC)
    INCLUDE (tasks, packages);  -- totals without the rows
CREATE INDEX build_builder ON build (builder, started DESC);
CREATE INDEX build_machine ON build (machine, started DESC);
CREATE INDEX build_image ON build (image, started DESC);
CREATE INDEX build_status ON build (status, started DESC);
CREATE INDEX build_elapsed ON build (elapsed DESC NULLS LAST, id DESC);
CREATE INDEX build_packages ON build (packages DESC, id DESC);
CREATE INDEX build_tasks ON build (tasks DESC, id DESC);
CREATE INDEX build_failed ON build (failed DESC, id DESC);
CREATE INDEX build_sets ON build USING gin (targets, layers, tags);
CREATE INDEX build_words ON build USING gin
    ((name || ' ' || builder || ' ' || machine || ' ' || distro || ' ' || image
      || ' ' || branch || ' ' || commit || ' ' || host) gin_trgm_ops);

-- The big tables: range-partitioned by the build's start, a month each; the
-- partitions are made ahead of time and on demand by build_partition().

CREATE TABLE package_build (
    started     timestamptz NOT NULL,  -- the build's
    build       integer NOT NULL,
    recipe      integer NOT NULL,
    version     integer NOT NULL,
    first_start integer,               -- hundredths of a second after started
    elapsed     integer,               -- first start to last end, hundredths
    cputime     integer,               -- sum over its tasks, hundredths
    failed_task integer,               -- task_name.id of the first failure
    status      smallint NOT NULL,     -- enum build_status of model/build.h
    tasks       bytea NOT NULL         -- model/package_tasks.h
) PARTITION BY RANGE (started);
CREATE INDEX package_build_build ON package_build (build);
CREATE INDEX package_build_recipe ON package_build (recipe, started DESC);
CREATE INDEX package_build_failed ON package_build (started DESC)
    WHERE status = 2;
CREATE INDEX package_build_recipe_failed ON package_build (recipe, started DESC)
    WHERE status = 2;

CREATE TABLE task_block (
    started timestamptz NOT NULL,
    build   integer NOT NULL,
    core    bytea NOT NULL,  -- model/task_block.h
    columns bytea NOT NULL,
    PRIMARY KEY (build, started)
) PARTITION BY RANGE (started);
ALTER TABLE task_block ALTER core SET STORAGE EXTERNAL,
    ALTER columns SET STORAGE EXTERNAL;

CREATE TABLE series_block (
    started timestamptz NOT NULL,
    build   integer NOT NULL,
    kind    smallint NOT NULL,  -- enum series_kind of model/build.h
    subject text NOT NULL,
    flags   smallint NOT NULL,
    samples integer NOT NULL,
    data    bytea NOT NULL,     -- model/series_block.h
    PRIMARY KEY (build, kind, subject, started)
) PARTITION BY RANGE (started);
ALTER TABLE series_block ALTER data SET STORAGE EXTERNAL;

CREATE TABLE build_text (
    started timestamptz NOT NULL,
    build   integer NOT NULL,
    name    text NOT NULL,
    size    bigint NOT NULL,
    data    bytea NOT NULL,     -- zstd
    PRIMARY KEY (build, name, started)
) PARTITION BY RANGE (started);
ALTER TABLE build_text ALTER data SET STORAGE EXTERNAL;

-- Makes the month partitions that hold a time, if they are missing.  Two
-- uploads of the same new month meet here, so it takes a lock of its own.
-- ATTACH, unlike CREATE TABLE ... PARTITION OF, waits for nobody who reads or
-- writes other months.
CREATE FUNCTION build_partition(t timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    lo timestamptz := date_trunc('month', t, 'UTC');
    hi timestamptz := (lo AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
    suffix text := to_char(t AT TIME ZONE 'UTC', 'YYYY_MM');
    parent text;
    child text;
BEGIN
    IF to_regclass('build_text_' || suffix) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(7218331002);
    FOREACH parent IN ARRAY
        ARRAY['package_build', 'task_block', 'series_block', 'build_text'] LOOP
        child := parent || '_' || suffix;
        IF to_regclass(child) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)',
                child, parent);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I'
                ' FOR VALUES FROM (%L) TO (%L)', parent, child, lo, hi);
        END IF;
    END LOOP;
END $$;

-- Drops a month's partitions, suffix as in build_partition: '2026_11'.
CREATE FUNCTION build_partition_drop(suffix text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    parent text;
BEGIN
    FOREACH parent IN ARRAY
        ARRAY['package_build', 'task_block', 'series_block', 'build_text'] LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I', parent || '_' || suffix);
    END LOOP;
END $$;

-- Pages come from memory or flash, where the next page costs as much as any:
-- with the default, a hundred rows by key lose against reading a whole table.
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET random_page_cost = 1.1',
                   current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'random_page_cost stays as it is: not the owner';
END $$;
