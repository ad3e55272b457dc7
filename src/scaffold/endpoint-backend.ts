import type { EndpointField } from '../domain/schema-design.ts';
import type { SourceFile } from '../domain/source-file.ts';
import type { BackendBlueprint } from './backend-blueprint.ts';
import { healthOperation, readyOperation } from './backend/http/health-operations.ts';
import { proseLine, propertyName, quoted } from './code-text.ts';
import { modelEndpoints, type EndpointModel } from './endpoint-model.ts';
import { importBlock, importLine, importTypeLine } from './import-line.ts';
import { endpointReadme } from './endpoint-readme.ts';
import { prettyLiteral } from './pretty-literal.ts';
import { openApiText } from './openapi-file.ts';
import { descriptionOf } from './project-files.ts';

/** The files of a backend without a database that differ from one blueprint to the next. */
export function endpointFiles(blueprint: BackendBlueprint): readonly SourceFile[] {
  const models = modelEndpoints(blueprint.endpoints);
  const health = [
    { method: 'GET', url: '/healthz', operation: healthOperation },
    { method: 'GET', url: '/readyz', operation: { ...readyOperation, problems: [] } },
  ];
  const routes = [...health, ...models.map((model) => model.route)];
  return [
    ...models.map((model) => ({ path: `src/endpoints/${model.file}.ts`, content: endpointSource(model) })),
    { path: 'src/routes.ts', content: routesSource(models) },
    { path: 'openapi.json', content: openApiText(blueprint.name, descriptionOf(blueprint), routes) },
    { path: 'README.md', content: endpointReadme(blueprint, models) },
  ];
}

function endpointSource(model: EndpointModel): string {
  const { name, sketch, route } = model;
  const { url, method, operation } = route;
  const names = sketch.inputs.map((field) => field.name);
  const task = `${listed(names) || 'nothing'} into ${listed(sketch.outputs.map((field) => field.name)) || 'an answer'}`;
  return `${importBlock(
    importTypeLine('FastifyInstance', 'fastify'),
    importLine(['readInput'], '../http/read-input.ts'),
    importLine(['Problem'], '../problem.ts'),
  )}

/** ${proseLine(sketch.summary) || `${method} ${url}`} */
export function serve${name}(app: FastifyInstance): void {
  app.${method.toLowerCase()}(${quoted(url)}, { schema: operation }, (request) =>
    answer(readInput(operation, request) as ${name}Request),
  );
}

${interfaceSource(`${name}Request`, sketch.inputs)}

${interfaceSource(`${name}Response`, sketch.outputs)}

/** This is what is left to write. */
function answer(_input: ${name}Request): ${name}Response {
  throw new Problem(501, ${quoted(`Not written yet: src/endpoints/${model.file}.ts has to turn ${task}.`)});
}

const operation = ${prettyLiteral(operation)};
`;
}

function interfaceSource(name: string, fields: readonly EndpointField[]): string {
  const unique = [...new Map(fields.map((field) => [field.name, field])).values()];
  const lines = unique.flatMap((field) => [
    ...(field.description ? [`  /** ${proseLine(field.description)} */`] : []),
    `  readonly ${propertyName(field.name)}${field.required ? '' : '?'}: ${TYPES[field.type]};`,
  ]);
  return `export interface ${name} {${lines.length > 0 ? `\n${lines.join('\n')}\n` : ''}}`;
}

const TYPES: Readonly<Record<EndpointField['type'], string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'readonly unknown[]',
  object: 'Readonly<Record<string, unknown>>',
};

function routesSource(models: readonly EndpointModel[]): string {
  const imports = models.map(({ name, file }) => importLine([`serve${name}`], `./endpoints/${file}.ts`));
  const lines = models.map(({ name }) => `\n  serve${name}(app);`);
  return `${importBlock(importTypeLine('FastifyInstance', 'fastify'), ...imports)}

/** Every endpoint. */
export function registerRoutes(${models.length > 0 ? 'app' : '_app'}: FastifyInstance): void {${lines.join('')}
}
`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
