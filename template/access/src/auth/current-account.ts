import type { FastifyInstance, FastifyRequest } from 'fastify';
import { access } from '../access.ts';
import type { Database } from '../db.ts';
import type { Operation } from '../http/openapi.ts';
import { Problem } from '../problem.ts';
import type { Table } from '../table/table.ts';
import { tables } from '../tables.ts';
import { isOpen, type Action } from './access-table.ts';
import { allowed, refuse, type Account, type Who } from './rules.ts';
import { secured, type SecuredOperation } from './secured.ts';
import { accountOf } from './tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it, by its token. */
    who: Who;
  }
}

/** Finds out who each request comes from, before anything else of it is looked at. */
export function knowAccounts(app: FastifyInstance, db: Database): void {
  app.decorateRequest('who', 'nobody');
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined || NOT_OURS.has(request.url)) return;
    const [, token] = /^Bearer +([\w-]{40,64})$/i.exec(authorization) ?? [];
    const account = token === undefined ? undefined : await accountOf(db, token);
    if (!account) throw new Problem(401, 'The token is not valid, or not any more.');
    request.who = account;
  });
  app.addHook('onError', async (_request, reply, error) => {
    if ((error as Partial<Problem>).status === 401) reply.header('www-authenticate', 'Bearer');
  });
}

/** What programs ask that know no account. */
const NOT_OURS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/openapi.json', '/docs', '/']);

/** For a route on a table: its documentation, and a hook that turns away who may not do this with any row, before their body is read. */
export function guarded(operation: Operation, table: Table, action: Action): { schema: SecuredOperation; onRequest: (request: FastifyRequest) => Promise<void> } {
  const isOpenToAll = isOpen(access, tables.map((known) => known.table), table, action);
  return {
    schema: secured(operation, isOpenToAll),
    onRequest: async ({ who }) => void allowed(table, action, who),
  };
}

/** The account that sent the request. Throws a 401. */
export function currentUser({ who }: FastifyRequest): Account {
  return typeof who === 'string' ? refuse(who) : who;
}
