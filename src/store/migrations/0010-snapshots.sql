-- Copies of a project's database that are kept; each is a clone in tb.project_databases and goes with it.
CREATE TABLE tb.project_snapshots (
  snapshot_id   varchar(64) PRIMARY KEY,
  project_id    varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  database_name varchar(63) NOT NULL UNIQUE REFERENCES tb.project_databases ON DELETE CASCADE,
  -- The revision that it was taken of.
  revision      integer NOT NULL,
  reason        text NOT NULL,
  size_bytes    bigint NOT NULL,
  created_at    bigint NOT NULL DEFAULT tb.unix_now(),
  -- Several may be taken within a second.
  position      bigint GENERATED ALWAYS AS IDENTITY
);

CREATE INDEX project_snapshots_by_project ON tb.project_snapshots (project_id, position);
