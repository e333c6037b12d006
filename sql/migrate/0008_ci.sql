-- Builds of an autobuilder, as it tells of them itself.

CREATE TABLE ci_run (
    id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    identity  bytea NOT NULL UNIQUE,  -- model/ci.h
    kind      text NOT NULL,          -- 'buildbot'
    url       text COLLATE "C" NOT NULL,  -- of its page; '' if it has none
    build     integer NOT NULL,
    builder   text NOT NULL,
    number    integer NOT NULL,
    result    text NOT NULL,          -- its own word; '' while it runs
    state     text NOT NULL,          -- a sentence for people
    reason    text NOT NULL,
    worker    text NOT NULL,
    started   timestamptz,
    complete  timestamptz,
    names     text[] NOT NULL,        -- of properties, masked as logs are
    properties text[] NOT NULL,       -- and their values
    updated   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ci_run_url ON ci_run (url) WHERE url <> '';
CREATE INDEX ci_run_build ON ci_run (build);

-- What a build said of the autobuilder's page that is about it.
CREATE INDEX build_ci_url ON build ((environment ->> 'ci_url'))
    WHERE environment ? 'ci_url';
