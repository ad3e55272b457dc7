import type { Fact, Lemmas } from '../grammar/facts.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { singularName } from '../names.ts';

/** Facts in which «employees' vacation requests» are employees with vacation requests, and «time tracking» is time entries. */
export function openCompounds(facts: readonly Fact[]): Fact[] {
  return facts.flatMap((fact) => {
    if (fact.kind !== 'entity') return [fact];
    const name = canonical(fact.name);
    const parts = splitName(name);
    if (parts === undefined) return [{ ...fact, name }];
    const { owner, part } = parts;
    return [
      { kind: 'entity', name: owner, weight: fact.weight },
      { kind: 'entity', name: part, weight: fact.weight },
    ];
  });
}

/** What goes on is kept as what comes of it: billing as invoices. */
function canonical(name: Lemmas): Lemmas {
  const text = name.join(' ');
  const entity = name.length > 1 && name.at(-1)?.endsWith('ing') ? findEntity(text)?.name : undefined;
  return entity === undefined || entity.endsWith('ings') ? name : singularName(entity).split('_');
}

/** The owner and the part, when the library's part points at such an owner. */
function splitName(name: Lemmas): { owner: Lemmas; part: Lemmas } | undefined {
  if (name.length < 2 || findEntity(name.join(' ')) !== undefined) return undefined;
  for (let at = 1; at < name.length; at++) {
    const [owner, part] = [name.slice(0, at), name.slice(at)];
    const target = findEntity(owner.join(' '))?.name;
    const columns = findEntity(part.join(' '))?.columns ?? [];
    const isOwned = columns.some(({ references }) => references !== undefined && libraryName(references) === target);
    // A part of one word keeps its full name: «recipe ratings».
    if (isOwned) return { owner, part: part.length > 1 ? part : name };
  }
  return undefined;
}
