import type { ChangePlan } from '../domain/change-plan.ts';
import type { ProjectId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';
import { storableJson } from './storable.ts';

/** A plan as it is stored, with what carrying it out takes. */
export interface PlanRecord<Work> {
  readonly projectId: ProjectId;
  /** Over the catalog and the source that it was made for. */
  readonly baseHash: string;
  readonly plan: ChangePlan;
  readonly work: Work;
}

/** Plans are named after what they hold: storing the same one again changes nothing. */
export async function insertPlan<Work extends object>(db: DatabaseClient, record: PlanRecord<Work>): Promise<void> {
  await db.query(
    `INSERT INTO tb.change_plans (plan_id, project_id, base_revision, base_hash, plan, work)
     VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (plan_id) DO UPDATE
        SET plan = excluded.plan, work = excluded.work`,
    [
      record.plan.planId,
      record.projectId,
      record.plan.baseRevision,
      record.baseHash,
      storableJson(record.plan),
      storableJson(record.work),
    ],
  );
}

export async function findPlan<Work>(db: DatabaseClient, planId: string): Promise<PlanRecord<Work> | undefined> {
  const { rows } = await db.query<{ project_id: ProjectId; base_hash: string; plan: ChangePlan; work: Work }>(
    'SELECT project_id, base_hash, plan, work FROM tb.change_plans WHERE plan_id = $1',
    [planId],
  );
  const [row] = rows;
  return row && { projectId: row.project_id, baseHash: row.base_hash, plan: row.plan, work: row.work };
}
