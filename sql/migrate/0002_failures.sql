-- Failures: what went wrong, its log, what makes two of them the same.

-- Logs as they were sent, but for what the mask rules took out; the same
-- bytes are kept once, whoever sends them.  What pages and the search need of
-- a log stands in its row, so that its bytes are read for the viewer alone.
CREATE TABLE log (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256        bytea NOT NULL UNIQUE,
    size          bigint NOT NULL,      -- bytes
    lines         integer NOT NULL,
    first_error   integer NOT NULL,     -- line, from 1; 0: none was found
    error_lines   integer[] NOT NULL,   -- the first 256
    excerpt       text COLLATE "C" NOT NULL,  -- error lines and what is around
    search        text COLLATE "C" GENERATED ALWAYS AS (lower(excerpt)) STORED,
    excerpt_lines integer[] NOT NULL,   -- the number of each of its lines
    words         integer[],            -- model/log_words.h; NULL: not yet
    received      timestamptz NOT NULL DEFAULT now()
) WITH (toast_tuple_target = 4080);
-- Most of what a search costs is looking into excerpts: in lower case they are
-- compared four times faster than by ILIKE, and beside the row faster still.
-- A log is stored while somebody waits for the answer, and its trigrams cost
-- more than all the rest of it: both indexes get it along with its words.
-- Until then a search finds it by log_unread.
-- Every 512 logs have a number in common, so that a search can ask for the
-- newest alone: for words that many logs have that is a tenth of the work.
CREATE INDEX log_search ON log
    USING gin ((ARRAY[id >> 9]), search gin_trgm_ops) WHERE words IS NOT NULL;
CREATE INDEX log_words ON log
    USING gin ((ARRAY[id >> 9]), words) WHERE words IS NOT NULL;
CREATE INDEX log_unread ON log (id) WHERE words IS NULL;

-- A log's bytes in pieces that can be inflated each by itself.
CREATE TABLE log_chunk (
    log        integer NOT NULL REFERENCES log ON DELETE CASCADE,
    n          integer NOT NULL,  -- from 0
    start      bigint NOT NULL,   -- bytes before it
    size       integer NOT NULL,  -- bytes, inflated
    first_line integer NOT NULL,  -- of its first byte, from 1
    data       bytea NOT NULL,    -- zstd
    PRIMARY KEY (log, n)
);
ALTER TABLE log_chunk ALTER data SET STORAGE EXTERNAL;

-- What makes failures the same: model/signature.h.
CREATE TABLE signature (
    id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    strength smallint NOT NULL,   -- enum signature_strength
    version  smallint NOT NULL,   -- of the normaliser
    hash     bytea NOT NULL,      -- 16 bytes
    text     text NOT NULL,       -- the normalised lines, up to 2 KiB
    made     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (hash, strength, version)
);

-- Numbers of failures are also handed out ahead, in blocks, to those who must
-- answer before they may ask the database.
CREATE SEQUENCE failure_id AS integer;

