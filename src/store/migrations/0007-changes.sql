-- What each successful run left of a project; and what a change would do, before anybody said that it shall.

CREATE TABLE tb.project_revisions (
  project_id  varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  -- From 1, without a gap.
  number      integer NOT NULL CHECK (number > 0),
  run_id      varchar(64) NOT NULL UNIQUE,
  kind        varchar(16) NOT NULL CHECK (kind IN ('create', 'change', 'deploy', 'undo')),
  prompt      text NOT NULL,
  commit_id   varchar(64) NOT NULL,
  -- Where the source's archive lies.
  artifact    text NOT NULL,
  source_hash varchar(64) NOT NULL DEFAULT '',
  -- The steps that led here from the revision before; empty for the first.
  steps       jsonb NOT NULL DEFAULT '[]',
  -- Every file of db/migrations by then: [{"name", "sql"}].
  migrations  jsonb NOT NULL DEFAULT '[]',
  -- The statements that would make its schema anew; NULL where those of the first run still do.
  ddl         jsonb,
  receipt     jsonb,
  created_at  bigint NOT NULL DEFAULT tb.unix_now(),
  PRIMARY KEY (project_id, number)
);

-- What was made before there were revisions is the first one.
INSERT INTO tb.project_revisions (project_id, number, run_id, kind, prompt, commit_id, artifact, source_hash, receipt, created_at)
SELECT p.project_id, 1, r.run_id, 'create', p.prompt, p.commit_id, p.artifact, coalesce(p.receipt ->> 'sourceHash', ''), p.receipt, r.ended_at
  FROM tb.projects p
  JOIN LATERAL (SELECT run_id, coalesce(ended_at, created_at) AS ended_at
                  FROM tb.runs
                 WHERE project_id = p.project_id
                   AND status = 'succeeded'
                 ORDER BY created_at
                 LIMIT 1) r ON true
 WHERE p.status = 'ready';

CREATE TABLE tb.change_plans (
  plan_id       varchar(64) PRIMARY KEY,
  project_id    varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  base_revision integer NOT NULL,
  -- What it was made for: another catalog or another source, and it fits no more.
  base_hash     varchar(64) NOT NULL,
  plan          jsonb NOT NULL,
  work          jsonb NOT NULL,
  created_at    bigint NOT NULL DEFAULT tb.unix_now()
);

CREATE INDEX change_plans_by_project ON tb.change_plans (project_id, created_at);
