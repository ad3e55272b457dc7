import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { readClosing } from '../../src/database/closed-template.ts';
import { startPlainCluster, type PlainCluster } from '../support/plain-cluster.ts';

// A function that changes something is volatile. Every volatile function that a role without rights may call is looked
// at here, on each Postgres that is installed: a new version with a new one fails until somebody has judged it.

/** What stays open, by why that is harmless: it ends with the session, or stays in the database. */
const LEFT_OPEN: Readonly<Record<string, string>> = {
  'of tables that the caller owns': `brin_desummarize_range brin_summarize_new_values brin_summarize_range
    gin_clean_pending_list pg_clear_attribute_stats pg_clear_relation_stats pg_restore_attribute_stats
    pg_restore_relation_stats`,
  'of sequences that the caller may use': 'currval lastval nextval setval pg_get_sequence_data pg_sequence_last_value',
  'the session’s own': `current_query pg_stat_clear_snapshot pg_stat_force_next_flush set_config setseed
    pg_extension_config_dump`,
  'waits, within the role’s time limit': 'pg_sleep pg_sleep_for pg_sleep_until',
  'clocks, chance and ids': `array_sample array_shuffle clock_timestamp gen_random_uuid random random_normal timeofday
    uuidv4 uuidv7`,
  'runs a query as the caller': `cursor_to_xml cursor_to_xmlschema query_to_xml query_to_xml_and_xmlschema
    query_to_xmlschema ts_rewrite ts_stat`,
  'sizes, of what the caller may connect to': `pg_database_size pg_indexes_size pg_relation_size pg_table_size
    pg_tablespace_size pg_total_relation_size`,
  'tells of the server, and changes nothing': `currtid2 pg_collation_actual_version pg_current_wal_flush_lsn
    pg_current_wal_insert_lsn pg_current_wal_lsn pg_database_collation_actual_version pg_get_loaded_modules
    pg_get_multixact_members pg_get_wait_events pg_get_wal_replay_pause_state pg_get_wal_resource_managers
    pg_get_wal_summarizer_state pg_is_in_recovery pg_is_wal_replay_paused pg_jit_available pg_last_committed_xact
    pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_notification_queue_usage
    pg_partition_ancestors pg_partition_tree pg_stat_get_backend_io pg_stat_get_backend_wal pg_stat_get_io
    pg_stat_get_recovery_prefetch pg_stat_get_xact_blocks_fetched pg_stat_get_xact_blocks_hit
    pg_stat_get_xact_function_calls pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time
    pg_stat_get_xact_numscans pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched
    pg_stat_get_xact_tuples_hot_updated pg_stat_get_xact_tuples_inserted pg_stat_get_xact_tuples_newpage_updated
    pg_stat_get_xact_tuples_returned pg_stat_get_xact_tuples_updated pg_xact_commit_timestamp
    pg_xact_commit_timestamp_origin pg_xact_status txid_status`,
  'takes internal arguments, so no statement can call it': `RI_FKey_cascade_del RI_FKey_cascade_upd RI_FKey_check_ins
    RI_FKey_check_upd RI_FKey_noaction_del RI_FKey_noaction_upd RI_FKey_restrict_del RI_FKey_restrict_upd
    RI_FKey_setdefault_del RI_FKey_setdefault_upd RI_FKey_setnull_del RI_FKey_setnull_upd amvalidate bernoulli
    brinhandler bthandler dsnowball_init dsnowball_lexize ginhandler gisthandler hashhandler heap_tableam_handler
    spghandler suppress_redundant_updates_trigger system tsvector_update_trigger tsvector_update_trigger_column
    unique_key_recheck`,
};

/** Each has to be refused. */
const ATTACKS = [
  'SELECT pg_advisory_lock(generate_series(1, 10))',
  'SELECT pg_try_advisory_xact_lock_shared(1, 2)',
  "SELECT pg_notify('tb_run_events', 'x')",
  "SELECT pg_logical_emit_message(false, 'x', repeat('x', 100))",
  'SELECT lo_create(0)',
  "SELECT lo_from_bytea(0, 'x')",
  'SELECT pg_export_snapshot()',
  'SELECT pg_terminate_backend(1)',
  "SELECT pg_create_physical_replication_slot('x')",
  'SELECT * FROM pg_locks',
  'DO $$ BEGIN PERFORM 1; END $$',
  "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
];

const INSTALLED = [undefined, ...installedMajors()];

for (const major of INSTALLED) {
  describe(`what Postgres ${major ?? 'that is packaged'} shares between databases`, () => {
    let server: PlainCluster;
    before(async () => {
      server = await startPlainCluster(major);
      await server.asSuperuser('CREATE ROLE humble LOGIN', 'CREATE DATABASE closed TEMPLATE template0');
      const { sql } = await readClosing();
      // Twice, as it may be cut short.
      await server.inDatabase('closed', sql, sql);
      await server.asSuperuser('CREATE DATABASE copied TEMPLATE closed');
    });
    after(() => server.stop());

    test('is all judged, and closed in a copy of a closed database', async () => {
      const rows = await server.inDatabase(
        'copied',
        `SELECT DISTINCT proname::text AS name
           FROM pg_proc AS p
          WHERE provolatile = 'v'
            AND pronamespace = 'pg_catalog'::regnamespace
            AND has_function_privilege('humble', p.oid, 'EXECUTE')`,
      );
      const judged = new Set(Object.values(LEFT_OPEN).flatMap((names) => names.split(/\s+/)));
      assert.deepEqual(
        rows.map(({ name }) => String(name)).filter((name) => !judged.has(name)),
        [],
      );
      const languages = await server.inDatabase(
        'copied',
        `SELECT lanname FROM pg_language WHERE lanpltrusted AND has_language_privilege('humble', oid, 'USAGE')`,
      );
      assert.deepEqual(languages, []);
    });

    for (const attack of ATTACKS) {
      test(`refuses: ${attack}`, async () => {
        await assert.rejects(server.inDatabase('copied', 'SET SESSION AUTHORIZATION humble', attack), {
          code: '42501',
        });
      });
    }
  });
}

/** Those that will do and are installed beside the packaged one. */
function installedMajors(): readonly number[] {
  try {
    return readdirSync('/usr/lib/postgresql')
      .map(Number)
      .filter((major) => major >= 15 && major !== 18);
  } catch {
    return [];
  }
}
