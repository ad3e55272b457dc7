import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SchemaProposal } from '../../../domain/schema-design.ts';
import { checkProposal } from '../../../schema/schema.ts';
import { BuiltinPlanner } from '../builtin-planner.ts';
import { designSchema } from '../design-schema.ts';
import { readShorthands } from './read-shorthands.ts';

const planner = new BuiltinPlanner();
const { signal } = new AbortController();

/** What the schema room makes of a pasted schema, a line a column: `posts.author_id integer? -> users`. */
async function columnsOf(prompt: string): Promise<string[]> {
  const proposal = await planner.proposeSchema(prompt, signal);
  const { design, findings } = await checkProposal(proposal, { houseRules: 'tell' });
  assert.ok(design, findings.map(({ message }) => message).join('; '));
  return design.schema.tables.flatMap((table) =>
    table.columns.map((column) => {
      const key = table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === column.name);
      const target = key === undefined ? '' : ` -> ${key.referencedTable}`;
      return `${table.name}.${column.name} ${column.type}${column.nullable ? '?' : ''}${target}`;
    }),
  );
}

function tablesOf({ tables }: SchemaProposal): string[] {
  return tables.map(({ tableName }) => tableName);
}

/** Asserts that all of these lines are among the columns. */
async function assertColumns(prompt: string, expected: readonly string[]): Promise<void> {
  const columns = await columnsOf(prompt);
  for (const line of expected) assert.ok(columns.includes(line), `${line} is not among\n${columns.join('\n')}`);
}

test('keeps Prisma models: keys, enums, native types, lists of each other', async () => {
  await assertColumns(
    `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
enum Role {
  USER
  ADMIN @map("admin")
}
model User {
  id        Int      @id @default(autoincrement())
  createdAt DateTime @default(now())
  email     String   @unique @db.VarChar(255)
  name      String?
  role      Role     @default(USER)
  posts     Post[]
  profile   Profile?
  @@map("users")
}
model Profile {
  id     String @id @default(cuid())
  bio    String?
  user   User @relation(fields: [userId], references: [id], onDelete: Cascade)
  userId Int  @unique
}
model Post {
  id         Int        @id @default(autoincrement())
  title      String
  published  Boolean    @default(false)
  author     User?      @relation(fields: [authorId], references: [id])
  authorId   Int?
  rating     Decimal    @db.Decimal(3, 1)
  categories Category[]
  tags       String[]
  @@index([authorId, title])
  @@unique([title, authorId])
}
model Category {
  id    Int    @id @default(autoincrement())
  name  String
  posts Post[]
}
model Like {
  postId Int
  userId Int
  weight Float @default(1.5)
  @@id([postId, userId])
}
`,
    [
      'users.id integer',
      'users.email character varying(255)',
      'users.name text?',
      'users.role "Role"',
      'posts.authorId integer? -> users',
      'profiles.userId integer -> users',
      'posts.rating numeric(3,1)',
      'posts.tags text[]?',
      'category_posts.category_id integer -> categories',
      'likes.weight double precision',
    ],
  );
});

test('keeps DBML: refs in and outside the columns, enums, indexes, many-to-many', async () => {
  await assertColumns(
    `Table users {
  id integer [pk, increment]
  email varchar(100) [unique, not null]
  status job_status [not null, default: 'created']
  created_at timestamp [default: \`now()\`]
}
Enum job_status {
  created
  done
}
Table posts {
  id integer [pk]
  title varchar
  user_id integer [not null]
  indexes {
    (user_id, title) [unique]
  }
}
Table tags {
  id uuid [pk]
}
Ref: posts.user_id > users.id [delete: cascade]
Ref: posts.id <> tags.id
`,
    [
      'users.id integer',
      'users.email character varying(100)',
      'users.status job_status',
      'users.created_at timestamp without time zone?',
      'posts.title character varying?',
      'posts.user_id integer -> users',
      'post_tags.post_id integer -> posts',
      'post_tags.tag_id uuid -> tags',
    ],
  );
});

