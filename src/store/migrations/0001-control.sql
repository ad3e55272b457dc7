-- The control database's own tables. Times are unix seconds unless the name says otherwise.

CREATE FUNCTION tb.unix_now() RETURNS bigint
LANGUAGE sql VOLATILE
RETURN floor(extract(epoch FROM clock_timestamp()))::bigint;

CREATE TABLE tb.projects (
  project_id     varchar(64) PRIMARY KEY,
  owner_id       varchar(128) NOT NULL,
  name           varchar(64) NOT NULL,
  status         varchar(16) NOT NULL DEFAULT 'creating'
                 CHECK (status IN ('creating', 'ready', 'failed', 'deleting', 'deleted')),
  prompt         text NOT NULL,
  needs_database boolean NOT NULL DEFAULT false,
  database_name  varchar(63),
  planner        varchar(16),
  url            text NOT NULL DEFAULT '',
  docs_url       text NOT NULL DEFAULT '',
  source_dir     text NOT NULL DEFAULT '',
  repository     text NOT NULL DEFAULT '',
  commit_id      varchar(64) NOT NULL DEFAULT '',
  artifact       text NOT NULL DEFAULT '',
  receipt        jsonb,
  receipt_path   text NOT NULL DEFAULT '',
  created_at     bigint NOT NULL DEFAULT tb.unix_now(),
  updated_at     bigint NOT NULL DEFAULT tb.unix_now()
);

-- A deleted or failed project stays as the head of its runs' history; its name is free again.
CREATE UNIQUE INDEX projects_one_live_name_per_owner ON tb.projects (owner_id, name)
 WHERE status NOT IN ('deleted', 'failed');

CREATE TABLE tb.runs (
  run_id           varchar(64) PRIMARY KEY,
  project_id       varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  owner_id         varchar(128) NOT NULL,
  prompt           text NOT NULL,
  options          jsonb NOT NULL DEFAULT '{}',
  status           varchar(16) NOT NULL DEFAULT 'queued'
                   CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  cancel_requested boolean NOT NULL DEFAULT false,
  -- The engine's, for a run that it cannot simply carry on: 1 refuses its steps, 2 its undo steps as well.
  refusal          smallint NOT NULL DEFAULT 0,
  -- How often the engine had to mend the run.
  setbacks         smallint NOT NULL DEFAULT 0,
  -- The head of the run's event log; written by tb.append_event alone.
  last_seq         bigint NOT NULL DEFAULT 0,
  last_percent     smallint NOT NULL DEFAULT 0,
  log_closed       boolean NOT NULL DEFAULT false,
  result           jsonb,
  created_at       bigint NOT NULL DEFAULT tb.unix_now(),
  started_at       bigint,
  ended_at         bigint
);

CREATE INDEX runs_by_project ON tb.runs (project_id, created_at);
CREATE UNIQUE INDEX runs_one_active_per_project ON tb.runs (project_id) WHERE status IN ('queued', 'running');

CREATE TABLE tb.run_events (
  run_id  varchar(64) NOT NULL REFERENCES tb.runs ON DELETE CASCADE,
  seq     bigint NOT NULL,
  key     varchar(200) NOT NULL,
  body    jsonb NOT NULL,
  percent smallint NOT NULL CHECK (percent BETWEEN 0 AND 100),
  at_ms   bigint NOT NULL,
  PRIMARY KEY (run_id, seq),
  UNIQUE (run_id, key)
);

-- Appends to a run's log and wakes its watchers. Returns the event's seq; NULL when the key is already there or the
-- log is closed. In plpgsql because each statement must see what the row lock waited for.
CREATE FUNCTION tb.append_event(wanted_run varchar, wanted_key varchar, new_body jsonb, new_percent integer, new_at_ms bigint)
RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
  head tb.runs%ROWTYPE;
