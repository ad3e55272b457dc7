import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import { TurboError } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import type { GateResult } from '../../domain/receipt.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { MemoryEngine, RunMemory } from '../../engine/memory-engine.ts';
import type { RunBody } from '../../engine/run-engine.ts';
import type { LanguageModel, ModelAnswer, ModelRequest } from '../../llm/language-model.ts';
import type { BackendBlueprint } from '../../scaffold/scaffold.ts';
import type { CommandResult, Isolation, Sandbox } from '../../sandbox/sandbox.ts';
import type { WrittenCode } from '../coder.ts';
import { LlmCoder, type LlmCoderOptions } from './llm-coder.ts';

const ROT13: BackendBlueprint = {
  name: 'rot13',
  prompt: 'an API that turns text by thirteen letters',
  schema: undefined,
  statements: [],
  endpoints: [
    {
      method: 'POST',
      path: '/rot13',
      summary: 'Turns a text',
      inputs: [{ name: 'text', type: 'string', description: 'The text', required: true }],
      outputs: [{ name: 'turned', type: 'string', description: 'The turned text', required: true }],
    },
  ],
};
const WRITTEN = 'export const done = true;\n';

type Calls = readonly (readonly [name: string, input: unknown])[];
type Said = string | Calls | TurboError;

const finish: Calls = [['finish', { summary: 'Turns texts' }]];
const write = (path: string, content = WRITTEN): Calls => [['write_file', { path, content }]];
const writeAnswer = write('src/endpoints/rot13.ts');

/** A model that says one thing after the other, and then the last one for ever. */
function scriptedModel(...script: readonly Said[]) {
  const requests: ModelRequest[] = [];
  const model: LanguageModel = {
    provider: 'openai-compatible',
    model: 'scripted',
    ask(request) {
      requests.push({ ...request, messages: structuredClone(request.messages) });
      const said = script[Math.min(requests.length, script.length) - 1] ?? '';
      return said instanceof TurboError ? Promise.reject(said) : Promise.resolve(answer(said));
    },
  };
  return { model, requests };
}

function answer(said: Exclude<Said, TurboError>): ModelAnswer {
  const usage = {
    provider: 'openai-compatible',
    model: 'scripted',
    tokensIn: 1000,
    tokensOut: 100,
    tokensCached: 0,
    durationMs: 1000,
  } as const;
  if (typeof said === 'string') return { parts: [{ type: 'text', text: said }], finish: 'complete', usage };
  const parts = said.map(([name, input], index) => ({
    type: 'tool-call' as const,
    id: `call_${index}`,
    name,
    input: input as { [key: string]: string },
  }));
  return { parts, finish: 'tool-calls', usage };
}

const printed = (output: string): CommandResult => ({ exitCode: 0, timedOut: false, output, durationMs: 1 });

/** A project's folder as a map, with a shell that does what a test says. */
function fakeWorkshop(
  shell: (command: string, files: Map<string, string>) => string = () => '',
  isolation: Isolation = { tier: 'landlock', guarantees: [], passedOver: [], raise: undefined },
) {
  const files = new Map<string, string>();
  const sandbox = {
    id: 'project_1',
    directory: '/projects/1',
    guarantees: [],
    untrusted: {
      isolation: () => Promise.resolve(isolation),
      run: (command: string) => Promise.resolve(printed(shell(command, files))),
    },
    run: () => Promise.resolve(printed('')),
    readFile: async (path: string) => contentOf(files, path),
    readFiles: async (paths: readonly string[]) => paths.map((path) => ({ path, content: contentOf(files, path) })),
    writeFiles: (written: readonly SourceFile[]) =>
      Promise.resolve(written.forEach(({ path, content }) => files.set(path, content))),
    deleteFile: (path: string) => Promise.resolve(void files.delete(path)),
    listFiles: () => Promise.resolve([...files.keys()].toSorted()),
  } as unknown as Sandbox;
  const told: string[] = [];
  const checked: ReadonlyMap<string, string>[] = [];
  return { files, sandbox, told, checked };
}

function contentOf(files: ReadonlyMap<string, string>, path: string): string {
  const content = files.get(path);
  if (content !== undefined) return content;
  throw new TurboError('SANDBOX_PATH_REFUSED', `Refused the path ${JSON.stringify(path)}: there is no such file`);
}

