import type { BackendBlueprint } from './backend-blueprint.ts';
import type { EndpointModel } from './endpoint-model.ts';
import type { EndpointField } from '../domain/schema-design.ts';
import { markdownCellCode, markdownText } from './markdown-text.ts';

export function endpointReadme({ name, prompt }: BackendBlueprint, models: readonly EndpointModel[]): string {
  return `# ${name}

> ${markdownText(prompt)}

An HTTP API in TypeScript on Fastify that keeps no data. Node 22.18 or newer runs the sources as they are.

${whatIsMissing(models)}

\`\`\`sh
npm ci --ignore-scripts
npm start
\`\`\`

Then open http://127.0.0.1:3000/docs${models.length > 0 ? ', or type:' : '.'}

${models.length > 0 ? `\`\`\`sh\nAPI=http://127.0.0.1:3000\n${models.map(curlLine).join('\n')}\n\`\`\`\n\n` : ''}## The API

| Path | Method | What it is for |
| --- | --- | --- |
${models.map(({ route, sketch }) => `| ${markdownCellCode(route.url)} | ${route.method} | ${markdownText(sketch.summary)} |`).join('\n')}
| \`/healthz\`, \`/readyz\` | GET | whether it is up |
| \`/openapi.json\`, \`/docs\` | GET | its documentation, for programs and for people |

Errors are [problem+json](https://www.rfc-editor.org/rfc/rfc9457). A request is checked against the documentation before a
handler sees it.

## Tests

\`npm test\` sends every endpoint what it documents and what it does not; \`npm run typecheck\` checks the types.

## Running it elsewhere

\`docker build -t ${name} . && docker run -p 3000:3000 ${name}\`, or anything else that runs Node. The settings are in
\`.env.example\`.
`;
}

function whatIsMissing(models: readonly EndpointModel[]): string {
  if (models.length === 0) {
    return '**What is still to be written:** the endpoints themselves. None could be told from the sentence above.';
  }
  const files = models.map(({ file }) => `- \`src/endpoints/${file}.ts\``).join('\n');
  return `**What is still to be written:** the endpoints are documented, and their requests are checked, but what they answer
has to be computed by code that nobody has written yet. Until then they answer 501. One function in each of these files:

${files}`;
}

function curlLine({ route, sketch }: EndpointModel): string {
  const path = route.url.replace(/:(\w+)/g, 'example');
  const given = sketch.inputs.filter((field) => field.required && !route.url.includes(`:${field.name}`));
  if (route.method === 'GET') {
    const query = given.map(
      (field) => `${encodeURIComponent(field.name)}=${encodeURIComponent(String(example(field)))}`,
    );
    return `curl -s "$API${path}${query.length > 0 ? `?${query.join('&')}` : ''}"`;
  }
  const body = JSON.stringify(Object.fromEntries(given.map((field) => [field.name, example(field)])));
  return `curl -s "$API${path}" -H 'content-type: application/json' -d '${body.replaceAll("'", `'\\''`)}'`;
}

function example({ type }: EndpointField): unknown {
  return { string: 'text', number: 1.5, integer: 1, boolean: true, array: [], object: {} }[type];
}
