import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognizeFollowUp } from './recognize-follow-up.ts';

const PROJECTS = ['blog', 'shop', 'my-blog', 'users', 'posts'];

test('a sentence about one of the projects is a follow-up of it', () => {
  for (const prompt of [
    'blog',
    'Blog.',
    'add likes to posts in blog',
    'Could you add a tags table to my blog?',
    'extend blog with likes',
    'update blog: add likes',
    'blog: add likes',
    'blog should have likes',
    'in blog, add tags',
    'give blog users a bio',
    'create a likes table in blog',
    'likes for comments in blog',
    'Add a «likes» feature to the blog API',
    'put tags into blog',
  ]) {
    assert.deepEqual(recognizeFollowUp(prompt, ['blog', 'shop']), { project: 'blog' }, prompt);
  }
  assert.deepEqual(recognizeFollowUp('my-blog: rename posts to articles', ['my-blog']), { project: 'my-blog' });
});

test('a change is recognized although no project is named', () => {
  for (const prompt of [
    'please add likes to posts',
    'rename posts to articles',
    'remove body from posts',
    'drop the comments table',
    'make email unique',
    'change the title to be required',
    'modify the posts table',
    'I want to add comments to posts',
    'Now add pagination',
    'move the tags from posts to users',
    'In the existing project add tags',
  ]) {
    assert.deepEqual(recognizeFollowUp(prompt, []), { project: undefined }, prompt);
  }
});

test('what a whole backend is for is no follow-up, whatever it mentions', () => {
  for (const prompt of [
    'a blog where users add comments to posts',
    'a REST API for a blog with users, posts and comments',
    'Add a REST API for books',
    'a shop with a blog',
    'blog with users and posts',
    'posts, users and comments',
    'users can add posts to a blog',
    'make a shop where users can add products to carts',
    'Please implement a website where users can edit posts. The website should have a shop.',
    'Change management system for IT',
    'Drop shipping store with orders',
    'edit history for documents',
    'travel blog',
    'track orders and remove items from stock',
    'Convert temperatures to Fahrenheit',
    'REST API for blog posts',
  ]) {
    assert.equal(recognizeFollowUp(prompt, PROJECTS), undefined, prompt);
  }
});
