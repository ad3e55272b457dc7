import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8 } from './decode-utf8.ts';

test('takes UTF-8 as it is, without the mark at its start', () => {
  assert.equal(decodeUtf8(Buffer.from('groß 🎉\r\n'), 'a.sql'), 'groß 🎉\r\n');
  assert.equal(decodeUtf8(Buffer.from('\uFEFFgroß \uFFFD'), 'a.sql'), 'groß \uFFFD');
  assert.equal(decodeUtf8(Buffer.alloc(0), 'a.sql'), '');
});

test('names the file, the byte and the line where it is no UTF-8', () => {
  const latin1 = Buffer.concat([Buffer.from('ä\nx: gro'), Buffer.from([0xdf, 0x27])]);
  assert.throws(() => decodeUtf8(latin1, 'latin1.sql'), {
    code: 'USAGE',
    message: /latin1\.sql .*byte 9 \(0xDF, in line 2\)/,
  });
  const cutOff = Buffer.from('aé').subarray(0, 2);
  assert.throws(() => decodeUtf8(cutOff, 'cut.sql'), { message: /byte 1 \(0xC3, in line 1\)/ });
  const surrogate = Buffer.from([0x61, 0xed, 0xa0, 0x80]);
  assert.throws(() => decodeUtf8(surrogate, 'x.sql'), { message: /byte 1 \(0xED/ });
  const overlong = Buffer.from([0xc0, 0xaf]);
  assert.throws(() => decodeUtf8(overlong, 'x.sql'), { message: /byte 0 \(0xC0/ });
});

test('names UTF-16 and UTF-32, with a mark or without', () => {
  const utf16 = Buffer.from('create table a(b int)', 'utf16le');
  assert.throws(() => decodeUtf8(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 'w.sql'), {
    message: /it is UTF-16/,
  });
  assert.throws(() => decodeUtf8(Buffer.concat([Buffer.from([0xfe, 0xff]), utf16.swap16()]), 'w.sql'), {
    message: /it is UTF-16/,
  });
  assert.throws(() => decodeUtf8(Buffer.from('ab', 'utf16le'), 'w.sql'), { message: /byte 1 is NUL, as in UTF-16/ });
  assert.throws(() => decodeUtf8(Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'w.sql'), { message: /it is UTF-32/ });
});
