import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDiskFull, tellDiskFull } from './disk-full.ts';
import { TurboError } from './errors.ts';

const errno = (code: string): Error => Object.assign(new Error('write failed'), { code });

test('a full disk is seen behind whatever wrapped it', () => {
  assert.ok(isDiskFull(errno('ENOSPC')));
  assert.ok(isDiskFull(errno('EDQUOT')));
  assert.ok(isDiskFull(errno('53100')));
  assert.ok(isDiskFull(new TurboError('PUBLISH_FAILED', 'Could not commit', { cause: errno('ENOSPC') })));
  assert.ok(isDiskFull(new AggregateError([new Error('a'), new Error('b', { cause: errno('ENOSPC') })])));
});

test('a full disk is read from what a program said', () => {
  const words = 'No PostgreSQL 18 runs on this machine.\n/native: ENOSPC: no space left on device, copyfile';
  assert.ok(isDiskFull(new TurboError('CLUSTER_UNAVAILABLE', words)));
  assert.match(
    (tellDiskFull(new TurboError('CLUSTER_UNAVAILABLE', words)) as Error).message,
    /^The disk is full: \/native/,
  );
  assert.ok(isDiskFull(new Error('FATAL: could not write lock file "postmaster.pid": No space left on device')));
});

test('the words of a caller make no full disk, and another error stays what it is', () => {
  assert.ok(!isDiskFull(new TurboError('SCHEMA_REFUSED', "default 'No space left on device'")));
  const refused = errno('EACCES');
  assert.equal(tellDiskFull(refused), refused);
  assert.equal(tellDiskFull('text'), 'text');
});

test('it is told once, to be tried again later, with the phase that it happened in', () => {
  const told = tellDiskFull(
    new TurboError('DEPLOY_FAILED', 'no', { cause: errno('ENOSPC'), phase: 'deploy' }),
  ) as TurboError;
  assert.deepEqual([told.code, told.phase, told.exitCode], ['DISK_FULL', 'deploy', 6]);
  assert.equal(tellDiskFull(told), told);
});
