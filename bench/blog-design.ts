import type { SchemaDesign } from '../src/domain/schema-design.ts';
import { checkProposal, proposalFromSql } from '../src/schema/schema.ts';

export const TABLE_COUNT = 8;

const NOW = 'bigint NOT NULL DEFAULT (extract(epoch FROM now()))::bigint';

const BLOG_SQL = `
  CREATE TABLE users (id varchar(36) PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, name varchar(120) NOT NULL,
    bio text, created_at ${NOW});
  CREATE TABLE categories (id varchar(36) PRIMARY KEY, name varchar(120) NOT NULL UNIQUE, created_at ${NOW});
  CREATE TABLE posts (id varchar(36) PRIMARY KEY, user_id varchar(36) NOT NULL REFERENCES users ON DELETE CASCADE,
    category_id varchar(36) REFERENCES categories ON DELETE SET NULL, title varchar(200) NOT NULL, body text NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'archived')), created_at ${NOW});
  CREATE TABLE comments (id varchar(36) PRIMARY KEY, post_id varchar(36) NOT NULL REFERENCES posts ON DELETE CASCADE,
    user_id varchar(36) NOT NULL REFERENCES users ON DELETE CASCADE, body text NOT NULL, created_at ${NOW});
  CREATE TABLE tags (id varchar(36) PRIMARY KEY, name varchar(60) NOT NULL UNIQUE);
  CREATE TABLE post_tags (post_id varchar(36) REFERENCES posts ON DELETE CASCADE,
    tag_id varchar(36) REFERENCES tags ON DELETE CASCADE, PRIMARY KEY (post_id, tag_id));
  CREATE TABLE likes (user_id varchar(36) REFERENCES users ON DELETE CASCADE,
    post_id varchar(36) REFERENCES posts ON DELETE CASCADE, created_at ${NOW}, PRIMARY KEY (user_id, post_id));
  CREATE TABLE follows (follower_id varchar(36) REFERENCES users ON DELETE CASCADE,
    followed_id varchar(36) REFERENCES users ON DELETE CASCADE, created_at ${NOW},
    PRIMARY KEY (follower_id, followed_id), CHECK (follower_id <> followed_id));
`;

/** The blog of eight tables that everything here is measured with, having gone the way of every proposal. */
export async function designBlog(): Promise<SchemaDesign> {
  const { design, findings } = await checkProposal(await proposalFromSql(BLOG_SQL), { houseRules: 'apply' });
  if (design) return design;
  throw new Error(`The blog was refused: ${findings.map(({ message }) => message).join('; ')}`);
}
