import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Pool } from 'pg';
import { TurboError } from '../../src/domain/errors.ts';
import { newId, type ProjectId } from '../../src/domain/ids.ts';
import { LOCAL_PLACEMENT, type Placement } from '../../src/domain/placement.ts';
import type { ProjectPorts } from '../../src/pipeline/run-context.ts';
import { createProject, findProjectById, updateProject } from '../../src/store/projects.ts';
import { insertRun } from '../../src/store/runs.ts';
import { finishRemovals } from '../../src/use-cases/remove-project.ts';
import { findLeftovers, sweepLeftovers } from '../../src/use-cases/sweep-leftovers.ts';
import type { UseCaseParts } from '../../src/use-cases/use-case-parts.ts';
import { describeProject, requireProject } from '../../src/use-cases/view-projects.ts';
import { openTestControl } from '../support/control-database.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

const AWAY: Placement = { sandbox: 'daytona', source: 'github', artifacts: 's3', deploy: 'fly' };

let cluster: TestCluster;
let pool: Pool;
/** What lies where: `fly deployment`, … */
let lying: Map<string, Set<ProjectId>>;
/** The project that no provider lets go of. */
let refused: ProjectId | undefined;
/** The place that does not answer. */
let away: string | undefined;

before(async () => {
  cluster = await startTestCluster();
  pool = await openTestControl(cluster);
});
after(async () => {
  await pool.end();
  await cluster.stop();
});
beforeEach(() => {
  lying = new Map();
  refused = undefined;
  away = undefined;
});

test('removes what belongs to projects that are over, wherever it lies, and nothing else', async () => {
  const over = [await project('failed'), await project('deleted')];
  const alive = [await project('ready'), await project('creating'), await project('deleting')];
  for (const projectId of [...over, ...alive]) {
    for (const place of ['fly', 'daytona', 's3', 'github', 'local', 'folder']) put(place, projectId);
  }

  const found = await findLeftovers(parts());
  assert.deepEqual(new Set(found.map(({ projectId }) => projectId)), new Set(over));
  assert.equal(found.length, over.length * 8, 'four kinds, here and away');
  assert.ok(found.every(({ removable }) => removable));

  assert.deepEqual(await sweepLeftovers(parts()), found);
  assert.deepEqual(await findLeftovers(parts()), []);
  for (const projects of lying.values()) assert.deepEqual(projects, new Set(alive));
});

test('leaves alone what a run is still undoing', async () => {
  const projectId = await project('failed');
  await insertRun(pool, { id: newId('run'), projectId, ownerId: 'local', prompt: 'a blog', options: {} });
  put('fly', projectId);
  assert.deepEqual(await findLeftovers(parts()), []);
});

test('shows what another control database may need, and does not touch it', async () => {
  const stranger = newId('project');
  put('daytona', stranger);
  assert.deepEqual(await findLeftovers(parts()), [
    { kind: 'sandbox', place: 'daytona', projectId: stranger, project: undefined, removable: false },
  ]);
  assert.deepEqual(await sweepLeftovers(parts()), []);
  assert.deepEqual(lying.get('daytona'), new Set([stranger]));
});

test('what one provider keeps is told once everything else is gone', async () => {
  const [kept, other] = [await project('failed'), await project('failed')];
  for (const place of ['fly', 'daytona', 'github']) put(place, kept);
  put('s3', other);
  refused = kept;
  await assert.rejects(sweepLeftovers(parts()), { code: 'PROVIDER_REFUSED' });
  assert.deepEqual(lying.get('daytona'), new Set([kept]));
  assert.deepEqual(lying.get('s3'), new Set());
  refused = undefined;
  away = 'fly';
  await assert.rejects(findLeftovers(parts()), { code: 'PROVIDER_UNAVAILABLE' });
  await assert.rejects(sweepLeftovers(parts()), { code: 'PROVIDER_UNAVAILABLE' });
  assert.deepEqual([lying.get('fly'), lying.get('github')], [new Set([kept]), new Set()]);
});

test('a removal that a provider keeps from its end keeps no other from its own', async () => {
  const [kept, other] = [await project('deleting'), await project('deleting')];
  for (const projectId of [kept, other]) put('daytona', projectId);
  refused = kept;
  await finishRemovals(parts());
  assert.deepEqual(lying.get('daytona'), new Set([kept]));
  assert.equal((await findProjectById(pool, kept))?.status, 'deleting');
  assert.equal((await findProjectById(pool, other))?.status, 'deleted');
});

test('a project can be shown, and so deleted again, although its database is gone', async () => {
  for (const status of ['failed', 'deleting'] as const) {
    const projectId = await project(status);
    await updateProject(pool, projectId, { databaseName: 'tb_gone' });
    const { database } = await describeProject(parts(), await requireProject(parts(), projectId));
    assert.equal(database, null, status);
  }
});

async function project(status: 'creating' | 'ready' | 'failed' | 'deleting' | 'deleted'): Promise<ProjectId> {
  const id = newId('project');
  await createProject(pool, { id, ownerId: 'local', name: id.replace('_', '-'), prompt: 'a blog', placement: AWAY });
  await updateProject(pool, id, { status });
  return id;
}

function put(place: string, projectId: ProjectId): void {
  for (const kind of kindsAt(place)) lying.set(kind, (lying.get(kind) ?? new Set()).add(projectId));
}

function kindsAt(place: string): readonly string[] {
  return place === 'local' ? ['local deployment', 'local sandbox', 'local repository'] : [place];
}

function parts(): UseCaseParts {
  const databases = {
    open: () => Promise.reject(new TurboError('DATABASE_PROVISION_FAILED', 'There is no such database')),
    drop: () => Promise.resolve(),
  };
  return {
    ownerId: 'local',
    pool,
    ports: { cluster: databases },
    placements: [LOCAL_PLACEMENT, AWAY],
    portsAt,
    secrets: { forget: () => Promise.resolve() },
  } as unknown as UseCaseParts;
}

async function portsAt(placement: Placement): Promise<ProjectPorts> {
  return {
    deploy: portIn(placement.deploy, 'deployment'),
    sandboxes: portIn(placement.sandbox, 'sandbox'),
    source: portIn(placement.source, 'repository'),
    artifacts: portIn(placement.artifacts, 'archives'),
  } as unknown as ProjectPorts;
}

function portIn(place: string, kind: string) {
  const key = place === 'local' ? `local ${kind}` : place;
  return {
    async list() {
      if (place === away) throw new TurboError('PROVIDER_UNAVAILABLE', 'It does not answer');
      return [...(lying.get(key) ?? [])];
    },
    find: () => Promise.resolve(undefined),
    async remove(projectId: ProjectId) {
      if (projectId === refused) throw new TurboError('PROVIDER_REFUSED', 'It may not be removed');
      lying.get(key)?.delete(projectId);
    },
  };
}