test('keeps TypeScript interfaces and types: unions, enums, optional fields, lists, what they extend', async () => {
  await assertColumns(
    `Please build a backend for these types:

export type Status = 'draft' | 'published';
enum Plan { Free = 'free', Pro = 'pro' }
interface Base { id: string; createdAt: Date }
export interface User extends Base {
  email: string;
  age?: number;
  plan: Plan;
  nickname: string | null;
  posts: Post[];
}
interface Post extends Base {
  title: string;
  status: Status;
  kind: 'a' | 'b';
  authorId: string;
  tags: Tag[];
  keywords: string[];
  meta: Record<string, string>;
}
type Tag = { id: number; label: string; posts: Post[] };

Thanks!
`,
    [
      'users.id character varying',
      'users.age integer?',
      'users.nickname text?',
      'users.plan "Plan"',
      'posts.authorId character varying -> users',
      'posts.keywords text[]',
      'posts.meta jsonb',
      'post_tags.tag_id integer -> tags',
    ],
  );
});

test('keeps a Drizzle schema: column names, sizes, references with their rules, compound keys', async () => {
  await assertColumns(
    `import { pgTable, serial, text, integer, pgEnum, timestamp, varchar, primaryKey, unique } from 'drizzle-orm/pg-core';
export const roleEnum = pgEnum('role', ['admin', 'member']);
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  fullName: varchar('full_name', { length: 256 }).notNull(),
  role: roleEnum('role').default('member').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).defaultNow(),
});
export const teams = pgTable('teams', { id: integer().primaryKey().generatedAlwaysAsIdentity(), name: text().notNull().unique() });
export const members = pgTable('team_members', {
  userId: integer('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  teamId: integer('team_id').notNull().references(() => teams.id),
}, (t) => [primaryKey({ columns: [t.userId, t.teamId] }), unique().on(t.teamId, t.userId)]);
`,
    [
      'users.full_name character varying(256)',
      'users.role role',
      'users.created_at timestamp with time zone?',
      'team_members.user_id integer -> users',
      'team_members.team_id integer -> teams',
    ],
  );
});

test('keeps Mongoose schemas: refs, enums, required fields, lists of documents as tables', async () => {
  await assertColumns(
    `const mongoose = require('mongoose');
const { Schema } = mongoose;
const userSchema = new Schema({
  name: { type: String, required: true },
  email: { type: String, required: true, unique: true },
  role: { type: String, enum: ['user', 'admin'], default: 'user' },
  address: { street: String, city: String },
}, { timestamps: true });
const postSchema = new mongoose.Schema({
  title: { type: String, required: [true, 'x'] },
  author: { type: Schema.Types.ObjectId, ref: 'User', required: true },
  tags: [String],
  likes: [{ type: mongoose.Schema.Types.ObjectId, ref: 'User' }],
  comments: [{ body: String, date: { type: Date, default: Date.now }, by: { type: Schema.Types.ObjectId, ref: 'User' } }],
  views: Number,
});
module.exports = mongoose.model('User', userSchema);
const Post = mongoose.model('Post', postSchema);
`,
    [
      'users.name text',
      'users.address jsonb?',
      'posts.authorId character varying -> users',
      'post_comments.postId character varying -> posts',
      'post_comments.byId character varying? -> users',
      'post_likes.user_id character varying -> users',
    ],
  );
});

