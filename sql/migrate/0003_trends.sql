-- Trends: steps in how long things take, found behind the uploads.

-- Mean over the build of the share of time that something waited for a
-- processor, percent; NULL: unknown.
ALTER TABLE build ADD COLUMN cpu_pressure double precision;

-- Builds whose recipes are to be looked at, and the recipes that are, as soon
-- as it is due: what many builds bring in a short time is looked at once.
CREATE TABLE trend_new (
    build integer PRIMARY KEY
);
CREATE TABLE trend_due (
    recipe integer PRIMARY KEY,  -- 0: whole builds
    due    timestamptz NOT NULL
);
CREATE INDEX trend_due_due ON trend_due (due);

-- The steps among the latest runs of a recipe on a machine and builder; those
-- of a recipe are replaced together.
CREATE TABLE trend_step (
    recipe    integer NOT NULL,   -- 0: a whole build
    task      integer NOT NULL,   -- task_name.id of what changed most; 0: all
    image     text COLLATE "C" NOT NULL,  -- of whole builds, else ''
    machine   text COLLATE "C" NOT NULL,
    builder   text COLLATE "C" NOT NULL,
    metric    text COLLATE "C" NOT NULL,  -- cputime, elapsed
    verdict   smallint NOT NULL,  -- enum step_verdict of model/step.h
    seen      timestamptz NOT NULL,  -- start of the first build after it
    build_before integer NOT NULL,
    build_after  integer NOT NULL,
    runs_before  integer NOT NULL,
    runs_after   integer NOT NULL,
    change    double precision NOT NULL,  -- of the value before
    -- Medians of value, wall time, CPU time, pressure on both sides; NULL:
    -- unknown.
    value_before    double precision NOT NULL,
    value_after     double precision NOT NULL,
    wall_before     double precision,
    wall_after      double precision,
    cpu_before      double precision,
    cpu_after       double precision,
    pressure_before double precision,
    pressure_after  double precision
);
CREATE INDEX trend_step_recipe ON trend_step (recipe);
CREATE INDEX trend_step_seen ON trend_step (seen DESC);

INSERT INTO trend_due (recipe, due) SELECT id, now() FROM recipe;
INSERT INTO trend_due (recipe, due) VALUES (0, now());
