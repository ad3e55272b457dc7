import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessGrant, AccessPlan } from '../../domain/access.ts';
import { checkProposal, proposalFromSql } from '../../schema/schema.ts';
import { BuiltinPlanner } from '../builtin/builtin-planner.ts';
import { extendAccess, planAccess, wantsAccounts } from './plan-access.ts';

const USERS = 'users(id) read owner role:admin · create - · change owner · remove owner role:admin';
const owned = (table: string, owner: string): string =>
  `${table}(${owner}) read owner · create ${owner.includes('.') ? 'owner' : 'signed-in'} · change owner · remove owner`;

/** Prompts with who may do what of them, table by table. */
const PROMPTS: Readonly<Record<string, readonly string[]>> = {
  'a notes app: people sign up and each sees only their own notes': [USERS, owned('notes', 'owner_id')],
  'a blog: anyone reads, authors write their own posts, admins remove comments': [
    USERS,
    'posts(author_id) read anyone{status=published} owner role:admin · create signed-in · change owner · remove owner',
    'comments(author_id) read as:post_id · create signed-in · change owner · remove owner role:admin',
  ],
  'a clinic: patients see their own appointments, doctors see those of their patients': [
    USERS,
    owned('patients', 'user_id'),
    'doctors(user_id) read owner role:admin · create role:doctor · change owner · remove role:admin',
    'appointments(patient_id.user_id) read owner as:doctor_id · create owner · change owner · remove owner',
  ],
  'a todo app where users log in and manage my tasks': [USERS, owned('tasks', 'assignee_id')],
  'an online shop: anyone browses products, customers sign up and see only their own orders, admins manage products': [
    USERS.replace('users', 'customers'),
    'products() read anyone · create role:admin · change role:admin · remove role:admin',
    owned('orders', 'customer_id'),
    owned('order_items', 'order_id.customer_id'),
  ],
  'a library: members log in and borrow books; staff manage books': [
    USERS.replace('users', 'members'),
    'books() read signed-in · create role:admin role:staff · change role:admin role:staff · remove role:admin role:staff',
    owned('loans', 'member_id'),
  ],
  'a fitness tracker where people sign up and see only their own workouts': [USERS, owned('workouts', 'user_id')],
  'a helpdesk: customers see only their own tickets, agents answer every ticket': [
    USERS.replace('users', 'customers'),
    'tickets(customer_id) read owner role:agent · create signed-in · change owner role:agent · remove owner',
  ],
  'a link shortener: people sign up to make links, anyone opens them': [
    USERS,
    'links(owner_id) read anyone · create signed-in · change owner · remove owner',
  ],
  'a forum: anyone reads threads and posts, members sign up to write, moderators delete posts': [
    USERS.replace('users', 'members'),
    'threads(author_id) read anyone · create signed-in · change owner · remove owner',
    'posts(author_id) read anyone{status=published} owner role:admin · create signed-in · change owner · remove owner role:moderator',
  ],
};

for (const [prompt, expected] of Object.entries(PROMPTS)) {
  test(`who may do what: ${prompt}`, async () => {
    assert.ok(wantsAccounts({ prompt }));
    const proposal = await new BuiltinPlanner().proposeSchema(prompt, new AbortController().signal);
    const { design } = await checkProposal(proposal, { houseRules: 'apply' });
    assert.ok(design);
    const { access } = planAccess(design, { prompt });
    assert.deepEqual(tableLines(access).toSorted(), expected.toSorted());
  });
}

test('a prompt that speaks of nobody who signs in has no accounts', () => {
  for (const prompt of [
    'a REST API for a blog with users, posts and comments',
    'an inventory of products and warehouses for my company',
    'a CRM with accounts, contacts and deals',
  ]) {
    assert.equal(wantsAccounts({ prompt }), false, prompt);
  }
});

test('what is said with --auth counts, whatever the prompt says', () => {
  assert.ok(wantsAccounts({ prompt: 'a blog with users and posts', auth: 'password' }));
  assert.equal(wantsAccounts({ prompt: 'people sign up and see only their own notes', auth: 'none' }), false);
});