test('keeps Django models: choices, relations over lines, Meta, the user of Django', async () => {
  await assertColumns(
    `from django.db import models
from django.conf import settings

class Author(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(unique=True)
    bio = models.TextField(blank=True, null=True)

class Book(models.Model):
    class Status(models.TextChoices):
        DRAFT = 'draft', 'Draft'
        PUBLISHED = 'published', 'Published'
    GENRES = [
        ('fic', 'Fiction'),
        ('non', 'Non-fiction'),
    ]
    title = models.CharField(max_length=200)
    authors = models.ManyToManyField(Author, related_name='books')
    publisher = models.ForeignKey(
        'Publisher',
        on_delete=models.CASCADE,
        null=True,
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    genre = models.CharField(max_length=3, choices=GENRES)
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    created = models.DateTimeField(auto_now_add=True)  # when
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        unique_together = ('title', 'publisher')
        db_table = 'library_book'

    def __str__(self):
        x = 1
        return self.title

class Publisher(models.Model):
    name = models.CharField(max_length=50, primary_key=True)
`,
    [
      'authors.email character varying(254)',
      'library_book.publisher_id character varying(50)? -> publishers',
      'library_book.price numeric(8,2)',
      'library_book.owner_id bigint -> users',
      'book_authors.author_id bigint -> authors',
    ],
  );
});

test('keeps SQLAlchemy models: columns, mapped columns, association tables, enums', async () => {
  await assertColumns(
    `import enum
class Status(enum.Enum):
    open = "open"
    done = "done"

class Base(DeclarativeBase): pass

post_tags = Table(
    "post_tags", Base.metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
)
class User(Base):
    __tablename__ = 'users'
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30), nullable=False)
    fullname: Mapped[Optional[str]]
    posts: Mapped[List["Post"]] = relationship(back_populates="author")

class Post(Base):
    __tablename__ = 'posts'
    __table_args__ = (UniqueConstraint('title', 'author_id', name='uq'),)
    id = Column(Integer, primary_key=True, autoincrement=True)
    title = Column(String(120), nullable=False, index=True)
    status = Column(Enum(Status), default=Status.open, nullable=False)
    kind = Column(Enum('a', 'b', name='kind'))
    amount = Column(Numeric(10, 2), server_default=text('0'))
    author_id = Column(Integer, ForeignKey('users.id', ondelete='SET NULL'))
    created_at = Column(DateTime(timezone=True), server_default=func.now())
class Tag(Base):
    __tablename__ = 'tags'
    id = Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
    label = Column(String, unique=True)
`,
    [
      'users.name character varying(30)',
      'users.fullname text?',
      'posts.status "Status"',
      'posts.kind kind?',
      'posts.author_id integer? -> users',
      'tags.id uuid',
      'post_tags.tag_id uuid -> tags',
    ],
  );
});

test('keeps GraphQL types: required fields, enums, lists from one side and from both', async () => {
  await assertColumns(
    `type User {
  id: ID!
  username: String!
  email: String
  posts: [Post!]!
  role: Role!
}
enum Role { ADMIN EDITOR }
type Post {
  id: ID!
  title: String!
  author: User!
  comments: [Comment!]
  tags: [Tag!]!
  score: Float
}
type Comment { id: ID! body: String! author: User }
type Tag { id: ID!
  name: String! }
type Query { posts: [Post!]! }
`,
    [
      'users.email text?',
      'users.role "Role"',
      'posts.author_id character varying -> users',
      'comments.post_id character varying -> posts',
      'post_tags.tag_id character varying -> tags',
    ],
  );
});

test('keeps what an OpenAPI document stores: schemas of one thing together, nested paths as keys', async () => {
  await assertColumns(
    `Here is my API, build it:
openapi: 3.0.0
info: { title: Pets, version: 1.0.0 }
paths:
  /pets:
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/PetList' } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/NewPet' } } } }
      responses: { '201': { description: ok } }
  /pets/{petId}:
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } } }
    delete: { responses: { '204': { description: ok } } }
  /pets/{petId}/vaccinations:
    get: { responses: { '200': { description: ok } } }
    post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Vaccination' } } } }, responses: {} }
components:
  schemas:
    NewPet:
      type: object
      required: [name, kind]
      properties:
        name: { type: string, maxLength: 80 }
        kind: { type: string, enum: [dog, cat] }
        weight: { type: number }
    Pet:
      allOf:
        - $ref: '#/components/schemas/NewPet'
        - type: object
          required: [id]
          properties:
            id: { type: integer, format: int64 }
            owner: { $ref: '#/components/schemas/Owner' }
    Owner: { type: object, required: [name], properties: { id: { type: string }, name: { type: string }, email: { type: string, format: email } } }
    PetList: { type: object, properties: { data: { type: array, items: { $ref: '#/components/schemas/Pet' } }, total: { type: integer } } }
    Vaccination: { type: object, required: [date], properties: { date: { type: string, format: date }, vaccine: { type: string } } }
    Error: { type: object, properties: { message: { type: string } } }

Thank you!
`,
    [
      'pets.id bigint',
      'pets.weight numeric?',
      'pets.owner_id character varying? -> owners',
      'vaccinations.pet_id bigint -> pets',
      'vaccinations.date date',
    ],
  );
});

