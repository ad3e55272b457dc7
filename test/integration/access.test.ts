import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readFile, writeFile } from 'node:fs/promises';
import { Redactor } from '../../src/domain/redactor.ts';
import type { ProvisionedDatabase } from '../../src/domain/provisioned-database.ts';
import { readCatalog } from '../../src/database/read-catalog.ts';
import { readApiDocument } from '../../src/verify/api-document.ts';
import { accessGate } from '../../src/verify/gates/access-gate.ts';
import type { GateOutcome } from '../../src/verify/gate-runner.ts';
import { BLOG, NOTES, type AccessShape } from '../support/access-shapes.ts';
import { openBackendHouse, PACKAGES, type Backend, type BackendHouse } from '../support/backend-house.ts';

let house: BackendHouse;

before(async () => {
  house = await openBackendHouse();
});
after(() => house.stop());

for (const [name, { sql, access }] of Object.entries({ BLOG, NOTES })) {
  test(`a backend with accounts for ${name} compiles and passes its own tests`, async () => {
    const backend = await house.makeBackend(sql, access);
    const types = await house.run(backend, [join(PACKAGES, '.bin/tsc'), '-p', '.']);
    assert.equal(types.code, 0, types.output);
    const tests = await house.run(backend, ['--test', '--test-concurrency=1', 'test/*.test.ts'], {
      DB_NAME: 'another',
      TEST_DB_NAME: backend.database,
    });
    assert.equal(tests.code, 0, tests.output.slice(-6000));
  });
}

for (const [name, shape] of Object.entries({ BLOG, NOTES })) {
  test(`the gate access finds no difference in ${name}`, async () => {
    const outcome = await tryBackend(shape);
    assert.equal(outcome.status, 'passed', [outcome.summary, ...outcome.evidence].join('\n'));
    assert.match(outcome.summary, /^\d{3,} comparisons/);
  });
}

/** A mistake that somebody could make, and what it is planted in. */
interface Planted {
  readonly shape: AccessShape;
  readonly file: string;
  readonly text: string;
  readonly instead: string;
  /** What the gate says of it. */
  readonly found: RegExp;
}

