-- The answers of model calls, so that a run which is carried on by another process asks and pays for none of them again.
CREATE TABLE tb.llm_calls (
  run_id     varchar(64) NOT NULL REFERENCES tb.runs ON DELETE CASCADE,
  call_key   varchar(200) NOT NULL,
  answer     jsonb NOT NULL,
  created_at bigint NOT NULL DEFAULT tb.unix_now(),
  PRIMARY KEY (run_id, call_key)
);
