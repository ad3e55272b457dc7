import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProjectName, projectNameFrom } from './project-name.ts';

test('a name says what the prompt is about', () => {
  const names = {
    'a REST API for a blog with users, posts and comments': 'blog',
    'Build me a simple inventory management system': 'inventory',
    'an online shop: products, orders, customers': 'shop',
    "I want to track my family's recipes": 'family-recipes',
    'Eine API für eine Bücherei mit Büchern': 'bucherei',
    'An API that converts temperatures': 'converts-temperatures',
  };
  for (const [prompt, name] of Object.entries(names)) assert.equal(projectNameFrom(prompt), name);
});

test('every prompt gives a name that can be used', () => {
  for (const prompt of [
    '',
    '   ',
    '🦊',
    '日本語のブログ',
    '123 456',
    'a'.repeat(9000),
    '--; DROP TABLE x',
    'API',
    "the it's",
  ]) {
    assert.ok(isProjectName(projectNameFrom(prompt)), prompt);
  }
});
