import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'libpg-query';
import { designSchema } from './design-schema.ts';

/** Everyday prompts and the tables that people expect, in any order. */
const EVERYDAY: readonly (readonly [prompt: string, tables: string])[] = [
  ['a REST API for a blog with users, posts and comments', 'users posts comments'],
  ['a todo list API', 'users lists tasks'],
  ['an online shop', 'customers categories products orders order_items'],
  ['a library system', 'authors members books loans'],
  ['a clinic with patients, doctors and appointments', 'patients doctors appointments'],
  ['a school management API with students, teachers, courses and grades', 'students teachers courses grades'],
  ['a hotel booking backend with rooms, guests and reservations', 'rooms guests reservations'],
  ['a CRM with contacts, companies, deals and notes', 'contacts companies deals notes'],
  ['an event ticketing system: events, venues, tickets and customers', 'events venues tickets customers'],
  ['a restaurant API with menus, dishes, tables and orders', 'customers menus dishes tables orders order_items'],
  ['a forum with categories, threads and replies', 'users categories threads replies'],
  ['a kanban board with boards, lists and cards', 'boards lists cards'],
  ['a subscription billing service with plans, subscriptions and invoices', 'plans subscriptions invoices'],
  ['a fleet management API for vehicles, drivers and trips', 'vehicles drivers trips'],
  ['a real estate listing platform with agents, properties and viewings', 'agents properties viewings'],
  ['a sports league with teams, players and matches', 'teams players matches'],
  ['a pet clinic: owners, pets, visits, vets', 'owners pets visits vets'],
  ['a travel agency with tours, bookings and customers', 'tours bookings customers'],
  ['a social network with users, friendships, posts, likes and comments', 'users friendships posts likes comments'],
  [
    'an e-learning platform where students enroll in courses and teachers create lessons',
    'students courses teachers lessons enrollments',
  ],
  [
    'an HR system with employees, departments, leave requests and payroll',
    'employees departments leave_requests payrolls',
  ],
  ['a bank API with accounts, customers and transactions', 'accounts customers transactions'],
  ['a bookstore with books, authors, publishers and orders', 'customers books authors publishers orders order_items'],
  ['a movie database with actors, directors and reviews', 'users movies actors directors reviews movie_actors'],
  ['a chat app with rooms and messages', 'users rooms messages'],
  ['a notes app with folders and tags', 'users notes folders tags note_tags'],
  ['backend for a mobile game with players, guilds, items and a leaderboard', 'players guilds items leaderboards'],
  ['a voting system for elections with candidates and voters', 'elections candidates voters'],
  ['a ride sharing backend with drivers, riders, rides and payments', 'drivers riders rides payments'],
  ['a newsletter service with subscribers, campaigns and sends', 'subscribers campaigns sends'],
  ['a library where members can borrow and return books, with fines for late returns', 'members books fines loans'],
  [
    'a car repair shop: customers, cars, mechanics, work orders and parts',
    'customers cars mechanics work_orders parts work_order_parts',
  ],
  ['a smart home backend with homes, rooms, devices and automations', 'homes rooms devices automations'],
  ['a dog walking service with owners, dogs, walkers and walks', 'owners dogs walkers walks'],
  ['a simple CRUD API for employees with name, position and salary', 'employees'],
  ['a REST API for managing books and authors', 'books authors'],
  [
    'Students can enroll in many courses and each course has many students. Each course is taught by one teacher.',
    'students courses teachers enrollments',
  ],
  [
    'a weather station that stores temperature and humidity measurements every minute',
    'weather_stations weather_measurements',
  ],
  ['I want to track my workouts', 'users exercises workouts workout_exercises'],
  ['una tienda en línea con productos, clientes y pedidos', 'products customers orders order_items'],
  ['ein Online-Shop mit Produkten, Kunden und Bestellungen', 'products customers orders order_items'],
  ['un blog avec des utilisateurs, des articles et des commentaires', 'users articles comments'],
  ['uma clínica com pacientes, médicos e consultas', 'patients doctors appointments'],
];

for (const [prompt, tables] of EVERYDAY) {
  test(`designs ${tables} for «${prompt}»`, () => {
    const names = designSchema(prompt).tables.map(({ tableName }) => tableName);
    assert.deepEqual(names.toSorted(), tables.split(' ').toSorted());
  });
}

