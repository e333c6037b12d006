-- Sizes: of images, packages and their files, of sections of programs.

-- What belongs together, kept by its content: a recipe's packages that are the
-- same in a thousand builds are one row (model/sizes.h).
CREATE TABLE size_unit (
    id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256   bytea NOT NULL UNIQUE,
    kind     smallint NOT NULL,      -- enum size_kind
    name     text COLLATE "C" NOT NULL,
    recipe   integer,                -- recipe.id of a recipe's packages
    bytes    bigint,                 -- of all of it; NULL: unknown
    files    integer NOT NULL,
    data     bytea NOT NULL,         -- zstd
    received timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE size_unit ALTER data SET STORAGE EXTERNAL;
CREATE INDEX size_unit_recipe ON size_unit (recipe) WHERE recipe IS NOT NULL;

CREATE TABLE build_size (
    build   integer PRIMARY KEY,
    units   integer[] NOT NULL,      -- size_unit.id, sorted
    metrics jsonb NOT NULL,          -- what they are in build.metrics
    alone   boolean NOT NULL         -- it is all that is known of the build
);

CREATE INDEX build_size_alone ON build_size (build) WHERE alone;

-- A buildhistory finds its build by name.
CREATE INDEX build_name ON build (name);
