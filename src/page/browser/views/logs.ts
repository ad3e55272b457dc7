import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Command, Shown } from '../parts.ts';
import { useCall } from '../use-call.ts';
import type { TabProps } from './project-details.ts';

const EVERY_MS = 2000;

/** What the deployed backend printed, asked for anew every two seconds. */
export function Logs({ project }: TabProps): VNode {
  const [contains, setContains] = useState('');
  const search = contains === '' ? '' : `&contains=${encodeURIComponent(contains)}`;
  const logs = useCall<{ lines: readonly string[] }>(
    `/v1/projects/${encodeURIComponent(project.name)}/logs?lines=500${search}`,
  );
  useEffect(() => {
    const asking = setInterval(logs.reload, EVERY_MS);
    return () => clearInterval(asking);
  }, [logs.reload]);
  return html`<p>
      <input
        type="search"
        aria-label="Only lines with"
        placeholder="Only lines with …"
        value=${contains}
        onInput=${(event: InputEvent) => setContains((event.currentTarget as HTMLInputElement).value)}
      />
    </p>
    <${Shown} answer=${logs}>
      ${({ lines }: { lines: readonly string[] }) => (lines.length === 0 ? html`<p class="soft">Nothing yet.</p>` : html`<pre class="log" tabindex="0">${lines.join('\n')}</pre>`)}
    <//>
    <${Command} line=${`turbobackend logs ${project.name} --follow`} />`;
}
