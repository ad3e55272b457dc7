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
  const own = loadConfig({ ...cluster, DB_CLUSTER_HOST: '127.0.0.1', DB_CLUSTER_CA_FILE: '/ca.pem' }).cluster;
  assert.ok(own.kind === 'given' && own.tls === 'verify');
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
  const inCode = variables(read('./config.ts') + read('./model-settings.ts') + read('./provider-settings.ts')).filter(
    (name) => name !== 'DB_CLUSTER_VARIABLES',
  );
  const documented = variables(read('../../docs/configuration.md')).filter((name) => name !== 'TURBOBACKEND_DEBUG');
  assert.deepEqual(documented.toSorted(), inCode.toSorted());
});

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

function variables(text: string): string[] {
  return [
    ...new Set(
      text.match(/\b(?:TURBOBACKEND|DB_CLUSTER|XDG|XAI|OPENAI|ANTHROPIC|GOOGLE|DAYTONA|GITHUB|S3|AWS|FLY)_[A-Z_]+\b/g),
    ),
  ];
}

const providers = {
  TURBOBACKEND_SANDBOX: 'daytona',
  TURBOBACKEND_DEPLOY: 'fly',
  DAYTONA_API_KEY: 'dtn_hunter2hunter2',
  FLY_API_TOKEN: 'fm2_hunter2hunter2',
};

test('a chosen provider is refused by the name of what is missing', () => {
  const chosen = { TURBOBACKEND_SOURCE: 'github', TURBOBACKEND_ARTIFACTS: 's3' };
  assert.throws(() => loadConfig({ TURBOBACKEND_SOURCE: 'github' }), { message: /GITHUB_TOKEN/ });
  assert.throws(() => loadConfig({ TURBOBACKEND_ARTIFACTS: 's3' }), { message: /S3_BUCKET/ });
  assert.throws(() => loadConfig({ ...chosen, GITHUB_TOKEN: 'x', S3_BUCKET: 'abc', AWS_ACCESS_KEY_ID: 'x' }), {
    message: /AWS_SECRET_ACCESS_KEY/,
  });
});

test('settings of a provider that is not chosen are read when they are whole, for projects that live there', () => {
  assert.equal(loadConfig({ GITHUB_TOKEN: 'ghp_1' }).providers.github?.apiUrl, 'https://api.github.com');
  assert.equal(loadConfig({ FLY_API_TOKEN: 'x', FLY_API_URL: 'nonsense' }).providers.fly, undefined);
});

test('a backend away from this machine needs a Postgres that it can reach', () => {
  assert.throws(() => loadConfig(providers), {
    code: 'CONFIG_INVALID',
    message: /TURBOBACKEND_SANDBOX=daytona[\s\S]*TURBOBACKEND_DEPLOY=fly/,
    fix: /DB_CLUSTER_HOST/,
  });
  assert.equal(loadConfig({ ...providers, ...cluster }).placement.deploy, 'fly');
  const local = { ...providers, ...cluster, DB_CLUSTER_HOST: '127.0.0.1' };
  assert.throws(() => loadConfig(local), { message: /DB_CLUSTER_HOST=127\.0\.0\.1/ });
  // Both stand on this machine, so they reach each other.
  const here = { ...local, DAYTONA_API_URL: 'http://127.0.0.1:1', FLY_API_URL: 'http://localhost:2' };
  assert.equal(loadConfig(here).providers.fly?.apiUrl, 'http://localhost:2');
});

test('a key is sent nowhere unencrypted', () => {
  assert.throws(
    () => loadConfig({ TURBOBACKEND_SOURCE: 'github', GITHUB_TOKEN: 'x', GITHUB_API_URL: 'http://git.example.com' }),
    {
      message: /GITHUB_API_URL/,
    },
  );
});

test('the keys of providers never show when the config is printed', () => {
  const config = loadConfig({ ...providers, ...cluster });
  assert.doesNotMatch(inspect(config, { depth: 9 }) + JSON.stringify(config), /hunter2/);
});

test('a shared key must be 32 bytes', () => {
  assert.throws(() => loadConfig({ TURBOBACKEND_SECRET_KEY: 'password' }), { message: /openssl rand -base64 32/ });
  assert.ok(loadConfig({ TURBOBACKEND_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') }).secretKey);
});
