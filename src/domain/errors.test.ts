import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FAILURES, TurboError, type FailureCode } from './errors.ts';

test('docs/errors.md and the table of failures say the same', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (\d+) \| (yes|no) \|/gm)];
  const documented = Object.fromEntries(
    rows.map(([, code = '', status, exitCode, retry]) => [
      code,
      { status: Number(status), exitCode: Number(exitCode), retry: retry === 'yes' },
    ]),
  );
  assert.deepEqual(documented, FAILURES);
});

test('an error carries its code’s status and exit code', () => {
  for (const code of Object.keys(FAILURES) as FailureCode[]) {
    const error = new TurboError(code, 'x');
    assert.deepEqual([error.status, error.exitCode], [FAILURES[code].status, FAILURES[code].exitCode]);
  }
});
