import { calledNames, callSource } from './column-call.ts';
import { literal, proseLine, propertyName, quoted } from './code-text.ts';
import { importBlock, importLine } from './import-line.ts';
import type { TableModel } from './table-model.ts';

/** A table's file in `src/schemas/`: its columns. */
export function schemaSource({ names, columns, table, api }: TableModel): string {
  const { types, rules } = calledNames(columns.map((column) => column.call));
  const properties = columns.map(({ field, call }) => `    ${propertyName(field)}: ${callSource(call)},`);
  const imports = importBlock(
    importLine(rules, '../table/column-rules.ts'),
    importLine(types, '../table/column-types.ts'),
    importLine(['table', 'type RowOf'], '../table/table.ts'),
  );
  const purpose = `The columns of ${names.plural}: what Postgres keeps, clients may send and answers show.`;
  return `${imports}

/** ${table.comment ? proseLine(table.comment) : purpose} */
export const ${names.identifier}Table = table({
  name: ${quoted(table.name)},
  model: ${quoted(names.model)},
  singular: ${quoted(names.singular)},
  plural: ${quoted(names.plural)},
  key: ${literal(api.key)},
${api.order ? `  order: ${literal(api.order)},\n` : ''}  indexed: ${literal(api.indexed)},
  columns: {
${properties.join('\n')}
  },
});

export type ${names.model}Row = RowOf<typeof ${names.identifier}Table>;
`;
}
