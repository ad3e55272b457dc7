import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { TurboError } from '../domain/errors.ts';
import type { TurboBackend } from '../turbobackend.ts';
import { callOperation, type OperationCall } from './call-operation.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

test('each operation has a name of its own, words for people, and fields that are described or plain', () => {
  assert.equal(new Set(OPERATIONS.map(({ name }) => name)).size, OPERATIONS.length);
  assert.equal(new Set(OPERATIONS.map(({ http }) => `${http.method} ${http.path}`)).size, OPERATIONS.length);
  for (const { name, title, description, input, http } of OPERATIONS) {
    assert.match(name, /^[a-z]+(?:_[a-z]+)+$/);
    assert.ok(title.length > 5 && description.length > 20, name);
    const fields = Object.keys(input.shape);
    for (const [, field = ''] of http.path.matchAll(/\{(\w+)\}/g))
      assert.ok(fields.includes(field), `${name} ${field}`);
  }
});

test('what looks only is marked so, and is all that a key for reading opens', () => {
  for (const { name, annotations, scope } of OPERATIONS) {
    if (scope === 'read') assert.ok(annotations.readOnly, name);
    if (annotations.readOnly) assert.ok(!annotations.destructive && annotations.idempotent, name);
  }
});

test('shapes can be told as JSON schemas without a null in them', () => {
  for (const { name, input, output } of OPERATIONS) {
    const told = JSON.stringify([z.toJSONSchema(input, { io: 'input' }), z.toJSONSchema(output, { io: 'output' })]);
    assert.ok(!told.includes('"null"'), name);
  }
});

test('input that is not as documented is refused, each complaint with its place', async () => {
  await assert.rejects(
    callOperation(operation('list_runs'), { limit: 0, status: 'lost', more: 1 }, callBy('read')),
    (error: TurboError) => {
      assert.equal(error.code, 'USAGE');
      for (const field of ['limit: ', 'status: ', 'more']) assert.ok(error.message.includes(field), error.message);
      return error.cause instanceof z.ZodError && error.cause.issues.length === 3;
    },
  );
});

test('a caller whose scope does not cover the operation is refused before its input is read', async () => {
  await assert.rejects(callOperation(operation('delete_project'), {}, callBy('read')), { code: 'FORBIDDEN' });
  await assert.rejects(callOperation(operation('create_key'), {}, callBy('write')), { code: 'FORBIDDEN' });
});

test('a deletion that is not confirmed by the name deletes nothing', async () => {
  const backend = { summarize: () => Promise.resolve({ projectId: 'project_1', name: 'blog' }) };
  for (const confirm of [undefined, 'bolg', 'project_1']) {
    const call = callOperation(operation('delete_project'), { project: 'blog', confirm }, callBy('write', backend));
    await assert.rejects(call, { code: 'CONFIRMATION_NEEDED' });
  }
});

test('a call that its caller named is answered once, by what it asks for', async () => {
  const asked: { key: string; requestHash: string }[] = [];
  const backend = {
    answerOnce: (call: { key: string; requestHash: string }) => {
      asked.push(call);
      return Promise.resolve({ answer: { runId: 'run_1' }, repeated: asked.length > 1 });
    },
  };
  const create = operation('create_backend');
  const named = { ...callBy('write', backend), idempotencyKey: 'k-1' };
  assert.deepEqual(await callOperation(create, { prompt: 'a', name: 'b' }, named), {
    output: { runId: 'run_1' },
    repeated: false,
  });
  assert.ok((await callOperation(create, { name: 'b', prompt: 'a', waitSeconds: 0 }, named)).repeated);
  await callOperation(create, { prompt: 'other', name: 'b' }, named);
  assert.equal(asked[0]?.requestHash, asked[1]?.requestHash, 'the order of fields and what is usual do not matter');
  assert.notEqual(asked[0]?.requestHash, asked[2]?.requestHash);
  for (const idempotencyKey of ['', 'a b', 'x'.repeat(201)]) {
    await assert.rejects(callOperation(create, { prompt: 'a' }, { ...named, idempotencyKey }), { code: 'USAGE' });
  }
});

function operation(name: string): Operation {
  const found = OPERATIONS.find((candidate) => candidate.name === name);
  assert.ok(found);
  return found;
}

/** A call to a backend that has these methods, whoever asks. */
function callBy(scope: 'read' | 'write', methods: object = {}): OperationCall {
  const backend = { ...methods, forOwner: () => methods } as unknown as TurboBackend;
  return { backend, caller: { ownerId: 'ada', scope }, signal: new AbortController().signal };
}
