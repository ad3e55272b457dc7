import type { ProjectId } from '../domain/ids.ts';
import type { Placement } from '../domain/placement.ts';
import type { ProjectPorts } from '../pipeline/run-context.ts';
import { findProjectsById } from '../store/projects.ts';
import type { Leftover } from '../turbobackend.ts';
import type { UseCaseParts } from './use-case-parts.ts';

interface Kind {
  readonly kind: Leftover['kind'];
  readonly placeIn: (placement: Placement) => string;
  readonly portOf: (ports: ProjectPorts) => {
    list(): Promise<readonly ProjectId[]>;
    remove(projectId: ProjectId): Promise<void>;
  };
}

/** In the order in which a project is taken down. */
const KINDS: readonly Kind[] = [
  { kind: 'deployment', placeIn: ({ deploy }) => deploy, portOf: ({ deploy }) => deploy },
  { kind: 'sandbox', placeIn: ({ sandbox }) => sandbox, portOf: ({ sandboxes }) => sandboxes },
  { kind: 'repository', placeIn: ({ source }) => source, portOf: ({ source }) => source },
  { kind: 'archives', placeIn: ({ artifacts }) => artifacts, portOf: ({ artifacts }) => artifacts },
];

/**
 * What lies at any place whose settings are known and belongs to no live project: what was made by a run that failed and
 * could not take it back. Of what the control database does not know, another one may well do. Rejects when a place
 * does not tell what lies there.
 */
export async function findLeftovers(parts: UseCaseParts): Promise<readonly Leftover[]> {
  const { leftovers, failures } = await lookAround(parts, await placesOf(parts));
  if (failures.length > 0) throw failures[0];
  return leftovers;
}

/** Removes those that can be, although a place may be away; resolves to them, or rejects with what kept one. */
export async function sweepLeftovers(parts: UseCaseParts): Promise<readonly Leftover[]> {
  const places = await placesOf(parts);
  const { leftovers, failures } = await lookAround(parts, places);
  const removable = leftovers.filter((leftover) => leftover.removable);
  for (const { kind, place, projectId } of removable) {
    const lies = places.find((candidate) => candidate.kind === kind && candidate.place === place);
    await lies?.port.remove(projectId).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return removable;
}

interface Look {
  readonly leftovers: readonly Leftover[];
  /** Of the places that did not tell. */
  readonly failures: unknown[];
}

async function lookAround({ pool }: UseCaseParts, places: readonly OpenPlace[]): Promise<Look> {
  const looks = await Promise.allSettled(places.map(listPlace));
  const found = looks.flatMap((look) => (look.status === 'fulfilled' ? look.value : []));
  const failures = looks.flatMap((look): unknown[] => (look.status === 'rejected' ? [look.reason] : []));
  const projects = await findProjectsById(pool, [...new Set(found.map(({ projectId }) => projectId))]);
  const leftovers = found.flatMap((item): readonly Leftover[] => {
    const project = projects.get(item.projectId);
    if (!project) return [{ ...item, project: undefined, removable: false }];
    const { name, status, busy } = project;
    if (busy || (status !== 'failed' && status !== 'deleted')) return [];
    return [{ ...item, project: { name, status }, removable: true }];
  });
  return { leftovers, failures };
}

interface OpenPlace {
  readonly kind: Leftover['kind'];
  readonly place: string;
  readonly port: ReturnType<Kind['portOf']>;
}

/** Each place once, for each kind of thing that can lie there. */
async function placesOf({ placements, portsAt }: UseCaseParts): Promise<readonly OpenPlace[]> {
  const places = new Map<string, OpenPlace>();
  for (const placement of placements) {
    const ports = await portsAt(placement);
    for (const { kind, placeIn, portOf } of KINDS) {
      const place = placeIn(placement);
      places.set(`${kind} ${place}`, { kind, place, port: portOf(ports) });
    }
  }
  return [...places.values()];
}

async function listPlace({ kind, place, port }: OpenPlace): Promise<Pick<Leftover, 'kind' | 'place' | 'projectId'>[]> {
  return (await port.list()).map((projectId) => ({ kind, place, projectId }));
}
