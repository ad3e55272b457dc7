import type { Node, TypeCast } from 'libpg-query';
import { EXTENSION_FUNCTIONS, OPERATOR_CLASSES } from '../allowed-functions.ts';
import { EXTENSION_TYPES } from '../column-types.ts';
import { stringNode, textsOf } from '../syntax-nodes.ts';
import type { DumpNotes } from './dump-notes.ts';

/**
 * Spells what extensions bring without the schema that a dump puts before it, and ids that need an extension the file
 * does not create as Postgres' own function. Changes the tree.
 */
export function spellExtensionNames(tree: Node, extensions: ReadonlySet<string>, notes: DumpNotes): void {
  walk(tree, (object) => {
    uncastBits(object);
    const field = ['funcname', 'opclass', 'names', 'name'].find((name) => Array.isArray(object[name]));
    if (field === undefined) return;
    const bare = bareName(field, textsOf(object[field] as Node[]), extensions, notes);
    if (bare !== undefined) object[field] = [stringNode(bare)];
  });
}

/** pg_dump writes `'101'::"bit"`, which the printer would turn into one bit; beside a bit string it needs no cast. */
function uncastBits(object: Record<string, unknown>): void {
  const cast = object['TypeCast'] as TypeCast | undefined;
  const isBits = /^(?:var)?bit$/.test(textsOf(cast?.typeName?.names).at(-1) ?? '') && !cast?.typeName?.typmods;
  if (!isBits || !cast?.arg || !('A_Const' in cast.arg)) return;
  delete object['TypeCast'];
  Object.assign(object, cast.arg);
}

const SCHEMAS: ReadonlySet<string> = new Set(['public', 'extensions']);

/** Undefined where the name stays as it is written. */
function bareName(
  field: string,
  written: readonly string[],
  extensions: ReadonlySet<string>,
  notes: DumpNotes,
): string | undefined {
  const [schema, name] = written.length === 2 && SCHEMAS.has(written[0]!) ? written : ['', written[0] ?? ''];
  if (written.length > 1 && schema === '') return undefined;
  const extension = EXTENSION_FUNCTIONS.get(name!);
  if (field === 'funcname' && extension === 'uuid-ossp' && !extensions.has(extension)) {
    notes.change('written as gen_random_uuid(), which needs no extension', `${name}()`);
    return 'gen_random_uuid';
  }
  if (schema === '') return undefined;
  const isKnown = {
    funcname: extension !== undefined,
    opclass: OPERATOR_CLASSES.has(name!),
    names: EXTENSION_TYPES.has(name!),
    name: extensions.size > 0,
  }[field];
  return isKnown ? name : undefined;
}

function walk(value: unknown, visit: (object: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const part of value) walk(part, visit);
  else if (typeof value === 'object' && value !== null) {
    visit(value as Record<string, unknown>);
    for (const part of Object.values(value)) walk(part, visit);
  }
}
