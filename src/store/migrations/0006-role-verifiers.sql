-- What Postgres keeps of the passwords of a database's roles, by which a role is found that has changed its own.
-- SCRAM verifiers: nobody gets in with them. NULL until the first look for databases that were made before.
ALTER TABLE tb.project_databases
  ADD COLUMN role_verifiers jsonb;
