import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import {
  keptSchema,
  checkChange,
  checkTarget,
  checkUndo,
  mergeSource,
  rehearseChange,
  withOwner,
  type ChangeStep,
  type CheckedChange,
  type MigrationFile,
  type SourceConflict,
  type TargetSchema,
} from '../../changes/changes.ts';
import type { ChangePlan } from '../../domain/change-plan.ts';
import { TurboError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/ids.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { extendAccess } from '../../planner/planner.ts';
import { scaffoldBackend } from '../../scaffold/scaffold.ts';
import { compareSchemas } from '../../schema/schema.ts';
import { askOld } from '../../verify/verify.ts';
import { insertPlan } from '../../store/change-plans.ts';
import { readStatements } from '../../store/generated-queries.ts';
import { findRevision, listRevisions, type RevisionRecord } from '../../store/project-revisions.ts';
import type { ProjectRecord } from '../../store/projects.ts';
import type { RunPorts } from '../run-context.ts';
import { changedFiles } from './changed-files.ts';
import type { ChangeWork, DatabaseWork } from './change-work.ts';
import { openForCode } from '../keep-apart.ts';
import { KEPT_VALUES_DAYS } from './forget-kept-values.ts';
import { keptPaths, withPaths } from './kept-paths.ts';
import { mayBreakReads, pauseNeeded, type Pause } from './pause-needed.ts';
import { migrationsIn, migrationsOf } from './migration-files.ts';
import { archiveHash, readProjectState, type ProjectState } from './project-state.ts';

/** What is asked for. */
export type ChangeAsked =
  | {
      readonly kind: 'change';
      readonly prompt: string;
      /** Statements, or the schema that they are to lead to. */
      readonly sql: string | TargetSchema;
      readonly reasoning: string;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'undo'; readonly to?: number | undefined }
  | { readonly kind: 'deploy'; readonly files?: readonly SourceFile[] | undefined };

export interface Planning {
  readonly pool: Pool;
  readonly ports: Pick<RunPorts, 'artifacts' | 'cluster' | 'coder' | 'sandboxes' | 'source'>;
  readonly project: ProjectRecord;
  /** What is known of the project besides that its owner has to hear of. */
  readonly warnings?: readonly string[] | undefined;
  /** Whether a model may have written some of the source. */
  readonly apart?: boolean | undefined;
}

/**
 * Checks what is asked for, tries it on a copy of the database with its rows and on the source, and stores the plan.
 * Nothing of the project is changed. Rejects with `CHANGE_REFUSED` or `CHANGE_CONFLICT`.
 */
export async function planChange(planning: Planning, asked: ChangeAsked): Promise<ChangePlan> {
  const { pool, ports, project } = planning;
  const revision = await newestRevision(pool, project);
  const { databaseName, id: projectId } = project;
  const given = asked.kind === 'deploy' ? asked.files : undefined;
  const state = await readProjectState(ports, { projectId, databaseName, revision, given });
  const goal = await goalOf(planning, state, asked);
  const tried =
    state.database && goal.checked
      ? await tryOut(planning, state, state.database, goal).catch((error: unknown) => {
          throw orRenamed(error, goal.checked);
        })
      : undefined;
  const paths = goal.checked ? keptPaths(goal.checked.steps, state.database?.schema, goal.checked.target) : [];
  const merged = await mergedSource(planning, state, goal, tried && withPaths(tried.schema, paths));
  const record = await describe(planning, state, { ...goal, paths }, tried, merged);
  await insertPlan(pool, record);
  return record.plan;
}

async function newestRevision(pool: Pool, project: ProjectRecord): Promise<RevisionRecord> {
  const revision = await findRevision(pool, project.id);
  if (revision) return revision;
  throw new TurboError('USAGE', `${project.name} has no revision yet: nothing of it was made to its end`, {
    fix: '`turbobackend show` tells what became of its run.',
  });
}

/** Where a change leads. */
interface Goal {
  readonly kind: ChangeWork['kind'];
  readonly prompt: string;
  readonly reasoning: string;
  readonly warnings: readonly string[];
  readonly checked: CheckedChange | undefined;
  /** Every file of db/migrations afterwards. */
  readonly migrations: readonly MigrationFile[];
  /** The revision whose source comes back. */
  readonly backTo: RevisionRecord | undefined;
  /** What goes back with it, the newest first. */
  readonly undone: readonly RevisionRecord[];
}

async function goalOf(planning: Planning, state: ProjectState, asked: ChangeAsked): Promise<Goal> {
  if (asked.kind === 'undo') return undoGoal(planning, state, asked.to);
  if (asked.kind === 'deploy') return deployGoal(state);
  if (!state.database)
    throw refused(
      `${planning.project.name} keeps no data, so there is no schema to change`,
      'Write the code, and `turbobackend deploy`.',
    );
  const checked = await withOwner(state.database, (client) => checkAsked(client, asked.sql, state.revision.number + 1));
  if (checked.steps.length === 0)
    throw refused(
      'That changes nothing: everything is there already',
      '`turbobackend schema <project>` shows what there is.',
    );
  const migrations = migrationsIn(state.source);
  const added = { name: nextMigration(migrations, asked.prompt), sql: checked.migration };
  return { ...asked, checked, migrations: [...migrations, added], backTo: undefined, undone: [] };
}

function checkAsked(
  client: Parameters<typeof checkChange>[0],
  asked: string | TargetSchema,
  revision: number,
): Promise<CheckedChange> {
  return typeof asked === 'string' ? checkChange(client, asked, revision) : checkTarget(client, asked, revision);
}

async function undoGoal(
  { pool, ports, project }: Planning,
  state: ProjectState,
  to = state.revision.number - 1,
): Promise<Goal> {
  const revisions = await listRevisions(pool, project.id);
  const backTo = revisions.find(({ number }) => number === to);
  if (!backTo || to >= state.revision.number) {
    throw refused(
      to < 1 ? 'There is nothing to undo: this is the first revision' : `There is no earlier revision ${to}`,
      '`turbobackend history` lists the revisions.',
    );
  }
  const undone = revisions.filter(({ number }) => number > to);
  const gone = undone.find(({ keptRemovedAt }) => keptRemovedAt !== undefined);
  if (gone) {
    throw refused(
      `What revision ${gone.number} took out of reach was removed for good after ${KEPT_VALUES_DAYS} days, so it cannot be undone`,
      'Change the schema forward: `turbobackend change <project>`.',
    );
  }
  const steps = undone.toReversed().flatMap((revision) => revision.steps as readonly ChangeStep[]);
  const { database } = state;
  const checked =
    database && steps.length > 0
      ? await withOwner(database, (client) => checkUndo(client, steps, state.revision.number + 1))
      : undefined;
  return {
    kind: 'undo',
    prompt: nameUndo(undone),
    reasoning: `Back to revision ${to}: code, schema and data. What was written since is kept, and comes back when the undo is undone.`,
    warnings: [],
    checked,
    migrations: await migrationsOf(ports, backTo),
    backTo,
    undone,
  };
}

/** `undone`: the newest first. */
function nameUndo(undone: readonly RevisionRecord[]): string {
  const [newest, oldest] = [undone[0], undone.at(-1)];
  if (undone.length > 1) return `Undo revisions ${oldest?.number} to ${newest?.number}`;
  return `Undo «${newest?.prompt}»`;
}

async function deployGoal(state: ProjectState): Promise<Goal> {
  const migrations = migrationsIn(state.source);
  const known = new Map(migrationsIn(state.published).map(({ name, sql }) => [name, sql]));
  const changed = [...known].filter(([name, sql]) => migrations.find((file) => file.name === name)?.sql !== sql);
  if (changed.length > 0)
    throw refused(
      `${changed.map(([name]) => name).join(', ')} was changed after it had been applied`,
      'Leave it as it was, and write a new migration.',
    );
  const added = migrations.filter(({ name }) => !known.has(name));
  const sql = added.map((file) => file.sql).join('\n');
  const { database } = state;
  const checked =
    database && sql.trim() !== ''
      ? await withOwner(database, (client) => checkChange(client, sql, state.revision.number + 1))
      : undefined;
  return {
    kind: 'deploy',
    prompt: 'Deploy what was written',
    reasoning: 'The source as its owner has it.',
    warnings: [],
    checked,
    migrations,
    backTo: undefined,
    undone: [],
  };
}

function refused(message: string, fix: string): TurboError {
  return new TurboError('CHANGE_REFUSED', message, { phase: 'design', fix });
}

/** `0003_add_a_phone_number_to_users.sql` */
function nextMigration(migrations: readonly MigrationFile[], prompt: string): string {
  const numbers = migrations.map(({ name }) => Number(/^\d+/.exec(name)?.[0] ?? 0));
  const words = prompt
    .toLowerCase()
    .normalize('NFKD')
    .match(/[a-z0-9]+/g) ?? ['change'];
  const slug = words.slice(0, 8).join('_').slice(0, 60).replace(/_+$/, '');
  return `${String(Math.max(0, ...numbers) + 1).padStart(4, '0')}_${slug || 'change'}.sql`;
}

type Tried = Awaited<ReturnType<typeof rehearseChange>> & Pick<Pause, 'record'>;

/** A column that was to be made anew may only have another name. */
function orRenamed(error: unknown, checked: CheckedChange | undefined): unknown {
  const flags = (checked?.possibleRenames ?? []).map(({ from, to }) => `--rename ${from}=${to}`).join(' ');
  if (flags === '' || !(error instanceof TurboError) || error.code !== 'CHANGE_REFUSED') return error;
  return new TurboError(error.code, error.message, {
    cause: error,
    phase: error.phase,
    fix: `If it is a renaming, say ${flags}. ${error.fix ?? ''}`.trim(),
  });
}

/** On a copy with all rows, which is gone afterwards. */
async function tryOut(
  planning: Planning,
  state: ProjectState,
  database: ProvisionedDatabase,
  goal: Goal,
): Promise<Tried> {
  const { ports, project } = planning;
  const { checked } = goal;
  if (!checked) throw new Error('Nothing to try out');
  const mark = `plan_${createHash('sha256').update(`${project.id}${state.hash}`).digest('hex').slice(0, 16)}`;
  // A copy is dropped by whoever made it; the sweep takes it for abandoned after half an hour.
  const copy = await ports.cluster.clone(database.name, mark as RunId);
  try {
    const migration = {
      steps: checked.steps,
      kept: keptSchema(state.revision.number + 1),
      mark,
      migrations: goal.migrations,
    };
    const rehearsed = () =>
      withOwner(copy, (client) =>
        rehearseChange(client, migration, async () => (await ports.cluster.open(copy.name)).schema),
      );
    const tried = await besideOldRelease(planning, state, checked.steps, copy, rehearsed).catch((error: unknown) => {
      throw goal.kind === 'undo' ? undoRefused(error) : error;
    });
    const differences = compareSchemas(checked.target, tried.schema);
    if (differences.length > 0)
      throw refused(
        `The copy differs from what was meant: ${differences.join('; ')}`,
        'Write the change in smaller steps.',
      );
    return tried;
  } finally {
    await ports.cluster.drop(copy.name);
  }
}

/** The rows were all right before the change, so those that are not were written since. */
function undoRefused(error: unknown): unknown {
  if (!(error instanceof TurboError) || error.code !== 'CHANGE_REFUSED') return error;
  const { message, phase } = error;
  return new TurboError('CHANGE_REFUSED', `Rows that were written since do not allow the undo. ${message}`, {
    cause: error,
    phase,
    fix: 'Change or delete the rows that it names, and undo again; or leave this revision, and change what is wrong with it.',
  });
}

/** Where the steps may break the release that runs, it is asked on the copy before and after. */
async function besideOldRelease(
  { ports, project }: Planning,
  { published: files }: ProjectState,
  steps: readonly ChangeStep[],
  copy: ProvisionedDatabase,
  rehearsed: () => ReturnType<typeof rehearseChange>,
): Promise<Tried> {
  if (!steps.some(mayBreakReads)) return { ...(await rehearsed()), record: undefined };
  const sandbox = await openForCode({ order: { projectId: project.id }, ports });
  const signal = AbortSignal.timeout(LONGEST_ASKING_MS);
  const { result, record } = await askOld({ sandbox, earlier: { files, mark: copy.name }, copy, signal }, rehearsed);
  return { ...result, record };
}

const LONGEST_ASKING_MS = 600_000;

interface Merged {
  readonly files: readonly SourceFile[];
  /** Whether people or a model wrote in its code, now or for an earlier revision. */
  readonly hasOwnCode: boolean;
}

/** The source with what is generated for the new schema, or as it was, merged into what people made of it. */
async function mergedSource(
  planning: Planning,
  state: ProjectState,
  goal: Goal,
  schema: Tried['schema'] | undefined,
): Promise<Merged> {
  // A new table gets its routes; where people wrote them already, theirs stand or the files are named.
  if (goal.kind === 'deploy' && !goal.checked) return { files: state.source, hasOwnCode: true };
  const { base, theirs } = goal.backTo
    ? await earlierSource(planning, state, goal.backTo)
    : await generatedSource(planning, state, goal, schema);
  const { files, conflicts } = mergeSource({ base, ours: state.source, theirs });
  if (conflicts.length > 0) throw conflict(conflicts);
  return { files, hasOwnCode: goal.kind !== 'change' || differs(codeOf(base), codeOf(state.source)) };
}

function codeOf(files: readonly SourceFile[]): readonly SourceFile[] {
  return files.filter(({ path }) => path.startsWith('src/'));
}

type Sides = Readonly<Record<'base' | 'theirs', readonly SourceFile[]>>;

async function earlierSource(
  { ports, project }: Planning,
  state: ProjectState,
  backTo: RevisionRecord,
): Promise<Sides> {
  return { base: state.published, theirs: await ports.artifacts.load(project.id, archiveHash(backTo.artifact)) };
}

async function generatedSource(
  { pool, project }: Planning,
  state: ProjectState,
  goal: Goal,
  schema: Tried['schema'] | undefined,
): Promise<Sides> {
  const statements = (await readStatements(pool, project.id)).map(({ sql }) => sql);
  const access = state.revision.receipt?.access;
  const blueprint = { name: project.name, prompt: project.prompt, statements, endpoints: [] };
  const [base, theirs] = await Promise.all([
    scaffoldBackend({ ...blueprint, schema: state.database?.schema, access }),
    scaffoldBackend({
      ...blueprint,
      schema: schema ?? state.database?.schema,
      access: schema ? extendAccess(access, schema) : access,
    }),
  ]);
  const added = goal.migrations.filter(
    ({ name }) => !state.source.some(({ path }) => path === `db/migrations/${name}`),
  );
  return {
    base,
    theirs: [...theirs, ...added.map(({ name, sql }) => ({ path: `db/migrations/${name}`, content: sql }))],
  };
}

function conflict(conflicts: readonly SourceConflict[]): TurboError {
  const places = conflicts
    .slice(0, 10)
    .flatMap(({ path, kind, disagreements }) => [
      `- ${path}: ${kind}`,
      ...disagreements
        .slice(0, 3)
        .map(({ line, ours, theirs }) => `    line ${line}, yours: ${oneLine(ours)} · generated: ${oneLine(theirs)}`),
    ]);
  return new TurboError(
    'CHANGE_CONFLICT',
    `What was written by hand and what is generated now do not go together:\n${places.join('\n')}`,
    {
      phase: 'code',
      fix: "Change these places in the project's source so that both can stand, or take your edits out, and plan the change again.",
    },
  );
}

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line || '(nothing)';
}

