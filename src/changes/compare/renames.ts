import { nearestName } from '../../domain/nearest-name.ts';
import type { Finding } from '../../domain/schema-design.ts';
import { formatType, type SchemaDraft, type TableDraft } from '../../schema/drafts.ts';
import type { Keeper } from '../expand-step.ts';
import type { ChangeStep } from '../change-step.ts';
import { takeSteps, type PlannedSteps } from '../plan-steps.ts';

/** `posts=articles`, `posts.title=headline`, or an enum: what a thing is called, and what it is called from now on. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** Takes the renamings that were told, tables before their columns; what cannot be stands among the findings. */
export function takeRenames(
  now: SchemaDraft,
  target: SchemaDraft,
  renames: readonly Rename[],
  keep: Keeper,
  findings: Finding[],
): PlannedSteps {
  const whole = renames.filter(({ from }) => !from.includes('.'));
  const parts = renames.filter(({ from }) => from.includes('.'));
  const called = new Map(whole.map(({ from, to }) => [from, to]));
  const start: PlannedSteps = { steps: [], target: now };
  const first = takeInOrder(
    start,
    whole,
    (draft, rename) => renameWhole(draft, target, rename, findings),
    keep,
    findings,
  );
  return takeInOrder(
    first,
    parts,
    (draft, rename) => renameColumn(draft, target, rename, called, findings),
    keep,
    findings,
  );
}

type Read = (draft: SchemaDraft, rename: Rename) => Renaming | undefined;
type Renaming = Extract<ChangeStep, { readonly kind: `rename-${'table' | 'enum' | 'column'}` }>;

/** One after the other, so that a name is free when it is taken: `b=c` before `a=b`. */
function takeInOrder(
  start: PlannedSteps,
  renames: readonly Rename[],
  read: Read,
  keep: Keeper,
  findings: Finding[],
): PlannedSteps {
  let planned = start;
  let waiting = renames.flatMap((rename) => read(start.target, rename) ?? []);
  while (waiting.length > 0) {
    const next = waiting.find((step) => isFree(planned.target, step));
    if (!next) {
      const names = waiting.map(({ from, to }) => `${from} and ${to}`).join(', ');
      findings.push(
        error(`Names that change places cannot be had in one change: ${names}`, 'Rename one of them first.'),
      );
      return planned;
    }
    planned = takeSteps(planned, [next], keep);
    waiting = waiting.filter((step) => step !== next);
  }
  return planned;
}

function isFree(draft: SchemaDraft, step: Renaming): boolean {
  if (step.kind === 'rename-column')
    return !draft.tables.some(
      ({ name, columns }) => name === step.table && columns.some((column) => column.name === step.to),
    );
  return ![...draft.tables, ...draft.enums].some(({ name }) => name === step.to);
}

function renameWhole(
  now: SchemaDraft,
  target: SchemaDraft,
  { from, to }: Rename,
  findings: Finding[],
): Renaming | undefined {
  const kind = now.enums.some(({ name }) => name === from) ? 'rename-enum' : 'rename-table';
  const [before, after] = kind === 'rename-enum' ? [now.enums, target.enums] : [now.tables, target.tables];
  const isThere = requireName(findings, 'table or type', from, before, 'There is');
  const isMeant = requireName(findings, kind === 'rename-enum' ? 'type' : 'table', to, after, 'The given schema has');
  return isThere && isMeant ? { kind, from, to } : undefined;
}

function renameColumn(
  draft: SchemaDraft,
  target: SchemaDraft,
  { from, to }: Rename,
  called: ReadonlyMap<string, string>,
  findings: Finding[],
): Renaming | undefined {
  const [place = '', column = ''] = from.split('.');
  const name = called.get(place) ?? place;
  const wanted = to.split('.').at(-1) ?? '';
  const [table, goal] = [draft, target].map(({ tables }) => tables.find((each) => each.name === name));
  if (!table || !requireName(findings, 'table', name, target.tables, 'The given schema has')) {
    if (!table) requireName(findings, 'table', name, draft.tables, 'There is');
    return undefined;
  }
  const isThere = requireName(findings, 'column', column, table.columns, `${table.name} has`);
  const isMeant = requireName(
    findings,
    'column',
    wanted,
    goal?.columns ?? [],
    `In the given schema, ${table.name} has`,
  );
  return isThere && isMeant ? { kind: 'rename-column', table: table.name, from: column, to: wanted } : undefined;
}

function requireName(
  findings: Finding[],
  what: string,
  name: string,
  known: readonly { readonly name: string }[],
  whose: string,
): boolean {
  const names = known.map((each) => each.name);
  if (names.includes(name)) return true;
  const near = nearestName(name, names);
  const fix = near === undefined ? `Name one of: ${names.slice(0, 30).join(', ')}.` : `Did you mean ${near}?`;
  findings.push(error(`${whose} no ${what} "${name}" to rename`, fix));
  return false;
}

function error(message: string, fix: string): Finding {
  return { severity: 'error', code: 'rename', message, fix };
}

/** What goes and what comes that could be one thing with another name. Nothing is made of it. */
export function possibleRenames(now: SchemaDraft, target: SchemaDraft): readonly Rename[] {
  const tables = pairUp(missing(now.tables, target.tables), missing(target.tables, now.tables), alikeTables);
  const columns = now.tables.flatMap((table) => {
    const goal = target.tables.find(({ name }) => name === table.name);
    if (!goal) return [];
    const pairs = pairUp(missing(table.columns, goal.columns), missing(goal.columns, table.columns), alikeColumns);
    return pairs.map(({ from, to }) => ({ from: `${table.name}.${from}`, to }));
  });
  return [...tables, ...columns];
}

function missing<T extends { readonly name: string }>(all: readonly T[], others: readonly T[]): readonly T[] {
  return all.filter(({ name }) => !others.some((other) => other.name === name));
}

/** Each with the one that is most like it, none twice. */
function pairUp<T extends { readonly name: string }>(
  gone: readonly T[],
  come: readonly T[],
  alike: (one: T, other: T) => number,
): readonly Rename[] {
  const all = gone.flatMap((one) => come.map((other) => ({ one, other, likeness: alike(one, other) })));
  const taken = new Set<T>();
  return all
    .filter(({ likeness }) => likeness > 0)
    .toSorted((a, b) => b.likeness - a.likeness)
    .flatMap(({ one, other }) => {
      if (taken.has(one) || taken.has(other)) return [];
      taken.add(one).add(other);
      return [{ from: one.name, to: other.name }];
    });
}

type Column = TableDraft['columns'][number];

/** Of the same type; more alike when the names are. */
function alikeColumns(one: Column, other: Column): number {
  if (formatType(one.type) !== formatType(other.type)) return 0;
  return 1 + sharedWords(one.name, other.name) + (one.nullable === other.nullable ? 0.1 : 0);
}

/** With half of their columns in common, or a name that is nearly the same. */
function alikeTables(one: TableDraft, other: TableDraft): number {
  const names = new Set(other.columns.map(({ name }) => name));
  const shared = one.columns.filter(({ name }) => names.has(name)).length;
  const share = shared / Math.max(one.columns.length, other.columns.length);
  const words = sharedWords(one.name, other.name);
  return share >= 0.5 || words > 0 ? share + words : 0;
}

function sharedWords(one: string, other: string): number {
  const words = one.split('_').filter((word) => other.split('_').includes(word));
  return words.length > 0 || nearestName(one, [other]) !== undefined ? 1 : 0;
}
