import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import { Secret } from '../domain/secret.ts';
import { scramVerifier } from './scram-verifier.ts';

test('a verifier proves the password, holds it nowhere, and differs each time', async () => {
  const password = new Secret('a-password_of-32-characters-here');
  const verifier = await scramVerifier(password);
  const [, iterations = '', salt = '', stored = '', server = ''] =
    /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/.exec(verifier) ?? [];
  const salted = pbkdf2Sync(password.reveal(), Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  assert.equal(createHash('sha256').update(clientKey).digest('base64'), stored);
  assert.equal(createHmac('sha256', salted).update('Server Key').digest('base64'), server);
  assert.ok(!verifier.includes(password.reveal()));
  assert.notEqual(await scramVerifier(password), verifier);
});
