-- Every database that was made for projects: written before it is created and removed after it is dropped, so that
-- nothing on a cluster is ever without a record. References no project and no run: it outlives both where it must.
CREATE TABLE tb.project_databases (
  database_name   varchar(63) PRIMARY KEY,
  -- Several installations may share the cluster; each touches only what carries its own mark.
  installation_id varchar(16) NOT NULL,
  purpose         varchar(16) NOT NULL DEFAULT 'project' CHECK (purpose IN ('project', 'clone')),
  -- creating -> ready (in the pool) -> claimed (by a run) -> provisioning -> active; a clone goes creating -> active.
  state           varchar(16) NOT NULL DEFAULT 'creating'
                  CHECK (state IN ('creating', 'ready', 'claimed', 'provisioning', 'active', 'dropping')),
  cloned_from     varchar(63) REFERENCES tb.project_databases,
  project_id      varchar(64),
  run_id          varchar(64),
  -- Sealed with the installation's key.
  owner_password  text NOT NULL,
  app_password    text NOT NULL,
  reader_password text NOT NULL,
  created_at      bigint NOT NULL DEFAULT tb.unix_now(),
  updated_at      bigint NOT NULL DEFAULT tb.unix_now(),
  CHECK ((purpose = 'clone') = (cloned_from IS NOT NULL)),
  CHECK (state <> 'ready' OR (run_id IS NULL AND project_id IS NULL))
);

CREATE UNIQUE INDEX project_databases_one_per_run ON tb.project_databases (run_id)
 WHERE purpose = 'project' AND state <> 'dropping';
CREATE INDEX project_databases_by_project ON tb.project_databases (project_id);
CREATE INDEX project_databases_by_origin ON tb.project_databases (cloned_from);
CREATE INDEX project_databases_ready ON tb.project_databases (installation_id, created_at) WHERE state = 'ready';

-- The statements that made a project's tables, and what became of each.
CREATE TABLE tb.generated_queries (
  run_id        varchar(64) NOT NULL REFERENCES tb.runs ON DELETE CASCADE,
  project_id    varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  database_name varchar(63) NOT NULL,
  -- From 1, in the order in which they run.
  position      integer NOT NULL,
  kind          varchar(16) NOT NULL,
  sql           text NOT NULL,
  -- rolled-back: it ran, and a later one failed; not-run: an earlier one failed.
  outcome       varchar(16) NOT NULL CHECK (outcome IN ('done', 'failed', 'rolled-back', 'not-run')),
  error         text,
  created_at    bigint NOT NULL DEFAULT tb.unix_now(),
  PRIMARY KEY (run_id, position)
);

CREATE INDEX generated_queries_by_project ON tb.generated_queries (project_id);
