// The backend that people write by hand: express, a pool, text and values. It keeps users and posts as a generated one
// does, with the checks that such servers usually have. Reads PORT, DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD.
// oxlint-disable oxc/no-async-endpoint-handlers -- express 5 hands what they reject with to the error handler
import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler } from 'express';
import { Pool } from 'pg';

const { env } = process;
const pool = new Pool({
  host: env['DB_HOST'],
  port: Number(env['DB_PORT']),
  database: env['DB_NAME'],
  user: env['DB_USER'],
  password: env['DB_PASSWORD'],
});

const app = express();
app.use(express.json());

app.post('/v1/users', async (request, response) => {
  const { email, name, bio } = request.body as Record<string, unknown>;
  if (typeof email !== 'string' || typeof name !== 'string') {
    response.status(400).json({ error: 'email and name are required' });
    return;
  }
  const { rows } = await pool.query('INSERT INTO users (id, email, name, bio) VALUES ($1, $2, $3, $4) RETURNING *', [
    randomUUID(),
    email,
    name,
    bio,
  ]);
  response.status(201).location(`/v1/users/${rows[0].id}`).json(rows[0]);
});

app.get('/v1/users/:id', async (request, response) => {
  const { rows } = await pool.query('SELECT * FROM users WHERE id = $1', [request.params.id]);
  if (rows.length === 0) response.status(404).json({ error: 'user not found' });
  else response.json(rows[0]);
});

app.get('/v1/posts', async (request, response) => {
  const limit = Math.min(Number(request.query['limit'] ?? 20), 100);
  const { rows } = await pool.query('SELECT * FROM posts WHERE user_id = $1 ORDER BY id LIMIT $2', [
    request.query['user_id'],
    limit,
  ]);
  response.json({ data: rows });
});

app.get('/v1/posts/:id', async (request, response) => {
  const { rows } = await pool.query('SELECT * FROM posts WHERE id = $1', [request.params.id]);
  if (rows.length === 0) response.status(404).json({ error: 'post not found' });
  else response.json(rows[0]);
});

app.post('/v1/posts', async (request, response) => {
  const { user_id, category_id, title, body, status = 'draft' } = request.body as Record<string, unknown>;
  if (typeof user_id !== 'string' || typeof title !== 'string' || typeof body !== 'string') {
    response.status(400).json({ error: 'user_id, title and body are required' });
    return;
  }
  const { rows } = await pool.query(
    'INSERT INTO posts (id, user_id, category_id, title, body, status) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *',
    [randomUUID(), user_id, category_id, title, body, status],
  );
  response.status(201).location(`/v1/posts/${rows[0].id}`).json(rows[0]);
});

const answerErrors: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.status(500).json({ error: 'internal server error' });
};
app.use(answerErrors);

app.listen(Number(env['PORT']), '127.0.0.1');
