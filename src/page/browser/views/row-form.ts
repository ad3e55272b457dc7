import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { callBackend, pathOfRow, type BackendRequest, type JsonSchema, type TableEndpoints } from '../api-document.ts';
import { Problem } from '../api.ts';
import { html } from '../html.ts';
import { Command, curlLine, Trouble } from '../parts.ts';
import { useAction } from '../use-call.ts';
import type { ProjectDetails } from './project-details.ts';

export type Row = Readonly<Record<string, unknown>>;

interface RowFormProps {
  readonly project: ProjectDetails;
  readonly table: string;
  readonly endpoints: TableEndpoints;
  /** The row to change; without one a row is added. */
  readonly row?: Row | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Adds a row or changes one by the backend's own API: as the backend's role, and under the backend's rules. */
export function RowForm({ project, table, endpoints, row, onDone, onClose }: RowFormProps): VNode | null {
  const endpoint = row ? endpoints.change : endpoints.add;
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [token, setToken] = useState('');
  const { isBusy, problem, start } = useAction();
  const path = endpoint && pathOfRow(endpoint.path, row ?? {});
  if (!endpoint || path === undefined) return null;
  const { properties = {}, required = [] } = endpoint.body;
  const request = { method: row ? 'PATCH' : 'POST', path, token };
  const send = (what: () => BackendRequest): void =>
    start(async () => {
      await mustSucceed(project.name, what());
      onDone();
    });
  const submit = (event: Event): void => {
    event.preventDefault();
    send(() => ({ ...request, body: bodyFrom(properties, texts) }));
  };
  return html`<form
    class="try"
    onSubmit=${submit}
    aria-label=${row ? `Change a row of ${table}` : `Add a row to ${table}`}
  >
    <div class="fields">
      ${Object.entries(properties).map(
        ([name, schema]) =>
          html`<${Field}
            key=${name}
            name=${name}
            schema=${schema}
            isRequired=${!row && required.includes(name)}
            text=${texts[name] ?? textOf(row?.[name], schema)}
            onText=${(text: string) => setTexts({ ...texts, [name]: text })}
          />`,
      )}
    </div>
    ${
      endpoint.needsToken &&
      html`<label
        >Token of somebody who may do this
        <input
          value=${token}
          autocomplete="off"
          onInput=${(event: InputEvent) => setToken((event.currentTarget as HTMLInputElement).value)}
      /></label>`
    }
    <p class="actions">
      <button class="main" disabled=${isBusy || (row && Object.keys(texts).length === 0)}>
        ${row ? 'Change it' : 'Add it'}
      </button>
      <button type="button" class="quiet" onClick=${onClose}>Close</button>
      ${row && endpoints.remove && html`<${Removal} isBusy=${isBusy} onRemove=${() => send(() => ({ method: 'DELETE', path, token }))} />`}
    </p>
    <${Trouble} problem=${problem} />
    <${Command} line=${curlLine(project.url, request, requestText(properties, texts))} />
  </form>`;
}

/** Takes two steps, since nothing brings a row back. */
function Removal({ isBusy, onRemove }: { isBusy: boolean; onRemove: () => void }): VNode {
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) return html`<button type="button" onClick=${() => setAsked(true)}>Delete the row…</button>`;
  return html`<button type="button" class="dangerous" disabled=${isBusy} onClick=${onRemove}>
    Delete it for good
  </button>`;
}

interface FieldProps {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function Field({ name, schema, isRequired, text, onText }: FieldProps): VNode {
  const choices = choicesOf(schema);
  const onInput = (event: Event): void => onText((event.currentTarget as HTMLInputElement | HTMLSelectElement).value);
  return html`<label
    >${name}${isRequired ? '' : html` <span class="soft">optional</span>`}
    ${
      choices
        ? html`<select value=${text} required=${isRequired} onChange=${onInput}>
            <option value=""></option>
            ${choices.map((choice) => html`<option>${choice}</option>`)}
          </select>`
        : html`<input
            type=${schema.writeOnly ? 'password' : 'text'}
            autocomplete="off"
            value=${text}
            required=${isRequired}
            onInput=${onInput}
          />`
    }</label
  >`;
}

function choicesOf(schema: JsonSchema): readonly string[] | undefined {
  if (schema.enum) return schema.enum.filter((choice) => choice !== null).map(String);
  return typesOf(schema).includes('boolean') ? ['true', 'false'] : undefined;
}

function typesOf({ type = [] }: JsonSchema): readonly string[] {
  return [type].flat();
}

/** What is never told is not shown either: an empty field leaves it as it is. */
function textOf(value: unknown, { writeOnly }: JsonSchema): string {
  if (writeOnly || value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Properties = Readonly<Record<string, JsonSchema>>;
type Texts = Readonly<Record<string, string>>;

/** What was typed as the API takes it. Throws when the text of a JSON column is none. */
function bodyFrom(properties: Properties, texts: Texts): object {
  const given = Object.entries(texts).map(
    ([name, text]) => [name, valueFrom(name, text, properties[name] ?? {})] as const,
  );
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** Undefined when there is nothing to send; an emptied field that may be without a value becomes null. */
function valueFrom(name: string, text: string, schema: JsonSchema): unknown {
  const types = typesOf(schema);
  if (text === '')
    return types.includes('null') ? null : types.includes('string') && !schema.writeOnly ? '' : undefined;
  if (types.includes('boolean')) return text === 'true';
  if (types.includes('string')) return text;
  if (types.includes('integer') || types.includes('number')) return numberFrom(text);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem({ status: 0, code: 'USAGE', detail: `${name} is not JSON`, fix: 'Put a text in double quotes.' });
  }
}

/** A text stays one where a number would lose digits, and where it is none: the API says what it makes of it. */
function numberFrom(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
    ? text
    : value;
}

/** For the command line beside the form: what is never told stands in no line that is shown or copied either. */
function requestText(properties: Properties, texts: Texts): string {
  const told = Object.entries(texts).map(([name, text]) => [name, properties[name]?.writeOnly ? `<${name}>` : text]);
  try {
    return JSON.stringify(bodyFrom(properties, Object.fromEntries(told) as Texts));
  } catch {
    return '{}';
  }
}

/** Rejects with what the backend said when it refused. */
async function mustSucceed(project: string, request: BackendRequest): Promise<void> {
  const { status, body } = await callBackend(project, request);
  if (status >= 400) throw refusalIn(status, body);
}

interface Refusal {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly detail?: string }[];
}

function refusalIn(status: number, body: string): Problem {
  const { title, detail, errors = [] } = readRefusal(body);
  const fields = errors.map(({ pointer = '', detail: why = '' }) => `${pointer.replace(/^\//, '')} ${why}`.trim());
  return new Problem({
    status,
    code: 'REFUSED',
    detail: detail ?? title ?? `The backend answered ${status}`,
    fix: fields.join(' · '),
  });
}

function readRefusal(body: string): Refusal {
  try {
    return JSON.parse(body) as Refusal;
  } catch {
    return {};
  }
}
