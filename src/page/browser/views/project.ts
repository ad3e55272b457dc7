import type { VNode } from 'preact';
import { Diagram } from '../diagram.ts';
import { html } from '../html.ts';
import { Badge, Command, Shown } from '../parts.ts';
import { placeOf } from '../route.ts';
import { drawnSchema, type Schema } from '../schema.ts';
import { useCall } from '../use-call.ts';
import { Calls } from './calls.ts';
import { Changes } from './changes.ts';
import { Code } from './code.ts';
import { History } from './history.ts';
import { Logs } from './logs.ts';
import { Overview } from './overview.ts';
import { useSchema, type ProjectDetails, type TabProps } from './project-details.ts';
import { Receipt } from './receipt.ts';
import { Rows } from './rows.ts';
import { Secrets } from './secrets.ts';

const TABS: Readonly<
  Record<string, { readonly title: string; readonly Tab: (props: TabProps) => VNode; readonly needsDatabase?: true }>
> = {
  overview: { title: 'Overview', Tab: Overview },
  diagram: { title: 'Diagram', Tab: DiagramTab, needsDatabase: true },
  rows: { title: 'Rows', Tab: Rows, needsDatabase: true },
  api: { title: 'API', Tab: Calls },
  code: { title: 'Code', Tab: Code },
  changes: { title: 'Change', Tab: Changes },
  history: { title: 'History', Tab: History },
  receipt: { title: 'Receipt', Tab: Receipt },
  secrets: { title: 'Secrets', Tab: Secrets },
  logs: { title: 'Logs', Tab: Logs },
};

/** A project, a tab at a time. */
export function Project({
  name,
  path,
  query,
}: {
  name: string;
  path: readonly string[];
  query: URLSearchParams;
}): VNode {
  const project = useCall<ProjectDetails>(`/v1/projects/${encodeURIComponent(name)}`);
  const [asked = 'overview', ...rest] = path;
  const { Tab, title } = TABS[asked] ?? { Tab: Overview, title: 'Overview' };
  return html`<${Shown} answer=${project}>
    ${(details: ProjectDetails) => html`
      <div class="project-head">
        <h1>${details.name}</h1>
        <${Badge} state=${details.status} />
      </div>
      <p class="soft">${details.prompt}</p>
      <nav class="tabs" aria-label=${`Parts of ${details.name}`}>
        ${Object.entries(TABS)
          .filter(([, tab]) => !tab.needsDatabase || details.database)
          .map(
            ([id, tab]) =>
              html`<a
                href=${placeOf(['projects', name, ...(id === 'overview' ? [] : [id])])}
                aria-current=${tab.title === title ? 'page' : undefined}
                >${tab.title}</a
              >`,
          )}
      </nav>
      <${Tab} key=${asked} project=${details} path=${rest} query=${query} reload=${project.reload} />
    `}
  <//>`;
}

function DiagramTab({ project }: TabProps): VNode {
  const schema = useSchema(project);
  return html`<${Shown} answer=${schema}>
      ${({ schema: found }: { schema: Schema }) =>
        html`<${Diagram}
          tables=${drawnSchema(found)}
          linkOf=${(table: string) => placeOf(['projects', project.name, 'rows', table])}
        />`}
    <//>
    <p>
      ${project.tables.map(
        (table) =>
          html`<a class="button" href=${placeOf(['projects', project.name, 'changes'], { say: `add … to ${table}` })}
            >Add a column to ${table}</a
          > `,
      )}
      <a class="button" href=${placeOf(['projects', project.name, 'changes'], { say: 'add a table …' })}>Add a table</a>
    </p>
    <${Command} line=${`turbobackend schema ${project.name} --format mermaid`} />`;
}
