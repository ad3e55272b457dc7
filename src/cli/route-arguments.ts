import { TurboError } from '../domain/errors.ts';
import { nearestName } from '../domain/nearest-name.ts';
import { meantCommand } from './mistyped-command.ts';

export const COMMAND_NAMES: readonly string[] = [
  'create',
  'plan',
  'change',
  'apply',
  'history',
  'diff',
  'undo',
  'deploy',
  'snapshot',
  'list',
  'show',
  'start',
  'stop',
  'restart',
  'rename',
  'open',
  'logs',
  'receipt',
  'secrets',
  'export',
  'delete',
  'schema',
  'sql',
  'url',
  'psql',
  'run',
  'worker',
  'mcp',
  'serve',
  'keys',
  'doctor',
  'up',
  'down',
  'completion',
  'help',
];

// Options that may stand before the prompt and whose next word belongs to them.
const TAKES_VALUE = new Set([
  '-f',
  '--file',
  '--schema',
  '--auth',
  '--access',
  '--sql',
  '--rename',
  '--to',
  '--accept-data-loss',
  '--name',
  '--planner',
  '--budget',
  '--price',
  '--record',
  '--replay',
  '--format',
  '-n',
  '--lines',
  '--concurrency',
  '--host',
  '--port',
  '--owner',
  '--scope',
  '--role',
  '--max-rows',
  '--words',
  '--project',
  '-a',
  '--client',
]);

/**
 * The arguments with the command they mean in front: the first word when it is a command's name, otherwise `create`,
 * because a bare prompt creates. Rejects words that look like a mistyped command (`USAGE`).
 */
export function routeArguments(argv: readonly string[]): readonly string[] {
  const at = firstWord(argv);
  const word = at === undefined ? undefined : argv[at];
  if (at === undefined || word === undefined) return asksForHelp(argv) ? argv : ['create', ...argv];
  if (COMMAND_NAMES.includes(word)) {
    const routed = [word, ...argv.slice(0, at), ...argv.slice(at + 1)];
    if (word === 'help') refuseUnknownTopic(routed);
    return routed;
  }
  if (word !== '-') refuseMistyped(wordsOf(argv.slice(at)));
  return ['create', ...argv];
}

/** Whether no command is named, so that what was typed is taken for a prompt. */
export function isBarePrompt(argv: readonly string[]): boolean {
  const at = firstWord(argv);
  return at !== undefined && argv[at] !== '-' && !COMMAND_NAMES.includes(argv[at] ?? '');
}

function firstWord(argv: readonly string[]): number | undefined {
  return wordPositions(argv)[0];
}

/** What is neither an option nor an option's value, a quoted sentence taken apart. */
function wordsOf(argv: readonly string[]): readonly string[] {
  return wordPositions(argv).flatMap((at) => (argv[at] ?? '').split(/\s+/).filter((word) => word !== ''));
}

/** Where the words stand, up to `--`. */
function wordPositions(argv: readonly string[]): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    if (argument === '--') break;
    if (!argument.startsWith('-') || argument === '-') found.push(at);
    else if (takesValue(argument)) at += 1;
  }
  return found;
}

/** Whether the next word belongs to the option. */
export function takesValue(option: string): boolean {
  return TAKES_VALUE.has(option);
}

/** Commander would answer a topic that it does not know with the whole help, as if nothing were amiss. */
function refuseUnknownTopic(argv: readonly string[]): void {
  const [, topic] = wordsOf(argv);
  if (topic === undefined || COMMAND_NAMES.includes(topic)) return;
  const meant = nearestName(topic, COMMAND_NAMES);
  throw new TurboError(
    'USAGE',
    `There is no command "${topic}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
    {
      fix: meant === undefined ? 'turbobackend --help lists the commands.' : `turbobackend help ${meant}`,
    },
  );
}

function asksForHelp(argv: readonly string[]): boolean {
  return argv.some((argument) => ['-h', '--help', '-V', '--version'].includes(argument));
}

function refuseMistyped(words: readonly string[]): void {
  const meant = meantCommand(words, COMMAND_NAMES);
  if (meant === undefined) return;
  const [word = '', ...rest] = words;
  throw new TurboError('USAGE', `There is no command "${word}". Did you mean "${meant}"?`, {
    fix: `Type ${asCommand(meant, rest)}. If it is a prompt: turbobackend create "${words.join(' ')}".`,
  });
}

/** What was typed, with the command's name put right. */
function asCommand(meant: string, rest: readonly string[]): string {
  if (meant.startsWith('-') || (rest.length === 0 && STANDS_ALONE.has(meant))) return `turbobackend ${meant}`;
  if (rest.length === 0) return `turbobackend ${meant} --help`;
  return `turbobackend ${meant} ${meant === 'create' ? `"${rest.join(' ')}"` : rest.join(' ')}`;
}

/** What needs no more than its name. */
const STANDS_ALONE: ReadonlySet<string> = new Set(['list', 'worker', 'mcp', 'serve', 'doctor', 'up', 'down']);
