-- Who may call the service. Of a key itself only the hash is kept.
CREATE TABLE tb.api_keys (
  key_id       varchar(64) PRIMARY KEY,
  owner_id     varchar(128) NOT NULL,
  name         varchar(100) NOT NULL,
  prefix       varchar(16) NOT NULL,
  -- sha256, hex.
  key_hash     varchar(64) NOT NULL UNIQUE,
  scope        varchar(16) NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
  created_at   bigint NOT NULL DEFAULT tb.unix_now(),
  last_used_at bigint,
  revoked_at   bigint
);

CREATE INDEX api_keys_by_owner ON tb.api_keys (owner_id, created_at);

-- What calls with an Idempotency-Key were answered, for a day.
CREATE TABLE tb.idempotency_keys (
  owner_id     varchar(128) NOT NULL,
  key          varchar(200) NOT NULL,
  -- sha256 over operation and input, hex.
  request_hash varchar(64) NOT NULL,
  -- What the call's effect is named by, so that it is repeated under the same name.
  token        varchar(16) NOT NULL,
  -- NULL until it was answered.
  answer       jsonb,
  -- When a process last began to answer it.
  claimed_at   bigint NOT NULL DEFAULT tb.unix_now(),
  created_at   bigint NOT NULL DEFAULT tb.unix_now(),
  PRIMARY KEY (owner_id, key)
);

CREATE INDEX idempotency_keys_by_age ON tb.idempotency_keys (created_at);

CREATE INDEX runs_by_owner ON tb.runs (owner_id, created_at DESC, run_id);
CREATE INDEX projects_by_owner ON tb.projects (owner_id, created_at DESC, project_id);
