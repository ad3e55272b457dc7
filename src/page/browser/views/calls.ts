import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import {
  bodyOf,
  callBackend,
  resolved,
  type Answered,
  type ApiDocument,
  type JsonSchema,
  type Operation,
} from '../api-document.ts';
import { html } from '../html.ts';
import { Command, curlLine, Shown, Trouble } from '../parts.ts';
import { useAction, useCall } from '../use-call.ts';
import type { TabProps } from './project-details.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The backend's own API: found, tried out, and taken along as curl. */
export function Calls({ project, query }: TabProps): VNode {
  const document = useCall<ApiDocument>(`/v1/projects/${encodeURIComponent(project.name)}/openapi.json`);
  return html`<${Shown} answer=${document}
    >${(found: ApiDocument) => html`<${Endpoints} project=${project} document=${found} search=${query.get('find') ?? ''} />`}<//
  >`;
}

function Endpoints({
  project,
  document,
  search,
}: {
  project: TabProps['project'];
  document: ApiDocument;
  search: string;
}): VNode {
  const [find, setFind] = useState(search);
  const [chosen, setChosen] = useState<string | undefined>();
  const endpoints = Object.entries(document.paths)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([path, operations]) =>
      METHODS.flatMap((method) =>
        operations[method] ? [{ id: `${method} ${path}`, method, path, operation: operations[method] }] : [],
      ),
    );
  const found = endpoints.filter(({ id, operation }) =>
    `${id} ${operation.summary ?? ''}`.toLowerCase().includes(find.toLowerCase()),
  );
  return html`<p>
      <input
        type="search"
        aria-label="Find an endpoint"
        placeholder="Find an endpoint"
        value=${find}
        onInput=${(event: InputEvent) => setFind((event.currentTarget as HTMLInputElement).value)}
      />
      <span class="soft" role="status">${found.length} of ${endpoints.length}</span>
    </p>
    <ul class="endpoints">
      ${found.map(
        ({ id, method, path, operation }) =>
          html`<li key=${id}>
            <button
              type="button"
              class="quiet endpoint"
              aria-expanded=${chosen === id}
              onClick=${() => setChosen(chosen === id ? undefined : id)}
            >
              <span class=${`method ${method}`}>${method.toUpperCase()}</span> <code>${path}</code>
              <span class="soft">${operation.summary ?? ''}</span>
            </button>
            ${chosen === id && html`<${TryIt} project=${project} method=${method} path=${path} body=${sampleBody(operation, document)} />`}
          </li>`,
      )}
    </ul>`;
}

interface TryProps {
  readonly project: TabProps['project'];
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

function TryIt({ project, method, path: documented, body: sample }: TryProps): VNode {
  const [path, setPath] = useState(documented);
  const [token, setToken] = useState('');
  const [body, setBody] = useState(sample ?? '');
  const [answer, setAnswer] = useState<Answered | undefined>();
  const { isBusy, problem, start } = useAction();
  const hasBody = sample !== undefined;
  const ask = (event: Event): void => {
    event.preventDefault();
    start(async () => {
      const given = hasBody ? { body: JSON.parse(body) as object } : {};
      setAnswer(await callBackend(project.name, { method: method.toUpperCase(), path, token, ...given }));
    });
  };
  const curl = curlLine(project.url, { method: method.toUpperCase(), path, token }, hasBody ? body : undefined);
  return html`<form class="try" onSubmit=${ask}>
    <label
      >Path
      <input value=${path} onInput=${(event: InputEvent) => setPath((event.currentTarget as HTMLInputElement).value)}
    /></label>
    <label
      >Token, if it needs one
      <input
        value=${token}
        autocomplete="off"
        onInput=${(event: InputEvent) => setToken((event.currentTarget as HTMLInputElement).value)}
    /></label>
    ${hasBody && html`<label>Body <textarea rows="6" spellcheck=${false} value=${body} onInput=${(event: InputEvent) => setBody((event.currentTarget as HTMLTextAreaElement).value)}></textarea></label>`}
    <p class="actions"><button class="main" disabled=${isBusy}>Send it</button></p>
    <${Trouble} problem=${problem} />
    ${
      answer &&
      html`<div role="status">
        <p><span class=${`badge ${answer.status < 400 ? 'ok' : 'failed'}`}>${answer.status}</span></p>
        <pre tabindex="0">${pretty(answer.body)}${answer.truncated ? '\n…' : ''}</pre>
      </div>`
    }
    <${Command} line=${curl} />
  </form>`;
}

/** A body to begin with: what must be there, with values of the right kind. */
function sampleBody(operation: Operation, document: ApiDocument): string | undefined {
  const schema = bodyOf(operation, document);
  if (!schema) return undefined;
  const names = schema.required ?? Object.keys(schema.properties ?? {}).slice(0, 3);
  const fields = names.map((name) => [name, sampleValue(name, resolved(schema.properties?.[name], document))]);
  return JSON.stringify(Object.fromEntries(fields), null, 2);
}

function sampleValue(name: string, schema: JsonSchema = {}): unknown {
  const [type] = [schema.type ?? 'string'].flat();
  if (schema.enum) return schema.enum[0];
  if (type === 'integer' || type === 'number')
    return schema.minimum !== undefined && schema.minimum > 1 ? schema.minimum : 1;
  if (type === 'boolean') return false;
  if (type === 'array') return [];
  if (type === 'object') return {};
  if (schema.format === 'email') return 'ada@example.com';
  if (schema.format === 'date') return '2026-01-31';
  if (schema.format === 'uri') return 'https://example.com';
  return name.replaceAll('_', ' ');
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
