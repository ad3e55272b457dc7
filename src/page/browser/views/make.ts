import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { Diagram } from '../diagram.ts';
import { html } from '../html.ts';
import { Badge, Command, quoted, Trouble } from '../parts.ts';
import { goTo } from '../route.ts';
import { drawnPlan, type PlannedTable } from '../schema.ts';
import { useAction } from '../use-call.ts';

const EXAMPLES = [
  'a REST API for a blog with users, posts and comments',
  'a bakery that takes orders for cakes, with customers, pick-up times and payments',
  'an API that converts temperatures between Celsius and Fahrenheit',
];

interface Plan {
  readonly needsDatabase: boolean;
  readonly reasoning: string;
  readonly tables: readonly PlannedTable[];
  readonly ddl: readonly string[];
  readonly warnings: readonly string[];
  readonly design?: string;
  readonly questions: readonly string[];
}

/** One sentence in, the plan before anything is made, then the run. */
export function Make(): VNode {
  const [prompt, setPrompt] = useState('');
  const [schemaSql, setSchemaSql] = useState('');
  const [plan, setPlan] = useState<{ readonly of: string; readonly plan: Plan } | undefined>();
  const { isBusy, problem, start } = useAction();
  const asked = { prompt, ...(schemaSql.trim() === '' ? {} : { schemaSql }) };
  const isCurrent = plan?.of === JSON.stringify(asked);
  const look = (event: Event): void => {
    event.preventDefault();
    start(async () => setPlan({ of: JSON.stringify(asked), plan: await call<Plan>('POST', '/v1/plans', asked) }));
  };
  const make = (): void =>
    start(async () => {
      const { runId } = await call<{ runId: string }>('POST', '/v1/projects', asked);
      goTo(['runs', runId]);
    });
  return html`<h1>What do you need?</h1>
    <form class="make" onSubmit=${look}>
      <label for="prompt">One sentence: what it is for, and what it keeps</label>
      <textarea
        id="prompt"
        rows="3"
        required
        maxlength="50000"
        value=${prompt}
        placeholder=${EXAMPLES[0]}
        onInput=${(event: InputEvent) => setPrompt((event.currentTarget as HTMLTextAreaElement).value)}
      ></textarea>
      <p class="examples">
        ${EXAMPLES.map((example) => html`<button type="button" class="quiet" onClick=${() => setPrompt(example)}>${example}</button>`)}
      </p>
      <details>
        <summary>I have a schema: SQL, Prisma, DBML, Django, Mongoose, GraphQL, OpenAPI …</summary>
        <label for="schema">The schema as it stands; its tables are kept</label>
        <textarea
          id="schema"
          rows="8"
          spellcheck=${false}
          value=${schemaSql}
          onInput=${(event: InputEvent) => setSchemaSql((event.currentTarget as HTMLTextAreaElement).value)}
        ></textarea>
      </details>
      <p class="actions">
        <button disabled=${isBusy || prompt.trim() === ''} class=${isCurrent ? '' : 'main'}>Look at the plan</button>
        <button
          type="button"
          class=${isCurrent ? 'main' : ''}
          disabled=${isBusy || prompt.trim() === ''}
          onClick=${make}
        >
          Make it
        </button>
        ${isBusy && html`<span role="status">One moment…</span>`}
      </p>
    </form>
    <${Trouble} problem=${problem} />
    ${plan && html`<${PlanShown} plan=${plan.plan} isCurrent=${isCurrent} onAnswer=${(sentence: string) => setPrompt(`${prompt.replace(/[.\s]*$/, '')}. ${sentence}`)} />`}
    <${Command} line=${`turbobackend plan ${quoted(prompt === '' ? (EXAMPLES[0] ?? '') : prompt)}`} />`;
}

interface PlanProps {
  readonly plan: Plan;
  readonly isCurrent: boolean;
  readonly onAnswer: (sentence: string) => void;
}

function PlanShown({ plan, isCurrent, onAnswer }: PlanProps): VNode {
  const { needsDatabase, reasoning, tables, ddl, warnings, design, questions } = plan;
  return html`<section class="plan" aria-labelledby="plan" aria-live="polite">
    <h2 id="plan">
      The plan ${design !== undefined && html`<${Badge} state=${design} />`}
      ${!isCurrent && html`<span class="hint">of an earlier sentence</span>`}
    </h2>
    <p>
      ${needsDatabase ? `${tables.length} tables in a Postgres database of its own.` : 'No database is needed.'}
      <span class="soft">${reasoning}</span>
    </p>
    ${
      warnings.length > 0 &&
      html`<ul class="warnings">
        ${warnings.map((warning) => html`<li>${warning}</li>`)}
      </ul>`
    }
    ${
      questions.length > 0 &&
      html`<h3>This is a guess. What would make it sure</h3>
        <ul>
          ${questions.map((question) => html`<li>${question} ${answersOf(question).map((sentence) => html`<button type="button" class="quiet" onClick=${() => onAnswer(sentence)}>Add «${sentence}»</button>`)}</li>`)}
        </ul>`
    }
    ${tables.length > 0 && html`<${Diagram} tables=${drawnPlan(tables)} />`}
    ${
      ddl.length > 0 &&
      html`<details>
        <summary>The SQL</summary>
        <pre tabindex="0">${ddl.map((statement) => `${statement};`).join('\n\n')}</pre>
      </details>`
    }
  </section>`;
}

/** The sentences that a question offers, which stand in «». */
function answersOf(question: string): readonly string[] {
  return [...question.matchAll(/«([^»]+)»/g)].flatMap(([, sentence]) => sentence ?? []).slice(0, 3);
}
