import type { RunContext } from '../run-context.ts';
import type { ChangeOrder } from './change-work.ts';
import { readProjectState, type ProjectState } from './project-state.ts';

/** The plan that a change's run carries out. */
export function orderOf({ order }: Pick<RunContext, 'order'>): ChangeOrder {
  if (!order.change) throw new Error('The run has no plan to carry out');
  return order.change;
}

/** The project as it stands now, with the source that the plan was made from. */
export async function stateOf({ order, ports, records }: RunContext): Promise<ProjectState> {
  const { projectId, databaseName } = order;
  const { work } = orderOf({ order });
  const given = work.sourceGiven === undefined ? undefined : await ports.artifacts.load(projectId, work.sourceGiven);
  return readProjectState(ports, { projectId, databaseName, revision: await records.loadRevision(), given });
}
