import { plainRecord } from '../../../domain/plain-record.ts';
import type * as Syntax from '@babel/types';
import { inferColumn } from '../infer-column.ts';
import { snakeCase } from '../names.ts';
import type { GivenEnum, GivenSchema } from './given-schema.ts';
import { fromObjectTypes, type ObjectField, type ObjectType } from './object-types.ts';
import { parseProgram, textOf } from './parse-program.ts';

const OPENS = /^\s*(?:export\s+)?(?:declare\s+)?(?:interface\s+[A-Z]\w*|type\s+[A-Z]\w*\s*=|enum\s+[A-Z])/;

/** The interfaces, object types and enums of a TypeScript text; what answers or asks (`…Response`, `…Props`) is left out. */
export function readTypescript(text: string): GivenSchema {
  const statements = parseProgram(text, OPENS);
  const enums = statements.flatMap(readEnum);
  const unions = new Map(statements.flatMap(readUnion));
  const bodies = new Map(statements.flatMap(readBody));
  const reading = { bodies, unions, enums: new Set(enums.map(({ name }) => name)) };
  const types = [...bodies]
    .filter(
      ([name]) => !/(?:Props|State|Request|Response|Params|Query|Options|Config|Payload|Input|Dto|DTO)$/.test(name),
    )
    .map(([name, body]): ObjectType => ({ name, fields: fieldsOf(body, reading) }))
    .filter(({ fields }) => fields.length > 0);
  return fromObjectTypes(withoutBases(types, bodies), enums);
}

/** What others extend and no field holds is no thing of its own. */
function withoutBases(types: readonly ObjectType[], bodies: ReadonlyMap<string, Body>): ObjectType[] {
  const bases = new Set([...bodies.values()].flatMap((body) => body.bases));
  const held = new Set(types.flatMap(({ fields }) => fields.map(({ target }) => target)));
  return types.filter(({ name }) => !bases.has(name) || held.has(name));
}

interface Body {
  readonly members: readonly Syntax.TSTypeElement[];
  /** The names of what it extends. */
  readonly bases: readonly string[];
}