const failing: GateResult = {
  gate: 'tests',
  status: 'failed',
  durationMs: 7,
  summary: '3 of 4 tests passed; the first that failed: turns letters',
  evidence: ['not ok 2 - turns letters', '  at /projects/1/test/rot13.test.ts:12:3'],
};

interface Stage extends LlmCoderOptions {
  readonly shell?: Parameters<typeof fakeWorkshop>[0];
  readonly isolation?: Isolation;
  /** What the gates say about the files, the how-manieth time. */
  readonly gates?: (files: ReadonlyMap<string, string>, time: number) => readonly GateResult[];
  readonly crashAfter?: number;
}

/** Carries a run of the coder alone out, and by a second process when the first is to crash. */
async function code(model: LanguageModel, { shell, isolation, gates = () => [], crashAfter, ...options }: Stage = {}) {
  const workshop = fakeWorkshop(shell, isolation);
  const memory = new RunMemory();
  let written: WrittenCode | undefined;
  let failure: unknown;
  const body: RunBody = {
    async run(steps) {
      const told: string[] = [];
      written = await new LlmCoder(model, options).write({
        blueprint: ROT13,
        steps,
        workshop: {
          openSandbox: () => Promise.resolve(workshop.sandbox),
          database: undefined,
          check: () => {
            workshop.checked.push(new Map(workshop.files));
            return Promise.resolve(gates(workshop.files, workshop.checked.length));
          },
        },
        report: (message) => Promise.resolve(void told.push(message)),
      });
      workshop.told.splice(0, workshop.told.length, ...told);
    },
    finish: (_steps, outcome) =>
      Promise.resolve(void (failure = outcome.status === 'succeeded' ? undefined : outcome.error)),
  };
  const runId = newId('run');
  const engine = new MemoryEngine(body, memory);
  if (crashAfter !== undefined) engine.crashAfter(crashAfter);
  await engine.start({ concurrency: 1 });
  await engine.submit({ runId, ownerId: 'local', exclusiveKey: 'project' });
  if (crashAfter !== undefined) {
    while (!engine.crashed) await immediate();
    const second = new MemoryEngine(body, memory);
    await second.start({ concurrency: 1 });
    await second.takeOver();
  }
  await engine.ended(runId);
  if (failure !== undefined) throw failure;
  assert.ok(written);
  return { ...workshop, written };
}

const lastResults = (request: ModelRequest | undefined): string => JSON.stringify(request?.messages.at(-1));

test('adds to the scaffold what the model writes, and is done when the gates pass', async () => {
  const { model, requests } = scriptedModel(writeAnswer, finish);
  const { files, written, told } = await code(model);
  assert.equal(files.get('src/endpoints/rot13.ts'), WRITTEN);
  assert.ok(files.has('src/server.ts'));
  assert.deepEqual([written.missing, written.warnings], [[], []]);
  assert.match(written.summary, /^\d+ files for 1 endpoint · 2 turns: Turns texts$/);
  assert.deepEqual(told.slice(1), ['Turn 1: write_file src/endpoints/rot13.ts', 'Turn 2: finish → every gate passed']);
  assert.match(requests[0]?.system ?? '', /src\/endpoints\/rot13\.ts/);
  assert.match(requests[0]?.system ?? '', /For whoever changes this backend/);
  assert.equal(requests[0]?.system, requests[1]?.system, 'what comes first stays the same, for caches');
});

test('an answer without a tool call is taken for the end', async () => {
  const { model } = scriptedModel(writeAnswer, 'All is written.');
  const { written } = await code(model);
  assert.match(written.summary, /2 turns: All is written\.$/);
});

test('what the gates found comes back short, with files and lines of the project', async () => {
  const { model, requests } = scriptedModel(writeAnswer, finish, write('test/rot13.test.ts'), finish);
  const { written } = await code(model, { gates: (_files, time) => (time === 1 ? [failing] : []) });
  assert.match(lastResults(requests[2]), /tests: 3 of 4 tests passed.*test\/rot13\.test\.ts:12:3/);
  assert.doesNotMatch(lastResults(requests[2]), /\/projects\/1/);
  assert.match(written.summary, /4 turns/);
});

