import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../domain/secret.ts';
import { readFlyToken } from './fly-token.ts';

function reveal(token: string): readonly [string, string] {
  const { authorization, password } = readFlyToken(new Secret(token));
  return [authorization.reveal(), password.reveal()];
}

test('macaroons have a scheme of their own, however they are pasted', () => {
  for (const token of ['fm2_abc', ' FlyV1 fm2_abc\n', 'Bearer FlyV1 fm2_abc', 'flyv1 fm2_abc']) {
    assert.deepEqual(reveal(token), ['FlyV1 fm2_abc', 'fm2_abc'], token);
  }
  assert.deepEqual(reveal('FlyV1 fm2_abc, fm1r_def'), ['FlyV1 fm2_abc,fm1r_def', 'fm2_abc,fm1r_def']);
});

test('an older token beside macaroons is left out, and alone it is a bearer’s', () => {
  assert.deepEqual(reveal('fo1_old,fm2_abc'), ['FlyV1 fm2_abc', 'fm2_abc']);
  assert.deepEqual(reveal('fo1_old'), ['Bearer fo1_old', 'fo1_old']);
});
