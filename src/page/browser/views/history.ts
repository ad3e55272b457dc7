import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { html } from '../html.ts';
import { Badge, Command, Shown, Trouble, when } from '../parts.ts';
import { placeOf } from '../route.ts';
import { useAction, useCall } from '../use-call.ts';
import { PlannedChange, type ChangePlan } from './changes.ts';
import type { TabProps } from './project-details.ts';

interface Revision {
  readonly number: number;
  readonly kind: string;
  readonly prompt: string;
  readonly commit: string;
  readonly createdAt: number;
  readonly migrations: readonly string[];
}

interface Diff {
  readonly from: number;
  readonly to: number;
  readonly schema: string;
  readonly files: readonly {
    readonly path: string;
    readonly change: string;
    readonly patch: string;
    readonly truncated: boolean;
  }[];
}

/** The revisions, what each changed, and the way back. */
export function History({ project, path, query }: TabProps): VNode {
  const base = `/v1/projects/${encodeURIComponent(project.name)}`;
  const cursor = query.get('cursor');
  const revisions = useCall<{ data: readonly Revision[]; nextCursor?: string }>(
    `${base}/revisions?limit=50${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
  );
  const [plan, setPlan] = useState<ChangePlan | undefined>();
  const { isBusy, problem, start } = useAction();
  const undoTo = (to: number): void =>
    start(async () => setPlan(await call<ChangePlan>('POST', `${base}/changes`, { kind: 'undo', to })));
  return html`<${Shown} answer=${revisions}>
      ${({ data, nextCursor }: { data: readonly Revision[]; nextCursor?: string }) => html`
        <ol class="revisions" reversed>
          ${data.map(
            ({ number, kind, prompt, commit, createdAt, migrations }) =>
              html`<li key=${number}>
                <p><strong>${number}</strong> <${Badge} state=${kind} /> ${prompt}</p>
                <p class="soft">${[when(createdAt), commit.slice(0, 10), ...migrations].join(' · ')}</p>
                <p class="actions">
                  ${number > 1 && html`<a class="button" href=${placeOf(['projects', project.name, 'history', String(number)])}>What changed</a>`}
                  ${number < project.revision && html`<button type="button" disabled=${isBusy} onClick=${() => undoTo(number)}>Go back to ${number}</button>`}
                </p>
                ${path[0] === String(number) && html`<${Difference} base=${base} to=${number} />`}
              </li>`,
          )}
        </ol>
        ${nextCursor !== undefined && html`<p><a href=${placeOf(['projects', project.name, 'history'], { cursor: nextCursor })}>Older ones</a></p>`}
      `}
    <//>
    ${isBusy && html`<p role="status">Trying the way back on a copy with all rows…</p>`}
    <${Trouble} problem=${problem} />
    ${plan && html`<${PlannedChange} key=${plan.planId} plan=${plan} />`}
    <${Command} line=${`turbobackend history ${project.name}`} />`;
}

function Difference({ base, to }: { base: string; to: number }): VNode {
  const diff = useCall<Diff>(`${base}/diff?from=${to - 1}&to=${to}`);
  return html`<${Shown} answer=${diff}>
    ${({ schema, files }: Diff) => html`
      ${
        schema !== '' &&
        html`<h3>The schema</h3>
          <${Patch} text=${schema} />`
      }
      ${files.map(
        ({ path, change, patch, truncated }) =>
          html`<details>
            <summary><span class="soft">${change}</span> <code>${path}</code></summary>
            <${Patch} text=${truncated ? `${patch}\n…` : patch} />
          </details>`,
      )}
    `}
  <//>`;
}

/** Lines that came and went, told apart by their first letter and a colour. */
function Patch({ text }: { text: string }): VNode {
  return html`<pre class="patch" tabindex="0">
${text.split('\n').map((line) => html`<span class=${line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : ''}>${`${line}\n`}</span>`)}</pre>`;
}