async function describe(
  planning: Planning,
  state: ProjectState,
  goal: Goal & Pick<DatabaseWork, 'paths'>,
  tried: Tried | undefined,
  { files: merged, hasOwnCode }: Merged,
) {
  const { ports, project } = planning;
  const { checked } = goal;
  const [before, after] = [
    await ports.artifacts.save(project.id, state.own),
    await ports.artifacts.save(project.id, merged),
  ];
  const database: DatabaseWork | undefined = checked && {
    steps: checked.steps,
    target: checked.target,
    ddl: checked.ddl,
    paths: goal.paths,
  };
  const work: ChangeWork = {
    kind: goal.kind,
    prompt: goal.prompt,
    revision: state.revision.number + 1,
    database,
    migrations: goal.migrations,
    sourceBefore: before.hash,
    sourceAfter: after.hash,
    sourceGiven: state.source === state.own ? undefined : (await ports.artifacts.save(project.id, state.source)).hash,
    hasOwnCode,
    ownFiles: ownFiles(goal, state, merged),
    apart: planning.apart,
    goesBack: goal.kind === 'undo' ? goal.undone.length : undefined,
  };
  const statements = (checked?.statements ?? []).map((statement, index) => ({
    ...statement,
    durationMs: tried?.durationsMs[index] ?? 0,
  }));
  const planId = `plan_${createHash('sha256')
    .update(JSON.stringify([project.id, state.hash, work]))
    .digest('hex')
    .slice(0, 16)}`;
  const plan: ChangePlan = {
    planId,
    project: project.name,
    baseRevision: state.revision.number,
    reasoning: goal.reasoning,
    statements,
    files: changedFiles(goal.kind === 'deploy' ? state.published : state.source, merged),
    warnings: [
      ...(planning.warnings ?? []),
      ...goal.warnings,
      ...(checked?.notes ?? []),
      ...(tried?.losses ?? []),
      ...(checked && tried ? pauseNeeded({ ...tried, steps: checked.steps }) : []),
    ],
    needsConsent: goal.kind !== 'undo' && statements.some(({ risk }) => risk === 'loses-data'),
    schema: { tables: tried?.schema.tables ?? state.database?.schema.tables ?? [] },
    ...(checked?.possibleRenames?.length ? { possibleRenames: checked.possibleRenames } : {}),
  };
  return { projectId: project.id, baseHash: state.hash, plan, work };
}

/** What is not of our making in the new release's code: for its answers its owners stand. */
function ownFiles({ kind, undone }: Goal, state: ProjectState, merged: readonly SourceFile[]): readonly string[] {
  const isOwners = kind === 'deploy' || undone.some((revision) => revision.kind === 'deploy');
  return changedFiles(state.published, isOwners ? merged : state.source)
    .map(({ path }) => path)
    .filter((path) => path.startsWith('src/'));
}

function differs(one: readonly SourceFile[], other: readonly SourceFile[]): boolean {
  return changedFiles(one, other).length > 0;
}
