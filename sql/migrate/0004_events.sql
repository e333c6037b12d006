-- What bitbake's event log told of a build besides its tasks.

CREATE TABLE build_events (
    build  integer PRIMARY KEY REFERENCES build ON DELETE CASCADE,
    counts jsonb NOT NULL,     -- {"warnings": 3, ...}: enum event_count of model/events.h
    variables jsonb NOT NULL   -- {"PARALLEL_MAKE": "-j 4", ...}: event_variables
);

-- Warnings and errors that bitbake printed, in their order; the first of them.
CREATE TABLE build_message (
    build   integer NOT NULL REFERENCES build ON DELETE CASCADE,
    n       integer NOT NULL,          -- from 1
    level   smallint NOT NULL,         -- enum message_level of model/events.h
    class   text COLLATE "C" NOT NULL, -- of a QA issue: "already-stripped"; else ''
    recipe  text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    task    text COLLATE "C" NOT NULL,
    seen    timestamptz,               -- NULL: unknown
    text    text NOT NULL,
    PRIMARY KEY (build, n)
);
CREATE INDEX build_message_class ON build_message (class, build DESC)
    WHERE class <> '';
