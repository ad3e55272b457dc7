import type { DoStmt } from 'libpg-query';

/**
 * The statements of a DO block that only keeps them from failing when what they make is there already, as Drizzle and
 * many migrations write them; undefined for any other block.
 */
export function unwrapDo({ args = [] }: DoStmt): string | undefined {
  const bodies = args.flatMap((arg) => {
    const value = 'DefElem' in arg && arg.DefElem.defname === 'as' ? arg.DefElem.arg : undefined;
    return value && 'String' in value ? [value.String.sval ?? ''] : [];
  });
  const [body] = bodies;
  return body === undefined ? undefined : (GUARDED.exec(body) ?? CONDITIONAL.exec(body))?.[1];
}

const GUARDED =
  /^\s*begin\b([\s\S]*?;)\s*exception\s+(?:when\s+[a-z_]+(?:\s+or\s+[a-z_]+)*\s+then\s+(?:null|raise\s+notice\s+'[^']*')\s*;\s*)+end\s*;?\s*$/i;
const CONDITIONAL = /^\s*begin\s+if\s+not\s+exists\s*\([\s\S]*?\)\s*then\b([\s\S]*?;)\s*end\s+if\s*;\s*end\s*;?\s*$/i;
