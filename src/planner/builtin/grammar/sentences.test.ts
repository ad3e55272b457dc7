import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSentences } from './sentences.ts';

test('ends a sentence before a small letter, but not behind an abbreviation', () => {
  const texts = readSentences('a movie site. users rate movies? yes, e.g. new ones vs. old ones').map(
    ({ text }) => text,
  );
  assert.deepEqual(texts, ['a movie site.', 'users rate movies?', 'yes, e.g. new ones vs. old ones']);
});

test('reads w/ as with, and a dash before a list as a colon', () => {
  assert.deepEqual(readSentences('a blog w/ posts'), [{ text: 'a blog with posts', label: undefined }]);
  assert.deepEqual(readSentences('hiring tool - jobs, offers'), [{ text: 'jobs, offers', label: 'hiring tool' }]);
});
