import { plainRecord } from '../../../domain/plain-record.ts';
import type * as Syntax from '@babel/types';
import { singularName } from '../names.ts';
import { type GivenSchema, sqlConstant } from './given-schema.ts';
import { fromObjectTypes, type ObjectField, type ObjectType } from './object-types.ts';
import {
  callsOf,
  constantOf,
  declarations,
  parseProgram,
  pathOf,
  propertiesOf,
  textOf,
  textsOf,
} from './parse-program.ts';

const TYPES: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    String: 'text',
    Number: 'double precision',
    Boolean: 'boolean',
    Date: 'timestamptz',
    Buffer: 'bytea',
    Decimal128: 'numeric',
    BigInt: 'bigint',
    UUID: 'uuid',
    Mixed: 'jsonb',
    Map: 'jsonb',
    ObjectId: 'varchar',
  }),
);

/** The schemas of Mongoose models: lists of documents are tables of their own, other nested objects stay JSON. */
export function readMongoose(text: string): GivenSchema {
  const statements = parseProgram(text, /^\s*(?:import|export|const|var|let)\b/);
  const declared = declarations(statements);
  const models = new Map(statements.flatMap((statement) => modelsIn(statement)));
  const schemas = declared.flatMap(([variable, node]) => {
    const call = callsOf(node).find(({ name }) => name === 'Schema');
    return call ? [{ variable, name: models.get(variable) ?? modelName(variable), args: call.args }] : [];
  });
  const names = new Map(schemas.map(({ variable, name }) => [variable, name]));
  return fromObjectTypes(schemas.flatMap(({ name, args }) => readSchema(name, args, names)));
}

/** `mongoose.model('User', userSchema)`, wherever it stands: schemas' variables and their models. */
function modelsIn(statement: Syntax.Statement): (readonly [string, string])[] {
  const nodes: Syntax.Node[] =
    statement.type === 'VariableDeclaration'
      ? statement.declarations.flatMap(({ init }) => init ?? [])
      : statement.type === 'ExpressionStatement'
        ? [statement.expression]
        : statement.type === 'ExportDefaultDeclaration'
          ? [statement.declaration]
          : [];
  return nodes.flatMap((node) => {
    const inner = node.type === 'AssignmentExpression' ? node.right : node;
    const call = callsOf(inner).find(({ name }) => name === 'model');
    const [name, variable] = [textOf(call?.args[0]), pathOf(call?.args[1])[0]];
    return name !== undefined && variable !== undefined ? [[variable, name] as const] : [];
  });
}

function modelName(variable: string): string {
  const name = variable.replace(/Schema$/, '');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function readSchema(
  name: string,
  [body, options]: readonly Syntax.Node[],
  names: ReadonlyMap<string, string>,
): ObjectType[] {
  const parts: ObjectType[] = [];
  const fields = propertiesOf(body).map(([field, node]) => readField(name, field, node, { names, parts }));
  const isTimed = propertiesOf(options).some(([key, value]) => key === 'timestamps' && constantOf(value) !== false);
  const times = ['createdAt', 'updatedAt'].map((time): ObjectField => ({
    name: time,
    type: 'timestamptz',
    nullable: false,
    default: 'now()',
  }));
  return [{ name, fields: [...fields, ...(isTimed ? times : [])] }, ...parts];
}

interface Reading {
  /** Models by the variables of their schemas. */
  readonly names: ReadonlyMap<string, string>;
  /** Lists of documents that have been met: tables of their own. */
  readonly parts: ObjectType[];
}

function readField(owner: string, name: string, node: Syntax.Node, reading: Reading): ObjectField {
  if (node.type === 'ArrayExpression') return readList(owner, name, node.elements[0] ?? undefined, reading);
  const schema = reading.names.get(pathOf(node)[0] ?? '');
  if (schema !== undefined) return { name, target: schema, nullable: true };
  const settings = propertiesOf(node);
  const setting = (key: string) => settings.find(([other]) => other === key)?.[1];
  const type = setting('type');
  if (settings.length > 0 && type === undefined) return { name, type: 'jsonb', nullable: true };
  if (type?.type === 'ArrayExpression') return { ...readList(owner, name, type.elements[0] ?? undefined, reading) };
  const values = textsOf(setting('enum'));
  const initial = constantOf(setting('default'));
  const isNow = pathOf(setting('default')).join('.') === 'Date.now';
  const required = setting('required');
  const isRequired = constantOf(required) === true || required?.type === 'ArrayExpression';
  return {
    name,
    ...typeOf(type ?? node, setting('ref')),
    nullable: !isRequired && initial === undefined && !isNow,
    unique: constantOf(setting('unique')) === true || undefined,
    values: values.length > 0 ? values : undefined,
    default: isNow ? 'now()' : initial === undefined ? undefined : sqlConstant(initial),
  };
}

function typeOf(node: Syntax.Node, ref: Syntax.Node | undefined): Pick<ObjectField, 'type' | 'target'> {
  const target = textOf(ref) ?? pathOf(ref).at(-1);
  if (target !== undefined) return { target, type: 'varchar' };
  return { type: TYPES[pathOf(node).at(-1) ?? ''] ?? 'jsonb' };
}

/** `[String]` is a list of texts, `[{ type: ObjectId, ref }]` one of keys, `[{ body: String }]` a table of its own. */
function readList(owner: string, name: string, item: Syntax.Node | undefined, reading: Reading): ObjectField {
  const schema = reading.names.get(pathOf(item)[0] ?? '');
  if (schema !== undefined) return { name, target: schema, isList: true, nullable: false };
  const settings = propertiesOf(item);
  const setting = (key: string) => settings.find(([other]) => other === key)?.[1];
  if (settings.length > 0 && setting('type') === undefined) {
    const part = `${owner}${modelName(singularName(name))}`;
    reading.parts.push({ name: part, fields: settings.map(([field, node]) => readField(part, field, node, reading)) });
    return { name, target: part, isList: true, nullable: false };
  }
  const read = item ? typeOf(setting('type') ?? item, setting('ref')) : { type: 'jsonb' };
  return { name, ...read, isList: true, nullable: true, isMutual: read.target !== undefined || undefined };
}