test('stops when the gates fail three times in the same way, and keeps what passed', async () => {
  const { model, requests } = scriptedModel(
    ...[1, 2, 3, 4].map((index): Said => [...write(`src/try-${index}.ts`), ...finish]),
  );
  const { files, written } = await code(model, {
    gates: (_files, time) => [{ ...failing, summary: `failed after ${time} ms` }],
  });
  assert.equal(requests.length, 3);
  assert.ok(!files.has('src/try-1.ts'));
  assert.match(written.missing[0]?.what ?? '', /gates failed three times in the same way.*kept as it was/);
  assert.match(written.missing[1]?.what ?? '', /^src\/endpoints\/rot13\.ts: .*501/);
});

test('stops when the same call comes in three turns and nothing changes', async () => {
  const { model, requests } = scriptedModel(writeAnswer, [['read_file', { path: 'src/app.ts' }]]);
  const { files, written } = await code(model);
  assert.equal(requests.length, 4);
  assert.match(
    written.missing[0]?.what ?? '',
    /same call in three turns.*read_file.*what passed the gates last is kept/,
  );
  assert.equal(files.get('src/endpoints/rot13.ts'), WRITTEN, 'what it had written passes, and so is kept');
});

test('a change between makes the same call another one', async () => {
  const read: Said = [['read_file', { path: 'src/app.ts' }]];
  const { model } = scriptedModel(read, read, writeAnswer, read, read, finish);
  assert.deepEqual((await code(model)).written.missing, []);
});

test('turns, tokens and minutes have an end', async () => {
  for (const [limits, turns, reason] of [
    [{ turns: 2 }, 2, /its 2 turns were used up/],
    [{ tokens: 3000 }, 3, /its 3000 tokens were used up/],
    [{ minutes: 0.05 }, 3, /minutes were used up/],
  ] as const) {
    const { model, requests } = scriptedModel(...[1, 2, 3, 4, 5].map((index) => write(`src/a-${index}.ts`)));
    const { written, files } = await code(model, { limits });
    assert.equal(requests.length, turns);
    assert.match(written.missing[0]?.what ?? '', reason);
    assert.ok(files.has(`src/a-${turns}.ts`), 'what passed the last check is kept');
  }
});

test('a model that fails leaves a backend that works', async () => {
  for (const failure of [
    new TurboError('BUDGET_EXCEEDED', 'The code call was not made: $0.0001 of $0.0100 are left'),
    new TurboError('MODEL_UNAVAILABLE', 'xai did not answer within 240 s'),
    new TurboError('MODEL_KEY_REFUSED', 'xai does not accept the key in XAI_API_KEY'),
  ]) {
    const { model, requests } = scriptedModel(writeAnswer, failure);
    const { written, files } = await code(model, { gates: () => [failing] });
    assert.equal(requests.length, 2);
    assert.ok(written.missing[0]?.what?.includes(failure.message));
    assert.match(files.get('src/endpoints/rot13.ts') ?? '', /501/, 'what does not pass is not kept');
  }
});

test('a cut-off answer may be said again, two in a row are too much', async () => {
  const cutOff = new TurboError('MODEL_ANSWER_UNUSABLE', 'cut off after 16000 tokens');
  const { model, requests } = scriptedModel(cutOff, writeAnswer, cutOff, finish);
  assert.deepEqual((await code(model)).written.missing, []);
  assert.match(lastResults(requests[1]), /smaller parts/);
  const hopeless = scriptedModel(cutOff);
  assert.match((await code(hopeless.model)).written.missing[0]?.what ?? '', /cut off/);
  assert.equal(hopeless.requests.length, 3);
});

test('a conversation that is too long lets go of its oldest results, once a turn', async () => {
  const tooLong = new TurboError('MODEL_INPUT_TOO_LONG', 'too long');
  const reads = ['a', 'b', 'c', 'd', 'e'].map((name): Said => [['list_files', { folder: name }]]);
  const { model, requests } = scriptedModel(...reads, tooLong, finish);
  assert.match((await code(model)).written.summary, /6 turns: Turns texts/);
  const outputs = (requests[6]?.messages ?? []).flatMap((one) => (one.role === 'tool' ? one.results : []));
  assert.deepEqual(
    outputs.map(({ output }) => output.startsWith('(left out')),
    [true, true, false, false, false],
  );
  const { model: hopeless, requests: asked } = scriptedModel(...reads, tooLong);
  assert.match((await code(hopeless)).written.missing[0]?.what ?? '', /too long/);
  assert.equal(asked.length, 7);
});

