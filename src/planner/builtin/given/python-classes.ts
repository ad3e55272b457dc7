/** A class of a Python module, as far as models are declared in it. */
export interface PythonClass {
  readonly name: string;
  readonly bases: readonly string[];
  /** `name = value` of its body, and `name: annotation = value`; what runs over lines is joined. */
  readonly assignments: readonly PythonAssignment[];
  /** The same of the classes inside it, by their names: Django's `Meta`. */
  readonly inner: ReadonlyMap<string, readonly PythonAssignment[]>;
}

export interface PythonAssignment {
  readonly name: string;
  readonly annotation?: string | undefined;
  readonly value: string;
}

export interface PythonCall {
  /** The last name of `models.CharField`. */
  readonly name: string;
  readonly args: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

/** The classes of a Python text, what stands around them left out. */
export function readClasses(text: string): PythonClass[] {
  const lines = logicalLines(text);
  return lines.flatMap((line, at) => {
    const match = /^class\s+(\w+)\s*(?:\(([^)]*)\))?\s*:/.exec(line);
    if (!match) return [];
    const [, name = '', bases = ''] = match;
    const end = lines.findIndex((other, index) => index > at && /^\S/.test(other));
    const body = lines.slice(at + 1, end === -1 ? lines.length : end);
    return [{ name, bases: splitArguments(bases), ...readBody(body) }];
  });
}

function readBody(lines: readonly string[]): Pick<PythonClass, 'assignments' | 'inner'> {
  const indent = /^\s*/.exec(lines.find((line) => line.trim()) ?? '')?.[0].length ?? 0;
  const assignments: PythonAssignment[] = [];
  const inner = new Map<string, PythonAssignment[]>();
  let block: PythonAssignment[] | undefined = assignments;
  for (const line of lines) {
    const depth = /^\s*/.exec(line)?.[0].length ?? 0;
    if (depth <= indent) block = openedBlock(line, assignments, inner);
    const assignment = readAssignment(line.trim());
    if (block && assignment && (block !== assignments || depth === indent)) block.push(assignment);
  }
  return { assignments, inner };
}

/** Where the lines below belong: to a class inside, to no one (a function), or to the class itself. */
function openedBlock(
  line: string,
  own: PythonAssignment[],
  inner: Map<string, PythonAssignment[]>,
): PythonAssignment[] | undefined {
  const name = /^\s*class\s+(\w+)/.exec(line)?.[1];
  if (name === undefined) return /^\s*(?:async\s+)?def\s/.test(line) ? undefined : own;
  const block: PythonAssignment[] = [];
  inner.set(name, block);
  return block;
}

function readAssignment(line: string): PythonAssignment | undefined {
  const match = /^(\w+)\s*(?::\s*([^=]+?)\s*)?(?:=\s*(?!=)(.+))?$/s.exec(line);
  if (!match || (match[2] === undefined && match[3] === undefined)) return undefined;
  const [, name = '', annotation, value = ''] = match;
  return { name, annotation, value: value.trim() };
}

/** Lines without comments, brackets that run over several joined into one. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/(^|\s)#.*$/, '').trimEnd();
    open = open === '' ? line : `${open} ${line.trim()}`;
    if (depthOf(open) > 0) continue;
    lines.push(open);
    open = '';
  }
  return [...lines, open];
}

function depthOf(text: string): number {
  const bare = text.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, '');
  return (bare.match(/[([{]/g) ?? []).length - (bare.match(/[)\]}]/g) ?? []).length;
}

/** `models.CharField(max_length=50, null=True)`; undefined for what is no call. */
export function readCall(text: string): PythonCall | undefined {
  const match = /^(?:\w+\.)*(\w+)\s*\((.*)\)$/s.exec(text.trim());
  if (!match) return undefined;
  const parts = splitArguments(match[2] ?? '');
  const pairs = parts.map((part) => /^(\w+)\s*=(?!=)\s*(.+)$/s.exec(part));
  return {
    name: match[1] ?? '',
    args: parts.filter((_, at) => pairs[at] === null),
    named: new Map(pairs.flatMap((pair) => (pair ? [[pair[1] ?? '', pair[2] ?? ''] as const] : []))),
  };
}

/** What stands between commas, brackets and quotes kept together. */
function splitArguments(text: string): string[] {
  const parts: string[] = [''];
  for (const piece of text.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\s\S]/g) ?? []) {
    if (piece === ',' && depthOf(parts.at(-1) ?? '') === 0) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** A text, a number, yes or no; undefined for any other expression. */
export function pythonConstant(text: string | undefined): string | number | boolean | undefined {
  if (text === undefined) return undefined;
  const quoted = /^[rub]?(['"])((?:(?!\1)[^\\]|\\.)*)\1$/s.exec(text);
  if (quoted) return quoted[2];
  if (text === 'True' || text === 'False') return text === 'True';
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The items of `['a', 'b']` or `('a', 'b')`. */
export function pythonList(text: string | undefined): string[] {
  const inner = /^[[({](.*)[\])}]$/s.exec(text?.trim() ?? '')?.[1];
  return inner === undefined ? [] : splitArguments(inner);
}