const SQL = `CREATE TABLE users (id varchar PRIMARY KEY, email varchar(200) NOT NULL);
  CREATE TABLE tags (id varchar PRIMARY KEY, name text NOT NULL);
  CREATE TABLE posts (id varchar PRIMARY KEY, title text NOT NULL,
    author_id varchar NOT NULL REFERENCES users (id) ON DELETE CASCADE);`;

test('a schema of one’s own gets what signing in takes, and rules that were said', async () => {
  const { access, design } = await planOf(SQL, ['posts=read:anyone,remove:owner|role:editor', 'tags=create:nobody']);
  assert.deepEqual(tableLines(access), [
    USERS,
    'tags() read signed-in · create - · change role:admin · remove role:admin',
    'posts(author_id) read anyone · create signed-in · change owner · remove owner role:editor',
  ]);
  const users = design.schema.tables.find(({ name }) => name === 'users');
  assert.deepEqual(
    users?.columns.map(({ name, nullable }) => [name, nullable]),
    [
      ['id', false],
      ['email', false],
      ['password_hash', true],
      ['role', false],
    ],
  );
  assert.deepEqual(users?.uniques[0]?.columns, ['email']);
});

test('a hash that is there is the account’s, whatever its name', async () => {
  const { access } = await planOf(SQL.replace('NOT NULL);', 'NOT NULL UNIQUE, pwd_digest text NOT NULL);'), []);
  assert.equal(access.accounts?.password, 'pwd_digest');
});

test('a rule that names what is not there is refused with what there is', async () => {
  for (const [rule, message] of [
    ['post=read:anyone', /table post,/],
    ['posts=read:all', /«all» names nobody/],
    ['posts=look:anyone', /says of no action/],
    ['tags=read:owner', /tags has no owner/],
    ['tags=owner:name', /does not lead to users/],
    ['posts=read:as:title', /names nobody/],
    ['posts', /is no rule/],
  ] as const) {
    await assert.rejects(planOf(SQL, [rule]), { code: 'USAGE', message });
  }
});

test('two ways to the account that disagree are asked about', async () => {
  const { questions, warnings } = await planOf(
    `${SQL} CREATE TABLE deals (id varchar PRIMARY KEY, buyer varchar NOT NULL REFERENCES users (id),
       seller varchar NOT NULL REFERENCES users (id));`,
    [],
  );
  assert.match(warnings.join('\n'), /buyer or seller could say whose a row of deals is/);
  assert.match(questions.join('\n'), /--access deals=owner:seller/);
});

test('a table that a change adds is locked until something is said of it, and the rest stays as it was', async () => {
  const { access } = await planOf(SQL, ['posts=read:anyone']);
  const { design } = await planOf(
    `${SQL.replace(/CREATE TABLE tags[^;]*;/, '')} CREATE TABLE likes (id varchar PRIMARY KEY,
       user_id varchar NOT NULL REFERENCES users (id)); CREATE TABLE topics (id varchar PRIMARY KEY);`,
    [],
  );
  const extended = extendAccess(access, design.schema);
  assert.ok(extended);
  assert.deepEqual(tableLines(extended).toSorted(), [
    owned('likes', 'user_id'),
    'posts(author_id) read anyone · create signed-in · change owner · remove owner',
    'topics() read signed-in · create role:admin · change role:admin · remove role:admin',
    USERS,
  ]);
  assert.equal(extendAccess(undefined, design.schema), undefined);
});

async function planOf(sql: string, rules: readonly string[]) {
  const { design } = await checkProposal(await proposalFromSql(sql), { houseRules: 'tell' });
  assert.ok(design);
  return planAccess(design, { prompt: '', auth: 'password', rules });
}

function tableLines({ tables }: AccessPlan): readonly string[] {
  return tables.map(
    ({ table, owner = '', read, create, change, remove }) =>
      `${table}(${owner}) read ${said(read)} · create ${said(create)} · change ${said(change)} · remove ${said(remove)}`,
  );
}

function said(grants: readonly AccessGrant[]): string {
  const texts = grants.map((grant) =>
    typeof grant === 'string' ? grant : `${grant.who}{${Object.entries(grant.where).flat().join('=')}}`,
  );
  return texts.join(' ') || '-';
}
