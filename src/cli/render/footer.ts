import type { RunResult } from '../../domain/run.ts';
import type { ProjectDetails } from '../../turbobackend.ts';
import { accessTable } from './access-table.ts';
import { shownPath } from './path.ts';
import type { Style } from './style.ts';
import { asTyped } from '../report-failure.ts';
import { formatCost, formatDuration, oneLine } from './text.ts';

/** How many lines to try there are of the API. */
const MOST_CALLS = 5;

// Nouns that make a good table name but have to be quoted in SQL.
const RESERVED_NOUNS = new Set(
  'analyse analyze array case check collate column constraint default end fetch grant group limit offset order primary references table trailing unique user window'.split(
    ' ',
  ),
);

/** What the footer is made of besides the result. */
export interface FooterContext {
  readonly style: Style;
  /** The words that start a command of ours, to be pasted: `turbobackend`, `npm start --`. */
  readonly command: string;
  readonly home: string | undefined;
  /** Undefined when they could not be had: the footer then does without. */
  readonly database: ProjectDetails['database'] | undefined;
  /** Calls of the backend that answer as they stand. */
  readonly calls: readonly string[];
}

/** What a successful run leaves its user with: where everything is, and lines to paste. */
export function footer(result: RunResult, context: FooterContext): string {
  const { paint, marks } = context.style;
  const figures = [formatDuration(result.durationMs), ...(result.costUsd === null ? [] : [formatCost(result.costUsd)])];
  const told = paint('dim', figures.join(` ${marks.dot} `));
  return [
    '',
    ...(result.missing.length === 0
      ? [`${paint(['green', 'bold'], 'Your backend is running.')} ${told}`]
      : [...lacking(result, context), '', `What there is runs. ${told}`]),
    ...(result.design === 'guess' ? [paint('yellow', GUESSED)] : []),
    '',
    ...places(result, context).map(([label, place]) => `  ${label.padEnd(11)} ${place}`),
    ...whoMayDoWhat(result, context.style),
    '',
    paint('bold', 'Try it'),
    ...thingsToTry(result, context).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function whoMayDoWhat({ access }: RunResult, style: Style): readonly string[] {
  if (!access || access.auth === 'none') return [];
  const lines = accessTable(access, style).split('\n');
  return ['', style.paint('bold', 'Who may do what'), ...lines.map((line) => `  ${line}`)];
}

const GUESSED =
  'Its tables are a guess: look at them, and say more in the prompt or pass your own with --schema file.sql if they are wrong.';

/** What is not there, before anything is said of what is. */
function lacking({ missing }: RunResult, { style, command }: FooterContext): readonly string[] {
  return missing.flatMap(({ what, fix }) => [
    `${style.paint(['yellow', 'bold'], `${style.marks.warned} Not all that you asked for is there.`)} ${style.text(oneLine(what))}`,
    `  ${style.paint('dim', 'fix:')} ${style.text(asTyped(oneLine(fix), command))}`,
  ]);
}

function places(result: RunResult, { style, home, database }: FooterContext): readonly (readonly [string, string])[] {
  const link = (url: string): string => url && style.paint('cyan', url);
  const rows = [
    ['API', link(result.url)],
    ['Docs', link(result.docsUrl)],
    ['Code', shownPath(result.sourceDir, home)],
    ['Repository', shownPath(result.repository, home)],
    // The page for people lies beside what programs read.
    ['Receipt', shownPath(result.receipt.replace(/\.json$/, '.html'), home)],
    ['Database', databaseLine(result, database)],
  ] as const;
  return rows.filter(([, place]) => place !== '');
}

/** Without the password, which is in the project's `.env` alone. */
function databaseLine(result: RunResult, database: ProjectDetails['database'] | undefined): string {
  if (database) return databaseUrl(database);
  return result.database?.name ?? '';
}

export function databaseUrl(database: NonNullable<ProjectDetails['database']>): string {
  const host = database.host.includes(':') ? `[${database.host}]` : database.host;
  return `postgres://${database.user}:****@${host}:${database.port}/${database.name}`;
}

function thingsToTry(result: RunResult, { style, command, calls }: FooterContext): readonly string[] {
  const [first] = result.database?.tables ?? [];
  const more = calls.length - MOST_CALLS;
  return [
    ...calls.slice(0, MOST_CALLS),
    ...(more > 0 ? [style.paint('dim', style.text(`… and ${more} more collections: see the docs`))] : []),
    ...(calls.length === 0 && result.docsUrl !== '' ? [`curl ${result.docsUrl}`] : []),
    ...(first === undefined
      ? []
      : [`${command} sql ${result.name} ${shellQuote(`select count(*) from ${quoteName(first)}`)}`]),
    `${command} stop ${result.name}`,
  ];
}

function quoteName(name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED_NOUNS.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

function shellQuote(text: string): string {
  return /["'$`\\!]/.test(text) ? `'${text.replaceAll("'", `'\\''`)}'` : `"${text}"`;
}
