import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BLOG, NOTES } from '../support/access-shapes.ts';
import { openBackendHouse, PACKAGES, type BackendHouse } from '../support/backend-house.ts';

let house: BackendHouse;

before(async () => {
  house = await openBackendHouse();
});
after(() => house.stop());

for (const [name, { sql, access }] of Object.entries({ BLOG, NOTES })) {
  test(`a backend with accounts for ${name} compiles and passes its own tests`, async () => {
    const backend = await house.makeBackend(sql, access);
    const types = await house.run(backend, [join(PACKAGES, '.bin/tsc'), '-p', '.']);
    assert.equal(types.code, 0, types.output);
    const tests = await house.run(backend, ['--test', '--test-concurrency=1', 'test/*.test.ts'], {
      DB_NAME: 'another',
      TEST_DB_NAME: backend.database,
    });
    assert.equal(tests.code, 0, tests.output.slice(-6000));
  });
}