test('ties posts to their author and comments to both in the first prompt of the README', () => {
  const columns = columnsOf('a REST API for a blog with users, posts and comments');
  assert.match(columns['posts.author_id'] ?? '', /REFERENCES users \(id\)/);
  assert.match(columns['comments.post_id'] ?? '', /REFERENCES posts \(id\) ON DELETE CASCADE/);
  assert.match(columns['comments.author_id'] ?? '', /REFERENCES users \(id\)/);
  assert.match(columns['users.email'] ?? '', /UNIQUE/);
  assert.ok('users.password_hash' in columns);
});

test('takes the columns that a clause tells, and values for a status', () => {
  const columns = columnsOf(
    'Users can create projects. Each project has many tasks. A task has a title, a description, a status (todo, doing, done) and a due date.',
  );
  assert.match(columns['tasks.status'] ?? '', /IN \('todo', 'doing', 'done'\)/);
  assert.match(columns['tasks.due_date'] ?? '', /^bigint/);
  assert.match(columns['tasks.project_id'] ?? '', /NOT NULL REFERENCES projects/);
});

test('reads «X ID» as a key to X, its own ID as its key, and role nouns as people', () => {
  const columns = columnsOf(
    'The company has multiple customers, each with a customer ID, name and phone number. Each order has an order ID, customer ID, order date and total price.',
  );
  assert.match(columns['orders.customer_id'] ?? '', /REFERENCES customers/);
  assert.match(columns['orders.total_price'] ?? '', /^numeric/);
  assert.ok(!('orders.order_id' in columns) && !('customers.customer_id' in columns));
});

test('records an event with keys to all who take part', () => {
  const columns = columnsOf(
    'A retail merchant manages members, with member ID, name and points. Products have a product ID and name. Each time a member purchases a product, the purchase time, quantity and total price must be recorded.',
  );
  assert.match(columns['purchases.member_id'] ?? '', /REFERENCES members/);
  assert.match(columns['purchases.product_id'] ?? '', /REFERENCES products/);
  assert.match(columns['purchases.quantity'] ?? '', /^integer/);
});

test('warns of tables that the prompt does not name plainly', () => {
  const { warnings } = designSchema('a chat app with rooms and messages');
  assert.ok(warnings.some((warning) => warning.startsWith('I am not sure about table users')));
});

test('tells which sentences it did not use', () => {
  const { warnings } = designSchema('Each book has a title and a price. Zebras gallop over purple mountains.');
  assert.deepEqual(warnings, ['Not used for the schema: «Zebras gallop over purple mountains.»']);
});

test('always gives the same answer', () => {
  for (const [prompt] of EVERYDAY) assert.deepEqual(designSchema(prompt), designSchema(prompt));
});

test('writes SQL that parses, with an index for every key, whatever the prompt', async () => {
  for (const [prompt] of EVERYDAY) {
    for (const table of designSchema(prompt).tables) {
      await parse(table.createQuery);
      for (const column of table.columns ?? []) {
        const isKey = column.constraints.includes('REFERENCES');
        assert.ok(!isKey || isIndexed(table.createQuery, column.name), `${table.tableName}.${column.name}`);
      }
    }
  }
});

function isIndexed(sql: string, column: string): boolean {
  return sql.includes(`(${column})`) || sql.includes(`UNIQUE (${column},`);
}

/** `table.column` → its type and constraints. */
function columnsOf(prompt: string): Record<string, string> {
  const { tables } = designSchema(prompt);
  return Object.fromEntries(
    tables.flatMap(({ tableName, columns = [] }) =>
      columns.map(({ name, type, constraints }) => [`${tableName}.${name}`, `${type} ${constraints}`]),
    ),
  );
}

test('words that every JavaScript object knows are names like any other', () => {
  for (const word of ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__']) {
    for (const prompt of [
      `${word}(name, ${word}:int, x:${word})`,
      `entities: ${word} (${word}, season)`,
      `races with season and ${word}`,
    ]) {
      const types = designSchema(prompt).tables.flatMap(({ columns = [] }) => columns.map(({ type }) => typeof type));
      assert.ok(
        types.every((type) => type === 'string'),
        prompt,
      );
    }
  }
});
