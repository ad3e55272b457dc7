/** postgresql.conf of an embedded cluster. What keeps it local (address, port, no socket) is given at each start. */
export function postgresSettings(major: number): string {
  const lines = [
    "listen_addresses = '127.0.0.1'",
    'max_connections = 200',
    // A statement on all tables of a large schema, in several databases at once.
    'max_locks_per_transaction = 256',
    "password_encryption = 'scram-sha-256'",
    'fsync = on',
    'synchronous_commit = on',
    "shared_buffers = '128MB'",
    "max_wal_size = '1GB'",
    "temp_file_limit = '1GB'",
    // Containers have 64 MB of shared memory by default, which parallel workers use up.
    'max_parallel_workers_per_gather = 0',
    // Hundreds of mostly idle databases: at the default of a minute autovacuum takes an eighth of a core for ever.
    "autovacuum_naptime = '10min'",
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    // Starts, stops and crashes; not clients' errors, whose texts hold users' data, and no statements.
    'log_min_messages = log',
    'log_min_error_statement = panic',
    'log_checkpoints = off',
    ...(major >= 16 ? ['reserved_connections = 10'] : []),
    // Opening every file of every database after a crash takes 15 s for 750 databases, this half a second.
    ...(process.platform === 'linux' ? ['recovery_init_sync_method = syncfs'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
