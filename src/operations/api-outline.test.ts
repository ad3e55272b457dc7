import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlineOf, partOf } from './api-outline.ts';

const reference = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string): object => ({ content: { 'application/json': { schema: reference(name) } } });

const DOCUMENT = {
  openapi: '3.1.0',
  paths: {
    '/v1/posts': {
      get: {
        summary: 'List the posts',
        parameters: [
          { name: 'limit', in: 'query' },
          { name: 'q', in: 'query', required: true },
        ],
        responses: { 200: json('PostPage'), 400: json('Problem') },
      },
      post: { summary: 'Create one post', requestBody: json('NewPost'), responses: { 201: json('Post') } },
    },
    '/v1/users': { get: { summary: 'List the users', responses: { 200: json('User') } } },
  },
  components: {
    schemas: {
      NewPost: {
        required: ['title'],
        properties: {
          title: { type: 'string' },
          tags: { type: 'array', items: { type: 'string' } },
          at: { type: ['integer', 'null'] },
        },
      },
      PostPage: { properties: { data: { type: 'array', items: reference('Post') } } },
      Post: { properties: { id: { type: 'string', format: 'uuid' } } },
      User: {},
      Problem: {},
    },
  },
};

test('an outline has a line an endpoint and a line a body', () => {
  assert.equal(
    outlineOf(DOCUMENT),
    `GET /v1/posts?limit&q=  List the posts
POST /v1/posts  Create one post; body NewPost
GET /v1/users  List the users

NewPost: title string, tags? string[], at? integer|null`,
  );
});

test('of one path comes what it needs, and no more', () => {
  const part = partOf(DOCUMENT, '/v1/posts') as { paths: object; components: { schemas: object } };
  assert.deepEqual(Object.keys(part.paths), ['/v1/posts']);
  assert.deepEqual(Object.keys(part.components.schemas), ['NewPost', 'PostPage', 'Post']);
  assert.doesNotMatch(JSON.stringify(part), /Problem/);
  assert.equal(partOf(DOCUMENT, '/v1/nothing'), undefined);
});
