import type { Fact, Lemmas } from '../grammar/facts.ts';
import { findEntity, findOwned } from '../library/entity-library.ts';
import { singularName } from '../names.ts';

/** Facts in which «employees' vacation requests» are employees with vacation requests, and «time tracking» is time entries. */
export function openCompounds(facts: readonly Fact[]): Fact[] {
  return facts.flatMap((fact): Fact[] => {
    if (fact.kind !== 'entity') return [fact];
    const name = canonical(fact.name);
    const parts = findOwned(name);
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
