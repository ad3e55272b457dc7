import pg from 'pg';

/** There is no way to the database at the moment. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(cause: unknown) {
    super(messageFor(cause), { cause });
  }
}

/** What the driver says of a certificate does not tell which setting it is about. */
function messageFor(cause: unknown): string {
  const { code = '' } = cause as { code?: string };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return "The database's certificate is not for the name in DB_HOST";
  if (UNKNOWN_AUTHORITY.test(code)) {
    return "The database's certificate is from no authority that Node knows: set DB_CA or DB_CA_FILE to its own";
  }
  return 'The database cannot be reached';
}

const UNKNOWN_AUTHORITY = /SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)/;

/** Whether the connection is gone, rather than a statement refused. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|57P0[1-5])/.test(error.code ?? '');
  const { code, message = '' } = error as { code?: string; message?: string };
  if (code !== undefined) return LOST_CODES.includes(code);
  return LOST_MESSAGES.some((lost) => message.startsWith(lost));
}

/**
 * Whether the statement, or its whole transaction, has certainly not been done: Postgres says that it ended the session
 * (it does when the database is copied), or that a migration has changed what the statement returns since this connection
 * planned it. The latter is told by the place in Postgres' code: the message is in the server's language.
 */
export function hasNotRun(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.routine === 'RevalidateCachedQuery' || error.code === '57P01');
}

const LOST_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
];

// The driver has no codes for these.
const LOST_MESSAGES = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'Query read timeout',
  'This socket has been ended',
];
