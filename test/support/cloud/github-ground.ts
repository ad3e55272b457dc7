import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { newId } from '../../../src/domain/ids.ts';
import { Redactor } from '../../../src/domain/redactor.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { GitHubHost } from '../../../src/source/github-host.ts';
import type { GitHubSettings } from '../../../src/source/github/github-settings.ts';
import type { PublishRequest } from '../../../src/source/source-host.ts';
import { type FakeGitHub, startFakeGitHub } from './fake-github.ts';
import type { FakeGitHubOptions } from './github-repositories.ts';

export const TOKEN = 'ghp_ExampleTokenOfTheTests0123456789';
export const INSTALLATION = 'installation-of-the-tests';

/** Both ways to push: every test of a push goes both. */
export const WAYS = [
  { way: 'git', gitProgram: 'git' },
  { way: 'the library', gitProgram: '/nonexistent/git' },
] as const;

const TIMEOUTS = { requestMs: 2000, budgetMs: 6000, retryMs: 20, transferMs: 5000, paced: false };

/** As in earnest: a second between two changes, and whoever is throttled waits as long as it is asked to. */
export const PACED = { timeouts: { ...TIMEOUTS, paced: true } };

/** The fake serves repositories by git's own server. */
export const onlyWithGit = {
  skip: spawnSync('git', ['--version']).status === 0 ? false : 'there is no git on this machine',
};

export interface GitHubGround {
  readonly github: FakeGitHub;
  readonly scratchFolder: string;
  /** A host of this fake, as quick as tests want it. */
  readonly host: (settings?: Partial<GitHubSettings>) => GitHubHost;
}

/** A fake of its own for a test, gone with it. */
export async function githubGround(context: TestContext, options?: Partial<FakeGitHubOptions>): Promise<GitHubGround> {
  const ground = await openGround(options);
  context.after(ground.close);
  return ground;
}

export async function openGround(
  options: Partial<FakeGitHubOptions> = {},
): Promise<GitHubGround & { readonly close: () => Promise<void> }> {
  const github = await startFakeGitHub({ token: TOKEN, ...options });
  const folder = mkdtempSync(join(tmpdir(), 'turbo-github-host-'));
  const scratchFolder = join(folder, 'scratch');
  return {
    github,
    scratchFolder,
    host: (settings) => new GitHubHost({ ...settingsFor(github.url, scratchFolder), ...settings }),
    async close() {
      await github.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export function settingsFor(apiUrl: string, scratchFolder: string): GitHubSettings {
  return {
    token: new Secret(TOKEN),
    apiUrl,
    installationId: INSTALLATION,
    scratchFolder,
    redactor: new Redactor(),
    timeouts: TIMEOUTS,
  };
}

export function newRequest(content = 'one'): PublishRequest {
  const paths = ['src/routes/a.ts', 'src/routes.ts', 'README.md', 'migrations/0001.sql'];
  const files = paths.map((path) => ({ path, content: `${path} ${content}\n` }));
  return { projectId: newId('project'), name: 'blog-api', message: 'Add the blog API\n\nA blog, please', files };
}
