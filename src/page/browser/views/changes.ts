import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { html } from '../html.ts';
import { Badge, Command, duration, quoted, Trouble } from '../parts.ts';
import { goTo } from '../route.ts';
import { useAction } from '../use-call.ts';
import type { TabProps } from './project-details.ts';

export interface ChangePlan {
  readonly planId: string;
  readonly project: string;
  readonly baseRevision: number;
  readonly reasoning: string;
  readonly statements: readonly {
    readonly sql: string;
    readonly risk: string;
    readonly lock: string;
    readonly rewritesTable: boolean;
    readonly rows: number;
    readonly reverse?: string;
    readonly durationMs: number;
  }[];
  readonly files: readonly { readonly path: string; readonly change: string }[];
  readonly warnings: readonly string[];
  readonly needsConsent: boolean;
}

/** A sentence or SQL becomes a plan, tried on a copy with all rows; a person looks at it and has it carried out. */
export function Changes({ project, query }: TabProps): VNode {
  const [sentence, setSentence] = useState(query.get('say') ?? '');
  const [sql, setSql] = useState('');
  const [plan, setPlan] = useState<ChangePlan | undefined>();
  const { isBusy, problem, start } = useAction();
  const { name } = project;
  const look = (event: Event): void => {
    event.preventDefault();
    setPlan(undefined);
    const asked = sql.trim() === '' ? { prompt: sentence } : { prompt: sentence, sql };
    start(async () =>
      setPlan(await call<ChangePlan>('POST', `/v1/projects/${encodeURIComponent(name)}/changes`, asked)),
    );
  };
  return html`<form class="make" onSubmit=${look}>
      <label for="change">What should change?</label>
      <textarea
        id="change"
        rows="2"
        value=${sentence}
        placeholder="add a phone number to users"
        onInput=${(event: InputEvent) => setSentence((event.currentTarget as HTMLTextAreaElement).value)}
      ></textarea>
      <details>
        <summary>I have the SQL</summary>
        <label for="sql">Statements that change the schema</label>
        <textarea
          id="sql"
          rows="6"
          spellcheck=${false}
          value=${sql}
          onInput=${(event: InputEvent) => setSql((event.currentTarget as HTMLTextAreaElement).value)}
        ></textarea>
      </details>
      <p class="actions">
        <button class=${plan ? '' : 'main'} disabled=${isBusy || (sentence.trim() === '' && sql.trim() === '')}>
          Look at the plan
        </button>
        ${isBusy && html`<span role="status">Trying it on a copy with all rows…</span>`}
      </p>
    </form>
    <${Trouble} problem=${problem} />
    ${plan && html`<${PlannedChange} key=${plan.planId} plan=${plan} />`}
    <${Command}
      line=${`turbobackend change ${name} ${quoted(sentence === '' ? 'add a phone number to users' : sentence)}`}
    />`;
}

/** A plan with its risks, and the button that carries it out; what takes data out of reach takes the name, typed. */
export function PlannedChange({ plan }: { plan: ChangePlan }): VNode {
  const { planId, project, reasoning, statements, files, warnings, needsConsent } = plan;
  const [typed, setTyped] = useState('');
  const { isBusy, problem, start } = useAction();
  const apply = (event: Event): void => {
    event.preventDefault();
    const consent = needsConsent ? { acceptDataLoss: true, confirm: typed } : {};
    start(async () => {
      const path = `/v1/projects/${encodeURIComponent(project)}/changes/${encodeURIComponent(planId)}/apply`;
      const { runId } = await call<{ runId: string }>('POST', path, consent);
      goTo(['runs', runId]);
    });
  };
  return html`<section class="plan" aria-labelledby="change-plan" aria-live="polite">
    <h2 id="change-plan">The plan</h2>
    <p>${reasoning}</p>
    ${
      warnings.length > 0 &&
      html`<ul class="warnings">
        ${warnings.map((warning) => html`<li>${warning}</li>`)}
      </ul>`
    }
    ${
      statements.length > 0 &&
      html`<ul class="statements">
        ${statements.map(
          ({ sql, risk, lock, rewritesTable, rows, reverse, durationMs }) =>
            html`<li>
              <${Badge} state=${risk} />
              <span class="soft"
                >${`${rows === 1 ? '1 row' : `${rows} rows`} · ${duration(durationMs)}${lock === '' ? '' : ` · ${lock}`}${rewritesTable ? ' · writes the whole table anew' : ''}`}</span
              >
              <pre tabindex="0">${sql}</pre>
              ${
                reverse &&
                html`<details>
                  <summary>What takes it back</summary>
                  <pre tabindex="0">${reverse}</pre>
                </details>`
              }
            </li>`,
        )}
      </ul>`
    }
    ${
      files.length > 0 &&
      html`<details>
        <summary>${files.length} files</summary>
        <ul class="plain">
          ${files.map(({ path, change }) => html`<li><span class="soft">${change}</span> <code>${path}</code></li>`)}
        </ul>
      </details>`
    }
    <form class="line" onSubmit=${apply}>
      ${
        needsConsent &&
        html`<div class="trouble" role="alert">
            <p>This takes data out of reach. It is kept for 30 days, and an undo brings it back.</p>
          </div>
          <label
            >Type ${project} to agree
            <input
              value=${typed}
              autocomplete="off"
              onInput=${(event: InputEvent) => setTyped((event.currentTarget as HTMLInputElement).value)}
          /></label>`
      }
      <button class=${needsConsent ? 'dangerous' : 'main'} disabled=${isBusy || (needsConsent && typed !== project)}>
        Do it
      </button>
    </form>
    <${Trouble} problem=${problem} />
    <${Command} line=${`turbobackend apply ${planId}${needsConsent ? ` --accept-data-loss ${planId}` : ''}`} />
  </section>`;
}
