import { ratioOf, ratioText, spreadOf, spreadText, type Spread } from '../measure/spread.ts';
import { tableText } from '../measure/table.ts';
import type { Sample } from './contestant.ts';
import { QUESTIONS, type Question } from './questions.ts';

/** One contestant's answers to one question, a sample for each round. */
export interface Measured {
  readonly question: Question;
  readonly contestant: string;
  readonly samples: Sample[];
}

const COLUMNS = [
  'requests/s',
  'of express',
  'of pgbench',
  'p50 ms',
  'p99 ms',
  'server µs',
  'Postgres µs',
  'CPU of express',
];

export function renderThroughput(measured: readonly Measured[], seconds: number): string {
  const rounds = measured[0]?.samples.length ?? 0;
  const title = `Throughput, ${rounds} rounds of ${seconds} s, µs of CPU per request`;
  const tables = QUESTIONS.map(({ name }) => {
    const turns = measured.filter(({ question }) => question.name === name);
    return tableText(
      [name, ...COLUMNS],
      turns.map((turn) => rowOf(turn, turns)),
    );
  });
  const pgbench = measured.some(({ contestant }) => contestant === 'pgbench');
  const note = pgbench ? '' : '\n  pgbench is not on this machine; Debian has it in postgresql-contrib';
  return `${title}\n${tables.join('\n\n')}${note}`;
}

/** By question, then by contestant. */
export function figuresOf(measured: readonly Measured[]) {
  return Object.fromEntries(
    QUESTIONS.map(({ name }) => {
      const turns = measured.filter(({ question }) => question.name === name);
      return [name, Object.fromEntries(turns.map((turn) => [turn.contestant, spreadsOf(turn, turns)]))];
    }),
  );
}

function rowOf(turn: Measured, turns: readonly Measured[]): readonly string[] {
  const spreads = spreadsOf(turn, turns);
  return [
    turn.contestant,
    shown(spreads.perSecond, 0),
    shownRatio(spreads.ofExpress),
    shownRatio(spreads.ofPgbench),
    shown(spreads.p50Ms, 1),
    shown(spreads.p99Ms, 1),
    shown(spreads.serverUs, 0),
    shown(spreads.postgresUs, 0),
    shownRatio(spreads.cpuOfExpress),
  ];
}

function shown(spread: Spread | undefined, digits: number): string {
  return spread ? spreadText(spread, digits) : '–';
}

function shownRatio(ratio: Spread | undefined): string {
  return ratio ? ratioText(ratio) : '–';
}

/** A spread is missing where nothing was measured, and where somebody would be held against himself. */
function spreadsOf(turn: Measured, turns: readonly Measured[]) {
  const spread = (value: Value): Spread | undefined => {
    const values = valuesOf(turn, value);
    return values.length === 0 ? undefined : spreadOf(values);
  };
  const ratio = (value: Value, measure: string): Spread | undefined => {
    const [own, others] = [turn, turns.find(({ contestant }) => contestant === measure)].map((one) =>
      valuesOf(one, value),
    );
    if (turn.contestant === measure || !own?.length || own.length !== others?.length) return undefined;
    return ratioOf(own, others);
  };
  return {
    perSecond: spread(({ perSecond }) => perSecond),
    ofExpress: ratio(({ perSecond }) => perSecond, 'express + pg'),
    ofPgbench: ratio(({ perSecond }) => perSecond, 'pgbench'),
    p50Ms: spread(({ p50Ms }) => p50Ms),
    p99Ms: spread(({ p99Ms }) => p99Ms),
    serverUs: spread(({ serverUs }) => serverUs),
    postgresUs: spread(({ postgresUs }) => postgresUs),
    cpuOfExpress: ratio(cpuUs, 'express + pg'),
  };
}

type Value = (sample: Sample) => number | undefined;

function valuesOf(turn: Measured | undefined, value: Value): readonly number[] {
  return turn?.samples.flatMap((sample) => value(sample) ?? []) ?? [];
}

/** Of server and Postgres together, where there is a server and both are known. */
function cpuUs({ serverUs, postgresUs }: Sample): number | undefined {
  return serverUs === undefined || postgresUs === undefined ? undefined : serverUs + postgresUs;
}
