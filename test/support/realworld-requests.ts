import assert from 'node:assert/strict';

// RealWorld's requests in the order of its published collection, written from its description of the API, with more that
// the description asks for and the collection leaves out: what belongs to one account no other may change.

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Answer {
  readonly status: number;
  // What a request of another kind would be answered is for the assertions to find out.
  readonly body: ReturnType<typeof JSON.parse>;
}

/** Sends them all to the API at `url`. Throws at the first answer that is not as described. Resolves to how many it sent. */
export async function sendRealWorldRequests(url: string): Promise<number> {
  let sent = 0;
  const callAs =
    (token?: string) =>
    async (method: Method, path: string, body?: object): Promise<Answer> => {
      sent += 1;
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Token ${token}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    };
  const name = `u${Date.now()}`;
  const jake = await authenticate(callAs, name);
  await findNothing(jake);
  const slug = await writeArticle(jake, name);
  await comment(jake, slug);
  await keepApart(callAs, jake, slug);
  assert.equal((await jake('DELETE', `/articles/${slug}`)).status, 204);
  await follow(callAs, jake, name);
  assert.ok(Array.isArray((await jake('GET', '/tags')).body.tags));
  return sent;
}

type Call = (method: Method, path: string, body?: object) => Promise<Answer>;
type CallAs = (token?: string) => Call;

async function authenticate(callAs: CallAs, username: string): Promise<Call> {
  const user = { email: `${username}@mail.com`, password: 'password' };
  const registered = await callAs()('POST', '/users', { user: { ...user, username } });
  assert.equal(registered.status, 201);
  isUser(registered.body.user);
  const again = await callAs()('POST', '/users/login', { user });
  assert.equal(again.status, 200);
  isUser(again.body.user);
  const jake = callAs(again.body.user.token);
  isUser((await jake('GET', '/user')).body.user);
  isUser((await jake('PUT', '/user', { user: { email: user.email } })).body.user);
  const refused = await callAs()('POST', '/users/login', { user: { ...user, password: 'passw0rds' } });
  assert.equal(refused.status, 401);
  assert.equal((await callAs()('GET', '/user')).status, 401);
  assert.equal((await callAs('x'.repeat(43))('GET', '/user')).status, 401);
  return jake;
}

async function findNothing(jake: Call): Promise<void> {
  for (const query of ['', '?author=johnjacob', '?tag=no-such-dragons', '?favorited=johnjacob']) {
    const { status, body } = await jake('GET', `/articles${query}`);
    assert.equal(status, 200);
    isPage(body);
    if (query !== '') assert.equal(body.articlesCount, 0);
  }
}

async function writeArticle(jake: Call, author: string): Promise<string> {
  const article = {
    title: 'How to train your dragon',
    description: 'Ever wonder how?',
    body: 'Very carefully.',
    tagList: ['training', 'dragons'],
  };
  const made = await jake('POST', '/articles', { article });
  assert.equal(made.status, 201);
  isArticle(made.body.article);
  assert.deepEqual(new Set(made.body.article.tagList), new Set(article.tagList));
  const { slug } = made.body.article;
  isPage((await jake('GET', '/articles/feed')).body);
  for (const query of ['', `?author=${author}`, '?tag=dragons', '?limit=1', `?author=${author}&offset=0`]) {
    const { body } = await jake('GET', `/articles${query}`);
    isPage(body);
    assert.equal(body.articles[0].slug, slug);
  }
  assert.equal((await jake('GET', `/articles?author=${author}&offset=1`)).body.articles.length, 0);
  isArticle((await jake('GET', `/articles/${slug}`)).body.article);
  const changed = await jake('PUT', `/articles/${slug}`, { article: { body: 'With two hands' } });
  assert.equal(changed.body.article.body, 'With two hands');
  assert.equal(changed.body.article.title, article.title);
  const liked = (await jake('POST', `/articles/${slug}/favorite`)).body.article;
  assert.deepEqual([liked.favorited, liked.favoritesCount], [true, 1]);
  assert.equal((await jake('GET', `/articles?favorited=${author}`)).body.articles[0].favorited, true);
  const unliked = (await jake('DELETE', `/articles/${slug}/favorite`)).body.article;
  assert.deepEqual([unliked.favorited, unliked.favoritesCount], [false, 0]);
  return slug;
}

