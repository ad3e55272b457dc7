#!/bin/sh
# Makes the database that project databases are copied from, and closes those that are there already: their roles then
# reach none of what the whole cluster shares. Runs once in a new container, as its superuser; on another Postgres run it
# by hand, with psql's own variables (PGHOST …), POSTGRES_USER, and the path of close-database.sql. May be repeated.
set -eu
sql=${1:-/opt/turbobackend/close-database.sql}
name=tb_closed_$(sha256sum "$sql" | cut -c1-8)

run() {
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"
}

if [ -z "$(run --dbname postgres --command "SELECT 1 FROM pg_database WHERE datname = '$name' AND datistemplate")" ]; then
  run --dbname postgres --command "DROP DATABASE IF EXISTS $name"
  run --dbname postgres --command "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8'"
  run --dbname postgres --command "REVOKE ALL ON DATABASE $name FROM PUBLIC"
  run --dbname "$name" --file "$sql"
  run --dbname postgres --command "ALTER DATABASE $name WITH IS_TEMPLATE true ALLOW_CONNECTIONS false"
fi
for project in $(run --dbname postgres --command "SELECT datname FROM pg_database WHERE datname ~ '^tb_[0-9a-z]{8}_'"); do
  run --dbname "$project" --file "$sql"
done
