import pg from 'pg';

/** There is no way to the database at the moment. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(cause: unknown) {
    super('The database cannot be reached', { cause });
  }
}

/** Whether the connection is gone, rather than a statement refused. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|57P0[1-5])/.test(error.code ?? '');
  const { code, message = '' } = error as { code?: string; message?: string };
  if (code !== undefined) return LOST_CODES.includes(code);
  return LOST_MESSAGES.some((lost) => message.startsWith(lost));
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