test('reads a JSON sample: objects with an id as keys, lists of objects as tables', async () => {
  const sample =
    'store orders like {"id": 7, "customer": {"id": 3, "name": "Ann"}, "total": 12.5, "paid": true, "items": [{"sku": "a-1", "qty": 2}], "placed_at": "2026-01-02T10:00:00Z"}';
  await assertColumns(sample, [
    'orders.id integer',
    'orders.customer_id integer -> customers',
    'orders.total numeric(12,2)',
    'orders.placed_at timestamp with time zone',
    'items.order_id integer -> orders',
  ]);
});

test('reads the headers of sheets, with types by their rows', async () => {
  await assertColumns(
    'I have this export:\nisbn,title,author,price\n0978,Dune,Herbert,9.99\n0979,It,King,\nmake an API of books',
    ['books.isbn character varying(255)', 'books.price numeric(12,2)?'],
  );
  await assertColumns(
    '## Members\n\n| id | full name | joined | fee |\n|---|---|---|---|\n| 1 | Ann | 2026-01-01 | 12.50 |\n| 2 | Bob |  | 10 |\n',
    ['members.id integer', 'members.joined date?', 'members.fee numeric(12,2)'],
  );
});

test('reads a Markdown table that describes columns', async () => {
  const text =
    '### customers\n| column | type | nullable | notes |\n|---|---|---|---|\n| id | uuid | no | primary key |\n| email | varchar(100) | no | unique |\n| age | int | yes | |\n';
  await assertColumns(text, ['customers.id uuid', 'customers.email character varying(100)', 'customers.age integer?']);
});

test('leaves prose with words of a notation to the grammar', async () => {
  for (const prompt of [
    'a table of models for a class, each type has a name',
    'We need a model { sort of } for tables',
    'books, authors, loans, members',
  ]) {
    const { given } = await planner.proposeSchema(prompt, signal);
    assert.equal(given, undefined, prompt);
  }
});

test('adds the tables that the words beside a pasted schema ask for, tied to what is there', async () => {
  const proposal = await planner.proposeSchema(
    'CREATE TABLE posts (id bigserial primary key, title text not null);\nPlease also add a comments table with body and rating.',
    signal,
  );
  assert.deepEqual(tablesOf(proposal), ['posts', 'comments']);
  assert.match(proposal.tables[1]?.createQuery ?? '', /post_id bigint NOT NULL REFERENCES "posts" \("id"\)/);
  const asItIs = await planner.proposeSchema(
    'CREATE TABLE posts (id bigserial primary key);\nUse it as it is.',
    signal,
  );
  assert.deepEqual(tablesOf(asItIs), ['posts']);
});

/** An operation that answers with the id of a cart. */
function cart(body: string): string {
  return `post: { requestBody: { content: { application/json: { schema: { properties: { ${body} } } } } }, responses: { '201': { content: { application/json: { schema: { properties: { cart_id: { type: string } } } } } } } }`;
}

