import type { VNode } from 'preact';
import { html } from '../html.ts';
import { Badge, Command, duration, Shown, when } from '../parts.ts';
import { useCall } from '../use-call.ts';
import type { TabProps } from './project-details.ts';

interface ReceiptShown {
  readonly passed: boolean;
  readonly createdAt: number;
  readonly gates: readonly {
    readonly gate: string;
    readonly status: string;
    readonly durationMs: number;
    readonly summary: string;
    readonly evidence: readonly string[];
  }[];
}

/** What was verified, with the evidence. */
export function Receipt({ project }: TabProps): VNode {
  const receipt = useCall<ReceiptShown>(`/v1/projects/${encodeURIComponent(project.name)}/receipt`);
  return html`<${Shown} answer=${receipt}>
      ${({ passed, createdAt, gates }: ReceiptShown) => html`
        <p><${Badge} state=${passed ? 'passed' : 'failed'} /> <span class="soft">${when(createdAt)}</span></p>
        <ul class="gates">
          ${gates.map(
            ({ gate, status, durationMs, summary, evidence }) =>
              html`<li>
                <${Badge} state=${status} /> <strong>${gate}</strong> <span>${summary}</span>
                <span class="soft">${duration(durationMs)}</span>
                ${
                  evidence.length > 0 &&
                  html`<details>
                    <summary>${evidence.length} lines of evidence</summary>
                    <pre tabindex="0">${evidence.join('\n')}</pre>
                  </details>`
                }
              </li>`,
          )}
        </ul>
      `}
    <//>
    <${Command} line=${`turbobackend receipt ${project.name}`} />`;
}
