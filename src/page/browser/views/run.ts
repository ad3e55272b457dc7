import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call, watchRun, type Problem, type RunEvent } from '../api.ts';
import { html } from '../html.ts';
import { Badge, Command, Copied, duration, Trouble } from '../parts.ts';
import { placeOf } from '../route.ts';
import { problemOf, useAction, useCall } from '../use-call.ts';

interface Run {
  readonly runId: string;
  readonly name?: string;
  readonly kind: string;
  readonly status: string;
  readonly prompt: string;
  readonly error?: { readonly message: string; readonly fix: string; readonly code: string };
  readonly result?: {
    readonly url: string;
    readonly docsUrl: string;
    readonly tables: readonly string[];
    readonly design?: string;
    readonly missing: readonly { readonly what: string; readonly fix: string }[];
    readonly costUsd?: number;
    readonly durationMs: number;
    readonly revision: number;
  };
}

/** A run as it happens, and what came of it. */
export function RunView({ runId }: { runId: string }): VNode {
  const path = `/v1/runs/${encodeURIComponent(runId)}`;
  const run = useCall<Run>(path);
  const [events, setEvents] = useState<readonly RunEvent[]>([]);
  const [cut, setCut] = useState<Problem | undefined>();
  const { isBusy, problem, start } = useAction();
  useEffect(() => {
    const watching = new AbortController();
    setEvents([]);
    watchRun(runId, (event) => setEvents((known) => [...known, event]), watching.signal).then(
      run.reload,
      (error: unknown) => setCut(problemOf(error)),
    );
    return () => watching.abort();
  }, [runId, run.reload]);
  const { value } = run;
  const hasEnded = events.at(-1)?.type === 'run-ended';
  const cancel = (): void => start(async () => void (await call('POST', `${path}/cancel`, {})));
  return html`<h1>${value ? (hasEnded ? headlineOf(value) : titleOf(value)) : 'A run'}</h1>
    ${value && html`<p class="soft">${value.prompt}</p>`}
    ${
      !hasEnded &&
      html`<div class="progress">
        <progress max="100" value=${events.at(-1)?.percent ?? 0} aria-label="How far it is"></progress>
        <button type="button" disabled=${isBusy} onClick=${cancel}>Cancel</button>
      </div>`
    }
    <${Trouble} problem=${problem ?? cut ?? run.problem} />
    ${value?.error && html`<${Trouble} problem=${value.error} />`}
    ${value?.result && html`<${Outcome} run=${value} result=${value.result} />`}
    <${Phases} events=${events} />
    <${Command} line=${`turbobackend run watch ${runId}`} />`;
}

function titleOf({ kind, name }: Run): string {
  const doing =
    { create: 'Making', change: 'Changing', deploy: 'Deploying', undo: 'Undoing a change of' }[kind] ?? 'Working on';
  return `${doing} ${name ?? 'your backend'}`;
}

function headlineOf({ status, result, name }: Run): string {
  if (status === 'cancelled') return 'Cancelled; what it had made is gone again';
  if (status === 'failed') return 'It did not work out';
  if (result && result.missing.length > 0) return 'It runs, but something is missing';
  return status === 'succeeded' ? `${name ?? 'Your backend'} is running` : 'A run';
}

function Outcome({ run, result }: { run: Run; result: NonNullable<Run['result']> }): VNode {
  const { name = '' } = run;
  const { url, docsUrl, missing, design, tables, costUsd, durationMs, revision } = result;
  const price = costUsd ? `, for ${costUsd.toFixed(4)} US dollars` : '';
  return html`<section class="outcome" aria-label="What came of it">
    ${missing.map(
      ({ what, fix }) =>
        html`<div class="trouble" role="alert">
          <p>${what}</p>
          <p class="fix">${fix}</p>
        </div>`,
    )}
    ${design === 'guess' && html`<p class="warnings">The tables are a guess. Change what is not right: it is a sentence away.</p>`}
    <p class="address"><${Copied} text=${url} /></p>
    <p>
      <a class="button main" href=${placeOf(['projects', name])}>Look at it</a>
      <a class="button" href=${placeOf(['projects', name, 'api'])}>Try it</a>
      ${tables[0] !== undefined && html`<a class="button" href=${placeOf(['projects', name, 'rows', tables[0]])}>Its rows</a>`}
      ${/^https?:/.test(docsUrl) && html`<a class="button" href=${docsUrl} rel="noreferrer">Its documentation</a>`}
    </p>
    <p class="soft">${`Revision ${revision}, verified and deployed in ${duration(durationMs)}${price}.`}</p>
  </section>`;
}

interface Phase {
  readonly name: string;
  readonly message: string;
  readonly status: string;
  readonly durationMs?: number | undefined;
  readonly lines: readonly string[];
}

function Phases({ events }: { events: readonly RunEvent[] }): VNode {
  return html`<ol class="phases" aria-live="polite" aria-label="Phases">
    ${phasesOf(events).map(
      ({ name, message, status, durationMs, lines }) =>
        html`<li class=${status} key=${name}>
          <${Badge} state=${status} /> <strong>${name}</strong> <span>${message}</span>
          <span class="soft">${duration(durationMs)}</span>
          ${
            lines.length > 0 &&
            html`<ul>
              ${lines.map((line) => html`<li>${line}</li>`)}
            </ul>`
          }
        </li>`,
    )}
  </ol>`;
}

function phasesOf(events: readonly RunEvent[]): readonly Phase[] {
  const phases = new Map<string, Phase>();
  for (const { type, phase, message = '', status, durationMs } of events) {
    if (phase === undefined) continue;
    const known = phases.get(phase) ?? { name: phase, message, status: 'running', lines: [] };
    if (type === 'phase-ended') phases.set(phase, { ...known, message, status: status ?? 'ok', durationMs });
    else if (type === 'phase-started') phases.set(phase, { ...known, message });
    else phases.set(phase, { ...known, lines: [...known.lines, message] });
  }
  return [...phases.values()];
}