const PLANTED: Readonly<Record<string, Planted>> = {
  'a list that forgets its owner': {
    shape: NOTES,
    file: 'src/table/repository.ts',
    text: 'listStatement(table, query, scope, condition)',
    instead: 'listStatement(table, query, scope)',
    found: /GET \/v1\/\w+.*not to see \d+ rows of others/,
  },
  'a list whose second page forgets its owner': {
    shape: NOTES,
    file: 'src/table/repository.ts',
    text: 'listStatement(table, query, scope, condition)',
    instead: 'listStatement(table, query, scope, query.after ? undefined : condition)',
    found: /cursor=.*not to see \d+ rows of others/,
  },
  'a child route that forgets its owner': {
    shape: BLOG,
    file: 'src/table/repository.ts',
    text: 'listStatement(table, query, scope, condition)',
    instead: 'listStatement(table, query, scope, scope ? undefined : condition)',
    found: /GET \/v1\/\w+\/[^/]+\/\w+.*not to see/,
  },
  'a filter that leaks': {
    shape: NOTES,
    file: 'src/table/statements.ts',
    text: '...restrictions([allowed], parameter),',
    instead: '...restrictions([query.filters.length > 0 ? undefined : allowed], parameter),',
    found: /not to see \d+ rows of others/,
  },
  'mass assignment of the owner': {
    shape: NOTES,
    file: 'src/schemas/notebooks.ts',
    text: "readOnly(references('users', 'id', text()))",
    instead: "references('users', 'id', text())",
    found: /owner_id/,
  },
  'mass assignment of the role': {
    shape: BLOG,
    file: 'src/schemas/users.ts',
    text: 'role: readOnly(',
    instead: 'role: (',
    found: /role is not a client's to set/,
  },
  'a token that lives on after logout': {
    shape: BLOG,
    file: 'src/auth/routes.ts',
    text: 'await endToken(db, id, token);',
    instead: 'void [id, token];',
    found: /401 for a session that was logged out/,
  },
  'sessions that outlive a new password': {
    shape: BLOG,
    file: 'src/auth/tokens.ts',
    text: "if (rows.length > 0) await write({ text: 'DELETE FROM auth.tokens WHERE account_id = $1', values: [account] });",
    instead: '',
    found: /401 for the session that changed the password/,
  },
  'a secret changed by PATCH': {
    shape: BLOG,
    file: 'src/schemas/users.ts',
    text: 'password_hash: readOnly(writeOnly(text()))',
    instead: 'password_hash: { ...writeOnly(text()), optional: true }',
    found: /password_hash is not a client's to set/,
  },
  'an unknown account told in other words': {
    shape: BLOG,
    file: 'src/auth/routes.ts',
    text: 'if (!found || !matches) return wrongPassword();',
    instead:
      "if (!found) throw new Problem(401, 'There is no such account.');\n    if (!matches) return wrongPassword();",
    found: /the same words/,
  },
  'an unknown account answered at once': {
    shape: BLOG,
    file: 'src/auth/routes.ts',
    text: 'const { matches, isOld } = await checkPassword(password, found?.hash);',
    instead:
      'if (!found) return wrongPassword();\n    const { matches, isOld } = await checkPassword(password, found.hash);',
    found: /the same time for both/,
  },
  'guesses that nobody counts': {
    shape: BLOG,
    file: 'src/auth/routes.ts',
    text: 'await countTry(db, name, request.ip);',
    instead: '',
    found: /a burst of guesses to be held back/,
  },
  'a reference that nobody guards': {
    shape: NOTES,
    file: 'src/table/repository.ts',
    text: "const checks = guards(table, 'create', who, row);",
    instead: 'const checks: [string, Condition][] = [];',
    found: /the same answer as for a notebook_id that is nothing/,
  },
  'a rule that was loosened in src/access.ts': {
    shape: BLOG,
    file: 'src/access.ts',
    text: "change: ['owner'],\n      remove: ['owner'],",
    instead: "change: ['signed-in'],\n      remove: ['owner'],",
    found: /PATCH \/v1\/posts.*expected 40[34]/,
  },
  'a removal that asks nobody': {
    shape: NOTES,
    file: 'src/table/repository.ts',
    text: 'deleteStatement(table, key, condition)',
    instead: 'deleteStatement(table, key)',
    found: /DELETE .*expected 404/,
  },
};

for (const [name, planted] of Object.entries(PLANTED)) {
  test(`the gate access finds ${name}`, async () => {
    const outcome = await tryBackend(planted.shape, async ({ directory }) => {
      const path = join(directory, planted.file);
      const source = await readFile(path, 'utf8');
      assert.equal(source.split(planted.text).length, 2, `${planted.file} to hold it once: ${planted.text}`);
      await writeFile(
        path,
        source.replace(planted.text, () => planted.instead),
      );
    });
    assert.equal(outcome.status, 'failed', outcome.summary);
    assert.match([outcome.summary, ...outcome.evidence].join('\n'), planted.found);
  });
}

async function tryBackend(
  { sql, access }: AccessShape,
  plant: (backend: Backend) => Promise<void> = () => Promise.resolve(),
): Promise<GateOutcome> {
  const backend = await house.makeBackend(sql, access);
  await plant(backend);
  const { url, server } = await house.serve(backend, { RATE_LIMIT: '0' });
  try {
    const { document } = readApiDocument(await (await fetch(`${url}/openapi.json`)).json());
    const clone = await databaseOf(backend);
    const target = { url, document, clone, plan: access, redactor: new Redactor() };
    return await accessGate(target, AbortSignal.timeout(300_000));
  } finally {
    server.kill('SIGKILL');
  }
}

async function databaseOf({ database: name }: Backend): Promise<ProvisionedDatabase> {
  const { host, port, admin } = house.cluster.postgres;
  const client = await house.cluster.connect(name);
  const schema = await readCatalog(client);
  await client.end();
  return { name, host, port, tls: 'off', owner: admin, app: admin, reader: admin, schema };
}
