import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseEnvironment, tlsOptions, type DatabaseConnection } from './provisioned-database.ts';
import { Secret } from './secret.ts';

const CONNECTION: DatabaseConnection = {
  host: 'db',
  port: 5432,
  database: 'blog',
  user: 'app',
  password: new Secret('private'),
  tls: 'off',
};
const FIVE = { DB_HOST: 'db', DB_PORT: '5432', DB_NAME: 'blog', DB_USER: 'app', DB_PASSWORD: 'private' };

test('a backend gets five variables, and those of TLS only where there is TLS', () => {
  assert.deepEqual(databaseEnvironment(CONNECTION), FIVE);
  assert.deepEqual(databaseEnvironment({ ...CONNECTION, ca: 'pem' }), FIVE);
  assert.deepEqual(databaseEnvironment({ ...CONNECTION, tls: 'verify' }), { ...FIVE, DB_TLS: 'verify' });
  const own = databaseEnvironment({ ...CONNECTION, tls: 'verify', ca: 'pem' });
  assert.deepEqual(own, { ...FIVE, DB_TLS: 'verify', DB_CA: 'pem' });
});

test('a certificate is always checked where there is TLS', () => {
  assert.equal(tlsOptions({ tls: 'off', ca: 'pem' }), false);
  assert.deepEqual(tlsOptions({ tls: 'verify' }), { rejectUnauthorized: true });
  assert.deepEqual(tlsOptions({ tls: 'verify', ca: 'pem' }), { rejectUnauthorized: true, ca: 'pem' });
});
