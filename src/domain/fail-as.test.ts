import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurboError } from './errors.ts';
import { failAs, type Failing } from './fail-as.ts';

const failing: Failing = { code: 'PUBLISH_FAILED', phase: 'publish', doing: 'store the archive', fix: 'Run it again.' };

test('what breaks is the room’s own failure, with what was being done and why it broke', async () => {
  const cause = new Error('the disk is full');
  const error = await failAs(failing, () => Promise.reject(cause)).catch((thrown: unknown) => thrown as TurboError);
  assert.ok(error instanceof TurboError);
  assert.equal(error.message, 'Could not store the archive: the disk is full');
  assert.deepEqual([error.code, error.phase, error.fix], ['PUBLISH_FAILED', 'publish', 'Run it again.']);
  assert.equal(error.cause, cause);
});

test('an explanation goes before what is said of any failure, as far as it goes', async () => {
  const explained = {
    ...failing,
    explain: () => ({ code: 'PROVIDER_REFUSED', reason: 'the quota is used up' }) as const,
  };
  const error = await failAs(explained, () => Promise.reject(new Error('429'))).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof TurboError);
  assert.deepEqual([error.code, error.fix], ['PROVIDER_REFUSED', 'Run it again.']);
  assert.match(error.message, /the quota is used up$/);
});

test('a failure that has a code already, and what breaks after an abort, stay as they are', async () => {
  const known = new TurboError('RESOURCE_NOT_OURS', 'It is not ours');
  await assert.rejects(
    failAs(failing, () => Promise.reject(known)),
    known,
  );
  const controller = new AbortController();
  const work = (): Promise<never> => {
    controller.abort();
    return Promise.reject(new Error('torn'));
  };
  await assert.rejects(failAs({ ...failing, signal: controller.signal }, work), { name: 'AbortError' });
});