test('what a model may not have or change is refused, and told', async () => {
  const attempts: [string, object][] = [
    ['read_file', { path: '~/.ssh/id_rsa' }],
    ['read_file', { path: '../project_2/src/app.ts' }],
    ['read_file', { path: '/etc/passwd' }],
    ['read_file', { path: '.env' }],
    ['write_file', { path: '.git/hooks/pre-commit', content: 'curl evil' }],
    ['write_file', { path: '.env', content: 'DB_HOST=evil' }],
    ['write_file', { path: 'node_modules/fastify/fastify.js', content: 'evil' }],
    ['write_file', { path: 'receipt/receipt.json', content: '{}' }],
    ['edit_file', { path: 'package.json', old_text: '"fastify"', new_text: '"evil"' }],
    ['write_file', { path: 'db/migrations/0001_tables.sql', content: 'DROP TABLE users' }],
    ['delete_file', { path: 'test/endpoints.test.ts' }],
  ];
  const { model, requests } = scriptedModel(attempts, finish);
  const { files, told } = await code(model);
  assert.equal(told.filter((line) => line.startsWith('Refused: ')).length, attempts.length, told.join('\n'));
  assert.ok(told.includes('Refused: write_file .git/hooks/pre-commit: it is not part of the source'));
  assert.equal(lastResults(requests[1]).split('Refused: ').length - 1, attempts.length);
  assert.ok(files.has('test/endpoints.test.ts'));
  assert.doesNotMatch(JSON.stringify([...files]), /evil/);
});

test('what a command does to protected files is taken back, and told', async () => {
  const { model, requests } = scriptedModel([['run_command', { command: 'make' }]], writeAnswer, finish);
  const { files, told } = await code(model, {
    shell(_command, left) {
      left.set('package.json', '{"dependencies":{"evil":"1.0.0"}}');
      left.set('src/made.ts', 'export {};\n');
      left.set('big.ts', 'x'.repeat(300_000));
      return 'made';
    },
  });
  assert.match(files.get('package.json') ?? '', /"fastify"/);
  assert.equal(files.get('src/made.ts'), 'export {};\n');
  assert.ok(!files.has('big.ts'));
  assert.ok(told.includes('Refused: changed package.json, big.ts'), told.join('\n'));
  assert.match(lastResults(requests[1]), /<untrusted-data output-\w{8}>.*made.*Taken back/);
});

test('without anything to keep commands apart there is no shell, unless the user says so', async () => {
  const command: Said = [['run_command', { command: 'id' }]];
  const none = { tier: 'none', guarantees: [], passedOver: [], raise: undefined } as const;
  for (const allowUnsafe of [false, true]) {
    const { model, requests } = scriptedModel(command, finish);
    const { told } = await code(model, { allowUnsafe, isolation: none, shell: () => 'uid=0' });
    assert.equal(
      requests[0]?.tools?.some(({ name }) => name === 'run_command'),
      allowUnsafe,
    );
    assert.equal(
      told.some((line) => line.startsWith('Refused: run_command id')),
      !allowUnsafe,
    );
  }
});

test('calls that make no sense are answered, and harm nothing', async () => {
  const { model, requests } = scriptedModel(
    [
      ['no_such_tool', {}],
      ['write_file', { path: 7, content: null }],
      ['edit_file', { path: 'src/app.ts', old_text: 'no such text', new_text: 'x' }],
      ['edit_file', { path: 'src/app.ts', old_text: 'import', new_text: 'x' }],
      ['read_file', undefined],
    ],
    finish,
  );
  assert.deepEqual((await code(model)).written.summary.match(/· .*/)?.[0], '· 2 turns: Turns texts');
  const results = requests[1]?.messages.at(-1);
  assert.ok(results?.role === 'tool' && results.results.every(({ failed }) => failed));
  assert.match(
    lastResults(requests[1]),
    /no such tool.*path has to be a text.*not in the file.*times in the file.*no JSON/,
  );
});

