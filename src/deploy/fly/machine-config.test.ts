import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectId } from '../../domain/ids.ts';
import { Secret } from '../../domain/secret.ts';
import type { FlyMachine } from './fly-answers.ts';
import {
  fingerprintOf,
  isMarked,
  isOurs,
  machineConfig,
  releaseBefore,
  releaseOfMachine,
  stateOfMachine,
} from './machine-config.ts';

const marks = { projectId: 'project_1' as ProjectId, installationId: 'here' };
const release = { image: 'registry/app:v-1', sourceHash: 'a'.repeat(64), fingerprint: 'f' };
const key = new Secret('fm2_key');

function machineOf(config: FlyMachine['config']): FlyMachine {
  return config ? { id: 'm', config } : { id: 'm' };
}

test('a machine tells what it was made for, from what, and what was before', () => {
  const before = { ...release, image: 'registry/app:v-0', fingerprint: 'e' };
  const machine = machineOf(machineConfig(release, marks, 'unproven', before));
  assert.deepEqual(releaseOfMachine(machine), release);
  assert.deepEqual(releaseBefore(machine), before);
  assert.equal(stateOfMachine(machine), 'unproven');
  assert.ok(isOurs(machine, marks));
  assert.ok(!isOurs(machine, { ...marks, installationId: 'elsewhere' }));
});

test('a machine that somebody else made tells nothing, and is no trouble', () => {
  for (const machine of [machineOf(undefined), machineOf({}), machineOf({ image: 'nginx', metadata: {} })]) {
    assert.equal(releaseOfMachine(machine), undefined);
    assert.equal(releaseBefore(machine), undefined);
    assert.equal(stateOfMachine(machine), 'unproven');
    assert.ok(!isOurs(machine, marks) && !isMarked(machine));
  }
});

test('the fingerprint is another with another image, secret, name of a secret, or key, in no matter which order', () => {
  const secrets = { DB_USER: new Secret('user'), DB_PASSWORD: new Secret('hunter2') };
  const { fingerprint: _, ...built } = release;
  const fingerprint = fingerprintOf(key, built, marks, secrets);
  const turned = Object.fromEntries(Object.entries(secrets).toReversed());
  assert.equal(fingerprintOf(key, built, marks, turned), fingerprint);
  const others = [
    fingerprintOf(key, { ...built, image: 'registry/app:v-2' }, marks, secrets),
    fingerprintOf(key, built, marks, { ...secrets, DB_PASSWORD: new Secret('hunter3') }),
    fingerprintOf(key, built, marks, { DB_USERNAME: secrets.DB_USER, DB_PASSWORD: secrets.DB_PASSWORD }),
    fingerprintOf(new Secret('fm2_other'), built, marks, secrets),
  ];
  assert.equal(new Set([fingerprint, ...others]).size, 5);
});
