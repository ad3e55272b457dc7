import type { CommandResult } from '../../sandbox/sandbox.ts';
import type { GateOutcome } from '../gate-runner.ts';
import type { VerificationRequest } from '../verification-request.ts';

type TypeCheck = Pick<VerificationRequest, 'sandbox' | 'signal'>;

/** Type-checks the project in its sandbox, as its own tsconfig says. */
export async function typesGate({ sandbox, signal }: TypeCheck): Promise<GateOutcome> {
  const { typescript } = sandbox;
  // One thread: the tests and the server need the other cores meanwhile, and starting threads costs more than they win.
  const [checked, asked] = await Promise.all([
    sandbox.run([...typescript, '-p', '.', '--noEmit', '--pretty', 'false', '--listFiles', '--singleThreaded'], {
      signal,
    }),
    sandbox.run([...typescript, '--version'], { signal }),
  ]);
  return judge(checked, asked.output.trim(), sandbox.directory);
}

function judge(checked: CommandResult, compiler: string, directory: string): GateOutcome {
  const lines = checked.output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const errors = lines.filter((line) => /\berror TS\d+:/.test(line));
  const files = lines.filter((line) => line.startsWith(`${directory}/`) && !line.includes('/node_modules/'));
  if (checked.exitCode === 0 && files.length > 0) {
    const summary = `${files.length} files, no errors`;
    return {
      status: 'passed',
      summary,
      evidence: [compiler, ...files.map((file) => file.slice(directory.length + 1))],
    };
  }
  const evidence = [compiler, ...(errors.length > 0 ? errors.slice(0, 20) : lines.slice(-20))];
  return { status: 'failed', summary: failure(checked, errors, files.length), evidence };
}

function failure(checked: CommandResult, errors: readonly string[], fileCount: number): string {
  if (checked.timedOut) return `The compiler did not end within ${checked.durationMs} ms`;
  if (errors.length > 0) return `Type errors: ${errors.length}, the first: ${errors[0]}`;
  if (checked.exitCode === 0 && fileCount === 0) return 'The compiler was given no file of the project';
  return `The compiler ended with exit code ${checked.exitCode ?? 'none'}`;
}
