-- Takes from everybody but superusers what, in this database, reaches the whole cluster: locks and notifications that
-- every database shares a table or a queue for, messages in the log that replication reads, large objects, replication
-- slots, other sessions, and every language in which a program can be written. Run by a superuser; repeating it changes
-- nothing. A copy of the database (CREATE DATABASE … TEMPLATE) is closed as well.
DO $close$
DECLARE
  open_function regprocedure;
  open_language name;
BEGIN
  FOR open_function IN
    SELECT oid
      FROM pg_catalog.pg_proc
     WHERE pronamespace = 'pg_catalog'::regnamespace
       AND pg_catalog.has_function_privilege('public', oid, 'EXECUTE')
       AND (proname ~ '^pg_(try_)?advisory_'
         OR proname ~ '^(lo_|lowrite$|loread$)'
         OR proname ~ '^pg_logical_(emit|slot)_'
         OR proname ~ '^pg_(copy|create|drop|sync)_.*replication_slots?$'
         OR proname ~ '^pg_replication_(origin|slot)_'
         OR proname ~ '^(binary_upgrade|plpgsql)_'
         OR proname ~ '^pg_control_'
         OR proname ~ '^pg_(available_wal_summaries|wal_summary_contents)$'
         OR proname ~ '^pg_(read_file|rotate_logfile)_old$'
         OR proname IN ('pg_notify', 'pg_export_snapshot', 'pg_cancel_backend', 'pg_terminate_backend',
                        'pg_blocking_pids', 'pg_safe_snapshot_blocking_pids', 'pg_isolation_test_session_is_blocked',
                        'pg_lock_status', 'pg_prepared_xact', 'pg_nextoid', 'pg_stop_making_pinned_objects',
                        'pg_import_system_collations'))
  LOOP
    EXECUTE pg_catalog.format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', open_function);
  END LOOP;
  FOR open_language IN SELECT lanname FROM pg_catalog.pg_language WHERE lanpltrusted
  LOOP
    EXECUTE pg_catalog.format('REVOKE USAGE ON LANGUAGE %I FROM PUBLIC', open_language);
  END LOOP;
END
$close$;