test('takes an API document for what it is: one that reads again what was made needs a database', async () => {
  const head = 'openapi: 3.0.0\ninfo: { title: x, version: "1" }\npaths:\n';
  const answer = "responses: { '200': { description: ok } }";
  const needs = async (paths: string) => (await planner.detectNeed(`${head}${paths}`, signal)).needsDatabase;
  assert.equal(await needs(`  /convert:\n    post: { summary: Convert an image, ${answer} }`), false);
  assert.equal(await needs(`  /calculator:\n    post: { operationId: calculate, ${answer} }`), false);
  assert.equal(
    await needs(`  /notes:\n    get: { ${answer} }\n    post: { ${answer} }\n  /notes/{id}:\n    get: { ${answer} }`),
    true,
  );
  assert.equal(
    await needs(
      `  /create_cart:\n    ${cart('name: { type: string }')}\n  /add_to_cart:\n    ${cart('cart_id: { type: string }')}`,
    ),
    true,
  );
});

function shape(prompt: string): Record<string, string> {
  const { tables } = designSchema(prompt);
  const house = new Set(['id', 'created_at', 'updated_at']);
  return Object.fromEntries(
    tables.map(({ tableName, columns = [] }) => [
      tableName,
      columns
        .map(({ name }) => name)
        .filter((name) => !house.has(name))
        .join(' '),
    ]),
  );
}

test('honours pasted CREATE TABLE statements as they stand', async () => {
  const sql = `CREATE TABLE "Shop" (id bigint, note text DEFAULT 'a;b)');\nCREATE INDEX note_idx ON "Shop" (note);\nCREATE TABLE IF NOT EXISTS public.Items (id int)`;
  const { tables } = await planner.proposeSchema(`Please build this:\n${sql}`, signal);
  assert.deepEqual(
    tables.map(({ tableName }) => tableName),
    ['Shop', 'items'],
  );
  assert.match(tables[0]?.createQuery ?? '', /DEFAULT 'a;b\)'\)/);
});

test('takes what a comment in pasted SQL says for neither quotes nor brackets', async () => {
  const sql = `CREATE TABLE a (\n  id int, -- the owner's (first\n  note text /* it's; */\n);\nCREATE TABLE b (id int);`;
  assert.deepEqual(tablesOf(await planner.proposeSchema(sql, signal)), ['a', 'b']);
});

test('reads the shorthand with types, marks, keys and many-to-many ties', () => {
  const prompt = 'posts(title, body:text, slug!, status:draft|published, subtitle?, author->users, tags<->)';
  assert.deepEqual(shape(prompt), {
    users: 'name',
    tags: 'name',
    posts: 'title body slug status subtitle author_id',
    post_tags: 'post_id tag_id',
  });
});

test('reads bare shorthand, where the name of a table is a key to it', () => {
  assert.deepEqual(shape('books(title, author, due date), loans(book, member)'), {
    books: 'title author due_date',
    loans: 'book_id member',
  });
});

test('takes an aside in brackets for prose', () => {
  assert.equal(
    readShorthands('Users tag their contacts (for example: friends, colleagues, etc.) and call them.'),
    undefined,
  );
  assert.equal(readShorthands('my vinyl collection (artist, album, year, condition)'), undefined);
});

test('reads what stands around the shorthand too', () => {
  assert.deepEqual(
    Object.keys(shape('veterinary clinic: owners, pets, visits (date, reason, cost), vaccinations')).toSorted(),
    ['owners', 'pets', 'vaccinations', 'visits'],
  );
  const library = shape(
    'a library: books (title, isbn, pages:int), members with a name and an email, each loan records the book, the member and the due date',
  );
  assert.equal(library['books'], 'title isbn pages');
  assert.equal(library['members'], 'name email');
  assert.match(library['loans'] ?? '', /book_id member_id/);
});

test('reads YAML blocks of typed columns', () => {
  const yaml =
    'Build this:\ntables:\n  users:\n    - email: string\n  posts:\n    - title: string\n    - author -> users';
  assert.deepEqual(shape(yaml), { users: 'email', posts: 'title author_id' });
});

test('leaves prose with asides in brackets to the grammar', () => {
  assert.equal(readShorthands('Each room has a type (single, double) and a price (in euros).'), undefined);
  assert.equal(readShorthands('A note: we like lists.\nThings:\n- one\n- two'), undefined);
});
