import { commonTables, isMadeAnew, type Difference } from './difference.ts';

export const createEnums: Difference = (now, target) =>
  target.enums
    .filter(({ name }) => !now.enums.some((each) => each.name === name))
    .map((type) => ({ kind: 'create-enum', type }));

export const changeEnums: Difference = (now, target, keep) =>
  now.enums.flatMap(({ name, values: from }) => {
    const to = target.enums.find((each) => each.name === name)?.values;
    if (!to || from.join('\0') === to.join('\0')) return [];
    const remake = isMadeAnew(now, target, name);
    return [{ kind: 'set-enum-values', type: name, from, to, kept: keep().schema, remake }];
  });

export const dropEnums: Difference = (now, target, keep) =>
  now.enums
    .filter(({ name }) => !target.enums.some((each) => each.name === name))
    // A column that is still of the type is told by Postgres.
    .filter(({ name }) =>
      commonTables(now, target).every(({ table }) => table.columns.every(({ type }) => type.name !== name)),
    )
    .map((type) => ({ kind: 'drop-enum', type, kept: keep().schema }));
