import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { html } from '../html.ts';
import { Command, Copied, Shown, Trouble, when } from '../parts.ts';
import { useAction, useCall } from '../use-call.ts';

interface Usage {
  readonly projects: number;
  readonly runs: Readonly<Record<string, number>>;
  readonly models: readonly {
    provider: string;
    model: string;
    calls: number;
    tokensIn: number;
    tokensOut: number;
    costUsd?: number;
  }[];
}

interface Key {
  readonly keyId: string;
  readonly name: string;
  readonly prefix: string;
  readonly scope: string;
  readonly createdAt: number;
}

/** What was used, and the keys of whoever asks. */
export function Team(): VNode {
  const usage = useCall<Usage>('/v1/usage?days=30');
  return html`<h1>Keys and usage</h1>
    <section aria-labelledby="usage">
      <h2 id="usage">The last 30 days</h2>
      <${Shown} answer=${usage}>
        ${({ projects, runs, models }: Usage) => html`
          <dl class="facts">
            <div>
              <dt>projects</dt>
              <dd>${projects}</dd>
            </div>
            ${Object.entries(runs).map(
              ([status, count]) =>
                html`<div>
                  <dt>runs ${status}</dt>
                  <dd>${count}</dd>
                </div>`,
            )}
          </dl>
          ${models.map(
            ({ provider, model, calls, tokensIn, tokensOut, costUsd }) =>
              html`<p>
                ${provider} ${model}: ${calls} calls, ${tokensIn} tokens in, ${tokensOut}
                out${costUsd === undefined ? '' : `, ${costUsd.toFixed(4)} US dollars`}
              </p>`,
          )}
        `}
      <//>
    </section>
    <${Keys} />`;
}

function Keys(): VNode {
  const keys = useCall<{ data: readonly Key[] }>('/v1/keys');
  const [made, setMade] = useState<string | undefined>();
  const [scope, setScope] = useState('write');
  const [name, setName] = useState('');
  const { isBusy, problem, start } = useAction();
  if (keys.problem?.status === 403) return html`<p class="hint">Keys are shown to keys with the scope admin.</p>`;
  const make = (event: Event): void => {
    event.preventDefault();
    start(async () => {
      const { key } = await call<{ key: string }>('POST', '/v1/keys', { scope, name });
      setMade(key);
      keys.reload();
    });
  };
  const revoke = (keyId: string): void =>
    start(async () => {
      await call('DELETE', `/v1/keys/${encodeURIComponent(keyId)}`);
      keys.reload();
    });
  return html`<section aria-labelledby="keys">
    <h2 id="keys">Keys</h2>
    <${Shown} answer=${keys}>
      ${({ data }: { data: readonly Key[] }) =>
        data.length === 0
          ? html`<p class="hint">None yet: on this machine none is needed.</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Keys">
              <table>
                <thead>
                  <tr>
                    <th>Key</th>
                    <th>Name</th>
                    <th>Scope</th>
                    <th>Made</th>
                    <th></th>
                  </tr>
                </thead>
                <tbody>
                  ${data.map(
                    ({ keyId, prefix, name: called, scope: allowed, createdAt }) =>
                      html`<tr>
                        <td><code>${prefix}…</code></td>
                        <td>${called}</td>
                        <td>${allowed}</td>
                        <td>${when(createdAt)}</td>
                        <td>
                          <button
                            type="button"
                            class="quiet"
                            disabled=${isBusy}
                            onClick=${() => revoke(keyId)}
                            aria-label=${`Revoke ${called}`}
                          >
                            Revoke
                          </button>
                        </td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`}
    <//>
    <form class="line" onSubmit=${make}>
      <label
        >Name
        <input
          value=${name}
          required
          maxlength="100"
          onInput=${(event: InputEvent) => setName((event.currentTarget as HTMLInputElement).value)}
      /></label>
      <label
        >Scope
        <select value=${scope} onChange=${(event: Event) => setScope((event.currentTarget as HTMLSelectElement).value)}>
          <option>read</option>
          <option>write</option>
          <option>admin</option>
        </select>
      </label>
      <button disabled=${isBusy}>Make a key</button>
    </form>
    <${Trouble} problem=${problem} />
    ${made !== undefined && html`<p role="status">Shown this once: <${Copied} text=${made} /></p>`}
    <${Command} line=${`turbobackend keys create --scope ${scope}`} />
  </section>`;
}
