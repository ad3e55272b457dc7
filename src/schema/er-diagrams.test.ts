import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseSchema, Table } from '../domain/database-schema.ts';
import { layOut } from './er-layout.ts';
import { checkProposal, renderErSvg, renderMermaid } from './schema.ts';

test('draws tables, keys, types and both ends of every relation', async () => {
  const svg = await renderErSvg(
    await schemaOf(`
    create table users (id varchar primary key, email varchar(254) not null unique);
    create table profiles (user_id varchar primary key references users on delete cascade, bio text);
    create table posts (id varchar primary key, author_id varchar not null references users on delete cascade, reply_to varchar references posts on delete set null);`),
  );
  for (const text of ['>users<', '>email<', '>varchar(254)<', '>text?<', '>PK<', '>FK<', '>UQ<'])
    assert.ok(svg.includes(text), text);
  assert.equal(svg.match(/href="#many"/g)?.length, 2);
  assert.equal(svg.match(/href="#single"/g)?.length, 1);
  assert.match(svg, /posts \(reply_to\) references posts \(id\)/);
});

test('needs nothing from outside and follows the colour scheme', async () => {
  const svg = await renderErSvg(await schemaOf('create table a (id varchar primary key)'));
  assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import|<script|<image/);
  assert.match(svg, /prefers-color-scheme: dark/);
});

test('draws an empty schema', async () => {
  assert.match(await renderErSvg({ enums: [], tables: [] }), />no tables</);
  assert.equal(renderMermaid({ enums: [], tables: [] }), 'erDiagram\n');
});

test('escapes whatever stands in names, types and comments', async () => {
  const evil = `</text><script>alert("&'1")</script>\0\u{FFFF}`;
  const table: Table = {
    name: evil,
    columns: [{ name: evil, type: evil, nullable: true, comment: evil }],
    primaryKey: [],
    foreignKeys: [],
    uniques: [],
    checks: [],
    indexes: [],
    comment: evil,
  };
  const svg = await renderErSvg({ enums: [{ name: evil, values: [evil] }], tables: [table] });
  assert.doesNotMatch(svg, /<script/);
  assert.ok(!svg.includes('\0') && !svg.includes('\u{FFFF}'));
  assert.doesNotMatch(renderMermaid({ enums: [], tables: [table] }), /"[^"\n]*"[^"\n]*"[^"\n]*"[^"\n]*"[^"\n]*"/);
});

test('lets no two cards overlap, and no card leave the paper, however many there are', async () => {
  const sql = Array.from(
    { length: 40 },
    (_, i) =>
      `create table t${i} (id varchar primary key, a text, b text${i % 3 ? `, up varchar references t${Math.floor(i / 4)}` : ''})`,
  );
  const { cards, width, height } = await layOut(await schemaOf(`${sql.join(';')}; create type e as enum ('a', 'b')`));
  assert.equal(cards.length, 41);
  for (const [index, card] of cards.entries()) {
    assert.ok(card.x >= 0 && card.y >= 0 && card.x + card.width <= width && card.y + card.height <= height, card.title);
    for (const other of cards.slice(index + 1)) {
      const apart =
        card.x + card.width <= other.x ||
        other.x + other.width <= card.x ||
        card.y + card.height <= other.y ||
        other.y + other.height <= card.y;
      assert.ok(apart, `${card.title} lies over ${other.title}`);
    }
  }
});

test('writes Mermaid that says the same', async () => {
  const schema = await schemaOf(`
    create table users (id varchar primary key, price numeric(12,2), "Full Name" text not null);
    create table posts (id varchar primary key, user_id varchar not null references users on delete cascade);`);
  assert.equal(
    renderMermaid(schema),
    `erDiagram
  "users" {
    character_varying id PK
    numeric(12-2) price "NULL"
    text Full_Name
  }
  "posts" {
    character_varying id PK
    character_varying user_id FK
  }
  "users" ||--o{ "posts" : "user_id"
`,
  );
});

async function schemaOf(sql: string): Promise<DatabaseSchema> {
  const { design, findings } = await checkProposal(
    { tables: [{ tableName: '', createQuery: sql }], warnings: [] },
    { houseRules: 'tell' },
  );
  assert.ok(design, JSON.stringify(findings));
  return design.schema;
}

test('lays out sixty tables without holding up what else this process does', async () => {
  const tables = Array.from(
    { length: 60 },
    (_, i) => `create table t${i} (${['id varchar primary key', ...threeParents(i)].join()})`,
  );
  const schema = await schemaOf(tables.join(';'));
  const before = performance.eventLoopUtilization();
  const { cards, relations } = await layOut(schema);
  const { active } = performance.eventLoopUtilization(before);
  assert.deepEqual([cards.length, relations.length], [60, 177]);
  assert.ok(relations.every(({ points }) => points.length > 1));
  assert.ok(active < 1000, `${Math.round(active)} ms`);
});

function threeParents(i: number): string[] {
  return i === 0 ? [] : [0, 1, 2].map((k) => `r${k} varchar references t${(i * 7 + k * 13) % i}`);
}
