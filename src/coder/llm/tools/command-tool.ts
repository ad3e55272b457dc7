import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { brief, untrusted } from '../../model-text.ts';
import type { ToolInput } from './tool-input.ts';
import { failure, refusal, type ToolOutcome } from './tool-outcome.ts';

export interface CommandTerms {
  /** Whether this machine keeps it apart, or the user has said that it need not be. */
  readonly offered: boolean;
  readonly allowUnsafe: boolean;
  readonly signal: AbortSignal;
}

/** Runs a line of shell as far apart as the machine allows, with nothing of the database in its environment. */
export async function runCommand(
  { untrusted: commands }: Sandbox,
  input: ToolInput,
  { offered, allowUnsafe, signal }: CommandTerms,
): Promise<ToolOutcome> {
  const command = input.text('command');
  const told = brief(command);
  if (!offered || !commands) return refusal(told, 'nothing on this machine would keep a command apart');
  const hopeless = whyHopeless(command);
  if (hopeless !== undefined) return failure(`${told} → not run`, `Not run: ${hopeless}.`);
  const { exitCode, timedOut, output } = await commands.run(command, { signal, allowUnsafe, keptOutputBytes: 4096 });
  signal.throwIfAborted();
  const end = timedOut ? 'it was stopped after a minute' : `exit code ${exitCode ?? 'none: it was killed'}`;
  return {
    output: `${end}\n${untrusted('output', output)}`,
    failed: exitCode !== 0,
    told: `${told} → ${end}`,
  };
}

/** What would only wait for a network that is not there, until its time is up. */
function whyHopeless(command: string): string | undefined {
  if (/(^|[\s;&|(])(npx|pnpx|bunx|npm exec|pnpm dlx|yarn dlx)\s/.test(command)) {
    return 'npx fetches packages, and there is no network; what is installed runs by its name: node, tsc';
  }
  if (/(^|[\s;&|(])(npm|pnpm|yarn|bun)\s+(i|install|ci|add|update|up|upgrade|create|init)\b/.test(command)) {
    return 'nothing can be installed, as there is no network; the dependencies are those of package.json';
  }
  if (/(^|[\s;&|(])(apt|apt-get|apk|pip|pip3|brew|curl|wget|git clone)\s/.test(command)) {
    return 'there is no network; call_endpoint asks the backend';
  }
  return undefined;
}
