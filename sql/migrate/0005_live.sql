-- Builds that report themselves while they run.

ALTER TABLE live_build
    ADD uuid       uuid UNIQUE,
    ADD name       text COLLATE "C" NOT NULL DEFAULT '',  -- BUILDNAME
    ADD builder    text COLLATE "C",      -- of the token that began it
    ADD token      bytea,                 -- SHA-256; NULL: an oestats client
    ADD seqs       int8multirange NOT NULL DEFAULT '{}',  -- applied
    ADD pieces     integer NOT NULL DEFAULT 0,
    ADD tasks      integer NOT NULL DEFAULT 0,  -- blocks of task files
    ADD bytes      bigint NOT NULL DEFAULT 0,   -- of all pieces, inflated
    ADD ignored    bigint NOT NULL DEFAULT 0,   -- events of unknown kinds
    ADD elapsed    double precision,      -- as the client said
    ADD running    jsonb,                 -- the newest snapshot
    ADD running_at timestamptz;
CREATE INDEX live_build_build ON live_build (build);

-- What was accepted, as it came: lines under zstd, a row a request.
CREATE TABLE live_piece (
    live bigint NOT NULL REFERENCES live_build ON DELETE CASCADE,
    n    integer NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (live, n)
);
ALTER TABLE live_piece ALTER data SET STORAGE EXTERNAL;

-- Texts of task files without their numbers, to which later events refer.
CREATE TABLE live_shape (
    live bigint NOT NULL REFERENCES live_build ON DELETE CASCADE,
    hash bytea NOT NULL,                  -- the start of its SHA-256
    text bytea NOT NULL,
    PRIMARY KEY (live, hash)
);
