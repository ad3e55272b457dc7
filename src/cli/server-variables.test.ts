import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../config/config.ts';
import { serverVariables } from './server-variables.ts';

const variablesOf = (environment: Record<string, string>, withSecrets = false) =>
  serverVariables({ environment }, loadConfig(environment), withSecrets);

test('a plain setup needs no variables, one of its own needs its home', () => {
  assert.deepEqual(variablesOf({ HOME: '/home/ada', PATH: '/bin' }), { given: {}, withheld: [] });
  assert.deepEqual(variablesOf({ HOME: '/home/ada', XDG_DATA_HOME: '/data' }).given, {
    TURBOBACKEND_HOME: '/data/turbobackend',
  });
});

test('what decides cluster and model goes along, secrets only when they are asked for', () => {
  const environment = {
    HOME: '/home/ada',
    TURBOBACKEND_HOME: '/srv/tb',
    TURBOBACKEND_PORT: '1234',
    DB_CLUSTER_HOST: 'db',
    DB_CLUSTER_USER: 'u',
    DB_CLUSTER_PASSWORD: 'p',
    OPENAI_API_KEY: 'sk-1',
    FLY_REGION: 'iad',
  };
  const plain = { TURBOBACKEND_HOME: '/srv/tb', DB_CLUSTER_HOST: 'db', DB_CLUSTER_USER: 'u' };
  assert.deepEqual(variablesOf(environment), { given: plain, withheld: ['DB_CLUSTER_PASSWORD', 'OPENAI_API_KEY'] });
  assert.deepEqual(variablesOf(environment, true), {
    given: { ...plain, DB_CLUSTER_PASSWORD: 'p', OPENAI_API_KEY: 'sk-1' },
    withheld: [],
  });
});
