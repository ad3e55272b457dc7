import type { CreateEnumStmt, CreateExtensionStmt } from 'libpg-query';
import type { EnumType } from '../domain/database-schema.ts';
import { COLUMN_TYPES, EXTENSION_TYPES, EXTENSIONS, SERIAL_TYPES } from './column-types.ts';
import { byteLength, MAX_NAME_BYTES } from './identifiers.ts';
import { LIMITS } from './limits.ts';
import { readName } from './read-name.ts';
import { refuse, type Reading } from './reading.ts';
import { textsOf } from './syntax-nodes.ts';

/** A CREATE TYPE … AS ENUM. */
export function readEnum(reading: Reading, statement: CreateEnumStmt): EnumType | undefined {
  const written = textsOf(statement.typeName);
  if (written.length > 1 && written[0] !== 'public') {
    return refuse(
      reading,
      'syntax-refused',
      `The type ${written.join('.')} lies in a schema other than public`,
      'Leave out the schema’s name.',
    );
  }
  const name = readName(reading, 'type', written.at(-1));
  const values = textsOf(statement.vals);
  if (name === undefined) return undefined;
  if (COLUMN_TYPES.has(name) || SERIAL_TYPES.has(name) || EXTENSION_TYPES.has(name)) {
    return refuse(
      reading,
      'name-refused',
      `The type "${name}" has the name of a type that is there already`,
      `Call it ${name}_kind.`,
    );
  }
  for (const problem of problemsWith(values))
    refuse(reading, 'enum-refused', `The enum ${name} ${problem}`, 'Give each value once, in short words.');
  return { name, values };
}

function problemsWith(values: readonly string[]): readonly string[] {
  const problems = [];
  if (values.length === 0) problems.push('has no values');
  if (values.length > LIMITS.enumValues) problems.push(`has more than ${LIMITS.enumValues} values`);
  if (new Set(values).size < values.length) problems.push('has the same value twice');
  if (values.some((value) => byteLength(value) > MAX_NAME_BYTES))
    problems.push(`has a value of more than ${MAX_NAME_BYTES} bytes`);
  return problems;
}

/** The name that a CREATE EXTENSION asks for. */
export function readExtension(reading: Reading, statement: CreateExtensionStmt): string | undefined {
  const name = statement.extname ?? '';
  if (EXTENSIONS.has(name)) return name;
  const fix = `Leave it out; allowed are ${[...EXTENSIONS].join(', ')}.`;
  return refuse(reading, 'extension-refused', `The extension "${name.slice(0, 80)}" is not allowed`, fix);
}
