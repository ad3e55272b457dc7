/** How much a proposal may hold. What lies beyond is refused, so that reading one costs milliseconds, whatever it says. */
export const LIMITS = {
  totalBytes: 1024 * 1024,
  statementBytes: 64 * 1024,
  statements: 200,
  /** Of one statement, signs counted too. */
  words: 10_000,
  nodes: 8000,
  treeDepth: 400,
  expressionDepth: 40,
  tables: 60,
  columns: 200,
  enumValues: 200,
  textBytes: 4096,
} as const;
