import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getOrCreate } from './get-or-create.ts';
import { ProviderError } from './provider-error.ts';

const LOST = new ProviderError('no answer', { provider: 'Fake', mayBeDone: true });

/** A provider with room for one resource, whose creation behaves as each try is told to. */
function provider(...tries: readonly ('works' | 'lost before' | 'lost after' | Error)[]) {
  const state = { resource: undefined as string | undefined, created: 0 };
  const left = [...tries];
  const create = async (): Promise<string> => {
    const next = left.shift() ?? 'works';
    if (next instanceof Error) throw next;
    if (next === 'lost before') throw LOST;
    state.created += 1;
    state.resource = 'it';
    if (next === 'lost after') throw LOST;
    return 'it';
  };
  return { state, find: () => Promise.resolve(state.resource), create };
}

test('takes what is there, and makes what is not', async () => {
  const { state, find, create } = provider();
  assert.deepEqual(await getOrCreate(find, create), { resource: 'it', created: true });
  assert.deepEqual(await getOrCreate(find, create), { resource: 'it', created: false });
  assert.equal(state.created, 1);
});

test('makes one although answers are lost before and after', async () => {
  const cases = [
    ['lost before'],
    ['lost after'],
    ['lost before', 'lost before'],
    ['lost before', 'lost after'],
  ] as const;
  await Promise.all(
    cases.map(async (tries) => {
      const { state, find, create } = provider(...tries);
      assert.deepEqual(await getOrCreate(find, create), { resource: 'it', created: true }, tries.join());
      assert.equal(state.created, 1, tries.join());
    }),
  );
});

test('gives a provider that is away some time, finds what came of a last lost answer, and gives up then', async () => {
  const away = new ProviderError('away', { provider: 'Fake', status: 503, mayBeDone: true });
  const { state, find, create } = provider(away, away, away, 'lost before', 'lost after');
  const lost = provider(LOST, LOST, LOST, LOST, LOST, 'works');
  const beganMs = performance.now();
  await Promise.all([
    getOrCreate(find, create).then((made) => assert.deepEqual(made, { resource: 'it', created: true })),
    assert.rejects(getOrCreate(lost.find, lost.create), LOST),
  ]);
  assert.equal(state.created, 1);
  assert.ok(performance.now() - beganMs > 1000);
});

test('gives up at once on a refusal', async () => {
  const refused = new ProviderError('quota', { provider: 'Fake', status: 403, mayBeDone: false });
  const { find, create } = provider(refused, 'works');
  await assert.rejects(getOrCreate(find, create), refused);
});

test('takes what another process made in the same moment', async () => {
  const taken = new ProviderError('exists', { provider: 'Fake', status: 409, mayBeDone: false });
  let looks = 0;
  const found = await getOrCreate(
    () => Promise.resolve(looks++ === 0 ? undefined : 'theirs'),
    () => Promise.reject(taken),
  );
  assert.equal(found.resource, 'theirs');
});