interface Reading {
  readonly bodies: ReadonlyMap<string, Body>;
  /** The values of types that are a choice of texts. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
  readonly enums: ReadonlySet<string>;
}

function readBody(statement: Syntax.Statement): (readonly [string, Body])[] {
  if (statement.type === 'TSInterfaceDeclaration') {
    const bases = (statement.extends ?? []).flatMap(
      (base) => nameOf('expression' in base ? base.expression : base) ?? [],
    );
    return [[statement.id.name, { members: statement.body.body, bases }]];
  }
  if (statement.type !== 'TSTypeAliasDeclaration') return [];
  const parts =
    statement.typeAnnotation.type === 'TSIntersectionType'
      ? statement.typeAnnotation.types
      : [statement.typeAnnotation];
  const members = parts.flatMap((part) => (part.type === 'TSTypeLiteral' ? part.members : []));
  const bases = parts.flatMap((part) => (part.type === 'TSTypeReference' ? (nameOf(part.typeName) ?? []) : []));
  return members.length > 0 ? [[statement.id.name, { members, bases }]] : [];
}

function readUnion(statement: Syntax.Statement): (readonly [string, readonly string[]])[] {
  if (statement.type !== 'TSTypeAliasDeclaration') return [];
  const values = choices(statement.typeAnnotation);
  return values.length > 0 ? [[statement.id.name, values]] : [];
}

function readEnum(statement: Syntax.Statement): GivenEnum[] {
  if (statement.type !== 'TSEnumDeclaration') return [];
  const members = 'body' in statement && statement.body ? statement.body.members : [];
  const values = members.map(
    ({ id, initializer }) => textOf(initializer ?? undefined) ?? (id.type === 'Identifier' ? id.name : id.value),
  );
  return [{ name: statement.id.name, values }];
}

function fieldsOf(body: Body, reading: Reading, depth = 0): ObjectField[] {
  const inherited =
    depth > 4
      ? []
      : body.bases.flatMap((base) => {
          const found = reading.bodies.get(base);
          return found ? fieldsOf(found, reading, depth + 1) : [];
        });
  const own = body.members.flatMap((member) => readMember(member, reading));
  return [...inherited.filter(({ name }) => !own.some((field) => field.name === name)), ...own];
}

function readMember(member: Syntax.TSTypeElement, reading: Reading): ObjectField[] {
  if (member.type !== 'TSPropertySignature' || !member.typeAnnotation) return [];
  const name = member.key.type === 'Identifier' ? member.key.name : textOf(member.key);
  if (name === undefined || member.typeAnnotation.type !== 'TSTypeAnnotation') return [];
  const read = readType(member.typeAnnotation.typeAnnotation, name, reading);
  const isKey = name === 'id' || undefined;
  const isCounted = (isKey && read.type === 'integer') || undefined;
  return [{ ...read, name, isKey, isCounted, nullable: !isKey && ((member.optional ?? false) || read.nullable) }];
}

type Read = Pick<ObjectField, 'type' | 'target' | 'isList' | 'nullable' | 'values'>;

function readType(node: Syntax.TSType, name: string, reading: Reading): Read {
  if (node.type === 'TSNumberKeyword') return { type: numberType(name), nullable: false };
  if (node.type === 'TSStringKeyword') return { type: isId(name) ? 'varchar' : 'text', nullable: false };
  if (node.type === 'TSArrayType')
    return { ...readType(node.elementType, singular(name), reading), isList: true, nullable: false };
  if (node.type === 'TSParenthesizedType') return readType(node.typeAnnotation, name, reading);
  if (node.type === 'TSUnionType') return readUnionType(node, name, reading);
  if (node.type === 'TSLiteralType') return { type: 'text', nullable: false, values: choices(node) };
  if (node.type === 'TSTypeReference') return readReference(node, name, reading);
  return { type: PLAIN[node.type] ?? 'jsonb', nullable: false };
}

const PLAIN: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({ TSBooleanKeyword: 'boolean', TSBigIntKeyword: 'bigint' }),
);

function isId(name: string): boolean {
  return /^id$|(?:Id|_id)$/.test(name);
}

function readUnionType(node: Syntax.TSUnionType, name: string, reading: Reading): Read {
  const rest = node.types.filter((one) => one.type !== 'TSNullKeyword' && one.type !== 'TSUndefinedKeyword');
  const nullable = rest.length < node.types.length;
  const values = choices({ ...node, types: rest });
  if (values.length > 0) return { type: 'text', nullable, values };
  const [only] = rest;
  return only && rest.length === 1 ? { ...readType(only, name, reading), nullable } : { type: 'jsonb', nullable };
}

function readReference(node: Syntax.TSTypeReference, name: string, reading: Reading): Read {
  const target = nameOf(node.typeName) ?? '';
  const [inner] = ('typeArguments' in node ? node.typeArguments?.params : undefined) ?? [];
  if (/^(?:Readonly)?Array$/.test(target) && inner)
    return { ...readType(inner, singular(name), reading), isList: true, nullable: false };
  if (target === 'Date') return { type: 'timestamptz', nullable: false };
  const values = reading.unions.get(target);
  if (values) return { type: 'text', nullable: false, values };
  if (reading.enums.has(target)) return { type: target, nullable: false };
  return reading.bodies.has(target) ? { target, nullable: false } : { type: 'jsonb', nullable: false };
}

/** The texts of `'draft' | 'published'`; empty when it is anything else. */
function choices(node: Syntax.TSType): string[] {
  const parts = node.type === 'TSUnionType' ? node.types : [node];
  const texts = parts.flatMap((part) => (part.type === 'TSLiteralType' ? (textOf(part.literal) ?? []) : []));
  return texts.length === parts.length ? texts : [];
}

/** A number's column, by what its name says; any number when that says nothing. */
function numberType(name: string): string {
  if (isId(name)) return 'integer';
  const inferred = inferColumn(snakeCase(name)).type;
  return /^(?:integer|bigint|numeric|double)/.test(inferred) ? inferred : 'double precision';
}

function singular(name: string): string {
  return name.replace(/s$/, '');
}

function nameOf(node: Syntax.Node): string | undefined {
  return node.type === 'Identifier' ? node.name : undefined;
}
