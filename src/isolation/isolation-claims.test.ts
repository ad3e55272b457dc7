import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guaranteesFrom, isBroken } from './isolation-claims.ts';
import { ATTACKS } from './launcher/attack-targets.ts';

test('claims nothing that an attack got through', () => {
  const best = guaranteesFrom([], []);
  for (const attack of ATTACKS) {
    const claimed = guaranteesFrom([attack], [attack]);
    assert.notDeepEqual(claimed, best, attack);
    assert.ok(
      best.some((sentence) => !claimed.includes(sentence)),
      attack,
    );
  }
});

test('says of a server what holds for it alone', () => {
  const lines = guaranteesFrom([], ['connect-port']).filter((line) => line.startsWith('As a server'));
  assert.deepEqual(lines, [
    'As a server that is to be reached: The network is open to them, and so is what listens on this machine.',
  ]);
});

test('a tier that shows files, secrets or processes is none', () => {
  assert.deepEqual(
    [isBroken([]), isBroken(['connect-port', 'leave-session']), isBroken(['read-outside'])],
    [false, false, true],
  );
});
