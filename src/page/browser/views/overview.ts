import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { html } from '../html.ts';
import { Badge, Command, Copied, Shown, Trouble, when } from '../parts.ts';
import { goTo, placeOf } from '../route.ts';
import { useAction, useCall } from '../use-call.ts';
import type { TabProps } from './project-details.ts';

/** What it is, where it is, and what can be done with it as a whole. */
export function Overview({ project, reload }: TabProps): VNode {
  const { name, status, url, revision, createdAt, sourceDir, repository, commit, runs, database } = project;
  const { isBusy, problem, start } = useAction();
  const control = (action: string): void =>
    start(async () => {
      await call('POST', `/v1/projects/${encodeURIComponent(name)}/actions`, { action });
      reload();
    });
  const actions = status === 'running' ? ['restart', 'stop'] : ['start'];
  return html`
    <dl class="facts wide">
      ${
        url !== '' &&
        html`<div>
          <dt>Address</dt>
          <dd><${Copied} text=${url} /></dd>
        </div>`
      }
      <div>
        <dt>Revision</dt>
        <dd><a href=${placeOf(['projects', name, 'history'])}>${revision}</a></dd>
      </div>
      <div>
        <dt>Made</dt>
        <dd>${when(createdAt)}</dd>
      </div>
      ${
        commit !== '' &&
        html`<div>
          <dt>Commit</dt>
          <dd><code>${commit.slice(0, 10)}</code></dd>
        </div>`
      }
      ${
        repository !== '' &&
        html`<div>
          <dt>Repository</dt>
          <dd><${Copied} text=${repository} /></dd>
        </div>`
      }
      ${
        sourceDir !== '' &&
        html`<div>
          <dt>Source</dt>
          <dd><${Copied} text=${sourceDir} /></dd>
        </div>`
      }
      ${database && html`<${Connection} name=${name} />`}
    </dl>
    <p class="actions">
      ${actions.map((action) => html`<button type="button" disabled=${isBusy} onClick=${() => control(action)}>${action}</button>`)}
    </p>
    <${Trouble} problem=${problem} />
    <h2>Runs</h2>
    <ul class="plain">
      ${runs.map(({ runId, status: ended, createdAt: at }) => html`<li><${Badge} state=${ended} /> <a href=${placeOf(['runs', runId])}>${runId}</a> <span class="soft">${when(at)}</span></li>`)}
    </ul>
    <${Command} line=${`turbobackend show ${name}`} />
    <${Removal} name=${name} />
  `;
}

function Connection({ name }: { name: string }): VNode {
  const connection = useCall<{ url: string }>(`/v1/projects/${encodeURIComponent(name)}/connection`);
  return html`<div>
    <dt>Database</dt>
    <dd><${Shown} answer=${connection}>${({ url }: { url: string }) => html`<code>${url}</code>`}<//></dd>
    <dd class="hint">With its password: <${Copied} text=${`turbobackend url ${name} --with-password`} /></dd>
  </div>`;
}

/** Deleting takes the name, typed. */
function Removal({ name }: { name: string }): VNode {
  const [typed, setTyped] = useState('');
  const { isBusy, problem, start } = useAction();
  const remove = (event: Event): void => {
    event.preventDefault();
    start(async () => {
      await call('DELETE', `/v1/projects/${encodeURIComponent(name)}?confirm=${encodeURIComponent(typed)}`);
      goTo(['projects']);
    });
  };
  return html`<details class="danger">
    <summary>Delete ${name}</summary>
    <p>Its database with all rows, its running backend, its code, repository and archives go for good.</p>
    <form class="line" onSubmit=${remove}>
      <label
        >Type ${name}
        <input
          value=${typed}
          autocomplete="off"
          onInput=${(event: InputEvent) => setTyped((event.currentTarget as HTMLInputElement).value)}
      /></label>
      <button class="dangerous" disabled=${isBusy || typed !== name}>Delete it</button>
    </form>
    <${Trouble} problem=${problem} />
    <${Command} line=${`turbobackend delete ${name}`} />
  </details>`;
}
