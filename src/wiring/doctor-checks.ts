import type { Config } from '../config/config.ts';
import type { ClusterAccess } from '../database/cluster-access.ts';
import type { Home } from '../home/home.ts';
import type { LocalSandboxProvider } from '../sandbox/local-sandbox.ts';
import type { Check } from '../use-cases/diagnose.ts';
import type { UseCaseParts } from '../use-cases/use-case-parts.ts';
import { ownVersion } from './own-version.ts';

/** What the checks look into once it has been opened. */
export interface OpenedPlatform {
  readonly access: ClusterAccess;
  readonly sandboxes: LocalSandboxProvider;
  readonly parts: UseCaseParts;
}

/** What `doctor` looks at, from the ground up. */
export function checksFor(config: Config, home: Home, openPlatform: () => Promise<OpenedPlatform>): readonly Check[] {
  return [
    {
      subject: 'node',
      look: async () => ({ status: 'ok', finding: `Node ${process.versions.node} · turbobackend ${ownVersion()}` }),
    },
    { subject: 'state', look: async () => (await import('../use-cases/diagnose.ts')).checkFreeDisk(home.folder) },
    {
      subject: 'database',
      async look() {
        const { access } = await openPlatform();
        const where = `${config.cluster.kind} · PostgreSQL ${access.version} at ${access.host}:${access.port}`;
        const [open, ...more] = access.hardening ?? [];
        if (open === undefined) return { status: 'ok', finding: where };
        return { status: 'warning', finding: `${where} · ${[open, ...more].join(' · ')}` };
      },
    },
    {
      subject: 'sandbox',
      async look() {
        const { sandboxes } = await openPlatform();
        return { status: 'ok', finding: (await sandboxes.describe()).join(' · ') };
      },
    },
    {
      subject: 'planner',
      look: () => Promise.resolve({ status: 'ok', finding: describePlanner(config) }),
    },
    {
      subject: 'leftovers',
      async look() {
        const removed = await (await openPlatform()).parts.ports.cluster.sweep();
        return { status: 'ok', finding: removed.length === 0 ? 'none' : `removed ${removed.join(', ')}` };
      },
    },
  ];
}

function describePlanner({ model: { choice, budgetUsd } }: Config): string {
  if (!choice) return 'built-in: no model, no key, no cost';
  if (choice.provider === 'recording') return `a recording: ${choice.file}`;
  return `${choice.provider}, ${choice.model ?? 'its default model'} · at most $${budgetUsd} a run`;
}
