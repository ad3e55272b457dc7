import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redactor } from './redactor.ts';
import { Secret } from './secret.ts';

test('takes a secret out of a text in each form it travels in', () => {
  const redactor = new Redactor();
  redactor.add(new Secret('p@ss word/1'));
  const base64 = Buffer.from('p@ss word/1').toString('base64');
  const text = `plain p@ss word/1, in a URL ${encodeURIComponent('p@ss word/1')}, in a header ${base64}`;
  assert.doesNotMatch(redactor.redact(text), /p@ss|p%40ss|cEBzcy/);
});

test('leaves everything else as it is', () => {
  const redactor = new Redactor();
  redactor.add(new Secret('ab'));
  assert.equal(redactor.redact('about tables'), 'about tables');
});
