import { plainRecord } from '../../../domain/plain-record.ts';
import type { FieldDefinitionNode, TypeNode } from 'graphql';
import { Kind, parse } from 'graphql';
import type { GivenSchema } from './given-schema.ts';
import { fromObjectTypes, type ObjectField, type ObjectType } from './object-types.ts';

const SCALARS: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({
    ID: 'varchar',
    String: 'text',
    Int: 'integer',
    Float: 'double precision',
    Boolean: 'boolean',
    DateTime: 'timestamptz',
    Date: 'date',
    Time: 'time',
    Timestamp: 'timestamptz',
    BigInt: 'bigint',
    Long: 'bigint',
    Decimal: 'numeric',
    JSON: 'jsonb',
    JSONObject: 'jsonb',
    UUID: 'uuid',
  }),
);

/** What answers and asks, and is no thing that is kept. */
const OPERATIONS = /^(?:Query|Mutation|Subscription)$|(?:Payload|Connection|Edge|Response|Result|PageInfo)$/;

/** The object types and enums of a GraphQL schema. Throws where its grammar is broken. */
export function readGraphql(text: string): GivenSchema {
  const { definitions } = parse(definitionsOf(text), { noLocation: true });
  const enums = definitions
    .filter((node) => node.kind === Kind.ENUM_TYPE_DEFINITION)
    .map(({ name, values }) => ({ name: name.value, values: (values ?? []).map((value) => value.name.value) }));
  const isEnum = (name: string) => enums.some((one) => one.name === name);
  const types = definitions
    .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter(({ name }) => !OPERATIONS.test(name.value))
    .map(({ name, fields }): ObjectType => ({
      name: name.value,
      fields: (fields ?? []).map((field) => readField(field, isEnum)),
    }));
  return fromObjectTypes(types, enums);
}

/** The definitions without the prose around them. */
function definitionsOf(text: string): string {
  const blocks = text.matchAll(
    /^\s*(?:(?:type|enum|input|interface)\s+\w+[^{]*\{[^}]*\}|scalar\s+\w+|union\s+\w+\s*=.*)/gm,
  );
  return [...blocks].map(([block]) => block).join('\n');
}

function readField({ name, type }: FieldDefinitionNode, isEnum: (name: string) => boolean): ObjectField {
  const { base, isList, nullable } = unwrap(type);
  const known = isEnum(base) ? base : SCALARS[base];
  const isKey = name.value === 'id' || undefined;
  return {
    name: name.value,
    isList,
    nullable: nullable && !isKey,
    isKey,
    ...(known ? { type: known } : { target: base }),
  };
}

function unwrap(type: TypeNode): { base: string; isList: boolean; nullable: boolean } {
  if (type.kind === Kind.NON_NULL_TYPE) return { ...unwrap(type.type), nullable: false };
  if (type.kind === Kind.LIST_TYPE) return { ...unwrap(type.type), isList: true, nullable: true };
  return { base: type.name.value, isList: false, nullable: true };
}
