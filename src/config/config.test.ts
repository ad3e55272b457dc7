import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { loadConfig } from './config.ts';

const cluster = {
  DB_CLUSTER_HOST: 'db.example.com',
  DB_CLUSTER_USER: 'admin',
  DB_CLUSTER_PASSWORD: 'hunter2-hunter2',
};

test('an empty environment gives a working local setup', () => {
  const config = loadConfig({});
  assert.equal(config.cluster.kind, 'embedded');
  assert.equal(config.planner, 'builtin');
  assert.match(config.home, /\.local\/share\/turbobackend$/);
});

test('a variable that is set to nothing counts as unset', () => {
  assert.equal(loadConfig({ TURBOBACKEND_HOME: '', DB_CLUSTER_HOST: '' }).cluster.kind, 'embedded');
});

test('state lives in TURBOBACKEND_HOME, else under the data folder', () => {
  assert.equal(loadConfig({ TURBOBACKEND_HOME: '/srv/tb', XDG_DATA_HOME: '/data' }).home, '/srv/tb');
  assert.equal(loadConfig({ XDG_DATA_HOME: '/data' }).home, '/data/turbobackend');
});

test('half a cluster is refused by the name of what is missing', () => {
  assert.throws(() => loadConfig({ DB_CLUSTER_HOST: 'db.example.com' }), {
    code: 'CONFIG_INVALID',
    message: /DB_CLUSTER_USER[\s\S]*DB_CLUSTER_PASSWORD/,
  });
});

test('a remote cluster is reached over verified TLS unless that is turned off', () => {
  const remote = loadConfig(cluster).cluster;
  assert.ok(remote.kind === 'given' && remote.tls === 'verify');
  const local = loadConfig({ ...cluster, DB_CLUSTER_HOST: '127.0.0.1' }).cluster;
  assert.ok(local.kind === 'given' && local.tls === 'off' && local.port === 5432);
});

test('a password never shows when the config is printed', () => {
  const config = loadConfig(cluster);
  assert.doesNotMatch(inspect(config, { depth: 9 }) + JSON.stringify(config), /hunter2/);
});

test('a wrong value is refused by the variable’s name', () => {
  assert.throws(() => loadConfig({ TURBOBACKEND_MAX_RUNS: 'many' }), { message: /TURBOBACKEND_MAX_RUNS/ });
  assert.throws(() => loadConfig({ TURBOBACKEND_SANDBOX: 'docker' }), { message: /TURBOBACKEND_SANDBOX/ });
});

test('a key or a server chooses a model, unless the planner is to be the built-in one', () => {
  assert.equal(loadConfig({ XAI_API_KEY: 'xai-123456' }).planner, 'llm');
  assert.equal(loadConfig({ OPENAI_API_KEY: 'sk-1', TURBOBACKEND_PLANNER: 'builtin' }).planner, 'builtin');
  const server = { TURBOBACKEND_LLM_BASE_URL: 'http://127.0.0.1:1/v1', TURBOBACKEND_LLM_MODEL: 'm' };
  assert.equal(loadConfig({ ...server, XAI_API_KEY: 'x' }).model.choice?.provider, 'openai-compatible');
  assert.throws(() => loadConfig({ TURBOBACKEND_LLM_BASE_URL: 'http://127.0.0.1:1/v1' }), {
    message: /TURBOBACKEND_LLM_MODEL/,
  });
  assert.throws(() => loadConfig({ TURBOBACKEND_PLANNER: 'llm' }), { message: /XAI_API_KEY/ });
  assert.throws(() => loadConfig({ TURBOBACKEND_BUDGET_USD: '-1' }), { message: /TURBOBACKEND_BUDGET_USD/ });
});

test('docs/configuration.md lists every variable that is read, and no other', () => {
  const inCode = variables(read('./config.ts') + read('./model-settings.ts')).filter(
    (name) => name !== 'DB_CLUSTER_VARIABLES',
  );
  const documented = variables(read('../../docs/configuration.md')).filter((name) => name !== 'TURBOBACKEND_DEBUG');
  assert.deepEqual(documented.toSorted(), inCode.toSorted());
});

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

function variables(text: string): string[] {
  return [...new Set(text.match(/\b(?:TURBOBACKEND|DB_CLUSTER|XDG|XAI|OPENAI|ANTHROPIC|GOOGLE)_[A-Z_]+\b/g))];
}
