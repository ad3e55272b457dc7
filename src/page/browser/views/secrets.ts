import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { html } from '../html.ts';
import { Badge, Command, Shown, Trouble, when } from '../parts.ts';
import { useAction, useCall } from '../use-call.ts';
import type { TabProps } from './project-details.ts';

interface SecretShown {
  readonly name: string;
  readonly isNeeded: boolean;
  readonly isSet: boolean;
  readonly setAt?: number;
}

/** The names of what the backend is given as variables; a value goes in and is never shown. */
export function Secrets({ project }: TabProps): VNode {
  const base = `/v1/projects/${encodeURIComponent(project.name)}/secrets`;
  const secrets = useCall<{ data: readonly SecretShown[] }>(base);
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const { isBusy, problem, start } = useAction();
  const set = (event: Event): void => {
    event.preventDefault();
    start(async () => {
      await call('POST', base, { name, value });
      setValue('');
      secrets.reload();
    });
  };
  const unset = (gone: string): void =>
    start(async () => {
      await call('DELETE', `${base}/${encodeURIComponent(gone)}`);
      secrets.reload();
    });
  return html`<${Shown} answer=${secrets}>
      ${({ data }: { data: readonly SecretShown[] }) =>
        data.length === 0
          ? html`<p class="soft">None, and the code asks for none in .env.example.</p>`
          : html`<ul class="gates">
              ${data.map(
                ({ name: known, isNeeded, isSet, setAt }) =>
                  html`<li key=${known}>
                    <${Badge} state=${isSet ? 'ok' : 'warned'} /><code>${known}</code>
                    <span class="soft"
                      >${isSet ? `set ${when(setAt ?? 0)}` : 'not set'}${isNeeded ? ', the code asks for it' : ''}</span
                    >
                    ${isSet && html`<button type="button" class="quiet" disabled=${isBusy} onClick=${() => unset(known)} aria-label=${`Take away ${known}`}>Take away</button>`}
                  </li>`,
              )}
            </ul>`}
    <//>
    <form class="line" onSubmit=${set}>
      <label
        >Name
        <input
          value=${name}
          required
          pattern="[A-Z][A-Z0-9_]*"
          placeholder="STRIPE_API_KEY"
          onInput=${(event: InputEvent) => setName((event.currentTarget as HTMLInputElement).value)}
      /></label>
      <label
        >Value
        <input
          type="password"
          autocomplete="off"
          required
          minlength="6"
          value=${value}
          onInput=${(event: InputEvent) => setValue((event.currentTarget as HTMLInputElement).value)}
      /></label>
      <button disabled=${isBusy}>Set it</button>
    </form>
    <p class="hint">Capital letters, digits and underscores. A running backend has it at once, without a lost call.</p>
    <${Trouble} problem=${problem} />
    <${Command} line=${`turbobackend secrets set ${project.name} ${name === '' ? 'STRIPE_API_KEY' : name}`} />`;
}
