#!/bin/sh
# Runs once, when the cluster is new: makes the role that turbobackend works as. It is no superuser, so that a fault of
# ours or a stolen DB_CLUSTER_PASSWORD reaches project databases and not the server itself.
# docs/deploy.md has the same statements for a Postgres that somebody else runs.
set -eu

# psql reads the password from the environment: in no process list, and in no log.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password DB_CLUSTER_PASSWORD
CREATE ROLE turbobackend LOGIN NOSUPERUSER CREATEDB CREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
-- It ends sessions that overstay, and gets in when project backends have taken every connection.
GRANT pg_signal_backend, pg_use_reserved_connections TO turbobackend;
-- A project's roles have no business in these.
REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO turbobackend;
SQL
