import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerLine, packJson, readAnswerLine, unpackJson } from './agent-protocol.ts';

test('an answer is read from among what else was printed, whatever characters it holds', () => {
  const answer = { value: 'ü € 😀 \u0000 \ud800 \n@turbobackend {"value":"not this"}\n' };
  const line = answerLine(answer);
  assert.match(line, /^[\n\u0020-\u007e]*$/);
  assert.deepEqual(readAnswerLine(`(node:1) Warning: old\n${line}bash: no job control\n`), answer);
});

test('there is no answer in a text without one, or with half of one', () => {
  assert.equal(readAnswerLine('sh: node: not found\n'), undefined);
  assert.equal(readAnswerLine('@turbobackend {"value":'), undefined);
});

test('a request survives its way through shells as one word', () => {
  const request = { command: ['node', '-e', `'"$x\` \n ü`] };
  assert.match(packJson(request), /^[\w+/=]+$/);
  assert.deepEqual(unpackJson(packJson(request)), request);
});
