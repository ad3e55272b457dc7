import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Pool } from 'pg';
import { newId, type ProjectId } from '../../src/domain/ids.ts';
import { LOCAL_PLACEMENT, type Placement } from '../../src/domain/placement.ts';
import type { ProjectPorts } from '../../src/pipeline/run-context.ts';
import { createProject, updateProject } from '../../src/store/projects.ts';
import { insertRun } from '../../src/store/runs.ts';
import { findLeftovers, sweepLeftovers } from '../../src/use-cases/sweep-leftovers.ts';
import type { UseCaseParts } from '../../src/use-cases/use-case-parts.ts';
import { openTestControl } from '../support/control-database.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

const AWAY: Placement = { sandbox: 'daytona', source: 'github', artifacts: 's3', deploy: 'fly' };

let cluster: TestCluster;
let pool: Pool;
/** What lies where: `fly deployment`, … */
let lying: Map<string, Set<ProjectId>>;

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
  return { pool, placements: [LOCAL_PLACEMENT, AWAY], portsAt } as unknown as UseCaseParts;
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
    list: () => Promise.resolve([...(lying.get(key) ?? [])]),
    remove: (projectId: ProjectId) => Promise.resolve(void lying.get(key)?.delete(projectId)),
  };
}
