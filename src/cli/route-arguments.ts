import { TurboError } from '../domain/errors.ts';

export const COMMAND_NAMES: readonly string[] = [
  'create',
  'plan',
  'list',
  'show',
  'start',
  'stop',
  'logs',
  'receipt',
  'export',
  'delete',
  'schema',
  'sql',
  'run',
  'worker',
  'mcp',
  'serve',
  'keys',
  'doctor',
  'down',
  'help',
];

// Options that may stand before the prompt and whose next word belongs to them.
const TAKES_VALUE = new Set([
  '-f',
  '--file',
  '--schema',
  '--name',
  '--planner',
  '--format',
  '-n',
  '--lines',
  '--concurrency',
  '--host',
  '--port',
  '--owner',
  '--scope',
]);

/**
 * The arguments with the command they mean in front: the first word when it is a command's name, otherwise `create`,
 * because a bare prompt creates. Rejects one word alone that looks like a mistyped command (`USAGE`).
 */
export function routeArguments(argv: readonly string[]): readonly string[] {
  const at = firstWord(argv);
  const word = at === undefined ? undefined : argv[at];
  if (at === undefined || word === undefined) return asksForHelp(argv) ? argv : ['create', ...argv];
  if (COMMAND_NAMES.includes(word)) return [word, ...argv.slice(0, at), ...argv.slice(at + 1)];
  refuseMistyped(word, argv.slice(at + 1));
  return ['create', ...argv];
}

function firstWord(argv: readonly string[]): number | undefined {
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    if (argument === '--') return undefined;
    if (!argument.startsWith('-') || argument === '-') return at;
    if (TAKES_VALUE.has(argument)) at += 1;
  }
  return undefined;
}

function asksForHelp(argv: readonly string[]): boolean {
  return argv.some((argument) => ['-h', '--help', '-V', '--version'].includes(argument));
}

function refuseMistyped(word: string, rest: readonly string[]): void {
  if (/\s/.test(word) || rest.some((argument) => !argument.startsWith('-'))) return;
  const meant = COMMAND_NAMES.find((name) => isNear(word.toLowerCase(), name));
  if (meant === undefined) return;
  throw new TurboError('USAGE', `There is no command "${word}". Did you mean "${meant}"?`, {
    fix: `turbobackend ${meant} --help tells how to use it; to create a backend from this one word: turbobackend create ${word}`,
  });
}

function isNear(word: string, name: string): boolean {
  return editDistance(word, name) <= (name.length > 5 ? 2 : 1);
}

/** Letters to add, drop, change or swap with their neighbour to make one word the other. */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= from.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = from[i - 1] === to[j - 1] ? 0 : 1;
      const swaps = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      rows[i]?.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + change,
          swaps ? at(i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
