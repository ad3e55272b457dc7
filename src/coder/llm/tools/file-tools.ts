import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { isRefusedPath, LARGEST_SOURCE_CHARACTERS, type SourceTree } from '../../source-tree.ts';
import { brief, capped } from '../../model-text.ts';
import { whyHidden, whyKept, whyProtected } from '../../protected-paths.ts';
import type { ToolInput } from './tool-input.ts';
import { failure, refusal, type ToolOutcome } from './tool-outcome.ts';

export async function listFiles(sandbox: Sandbox, input: ToolInput): Promise<ToolOutcome> {
  const folder = input.optionalText('folder')?.replace(/^(?:\.?\/)+|\/+$/g, '') ?? '';
  const paths = (await sandbox.listFiles()).filter(
    (path) => whyHidden(path) === undefined && (folder === '' || folder === '.' || path.startsWith(`${folder}/`)),
  );
  return { output: capped(paths.join('\n')) || 'There are none.', told: folder };
}

export async function readFile(sandbox: Sandbox, input: ToolInput): Promise<ToolOutcome> {
  const path = pathIn(input);
  return onPath(path, whyHidden(path), async () => {
    const content = await sandbox.readFile(path);
    const from = Math.max(1, input.optionalNumber('from_line') ?? 1);
    const lines = content.split('\n').slice(from - 1, from - 1 + (input.optionalNumber('line_count') ?? Infinity));
    return { output: capped(lines.join('\n')) || 'It is empty.', told: path };
  });
}

export async function writeFile(sandbox: Sandbox, input: ToolInput): Promise<ToolOutcome> {
  const path = pathIn(input);
  const content = input.text('content');
  return onPath(path, whyProtected(path) ?? whyTooLarge(content), async () => {
    await sandbox.writeFiles([{ path, content }]);
    return { output: `Written: ${content.split('\n').length} lines.`, told: path };
  });
}

export async function editFile(sandbox: Sandbox, input: ToolInput): Promise<ToolOutcome> {
  const path = pathIn(input);
  const [oldText, newText] = [input.text('old_text'), input.text('new_text')];
  return onPath(path, whyProtected(path), async () => {
    const content = await sandbox.readFile(path);
    const count = oldText === '' ? 0 : content.split(oldText).length - 1;
    if (count !== 1) return failure(path, whyNoEdit(count, oldText));
    const edited = content.replace(oldText, () => newText);
    const tooLarge = whyTooLarge(edited);
    if (tooLarge !== undefined) return failure(path, tooLarge);
    await sandbox.writeFiles([{ path, content: edited }]);
    return { output: 'Edited.', told: path };
  });
}

/** `scaffold`: what the model did not write itself. */
export async function deleteFile(sandbox: Sandbox, input: ToolInput, scaffold: SourceTree): Promise<ToolOutcome> {
  const path = pathIn(input);
  return onPath(path, scaffold.has(path) ? whyKept(path) : whyProtected(path), async () => {
    await sandbox.deleteFile(path);
    return { output: 'Deleted.', told: path };
  });
}

function pathIn(input: ToolInput): string {
  return input.text('path').replace(/^(?:\.\/)+/, '');
}

async function onPath(path: string, why: string | undefined, use: () => Promise<ToolOutcome>): Promise<ToolOutcome> {
  const told = brief(path);
  if (why !== undefined) return refusal(told, why);
  try {
    return await use();
  } catch (error) {
    if (!isRefusedPath(error)) throw error;
    const reason = error.message.replace(/^Refused the path .*": /, '');
    // To ask for a file that is not there is no attempt at anything.
    return reason === 'there is no such file' ? failure(told, `${reason}.`) : refusal(told, reason);
  }
}

function whyTooLarge(content: string): string | undefined {
  return content.length > LARGEST_SOURCE_CHARACTERS ? 'it is larger than a source file may be' : undefined;
}

function whyNoEdit(count: number, oldText: string): string {
  if (oldText === '') return 'old_text is empty; write_file makes files.';
  if (count === 0) return 'old_text is not in the file. Read the file again and copy the part exactly.';
  return `old_text is ${count} times in the file. Take more of what is around it.`;
}
