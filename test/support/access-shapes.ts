import type { AccessPlan, TableAccess } from '../../src/domain/access.ts';

/** A schema and who may do what with it. */
export interface AccessShape {
  readonly sql: string;
  readonly access: AccessPlan;
}

const NOW = 'bigint NOT NULL DEFAULT CAST(EXTRACT(EPOCH FROM now()) AS bigint)';
const USERS = `CREATE TABLE users (id varchar PRIMARY KEY, email varchar(254) NOT NULL UNIQUE, name varchar(255) NOT NULL,
  password_hash varchar NOT NULL, role varchar(32) NOT NULL DEFAULT 'member', created_at ${NOW}, updated_at ${NOW});`;
const ACCOUNTS = { table: 'users', login: 'email', password: 'password_hash', role: 'role' };

/** Anyone reads what is published, authors write their own posts, admins remove comments. */
export const BLOG: AccessShape = {
  sql: `${USERS}
    CREATE TABLE posts (id varchar PRIMARY KEY, title varchar(255) NOT NULL, slug varchar(255) NOT NULL UNIQUE,
      body text NOT NULL, status varchar(64) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'archived')),
      author_id varchar NOT NULL REFERENCES users (id) ON DELETE CASCADE, created_at ${NOW}, updated_at ${NOW});
    CREATE INDEX posts_author_id_idx ON posts (author_id);
    CREATE TABLE comments (id varchar PRIMARY KEY, body text NOT NULL,
      post_id varchar NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
      author_id varchar NOT NULL REFERENCES users (id) ON DELETE CASCADE, created_at ${NOW}, updated_at ${NOW});
    CREATE INDEX comments_post_id_idx ON comments (post_id);
    CREATE INDEX comments_author_id_idx ON comments (author_id)`,
  access: {
    auth: 'password',
    accounts: ACCOUNTS,
    tables: [
      {
        table: 'users',
        owner: 'id',
        read: ['owner', 'role:admin'],
        create: [],
        change: ['owner'],
        remove: ['owner', 'role:admin'],
      },
      {
        table: 'posts',
        owner: 'author_id',
        read: [{ who: 'anyone', where: { status: 'published' } }, 'owner', 'role:admin'],
        create: ['signed-in'],
        change: ['owner'],
        remove: ['owner'],
      },
      {
        table: 'comments',
        owner: 'author_id',
        read: ['as:post_id'],
        create: ['signed-in'],
        change: ['owner'],
        remove: ['owner', 'role:admin'],
      },
    ],
  },
};

/** Each sees only their own notebooks and notes; tags are everybody's to read and an admin's to write. */
export const NOTES: AccessShape = {
  sql: `${USERS}
    CREATE TABLE tags (id varchar PRIMARY KEY, name varchar(80) NOT NULL UNIQUE, created_at ${NOW});
    CREATE TABLE notebooks (id varchar PRIMARY KEY, name varchar(255) NOT NULL,
      owner_id varchar NOT NULL REFERENCES users (id) ON DELETE CASCADE, created_at ${NOW}, updated_at ${NOW});
    CREATE INDEX notebooks_owner_id_idx ON notebooks (owner_id);
    CREATE TABLE notes (id varchar PRIMARY KEY, title varchar(255) NOT NULL, body text NOT NULL, score integer,
      notebook_id varchar NOT NULL REFERENCES notebooks (id) ON DELETE CASCADE, created_at ${NOW}, updated_at ${NOW});
    CREATE INDEX notes_notebook_id_idx ON notes (notebook_id);
    CREATE TABLE note_tags (note_id varchar NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
      tag_id varchar NOT NULL REFERENCES tags (id) ON DELETE CASCADE, PRIMARY KEY (note_id, tag_id));
    CREATE INDEX note_tags_tag_id_idx ON note_tags (tag_id)`,
  access: {
    auth: 'password',
    accounts: ACCOUNTS,
    tables: [
      { table: 'users', owner: 'id', read: ['owner'], create: [], change: ['owner'], remove: ['owner'] },
      ownedBy('notebooks', 'owner_id'),
      ownedBy('notes', 'notebook_id.owner_id'),
      ownedBy('note_tags', 'note_id.notebook_id.owner_id'),
      { table: 'tags', read: ['signed-in'], create: ['role:admin'], change: ['role:admin'], remove: ['role:admin'] },
    ],
  },
};

function ownedBy(table: string, owner: string): TableAccess {
  return { table, owner, read: ['owner'], create: ['owner'], change: ['owner'], remove: ['owner'] };
}
