import type { SourceFile } from '../domain/source-file.ts';

/** Each text stands in the file exactly once, and gives way to the one beside it. */
export type Edits = Readonly<Record<string, readonly (readonly [text: string, instead: string])[]>>;

/** The files with the edits made, by path. Throws where a text is not there, or there twice: the file has changed. */
export function editFiles(files: readonly SourceFile[], edits: Edits): readonly SourceFile[] {
  const missing = Object.keys(edits).find((path) => !files.some((file) => file.path === path));
  if (missing !== undefined) throw new Error(`There is no ${missing} to edit.`);
  return files.map((file) => ({
    ...file,
    content: (edits[file.path] ?? []).reduce(editOnce(file.path), file.content),
  }));
}

function editOnce(path: string): (content: string, edit: readonly [string, string]) => string {
  return (content, [text, instead]) => {
    const [before, after, ...more] = content.split(text);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${path} has to hold this exactly once to be edited: ${text}`);
    }
    return before + instead + after;
  };
}
