import type { Config } from '../config/config.ts';
import type { ClusterAccess } from '../database/cluster-access.ts';
import type { Home } from '../home/home.ts';
import type { LocalSandboxProvider } from '../sandbox/local-sandbox.ts';
import { countOtherInstallations } from '../store/project-databases.ts';
import type { Check } from '../use-cases/diagnose.ts';
import type { UseCaseParts } from '../use-cases/use-case-parts.ts';
import { ownVersion } from '../domain/own-version.ts';

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
        const { access, parts } = await openPlatform();
        const where = `${config.cluster.kind} · PostgreSQL ${access.version} at ${access.host}:${access.port}`;
        const others = await countOtherInstallations(parts.pool, home.installationId);
        const findings = [...(access.hardening ?? []), ...(others > 0 ? [sharedWithOthers(others)] : [])];
        if (findings.length === 0) return { status: 'ok', finding: where };
        return { status: 'warning', finding: [where, ...findings].join(' · ') };
      },
    },
    ...(config.placement.sandbox === 'local' ? [localSandboxCheck(openPlatform)] : []),
    ...providerChecks(config, openPlatform),
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

/** Whoever takes a run from the shared queue has to open its passwords. */
function sharedWithOthers(others: number): string {
  const who = others === 1 ? 'another installation' : `${others} other installations`;
  return `${who} with a key of its own works on this control database; services need one TURBOBACKEND_SECRET_KEY.`;
}

function localSandboxCheck(openPlatform: () => Promise<OpenedPlatform>): Check {
  return {
    subject: 'sandbox',
    async look() {
      const { sandboxes } = await openPlatform();
      return { status: 'ok', finding: (await sandboxes.describe()).join(' · ') };
    },
  };
}

/** Each chosen provider is asked for something that changes nothing. */
function providerChecks({ placement }: Config, openPlatform: () => Promise<OpenedPlatform>): readonly Check[] {
  const roles = [
    { subject: placement.sandbox, role: 'sandboxes' },
    { subject: placement.source, role: 'source' },
    { subject: placement.artifacts, role: 'artifacts' },
    { subject: placement.deploy, role: 'deploy' },
  ] as const;
  return roles
    .filter(({ subject }) => subject !== 'local' && subject !== 'folder')
    .map(({ subject, role }) => ({
      subject,
      async look() {
        const { portsAt } = (await openPlatform()).parts;
        const port = (await portsAt(placement))[role];
        return { status: 'ok', finding: (await port.check?.()) ?? 'nothing to ask' };
      },
    }));
}

function describePlanner({ model: { choice, budgetUsd } }: Config): string {
  if (!choice) return 'built-in: no model, no key, no cost';
  if (choice.provider === 'recording') return `a recording: ${choice.file}`;
  return `${choice.provider}, ${choice.model ?? 'its default model'} · at most $${budgetUsd} a run`;
}
