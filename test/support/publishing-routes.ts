/** What an editor's model adds to a blog: publishing a post, scheduling it, listing what is due. */
export const PUBLISHING_ROUTES = `import type { FastifyInstance } from 'fastify';
import type { Database } from '../db.ts';
import type { Operation } from '../http/openapi.ts';
import { postsRepository } from '../repositories/posts.ts';
import { postsTable } from '../schemas/posts.ts';
import { rowSchema } from '../table/table.ts';

const now = (): number => Math.floor(Date.now() / 1000);
const key = { type: 'object', required: ['id'], properties: { id: { type: 'string', minLength: 1, maxLength: 100 } } };

/** Publishing posts, at once or later. */
export function publishingRoutes(app: FastifyInstance, db: Database): void {
  const posts = postsRepository(db);
  app.post('/v1/posts/:id/publish', { schema: publish }, (request) =>
    posts.update([(request.params as { id: string }).id], { status: 'published', published_at: now() }),
  );
  app.post('/v1/posts/:id/schedule', { schema: schedule }, (request) =>
    posts.update([(request.params as { id: string }).id], { scheduled_at: (request.body as { at: number }).at }),
  );
  app.get('/v1/posts/due', { schema: due }, async () => {
    const text =
      "SELECT id, title, scheduled_at FROM posts WHERE status = 'draft' AND scheduled_at <= $1 ORDER BY scheduled_at LIMIT 100";
    return { data: await db.read({ text, values: [now()] }) };
  });
}

const publish: Operation = {
  tags: ['posts'],
  summary: 'Publish a post',
  operationId: 'publishPost',
  params: key,
  response: { 200: rowSchema(postsTable) },
  problems: [404, 503],
};
const schedule: Operation = {
  tags: ['posts'],
  summary: 'Say when a post is to be published',
  operationId: 'schedulePost',
  params: key,
  body: {
    type: 'object',
    required: ['at'],
    additionalProperties: false,
    properties: { at: { type: 'integer', minimum: 0, maximum: 253402300799 } },
  },
  response: { 200: rowSchema(postsTable) },
  problems: [400, 404, 413, 415, 503],
};
const due: Operation = {
  tags: ['posts'],
  summary: 'List the drafts whose time has come',
  operationId: 'listDuePosts',
  response: {
    200: {
      type: 'object',
      required: ['data'],
      properties: {
        data: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'title', 'scheduled_at'],
            properties: { id: { type: 'string' }, title: { type: 'string' }, scheduled_at: { type: 'integer' } },
          },
        },
      },
    },
  },
  problems: [503],
};
`;

export const PUBLISHING_TEST = `import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { send, startTestApp } from './support/test-app.ts';

let app: FastifyInstance;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

test('a post is due from its time on, until it is published', async () => {
  const author = { email: 'ann@example.com', name: 'Ann', password_hash: 'correct horse battery' };
  const { body: user } = await send(app, 'POST', '/v1/users', author);
  const draft = { title: 'Soon', slug: 'soon', body: 'Later', author_id: user.id };
  const { body: post } = await send(app, 'POST', '/v1/posts', draft);
  const titles = async () => (await send(app, 'GET', '/v1/posts/due')).body.data.map(({ title }: { title: string }) => title);
  const at = (seconds: number) => ({ at: Math.floor(Date.now() / 1000) + seconds });
  assert.equal((await send(app, 'POST', '/v1/posts/' + post.id + '/schedule', at(3600))).status, 200);
  assert.deepEqual(await titles(), []);
  assert.equal((await send(app, 'POST', '/v1/posts/' + post.id + '/schedule', at(-1))).status, 200);
  assert.deepEqual(await titles(), ['Soon']);
  const { status, body } = await send(app, 'POST', '/v1/posts/' + post.id + '/publish');
  assert.deepEqual([status, body.status], [200, 'published']);
  assert.deepEqual(await titles(), []);
  assert.equal((await send(app, 'POST', '/v1/posts/nobody/publish')).status, 404);
});
`;
