CREATE TABLE users (
  id varchar(21) PRIMARY KEY,
  email varchar(254) NOT NULL UNIQUE,
  username varchar(60) NOT NULL UNIQUE,
  password_hash varchar(255) NOT NULL,
  bio text,
  image text,
  created_at bigint NOT NULL
);
CREATE TABLE sessions (
  id varchar(21) PRIMARY KEY,
  token_hash varchar(64) NOT NULL UNIQUE,
  user_id varchar(21) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at bigint NOT NULL
);
CREATE TABLE follows (
  follower_id varchar(21) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  followed_id varchar(21) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (follower_id, followed_id)
);
CREATE TABLE articles (
  id varchar(21) PRIMARY KEY,
  author_id varchar(21) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  slug varchar(300) NOT NULL UNIQUE,
  title varchar(200) NOT NULL,
  description text NOT NULL,
  body text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
CREATE TABLE article_tags (
  article_id varchar(21) NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  tag varchar(60) NOT NULL,
  PRIMARY KEY (article_id, tag)
);
CREATE TABLE favorites (
  user_id varchar(21) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  article_id varchar(21) NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  PRIMARY KEY (user_id, article_id)
);
CREATE TABLE comments (
  id varchar(21) PRIMARY KEY,
  article_id varchar(21) NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
  author_id varchar(21) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  body text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