async function comment(jake: Call, slug: string): Promise<void> {
  const path = `/articles/${slug}/comments`;
  const made = await jake('POST', path, { comment: { body: 'Thank you so much!' } });
  assert.equal(made.status, 201);
  const { id, body, author } = made.body.comment;
  assert.equal(body, 'Thank you so much!');
  isTime(made.body.comment.createdAt);
  isProfile(author);
  assert.deepEqual(
    (await jake('GET', path)).body.comments.map((one: { id: unknown }) => one.id),
    [id],
  );
  assert.equal((await jake('DELETE', `${path}/${id}`)).status, 204);
  assert.deepEqual((await jake('GET', path)).body.comments, []);
}

/** An account that owns nothing of it, and nobody. */
async function keepApart(callAs: CallAs, jake: Call, slug: string): Promise<void> {
  const user = { email: `eve-${slug}@mail.com`, username: `eve-${slug}`.slice(0, 40), password: 'password' };
  const eve = callAs((await callAs()('POST', '/users', { user })).body.user.token);
  const { id } = (await jake('POST', `/articles/${slug}/comments`, { comment: { body: 'Mine' } })).body.comment;
  for (const [who, status] of [
    [eve, 403],
    [callAs(), 401],
  ] as const) {
    assert.equal((await who('PUT', `/articles/${slug}`, { article: { body: 'Not mine' } })).status, status);
    assert.equal((await who('DELETE', `/articles/${slug}/comments/${id}`)).status, status);
    assert.equal((await who('DELETE', `/articles/${slug}`)).status, status);
  }
  assert.equal((await callAs()('PUT', '/user', { user: { password: 'taken over' } })).status, 401);
  assert.equal((await callAs()('POST', '/users', { user: { ...user, username: 'other' } })).status, 409);
}

async function follow(callAs: CallAs, jake: Call, name: string): Promise<void> {
  const user = { email: `celeb_${name}@mail.com`, username: `celeb_${name}`, password: 'password' };
  const celeb = callAs((await callAs()('POST', '/users', { user })).body.user.token);
  const path = `/profiles/${user.username}`;
  isProfile((await jake('GET', path)).body.profile);
  assert.equal((await jake('POST', `${path}/follow`)).body.profile.following, true);
  const article = { title: 'News', description: 'Of me', body: 'All of it' };
  const { slug } = (await celeb('POST', '/articles', { article })).body.article;
  assert.equal((await jake('GET', '/articles/feed')).body.articles[0].slug, slug);
  assert.equal((await jake('DELETE', `${path}/follow`)).body.profile.following, false);
  assert.equal((await jake('GET', '/articles/feed')).body.articlesCount, 0);
}

function isUser(user: Record<string, unknown>): void {
  for (const field of ['email', 'username', 'token']) assert.equal(typeof user[field], 'string', field);
  assert.ok('bio' in user && 'image' in user);
}

function isPage(body: { articles: Record<string, unknown>[]; articlesCount: unknown }): void {
  assert.ok(Number.isInteger(body.articlesCount));
  for (const article of body.articles) isArticle(article);
}

function isArticle(article: ReturnType<typeof JSON.parse>): void {
  for (const field of ['title', 'slug', 'body', 'description']) assert.equal(typeof article[field], 'string', field);
  assert.ok(Array.isArray(article['tagList']) && Number.isInteger(article['favoritesCount']));
  assert.equal(typeof article['favorited'], 'boolean');
  isTime(article['createdAt']);
  isTime(article['updatedAt']);
  isProfile(article['author']);
}

function isProfile(profile: Record<string, unknown>): void {
  assert.equal(typeof profile['username'], 'string');
  assert.equal(typeof profile['following'], 'boolean');
}

function isTime(text: string): void {
  assert.equal(new Date(text).toISOString(), text);
}
