/** Each notation by the few characters that nobody writes in prose. */

export function isPrisma(text: string): boolean {
  return /^\s*model\s+[A-Z]\w*\s*\{/m.test(text);
}

export function isDbml(text: string): boolean {
  return /^\s*table\s+["\w.]+(?:\s+as\s+\w+)?\s*(?:\[[^\]]*\]\s*)?\{/im.test(text);
}

export function isDrizzle(text: string): boolean {
  return /\b(?:pg|mysql|sqlite)Table\s*\(/.test(text);
}

export function isMongoose(text: string): boolean {
  return /\bnew\s+(?:mongoose\.)?Schema\s*(?:<[^>]*>)?\s*\(/.test(text);
}

export function isDjango(text: string): boolean {
  return /^class\s+\w+\s*\([^)]*\b(?:models\.Model|AbstractUser)\b[^)]*\)\s*:/m.test(text);
}

export function isSqlalchemy(text: string): boolean {
  return /^\s+__tablename__\s*(?::[^=]*)?=/m.test(text) || /^\w+\s*=\s*(?:db\.)?Table\s*\(/m.test(text);
}

export function isGraphql(text: string): boolean {
  return /^\s*type\s+[A-Z]\w*[^={]*\{\s*(?:#.*\s*|"[^"]*"\s*)*\w+\s*(?:\([^)]*\))?\s*:\s*\[?\w+/m.test(text);
}

export function isTypescript(text: string): boolean {
  return /^\s*(?:export\s+)?(?:interface\s+[A-Z]\w*[^{]*\{|type\s+[A-Z]\w*\s*=\s*\{)/m.test(text);
}
