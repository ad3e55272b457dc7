import { isPasswordName } from '../answer-checks.ts';
import type { ApiDocument, Operation } from '../api-document.ts';
import { propertiesOf, type JsonSchema } from '../json-schema.ts';
import { dereference } from '../smoke/hostile-input.ts';
import { bodySchema, type Resource } from '../smoke/resource.ts';

/** Whether there is anything that a secret opens, however the backend documents it. */
export function hasLogin(document: ApiDocument, resources: readonly Resource[]): boolean {
  const plain = new Set(resources.flatMap(operationsOf).map(({ id }) => id));
  return document.operations.some(
    (operation) => asksWho(operation) || (!plain.has(operation.id) && takesSecretAtAll(operation, document)),
  );
}

function operationsOf({ list, create, read, update, remove, nested }: Resource): Operation[] {
  const own = [list, create, read, update, remove].filter((operation) => operation !== undefined);
  return [...own, ...nested.map(({ operation }) => operation)];
}

/** It refuses who may not, or takes a header or a cookie that says who asks. */
function asksWho({ answers, parameters, rules }: Operation): boolean {
  const statuses = [...Object.keys(answers), ...rules.map(({ status }) => String(status))];
  return (
    statuses.some((status) => status === '401' || status === '403') ||
    parameters.some(({ in: place, name }) => place === 'cookie' || (place === 'header' && CREDENTIAL.test(name)))
  );
}

const CREDENTIAL = /auth|token|api-?key|session/i;

/** A secret that comes to an operation of the backend's own is compared with something: a login by any name. */
function takesSecretAtAll({ body, parameters, ...operation }: Operation, document: ApiDocument): boolean {
  const inQuery = parameters.some(({ in: place, name }) => place === 'query' && isSecretName(name));
  return (
    inQuery || (body !== undefined && takesSecret(bodySchema({ body, parameters, ...operation }, document), document))
  );
}

/** Whether a body has a place for a secret, however deep. */
export function takesSecret(schema: JsonSchema, document: ApiDocument, depth = 0): boolean {
  const known = dereference(schema, (reference) => document.resolve(reference));
  return Object.entries(propertiesOf(known)).some(
    ([name, property]) => isSecretProperty(name, property) || (depth < 4 && takesSecret(property, document, depth + 1)),
  );
}

export function isSecretProperty(name: string, property: JsonSchema): boolean {
  return isSecretName(name) || (typeof property === 'object' && property['writeOnly'] === true);
}

const SECRET_NAME = /(^|_)(token|secret|api_?key|pin|otp|salt|credential|recovery_?code)s?(_?(hash|hashed|digest))?$/i;

/** Wider than what may never be answered: a token is handed to whom it belongs. */
export function isSecretName(name: string): boolean {
  return isPasswordName(name) || SECRET_NAME.test(name.replaceAll(/([a-z])([A-Z])/g, '$1_$2'));
}