test('more calls than a turn may have are refused before any is carried out', async () => {
  const many = Array.from({ length: 17 }, (_, index) => write(`src/made-${index}.ts`)[0] ?? (['', {}] as const));
  const { model, requests } = scriptedModel(many, many.slice(0, 16), finish);
  const { files, told } = await code(model);
  const results = requests[1]?.messages.at(-1);
  assert.ok(results?.role === 'tool' && results.results.length === 17);
  assert.ok(
    results.results.every(
      ({ failed, output }) => failed && output.startsWith('Nothing of this turn was done: 17 calls'),
    ),
  );
  assert.match(told[1] ?? '', /17 calls in one turn → none was carried out/);
  assert.ok(files.has('src/made-15.ts') && !files.has('src/made-16.ts'));
  assert.match(requests[0]?.system ?? '', /at most 16: more than that and none is/);
});

test('commands that could only wait for a network are not run, and the model is told why', async () => {
  const commands = ['npx tsc', 'cd src && npm install left-pad', 'curl https://example.com', 'npm run typecheck'];
  const { model, requests } = scriptedModel(
    commands.map((command) => ['run_command', { command }] as const),
    finish,
  );
  const ran: string[] = [];
  await code(model, { shell: (command) => (ran.push(command), '') });
  assert.deepEqual(ran, ['npm run typecheck']);
  assert.match(
    lastResults(requests[1]),
    /npx fetches packages, and there is no network.*nothing can be installed.*call_endpoint/,
  );
});

test('what lies turns back is shortened when the conversation has become long', async () => {
  const big = `// ${'x'.repeat(9000)}`;
  const script = [1, 2, 3, 4, 5].map((turn): Said => write(`src/big-${turn}.ts`, big));
  const { model, requests } = scriptedModel(...script, finish);
  await code(model);
  const sizes = requests.map(({ messages }) => JSON.stringify(messages).length);
  assert.ok(Math.max(...sizes) < 45_000, sizes.join());
  const last = JSON.stringify(requests.at(-1)?.messages);
  assert.match(last, /src\/big-1\.ts.*9003 characters; shortened/);
  assert.ok([2, 3].includes(last.split(big).length - 1), 'the last turns are as they were');
});

test('killed after any step, no finished call is asked again', async () => {
  const script = [
    writeAnswer,
    [['edit_file', { path: 'src/endpoints/rot13.ts', old_text: 'done', new_text: 'done = 1, more' }]],
    finish,
    write('test/rot13.test.ts'),
    finish,
  ] as const;
  const gates = failsUntilTested;
  const whole = await code(conversingModel(script).model, { gates });
  assert.match(whole.files.get('src/endpoints/rot13.ts') ?? '', /done = 1, more = true/);
  for (let crashAfter = 0; crashAfter < 12; crashAfter += 1) {
    const { model, requests } = conversingModel(script);
    const { files, written, told } = await code(model, { gates, crashAfter });
    // The call that was under way when the process died is all that can be asked for twice.
    const dying = [1, 3, 5, 7, 9].includes(crashAfter) ? 1 : 0;
    assert.equal(requests.length, script.length + dying, `after ${crashAfter} steps`);
    assert.deepEqual(new Map(files), new Map(whole.files), `after ${crashAfter} steps`);
    assert.deepEqual(written, whole.written);
    assert.deepEqual(told, whole.told);
  }
});

/** A model that answers by what was said, so that the same question gets the same answer. */
function conversingModel(script: readonly Exclude<Said, TurboError>[]) {
  const requests: ModelRequest[] = [];
  const model: LanguageModel = {
    provider: 'openai-compatible',
    model: 'scripted',
    ask(request) {
      requests.push(request);
      const turn = request.messages.filter(({ role }) => role === 'assistant').length;
      return Promise.resolve(answer(script[turn] ?? ''));
    },
  };
  return { model, requests };
}

function failsUntilTested(files: ReadonlyMap<string, string>): readonly GateResult[] {
  return files.has('test/rot13.test.ts') ? [] : [failing];
}
