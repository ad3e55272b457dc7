import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dummySecrets, neededSecrets, requireSecretName, requireSecretValue } from './project-secrets.ts';

test('takes names of environment variables, and none that the platform, Node or the system decides by', () => {
  for (const name of ['STRIPE_API_KEY', 'JWT_SECRET', 'A', 'SMTP2_URL']) requireSecretName(name);
  for (const name of ['', 'lower', '1A', 'A-B', 'A=B', 'A\nB', 'A'.repeat(65), 'ÄB']) {
    assert.throws(() => requireSecretName(name), { code: 'USAGE', message: /is no name of a secret/ });
  }
  for (const name of ['DB_PASSWORD', 'NODE_OPTIONS', 'LD_PRELOAD', 'PATH', 'PORT', 'TURBOBACKEND_HOME', 'PGHOST']) {
    assert.throws(() => requireSecretName(name), { code: 'USAGE', message: /is not yours to set/ });
  }
});

test('refuses a value that is too short, too long or none, without telling it', () => {
  requireSecretValue('KEY', '-----BEGIN KEY-----\nabc\n-----END KEY-----');
  for (const value of ['', 'abcde', 'x'.repeat(16_385), 'with\0nul-in-it', '\ud800 half a pair']) {
    assert.throws(
      () => requireSecretValue('KEY', value),
      (error: Error) =>
        error.message.startsWith('The value of KEY') && (value === '' || !error.message.includes(value)),
    );
  }
});

test('needs what .env.example leaves empty, but for what the platform gives', () => {
  const content = [
    'HOST=127.0.0.1',
    'DB_NAME=',
    'DB_PASSWORD=',
    '# signs tokens',
    'JWT_SECRET=',
    'JWT_SECRET=',
    'STRIPE_API_KEY="" # of the dashboard',
    '#SMTP_URL=',
    'REGION=eu',
    'lower=',
  ].join('\n');
  assert.deepEqual(neededSecrets([{ path: '.env.example', content }]), ['JWT_SECRET', 'STRIPE_API_KEY']);
  assert.deepEqual(neededSecrets([]), []);
});

test('stands in for each with a long value of its own, the same every time', () => {
  const files = [{ path: '.env.example', content: 'JWT_SECRET=\nOTHER=\n' }];
  const [first, again] = [dummySecrets(files), dummySecrets(files)];
  assert.deepEqual(Object.keys(first), ['JWT_SECRET', 'OTHER']);
  assert.equal(first['JWT_SECRET'], again['JWT_SECRET']);
  assert.notEqual(first['JWT_SECRET'], first['OTHER']);
  assert.ok((first['OTHER']?.length ?? 0) >= 32);
});
