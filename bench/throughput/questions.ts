import type { LoadRequest } from './load-order.ts';

/** Users that have posts, and users that get them: so that lists stay as they are while posts are added. */
export const READ_USERS = 1000;
export const WRITE_USERS = 100;
const POSTS_PER_USER = 20;
export const POSTS = READ_USERS * POSTS_PER_USER;

export const TITLE = 'What a title of a post usually looks like';
export const BODY = 'A paragraph of a post, neither long nor short. '.repeat(4).trim();

// More than a cache between a server and its database would keep, fewer than would have to be sent to the generator.
const ASKED = 4000;

export interface Question {
  readonly name: string;
  readonly expectedStatus: number;
  readonly requests: readonly LoadRequest[];
  /** The same for pgbench: what the least of all servers would ask Postgres. */
  readonly pgbenchScript: string;
}

const COLUMNS = 'id, user_id, category_id, title, body, status, created_at';

/** What a generated backend, one written by hand and pgbench are asked alike. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'GET by id',
    expectedStatus: 200,
    requests: spreadOver(POSTS).map((number) => ({ method: 'GET', path: `/v1/posts/${idOf(number)}` })),
    pgbenchScript: `\\set number random(1, ${POSTS})
      SELECT ${COLUMNS} FROM posts WHERE id = lpad((:number)::text, 21, '0');`,
  },
  {
    name: 'list of 20',
    expectedStatus: 200,
    requests: spreadOver(READ_USERS).map((number) => ({
      method: 'GET',
      path: `/v1/posts?user_id=${idOf(number)}&limit=20&sort=id`,
    })),
    pgbenchScript: `\\set number random(1, ${READ_USERS})
      SELECT ${COLUMNS} FROM posts WHERE user_id = lpad((:number)::text, 21, '0') ORDER BY id LIMIT 20;`,
  },
  {
    name: 'POST',
    expectedStatus: 201,
    requests: spreadOver(WRITE_USERS).map((number) => ({
      method: 'POST',
      path: '/v1/posts',
      body: { user_id: idOf(READ_USERS + number), title: TITLE, body: BODY },
    })),
    pgbenchScript: `\\set number random(1, ${WRITE_USERS})
      INSERT INTO posts (id, user_id, title, body)
      VALUES (gen_random_uuid()::text, lpad((${READ_USERS} + :number)::text, 21, '0'), '${TITLE}', '${BODY}')
      RETURNING ${COLUMNS};`,
  },
];

/** The id of the row with this number, as `fillTables` gives it. */
function idOf(number: number): string {
  return String(number).padStart(21, '0');
}

/** Numbers from 1 to `count` in an order that jumps about. */
function spreadOver(count: number): readonly number[] {
  return Array.from({ length: ASKED }, (_, index) => ((index * 7919) % count) + 1);
}