BEGIN
  SELECT * INTO STRICT head FROM tb.runs WHERE run_id = wanted_run FOR UPDATE;
  IF head.log_closed OR EXISTS (SELECT FROM tb.run_events WHERE run_id = wanted_run AND key = wanted_key) THEN
    RETURN NULL;
  END IF;
  UPDATE tb.runs
     SET last_seq = head.last_seq + 1,
         last_percent = greatest(head.last_percent, new_percent),
         log_closed = new_body ->> 'type' = 'run-ended'
   WHERE run_id = wanted_run;
  INSERT INTO tb.run_events (run_id, seq, key, body, percent, at_ms)
  VALUES (wanted_run, head.last_seq + 1, wanted_key, new_body, greatest(head.last_percent, new_percent), new_at_ms);
  PERFORM pg_notify('tb_run_events', wanted_run);
  RETURN head.last_seq + 1;
END
$$;

CREATE TABLE tb.container_sessions (
  project_id  varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  run_id      varchar(64) NOT NULL REFERENCES tb.runs ON DELETE CASCADE,
  provider    varchar(32) NOT NULL,
  external_id text NOT NULL,
  directory   text NOT NULL,
  created_at  bigint NOT NULL DEFAULT tb.unix_now(),
  ended_at    bigint,
  PRIMARY KEY (run_id, external_id)
);

CREATE INDEX container_sessions_by_project ON tb.container_sessions (project_id);

CREATE TABLE tb.message_cost_tracker (
  run_id        varchar(64) NOT NULL REFERENCES tb.runs ON DELETE CASCADE,
  call_key      varchar(200) NOT NULL,
  purpose       varchar(64) NOT NULL,
  provider      varchar(64) NOT NULL,
  model         varchar(128) NOT NULL,
  tokens_in     bigint NOT NULL,
  tokens_out    bigint NOT NULL,
  tokens_cached bigint NOT NULL DEFAULT 0,
  -- NULL when the model's price is not known.
  cost_usd      numeric(14, 8),
  duration_ms   bigint NOT NULL,
  created_at    bigint NOT NULL DEFAULT tb.unix_now(),
  PRIMARY KEY (run_id, call_key)
);

CREATE TABLE tb.project_actions (
  action_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  run_id     varchar(64) REFERENCES tb.runs ON DELETE SET NULL,
  action     varchar(32) NOT NULL,
  detail     text NOT NULL DEFAULT '',
  created_at bigint NOT NULL DEFAULT tb.unix_now()
);

CREATE INDEX project_actions_by_project ON tb.project_actions (project_id, action_id);
CREATE UNIQUE INDEX project_actions_once_per_run ON tb.project_actions (run_id, action);

CREATE TABLE tb.project_deployments (
  run_id      varchar(64) NOT NULL REFERENCES tb.runs ON DELETE CASCADE,
  project_id  varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  target      varchar(32) NOT NULL,
  external_id text NOT NULL,
  url         text NOT NULL,
  source_hash varchar(64) NOT NULL,
  created_at  bigint NOT NULL DEFAULT tb.unix_now(),
  PRIMARY KEY (run_id, target)
);

CREATE INDEX project_deployments_by_project ON tb.project_deployments (project_id);

CREATE TABLE tb.github_push_history (
  run_id     varchar(64) NOT NULL REFERENCES tb.runs ON DELETE CASCADE,
  project_id varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  host       varchar(32) NOT NULL,
  repository text NOT NULL,
  commit_id  varchar(64) NOT NULL,
  created_at bigint NOT NULL DEFAULT tb.unix_now(),
  PRIMARY KEY (run_id, commit_id)
);

CREATE INDEX github_push_history_by_project ON tb.github_push_history (project_id);

-- What a run's backend looked like when it was verified.
CREATE TABLE tb.api_blueprints (
  run_id     varchar(64) PRIMARY KEY REFERENCES tb.runs ON DELETE CASCADE,
  project_id varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  schema     jsonb,
  openapi    jsonb NOT NULL,
  created_at bigint NOT NULL DEFAULT tb.unix_now()
);

CREATE INDEX api_blueprints_by_project ON tb.api_blueprints (project_id);

-- Which processes carry runs out. A lease that is not renewed ends by the database's clock.
CREATE TABLE tb.worker_leases (
  executor_id varchar(200) PRIMARY KEY,
  abi         integer NOT NULL,
  expires_at  timestamptz NOT NULL,
  created_at  bigint NOT NULL DEFAULT tb.unix_now()
);
