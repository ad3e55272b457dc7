import type { Edits } from './edit-files.ts';

/** What accounts change in the files that every backend with a database has. */
export const ACCESS_EDITS: Edits = {
  'scripts/check-node.mjs': [
    [`if (major < 22 || (major === 22 && minor < 18)) {`, `if (major < 24 || (major === 24 && minor < 7)) {`],
    [`This backend needs Node 22.18 or newer;`, `This backend needs Node 24.7 or newer;`],
  ],
  'AGENTS.md': [
    [`Plain TypeScript that Node (22.18 or newer) runs`, `Plain TypeScript that Node (24.7 or newer) runs`],
    [
      `- A rule that a plain path keeps`,
      `- Who may do what stands in \`src/access.ts\`; \`src/auth/rules.ts\` makes the conditions of every statement from it. A
  repository's methods take \`who\` first: \`request.who\`, or \`'system'\` for the backend itself. In a route of your own,
  \`currentUser(request)\` of \`src/auth/current-account.ts\` gives the account or answers 401. A table that is not named in
  \`src/access.ts\` is closed. Owners, roles, logins and hashes are \`readOnly\`: no client sets them.
- A rule that a plain path keeps`,
    ],
    [
      `So it is with a login before a
  plain path (401). `,
      ``,
    ],
    [`  (request) => repository.update([(`, `  (request) => repository.update(request.who, [(`],
  ],
  'src/app.ts': [
    [
      `import type { Config } from './config.ts';`,
      `import { knowAccounts } from './auth/current-account.ts';\nimport type { Config } from './config.ts';`,
    ],
    [`  registerRoutes(app, db);`, `  knowAccounts(app, db);\n  registerRoutes(app, db);`],
  ],
  'src/http/documentation.ts': [
    [
      `import { rules } from '../rules.ts';`,
      `import { withSecurity } from '../auth/secured.ts';\nimport { rules } from '../rules.ts';`,
    ],
    [
      `    document ??= \`\${JSON.stringify(openApiDocument({ title, version, description }, routes, rules), null, 2)}\\n\`;`,
      `    const described = openApiDocument({ title, version, description }, routes, rules);\n    document ??= \`\${JSON.stringify(withSecurity(described, routes), null, 2)}\\n\`;`,
    ],
  ],
  'src/http/docs-page.html': [
    [
      `<header><h1>API documentation</h1><p></p></header>`,
      `<header><h1>API documentation</h1><p></p><form id="session" onsubmit="return false"><label><code>token</code><input name="token" autocomplete="off" spellcheck="false" placeholder="From POST /v1/auth/login: sent with every request of this page, kept nowhere"></label></form></header>`,
    ],
    [
      `  const response = await fetch(path + '?limit=1');`,
      `  const response = await fetch(path + '?limit=1', { headers: authorization() });`,
    ],
    [
      `  if (body !== undefined) parts.push("-H 'content-type: application/json'", '-d ' + quoted(compact(body)));`,
      `  if (authorization().authorization) parts.push('-H ' + quoted('authorization: ' + authorization().authorization));\n  if (body !== undefined) parts.push("-H 'content-type: application/json'", '-d ' + quoted(compact(body)));`,
    ],
    [
      `  const headers = { 'content-type': 'application/json' };
  const response = await fetch(path, { method, ...(body === undefined ? {} : { headers, body }) });`,
      `  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(path, { method, headers: { ...type, ...authorization() }, ...(body === undefined ? {} : { body }) });`,
    ],
    [
      `function pretty(text) {`,
      `function authorization() {
  const token = document.getElementById('session').elements.namedItem('token').value.trim();
  return token ? { authorization: 'Bearer ' + token } : {};
}

function pretty(text) {`,
    ],
  ],
  'src/http/resource-routes.ts': [
    [
      `import { readListQuery, readText }`,
      `import { access } from '../access.ts';\nimport { isServed } from '../auth/access-table.ts';\nimport { guarded } from '../auth/current-account.ts';\nimport { readListQuery, readText }`,
    ],
    [
      `  app.get(path, { schema: listOperation(table) }, (request) => repository.list(readListQuery(table, request.query)));

  app.post(path, { schema: createOperation(table) }, async (request, reply) => {
    const row = await repository.create(request.body as Values);`,
      `  if (isServed(access, table.name, 'read')) {
    app.get(path, guarded(listOperation(table), table, 'read'), (request) =>
      repository.list(request.who, readListQuery(table, request.query)),
    );
  }
  if (!isServed(access, table.name, 'create')) return;
  app.post(path, guarded(createOperation(table), table, 'create'), async (request, reply) => {
    const row = await repository.create(request.who, request.body as Values);`,
    ],
    [
      `  app.get(path, { schema: readOperation(table) }, (request) => repository.get(readKey(table, request.params)));

  app.delete(path, { schema: deleteOperation(table) }, async (request, reply) => {
    await repository.remove(readKey(table, request.params));`,
      `  if (isServed(access, table.name, 'read')) {
    app.get(path, guarded(readOperation(table), table, 'read'), (request) =>
      repository.get(request.who, readKey(table, request.params)),
    );
  }
  if (!isServed(access, table.name, 'remove')) return;
  app.delete(path, guarded(deleteOperation(table), table, 'remove'), async (request, reply) => {
    await repository.remove(request.who, readKey(table, request.params));`,
    ],
    [
      `  app.patch(path, { schema: updateOperation(table) }, (request) =>
    repository.update(readKey(`,
      `  if (!isServed(access, table.name, 'change')) return;
  app.patch(path, guarded(updateOperation(table), table, 'change'), (request) =>
    repository.update(request.who, readKey(`,
    ],
    [
      `  const schema = listOperation(children.table, { table: parents.table, via });
  app.get(path, { schema }, async`,
      `  if (!isServed(access, children.table.name, 'read') || !isServed(access, parents.table.name, 'read')) return;
  const operation = listOperation(children.table, { table: parents.table, via });
  app.get(path, guarded(operation, children.table, 'read'), async`,
    ],
    [`await children.list(readListQuery(`, `await children.list(request.who, readListQuery(`],
    [`await parents.get(key);`, `await parents.get(request.who, key);`],
  ],
  'src/table/statements.ts': [
    [
      `/** Where a row of a table`,
      `/** A part of a WHERE: \`parameter\` takes a value and gives its placeholder. */
export type Condition = (parameter: (value: unknown) => string) => string;

/** Where a row of a table`,
    ],
    [
      `query: ListQuery, scope: Parameters = {}): Statement {`,
      `query: ListQuery, scope: Parameters = {}, allowed?: Condition): Statement {`,
    ],
    [
      `  const conditions = [
    ...Object.entries(scope)`,
      `  const conditions = [
    ...restrictions([allowed], parameter),
    ...Object.entries(scope)`,
    ],
    [
      `export function findStatement(table: Table, key: readonly unknown[]): Statement {
  const text = \`SELECT \${selection(table)} FROM \${escapeIdentifier(table.name)} WHERE \${keyCondition(table)}\`;
  return { text, values: key };`,
      `export function findStatement(table: Table, key: readonly unknown[], allowed?: Condition): Statement {
  const values = [...key];
  const where = [keyCondition(table), ...restrictions([allowed], (value) => \`$\${values.push(value)}\`)].join(' AND ');
  return { text: \`SELECT \${selection(table)} FROM \${escapeIdentifier(table.name)} WHERE \${where}\`, values };`,
    ],
    [
      `export function insertStatement(table: Table, parameters: Parameters): Statement {
  const given`,
      `/** No row comes back when the values do not meet the conditions. */
export function insertStatement(table: Table, parameters: Parameters, conditions: readonly Condition[] = []): Statement {
  const values = Object.values(parameters);
  const given`,
    ],
    [
      `  const filling = names.length > 0 ? \`(\${names.join(', ')}) VALUES (\${expressions.join(', ')})\` : 'DEFAULT VALUES';`,
      `  const where = restrictions(conditions, (value) => \`$\${values.push(value)}\`).join(' AND ');
  const source = where ? \`SELECT \${expressions.join(', ')} WHERE \${where}\` : \`VALUES (\${expressions.join(', ')})\`;
  const filling = names.length > 0 ? \`(\${names.join(', ')}) \${source}\` : 'DEFAULT VALUES';`,
    ],
    [
      `RETURNING \${selection(table)}\`,
    values: Object.values(parameters),`,
      `RETURNING \${selection(table)}\`,
    values,`,
    ],
    [
      `export function updateStatement(table: Table, key: readonly unknown[], parameters: Parameters): Statement {`,
      `export function updateStatement(
  table: Table,
  key: readonly unknown[],
  parameters: Parameters,
  conditions: readonly Condition[] = [],
): Statement {
  const values = [...key, ...Object.values(parameters)];
  const where = [keyCondition(table), ...restrictions(conditions, (value) => \`$\${values.push(value)}\`)].join(' AND ');`,
    ],
    [
      `WHERE \${keyCondition(table)} RETURNING \${selection(table)}\`,
    values: [...key, ...Object.values(parameters)],`,
      `WHERE \${where} RETURNING \${selection(table)}\`,
    values,`,
    ],
    [
      `export function deleteStatement(table: Table, key: readonly unknown[]): Statement {
  const text = \`DELETE FROM \${escapeIdentifier(table.name)} WHERE \${keyCondition(table)} RETURNING 1\`;
  return { text, values: key };
}`,
      `export function deleteStatement(table: Table, key: readonly unknown[], allowed?: Condition): Statement {
  const values = [...key];
  const where = [keyCondition(table), ...restrictions([allowed], (value) => \`$\${values.push(value)}\`)].join(' AND ');
  return { text: \`DELETE FROM \${escapeIdentifier(table.name)} WHERE \${where} RETURNING 1\`, values };
}

/** Who asks may see or change only these rows; nothing for whom all are open. */
function restrictions(conditions: readonly (Condition | undefined)[], parameter: (value: unknown) => string): string[] {
  return conditions.flatMap((condition) => condition?.(parameter) ?? []).filter((text) => text !== 'TRUE');
}`,
    ],
  ],
  'src/table/repository.ts': [
    [
      `import type { Database, Row } from '../db.ts';`,
      `import { accounts } from '../auth/account-columns.ts';\nimport { ALL, allowed, guards, ownerValues, type Who } from '../auth/rules.ts';\nimport { forgetAccounts } from '../auth/tokens.ts';\nimport type { Database, Row } from '../db.ts';`,
    ],
    [`  POSITION,\n  updateStatement,`, `  POSITION,\n  updateStatement,\n  type Condition,`],
    [
      `/** The rows of one table. Keys are the values of the table's key, in order. */`,
      `/**
 * The rows of one table, as far as \`who\` may read and write them: src/access.ts says. Keys are the values of the table's
 * key, in order.
 */`,
    ],
    [`  list(query: ListQuery`, `  list(who: Who, query: ListQuery`],
    [
      `  /** Rejects with a 404 when there is no such row; so do \`update\` and \`remove\`. */`,
      `  /** Rejects with a 404 when there is no such row for \`who\`; so do \`update\` and \`remove\`, or with a 403 when they may only read it. */`,
    ],
    [`  get(key: readonly`, `  get(who: Who, key: readonly`],
    [`  create(values: Values): `, `  create(who: Who, values: Values): `],
    [
      `  update(key: readonly string[], changes: Values): `,
      `  update(who: Who, key: readonly string[], changes: Values): `,
    ],
    [`  remove(key: readonly string[]): `, `  remove(who: Who, key: readonly string[]): `],
    [
      `  const read = (query: ListQuery, scope?: Parameters): Database['read'] =>
    isIndexed(table, query, scope) ? db.list : db.read;`,
      `  const read = (query: ListQuery, scope: Parameters | undefined, condition: Condition): Database['read'] =>
    condition === ALL && isIndexed(table, query, scope) ? db.list : db.read;
  const get = async (who: Who, key: readonly string[]): Promise<RowOf<T>> =>
    one(await db.find(findStatement(table, key, allowed(table, 'read', who))));
  /** A 404 for a row that \`who\` may not see, a 403 for one that they may see, nothing for one that they may write. */
  const explainRefusal = async (who: Who, key: readonly string[], condition: Condition): Promise<void> => {
    const [row] = await db.find(findStatement(table, key, condition));
    if (row) return;
    await get(who, key).catch((error: unknown) => {
      // Whoever may not read such rows at all is not told which ones there are.
      throw error instanceof Problem && error.status !== 404 ? notThere(table) : error;
    });
    throw new Problem(403, \`This \${table.singular} is not yours to change.\`);
  };`,
    ],
    [
      `    list: async (query, scope) => pageOf(table, query, await read(query, scope)(listStatement(table, query, scope))),
    get: async (key) => one(await db.find(findStatement(table, key))),
    create: async (values) => {
      const parameters = await toParameters(table, withGeneratedIds(table, values));
      return one(await db.write(insertStatement(table, parameters)));
    },
    update: async (key, changes) => {
      const get = async () => one(await db.find(findStatement(table, key)));
      try {
        const parameters = await toParameters(table, changes);
        return one(await db.write(updateStatement(table, key, parameters)));
      } catch (error) {
        // Of a row that is not there no value is wrong.
        if (error instanceof Problem || error instanceof DatabaseError) await get();
        throw error;
      }
    },
    remove: async (key) => {
      one(await db.write(deleteStatement(table, key)));
    },`,
      `    list: async (who, query, scope) => {
      const condition = allowed(table, 'read', who);
      return pageOf(table, query, await read(query, scope, condition)(listStatement(table, query, scope, condition)));
    },
    get,
    create: async (who, values) => {
      allowed(table, 'create', who);
      const row = { ...withGeneratedIds(table, values), ...ownerValues(table, who) };
      const parameters = await toParameters(table, row);
      const checks = guards(table, 'create', who, row);
      const [created] = await db.write(insertStatement(table, parameters, conditionsOf(checks)));
      return created ? one([created]) : refersToNothing(checks);
    },
    update: async (who, key, changes) => {
      const condition = allowed(table, 'change', who);
      const checks = guards(table, 'change', who, changes);
      try {
        const parameters = await toParameters(table, changes);
        const conditions = [condition, ...conditionsOf(checks)];
        const [changed] = await db.write(updateStatement(table, key, parameters, conditions));
        if (changed) return one([changed]);
      } catch (error) {
        // Of a row that is not there no value is wrong.
        if (error instanceof Problem || error instanceof DatabaseError) await explainRefusal(who, key, condition);
        throw error;
      }
      await explainRefusal(who, key, condition);
      return refersToNothing(checks);
    },
    remove: async (who, key) => {
      const condition = allowed(table, 'remove', who);
      const [removed] = await db.write(deleteStatement(table, key, condition));
      // Who is gone is not signed in any more.
      if (removed && table.name === accounts.name) forgetAccounts();
      if (removed) return;
      await explainRefusal(who, key, condition);
      one([]);
    },`,
    ],
    [
      `function pageOf<`,
      `function notThere(table: Table): Problem {
  return new Problem(404, \`There is no such \${table.singular}.\`);
}

function conditionsOf(checks: readonly [string, Condition][]): Condition[] {
  return checks.map(([, condition]) => condition);
}

/** What is not there and what is not theirs are told in the same words, those of the database. */
function refersToNothing(checks: readonly [string, Condition][]): never {
  const complaints = checks.map(([field]) => ({ pointer: \`/\${field}\`, detail: 'refers to nothing' }));
  throw new Problem(422, 'It refers to something that does not exist.', complaints);
}

function pageOf<`,
    ],
    [
      `    if (!rows[0]) throw new Problem(404, \`There is no such \${table.singular}.\`);`,
      `    if (!rows[0]) throw notThere(table);`,
    ],
  ],
  'test/support/test-app.ts': [
    [
      `import { tables } from '../../src/tables.ts';`,
      `import { tables } from '../../src/tables.ts';\nimport { injectAsWhoMay } from './accounts.ts';`,
    ],
    [
      `  await db.write({ text: \`WITH \${deletions.join(', ')} SELECT 1\`, values: [] });`,
      `  await db.write({ text: \`WITH \${deletions.join(', ')} SELECT 1\`, values: [] });\n  await db.write({ text: 'DELETE FROM auth.tries', values: [] });`,
    ],
    [
      `/** Sends JSON and reads JSON. Every error has to be a problem, and none may be our own fault. */`,
      `/**
 * Sends JSON and reads JSON, as an account that may, once some have signed up and unless the headers name one. Every
 * error has to be a problem, and none may be our own fault.
 */`,
    ],
    [`  const response = await app.inject(request);`, `  const response = await injectAsWhoMay(app, request);`],
  ],
  'test/resources.test.ts': [
    [
      `import { documentedItem, ruleOf } from './support/free-of-rules.ts';`,
      `import { accounts } from '../src/auth/account-columns.ts';\nimport { accountsOf, bearer, ownerOf, signUp } from './support/accounts.ts';\nimport { documentedItem, ruleOf } from './support/free-of-rules.ts';\nimport { sampleAccount } from './support/sample-account.ts';`,
    ],
    [`let created: ReadonlyMap<string, readonly Row[]>;`, `const created = new Map<string, readonly Row[]>();`],
    [
      `  created = await createSampleRows(createByRequest);`,
      `  // Somebody has to be there for the tables that come before that of the accounts.
  if (!Object.values(accounts.columns).some(({ references }) => references)) await signUp(app, await sampleAccount(0));
  await createSampleRows(createByRequest);`,
    ],
    [
      `async function createByRequest(table: Table, values: Row): Promise<Row> {`,
      `/** As whoever the sample says that it belongs to. */
async function createByRequest(table: Table, values: Row): Promise<Row> {
  const row = table === accounts ? await accountRow(values) : await createRow(table, values);
  created.set(table.name, [...rowsOf(table), row]);
  return row;
}

async function accountRow(values: Row): Promise<Row> {
  const account = accountsOf(app)[rowsOf(accounts).length] ?? (await signUp(app, values));
  return account.row;
}

async function createRow(table: Table, values: Row): Promise<Row> {`,
    ],
    [
      `  const { status, headers, body } = await send(app, 'POST', path, asked);`,
      `  const owner = ownerOf(app, table, values, created);\n  const { status, headers, body } = await send(app, 'POST', path, asked, bearer(owner));`,
    ],
    [
      `async function readPages(path: string, sort: string | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | undefined; ;) {
    const { status, body } = await send(app, 'GET', \`\${path}?\${query({ limit: 2, sort, cursor })}\`);
    assert.equal(status, 200, JSON.stringify(body));
    rows.push(...body.data);
    if (body.nextCursor === null) return rows;
    cursor = body.nextCursor;
  }
}`,
      `/** What all accounts together see. */
async function readPages(path: string, sort: string | undefined, filter: Row = {}): Promise<Row[]> {
  const seen = new Map<string, Row>();
  for (const account of accountsOf(app)) {
    for (const row of await readPagesAs(bearer(account), path, { ...filter, sort })) seen.set(JSON.stringify(row), row);
  }
  return [...seen.values()];
}

async function readPagesAs(headers: Record<string, string>, path: string, asked: Row): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | undefined; ;) {
    const { status, body } = await send(app, 'GET', \`\${path}?\${query({ ...asked, limit: 2, cursor })}\`, undefined, headers);
    if (status === 403) return [];
    assert.equal(status, 200, JSON.stringify(body));
    rows.push(...body.data);
    if (body.nextCursor === null) return rows;
    cursor = body.nextCursor;
  }
}`,
    ],
    [
      `        const { status, body } = await send(
          app,
          'GET',
          \`\${path}?\${query({ [\`\${field}[eq]\`]: row[field], limit: 100 })}\`,
        );
        assert.equal(status, 200, JSON.stringify(body));
        assert.ok(body.data.length > 0, \`nothing found by \${field}\`);
        for (const found of body.data) assert.deepEqual(found[field], row[field]);`,
      `        const found = await readPages(path, undefined, { [\`\${field}[eq]\`]: row[field] });
        assert.ok(found.length > 0, \`nothing found by \${field}\`);
        for (const one of found) assert.deepEqual(one[field], row[field]);`,
    ],
  ],
  'test/problems.test.ts': [
    [
      `import { ruleOf } from './support/free-of-rules.ts';`,
      `import { bearer, signUp, type TestAccount } from './support/accounts.ts';\nimport { ruleOf } from './support/free-of-rules.ts';\nimport { sampleAccount } from './support/sample-account.ts';`,
    ],
    [`let app: FastifyInstance;`, `let app: FastifyInstance;\nlet account: TestAccount;`],
    [
      `  app = await startTestApp();`,
      `  app = await startTestApp();\n  account = await signUp(app, await sampleAccount(0));`,
    ],
    [
      `headers: { 'content-type': contentType }, payload });`,
      `headers: { 'content-type': contentType, ...bearer(account) }, payload });`,
    ],
    [`(await away.inject(path)).statusCode`, `(await away.inject({ url: path, headers: bearer(account) })).statusCode`],
  ],
};
