import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectNeed } from './detect-need.ts';

const STATEFUL = [
  'weather stations sending readings every minute, with alerts',
  'a stock trading simulator with users, portfolios and trades',
  'a guestbook',
  'a lost pet board',
  'where did I park my car: save and find my last parking spot',
  'shift swap board for nurses',
  'a webhook receiver that stores every event',
  'short URLs with click statistics',
  'beehive monitoring with hives and inspections',
  'coupon codes that can be redeemed once',
  'request a feature and upvote it',
  'an API for a kennel with dogs and stays',
  'who owes whom: shared costs of a flat',
  'Eine App für Vereinsmitglieder und Beiträge',
];

const STATELESS = [
  'an API that returns the sunrise time for coordinates',
  'generate a barcode from a string',
  'check whether a password is strong',
  'an endpoint that tells if a year is a leap year',
  'an API that shuffles a list',
  'a service that strips EXIF data from photos',
  'a mock API that returns lorem ipsum users',
  'an API that detects the language of a text',
  'split a restaurant bill between friends with tip',
  'take a screenshot of a web page',
  'what is my IP address',
  'turn text into speech',
  'count down the days to Christmas',
  'rotate an image by 90 degrees',
  'find the dominant color of an image',
  'a stateless JWT verifier',
  'replace bad words in a text with stars',
  'wandle Celsius in Fahrenheit um',
];

for (const prompt of STATEFUL)
  test(`sees that «${prompt}» keeps data`, () => assert.ok(detectNeed(prompt).needsDatabase));

for (const prompt of STATELESS)
  test(`sees that «${prompt}» keeps none`, () => assert.ok(!detectNeed(prompt).needsDatabase));
