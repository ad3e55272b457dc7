import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { environmentFile } from './environment-file.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----';

test('leaves plain values as they are, one to a line', () => {
  const text = environmentFile({ DB_HOST: 'db.example.com', DB_PORT: '5432', DB_PASSWORD: 'aB3-_x' });
  assert.equal(text, 'DB_HOST=db.example.com\nDB_PORT=5432\nDB_PASSWORD=aB3-_x\n');
});

test('is read back by Node as it was meant, certificates too, and has a line for each variable', () => {
  const variables = {
    DB_CA: PEM,
    SEVERAL: `${PEM}\n${PEM}\n`,
    HOST: '/a folder/of sockets',
    HASH: 'a#b',
    SINGLE: "it's",
    DOUBLE: 'say "x"',
    BACKSLASH: 'a\\nb',
    DOLLAR: '$HOME',
    EQUALS: 'a=b=',
    EMPTY: '',
  };
  const text = environmentFile(variables);
  assert.deepEqual({ ...parseEnv(text) }, variables);
  assert.equal(text.trim().split('\n').length, Object.keys(variables).length);
});

test('is there without variables, too', () => {
  assert.match(environmentFile({}), /^#/);
});
