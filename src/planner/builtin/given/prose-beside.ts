const FENCE = /```[\s\S]*?(?:```|$)/g;

/** Marks of code: brackets that open a block, an ending semicolon, an assignment, a cell's border, a tag of a type. */
const CODE = /[{}|]|;\s*$|=>|^\s*[\w.]+\s*=[^=]|^\s*(?:"|'|-\s*\w+:|@|\/\/|#|\w+:\s*\S+\s*$)|^\s+\S|\)\s*[,:]?\s*$/;

/** How lines of code begin. */
const OPENING =
  /^\s*(?:import|export|const|let|var|class|interface|type|enum|model|table|ref|project|create\s+(?:table|type|index|unique)|alter\s+table|from\s+[\w.]+\s+import|def|openapi|swagger|info|paths|components)\b/i;

/** What a prompt says beside the code that was pasted into it; empty when nothing is said. */
export function proseBeside(prompt: string): string {
  const lines = prompt.replaceAll(FENCE, '\n').split('\n');
  return lines.filter(isProse).join('\n').trim();
}

function isProse(line: string): boolean {
  const words = line.match(/\p{L}{2,}/gu) ?? [];
  if (words.length < 3) return false;
  const bare = line.replaceAll(/\{[^{}]*\}/g, '');
  if (OPENING.test(line) && !/\b(?:with|for|that|which|please|of)\b/i.test(line)) return false;
  return !CODE.test(bare) && !isHeader(line);
}

/** «isbn,title,author»: a header of a sheet has no spaces behind its commas. */
function isHeader(line: string): boolean {
  return /^[\w-]+(?:[,;\t][\w -]+){2,}$/.test(line.trim()) && !/, /.test(line);
}
