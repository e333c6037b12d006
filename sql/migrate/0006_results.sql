-- What tests said: testresults.json, kept whole and taken apart.

-- The file as it came, once for each content.
CREATE TABLE result_file (
    id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256   bytea NOT NULL UNIQUE,
    size     bigint NOT NULL,
    masked   bigint NOT NULL,  -- places in its logs that are not for all
    received timestamptz NOT NULL DEFAULT now()
);

-- Pieces that are packed each by itself: zstd.
CREATE TABLE result_chunk (
    file  integer NOT NULL REFERENCES result_file ON DELETE CASCADE,
    n     integer NOT NULL,  -- from 0
    start bigint NOT NULL,   -- bytes before it
    size  integer NOT NULL,  -- bytes, inflated
    data  bytea NOT NULL,
    PRIMARY KEY (file, n)
);
ALTER TABLE result_chunk ALTER data SET STORAGE EXTERNAL;

-- The names of a suite's cases: one list serves as long as none comes or goes.
CREATE TABLE result_names (
    id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256 bytea NOT NULL UNIQUE,
    data   bytea NOT NULL,  -- model/result_pack.h
    used   timestamptz NOT NULL DEFAULT now()  -- about when last
);

-- A result id: a run of tests.
CREATE TABLE result_run (
    id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    build    integer NOT NULL,
    name     text COLLATE "C" NOT NULL,  -- the result id
    content  bytea NOT NULL,   -- SHA-256 of what is said of its cases
    file     integer NOT NULL REFERENCES result_file,
    position bigint NOT NULL,  -- of its value in the file
    type     text COLLATE "C" NOT NULL,  -- TEST_TYPE
    machine  text COLLATE "C" NOT NULL,
    image    text COLLATE "C" NOT NULL,
    same     bytea NOT NULL,   -- equal: the same test, run again
    ran      timestamptz NOT NULL,
    timed    boolean NOT NULL, -- ran is what it says, not the build's start
    alone    boolean NOT NULL, -- nothing else was known of its build
    configuration text NOT NULL,
    passed   integer NOT NULL,
    failed   integer NOT NULL,
    skipped  integer NOT NULL,
    expected integer NOT NULL,  -- EXPECTEDFAIL
    blocked  integer NOT NULL,  -- BLOCKED
    other    integer NOT NULL,
    seconds  double precision NOT NULL,
    log_bytes bigint NOT NULL,
    names    integer[] NOT NULL,  -- result_names.id, one a group of cases
    cases    bytea NOT NULL,      -- model/result_pack.h
    received timestamptz NOT NULL DEFAULT now(),
    UNIQUE (build, name)
);
CREATE INDEX result_run_same ON result_run (same, ran DESC, id DESC);
CREATE INDEX result_run_file ON result_run (file);
CREATE INDEX result_run_alone ON result_run (machine, ran) WHERE alone;

-- What the logs of failed cases end with.
CREATE TABLE result_failed (
    run        integer NOT NULL REFERENCES result_run ON DELETE CASCADE,
    n          integer NOT NULL,  -- which of the run's cases, from 0
    first_line text NOT NULL,
    excerpt    text NOT NULL,
    PRIMARY KEY (run, n)
);
