import type { Schema } from '../schema.ts';
import { useCall, type Answer } from '../use-call.ts';

/** A project as `GET /v1/projects/{project}` has it. */
export interface ProjectDetails {
  readonly projectId: string;
  readonly name: string;
  readonly status: string;
  readonly prompt: string;
  readonly url: string;
  readonly docsUrl: string;
  readonly tables: readonly string[];
  readonly createdAt: number;
  readonly revision: number;
  readonly sourceDir: string;
  readonly repository: string;
  readonly commit: string;
  readonly database?: { readonly name: string; readonly host: string; readonly port: number; readonly user: string };
  readonly runs: readonly { readonly runId: string; readonly status: string; readonly createdAt: number }[];
}

/** What a tab of a project is given. */
export interface TabProps {
  readonly project: ProjectDetails;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly reload: () => void;
}

/** A project's schema as it is now. */
export function useSchema(project: ProjectDetails): Answer<{ readonly schema: Schema }> {
  return useCall(`/v1/projects/${encodeURIComponent(project.name)}/schema`);
}
