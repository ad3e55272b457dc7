import type { ChangePlan } from '../../domain/change-plan.ts';
import type { CommandContext } from '../command-context.ts';
import { renderTable } from './table.ts';
import { oneLine } from './text.ts';

/** A plan for people: what it does, with its risks, and what becomes of the source. */
export function describeChangePlan(
  plan: ChangePlan,
  { out, command }: Pick<CommandContext, 'out' | 'command'>,
): string {
  const { paint, marks } = out;
  return [
    `${paint('bold', `${plan.project}, revision ${plan.baseRevision} → ${plan.baseRevision + 1}`)}  ${paint('dim', plan.planId)}`,
    oneLine(plan.reasoning),
    ...(plan.statements.length === 0 ? [] : ['', statementTable(plan, out)]),
    ...(plan.files.length === 0 ? [] : ['', filesLine(plan)]),
    ...plan.warnings.map((warning) => `${paint('yellow', marks.warned)} ${oneLine(warning)}`),
    ...(plan.possibleRenames ?? []).map(
      ({ from, to }) =>
        `${paint('yellow', '?')} ${from} goes and ${to} comes; if that is a renaming, its values stay with --rename ${from}=${to}`,
    ),
    ...(plan.needsConsent
      ? [
          '',
          `Data goes out of reach for the backend, and is kept for an undo: ${command} apply ${plan.planId} --accept-data-loss ${plan.planId}`,
        ]
      : []),
  ].join('\n');
}

function statementTable({ statements }: ChangePlan, out: CommandContext['out']): string {
  const rows = statements.map(({ sql, risk, lock, rows: count, durationMs }) => [
    risk,
    oneLine(sql),
    lock.toLowerCase(),
    String(count),
    `${durationMs} ms`,
  ]);
  return renderTable(['RISK', 'STATEMENT', 'LOCK', 'ROWS', 'TOOK'], rows, out);
}

function filesLine({ files }: ChangePlan): string {
  const of = (change: string): readonly string[] =>
    files.filter((file) => file.change === change).map(({ path }) => path);
  const parts = (['added', 'changed', 'removed'] as const)
    .map((change) => ({ change, paths: of(change) }))
    .filter(({ paths }) => paths.length > 0);
  return parts
    .map(
      ({ change, paths }) =>
        `${change}: ${paths.slice(0, 12).join(', ')}${paths.length > 12 ? ` and ${paths.length - 12} more` : ''}`,
    )
    .join('\n');
}
