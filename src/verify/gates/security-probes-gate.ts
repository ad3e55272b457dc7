import type { AccessPlan } from '../../domain/access.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import { sampleRows } from '../../samples/sample-rows.ts';
import { describeApi } from '../../scaffold/scaffold.ts';
import { NOBODY, type Tester } from '../access/tester.ts';
import type { ApiDocument } from '../api-document.ts';
import { countRows, type RowCounts } from '../clone-rows.ts';
import type { GateOutcome } from '../gate-runner.ts';
import { Prober } from '../prober.ts';
import type { Redactor } from '../../domain/redactor.ts';
import { injectSql, probeProtocol, traverse } from '../security/http-probes.ts';
import { probeRole, type RoleProbes } from '../security/role-probes.ts';
import { probeSecrets, type SecretProbes } from '../security/secret-probes.ts';
import { createRows } from '../smoke/create-rows.ts';
import { resourcesOf, type Resource } from '../smoke/resource.ts';

const ROWS = 2;

export interface SecurityTarget {
  readonly url: string;
  readonly document: ApiDocument;
  /** The copy that the backend works on. */
  readonly clone: ProvisionedDatabase | undefined;
  /** The name of the database that the copy is of. */
  readonly databaseName: string | undefined;
  readonly redactor: Redactor;
  /** As whom it is attacked; nobody when undefined. */
  readonly tester?: Tester;
  readonly access?: AccessPlan | undefined;
}

/** Attacks the running backend and tries what its database role must not be able to do. */
export async function securityProbesGate(target: SecurityTarget, signal: AbortSignal): Promise<GateOutcome> {
  const { url, document, clone, redactor } = target;
  const { tester = NOBODY } = target;
  const prober = new Prober(url, document, signal, redactor, tester.headers);
  try {
    const resources = clone ? await fill(target, clone, signal) : [];
    const before = clone && (await countRows(clone));
    const injections = await injectSql(prober, resources);
    const protocol = await probeProtocol(prober, resources);
    const traversals = await traverse(prober);
    const changes = clone && before ? changedRows(before, await countRows(clone)) : [];
    const role = clone ? await probeRole(clone, target.databaseName ?? clone.name) : undefined;
    // Last, as it may make rows.
    const secrets = clone ? await probeSecrets(prober, clone, resources) : { faults: [], notes: [] };
    return outcome(prober, { injections, protocol, traversals, changes, role, secrets });
  } finally {
    prober.close();
  }
}

/** Some rows to steal. Whether creating them works is the smoke gate's to judge. */
async function fill(
  target: SecurityTarget,
  clone: ProvisionedDatabase,
  signal: AbortSignal,
): Promise<readonly Resource[]> {
  const { tester = NOBODY } = target;
  const all = resourcesOf(clone.schema, describeApi(clone.schema, target.access), target.document);
  const resources = tester.limit(all.resources);
  const prober = new Prober(target.url, target.document, signal, target.redactor, tester.headers);
  const samples = sampleRows(clone.schema, ROWS);
  for (const resource of resources) {
    const rows = samples.find(({ table }) => table === resource.table.name)?.rows ?? [];
    await createRows(prober, resource, resources, rows);
  }
  prober.close();
  return resources;
}

function changedRows(before: RowCounts, after: RowCounts): string[] {
  const tables = new Set([...before.keys(), ...after.keys()]);
  return [...tables]
    .filter((table) => before.get(table) !== after.get(table))
    .map(
      (table) =>
        `${table}: expected ${before.get(table) ?? 0} rows after the attacks; there are ${after.get(table) ?? 'none, the table is gone'}`,
    );
}

interface Findings {
  readonly injections: number;
  readonly protocol: number;
  readonly traversals: number;
  readonly changes: readonly string[];
  readonly role: RoleProbes | undefined;
  readonly secrets: SecretProbes;
}

function outcome(prober: Prober, findings: Findings): GateOutcome {
  const { injections, protocol, traversals, changes, role, secrets } = findings;
  const others = [...changes, ...secrets.faults, ...(role?.faults ?? [])];
  const faults = [...others, ...prober.faultLines()];
  const count = others.length + prober.faultCount;
  const evidence = [
    `${injections} requests with SQL in filters, orders, cursors and keys: refused, or taken for values`,
    `${protocol} requests with polluted prototypes, broken headers and unknown methods`,
    `${traversals} requests for files outside: none was served`,
    ...(role?.refused ?? []),
    ...(role?.notes ?? []),
    ...secrets.notes,
  ];
  if (count === 0) {
    const refusals = role ? `, ${role.refused.length} refusals by the database` : '';
    return { status: 'passed', summary: `${prober.requestCount} hostile requests without effect${refusals}`, evidence };
  }
  return { status: 'failed', summary: `${faults[0]}${count > 1 ? ` (and ${count - 1} more)` : ''}`, evidence: faults };
}