-- The first of n numbers that nobody else gets.  Others take numbers at the
-- same time without a lock, so that it goes on until n stand in a row.
CREATE FUNCTION failure_reserve(n integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    first integer := nextval('failure_id');
    last integer := first;
    next integer;
BEGIN
    WHILE last - first + 1 < n LOOP
        next := nextval('failure_id');
        IF next <> last + 1 THEN
            first := next;
        END IF;
        last := next;
    END LOOP;
    RETURN first;
END $$;

-- What a search filters by is copied from the build: a failure is found
-- newest first by one index.
CREATE TABLE failure (
    id         integer PRIMARY KEY DEFAULT nextval('failure_id'),
    build      integer NOT NULL,
    started    timestamptz NOT NULL,  -- the build's
    seen       timestamptz NOT NULL,  -- when it failed, as far as is known
    kind       smallint NOT NULL,     -- enum failure_kind of model/build.h
    recipe     integer,               -- NULL: of no recipe
    version    integer,
    task       integer,               -- task_name.id; NULL: in no task
    log        integer REFERENCES log,  -- NULL: none came
    sig_block  integer,               -- signature.id; NULL without an error
    sig_lines  integer,
    sig_task   integer,
    first_line text COLLATE "C" NOT NULL,  -- the error in one line, up to 300 bytes
    message    text NOT NULL DEFAULT '',  -- told instead of a log
    signed     smallint NOT NULL,     -- by which version of the normaliser
    builder    text COLLATE "C" NOT NULL,
    machine    text COLLATE "C" NOT NULL,
    distro     text COLLATE "C" NOT NULL,
    image      text COLLATE "C" NOT NULL,
    branch     text COLLATE "C" NOT NULL
);
CREATE INDEX failure_seen ON failure (seen DESC, id DESC);
CREATE INDEX failure_build ON failure (build);
CREATE INDEX failure_recipe ON failure (recipe, seen DESC);
CREATE INDEX failure_task ON failure (task, seen DESC);
CREATE INDEX failure_builder ON failure (builder, seen DESC);
CREATE INDEX failure_machine ON failure (machine, seen DESC);
CREATE INDEX failure_distro ON failure (distro, seen DESC);
CREATE INDEX failure_image ON failure (image, seen DESC);
CREATE INDEX failure_branch ON failure (branch, seen DESC);
CREATE INDEX failure_sig_block ON failure (sig_block, seen DESC);
CREATE INDEX failure_sig_lines ON failure (sig_lines, seen DESC);
CREATE INDEX failure_sig_task ON failure (sig_task, seen DESC);
CREATE INDEX failure_log ON failure (log);
-- What is known of a failure without a log is its line and message.
CREATE INDEX failure_bare ON failure USING gin
    (lower(first_line || ' ' || message COLLATE "C") gin_trgm_ops)
    WHERE log IS NULL;

-- Error reports that were taken, so that the same one sent again, alone or
-- beside its build, is the same.  SHA-256 of the document without its sender.
CREATE TABLE report (
    sha256   bytea PRIMARY KEY,
    build    integer NOT NULL,
    received timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX report_build ON report (build);

-- A build that a report alone made gives way to the whole one.
CREATE TABLE build_moved (
    id    integer PRIMARY KEY,  -- the address that was given out
    build integer NOT NULL      -- where to look now
);

-- So does a failure that both of them had under a number of its own.
CREATE TABLE failure_moved (
    id      integer PRIMARY KEY,
    failure integer NOT NULL
);

-- What became of each upload; kept for a month.
CREATE TABLE receipt (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code     text COLLATE "C" NOT NULL UNIQUE,  -- unguessable, in its address
    received timestamptz NOT NULL DEFAULT now(),
    kind     text NOT NULL,          -- bundle, report, oestats
    bytes    bigint NOT NULL,
    sha256   bytea NOT NULL,
    builds   integer[] NOT NULL,
    content  jsonb NOT NULL,         -- model/receipt.h
    raw      text NOT NULL           -- file in the server's --raw; '' if none
);
CREATE INDEX receipt_received ON receipt (received);

-- Builds that report task by task, until they are folded into build.
CREATE TABLE live_build (
    id        bigint PRIMARY KEY,    -- what the client was told
    build     integer,               -- once it has been folded
    started   timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    ended     timestamptz,
    status    text NOT NULL DEFAULT '',  -- as the client said
    folded    timestamptz,           -- when last
    due       timestamptz,           -- when to fold; NULL: nothing to do
    facts     jsonb                  -- the fields of the start; NULL: to come
);
CREATE INDEX live_build_due ON live_build (due)
    WHERE due IS NOT NULL AND facts IS NOT NULL;

CREATE TABLE live_task (
    live    bigint NOT NULL,         -- live_build.id, which may come later
    package text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    task    text COLLATE "C" NOT NULL,
    ended   timestamptz NOT NULL,
    seconds double precision NOT NULL,
    passed  boolean NOT NULL,
    failure integer,                 -- the number that was answered
    log     bytea,                   -- zstd; of a failed one
    qalog   bytea,                   -- zstd; of the package's QA
    facts   jsonb NOT NULL,
    PRIMARY KEY (live, package, version, task, ended)
);

-- How far the files of a server's spool have been read.
CREATE TABLE spool_read (
    file     text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL,
    seen     timestamptz NOT NULL DEFAULT now()
);

-- What is known of failures that were stored before: the first of each package.
INSERT INTO failure (build, started, seen, kind, recipe, version, task,
    first_line, signed, builder, machine, distro, image, branch)
SELECT b.id, b.started,
       b.started + coalesce(p.first_start + p.elapsed, 0)
           * interval '10 milliseconds',
       1, p.recipe, p.version, p.failed_task, '', 0,
       b.builder, b.machine, b.distro, b.image, b.branch
  FROM package_build p
  JOIN build b ON b.id = p.build AND b.started = p.started
 WHERE p.failed_task IS NOT NULL
 ORDER BY p.started, b.id, p.recipe;
