-- What a project's backend is given beside its database, by name. The values are sealed by the installation's key.
CREATE TABLE tb.project_secrets (
  project_id varchar(64) NOT NULL REFERENCES tb.projects ON DELETE CASCADE,
  name       varchar(64) NOT NULL,
  sealed     text NOT NULL,
  -- When it was set last.
  set_at     bigint NOT NULL DEFAULT tb.unix_now(),
  PRIMARY KEY (project_id, name)
);
