/** When the signs balance, a database does less harm than none; all the more where nothing speaks against it. */
const LEAN = { doubted: 0.1, undisputed: 0.25 };

/** How strongly a prompt's features speak for a database: above 0 it needs one. */
export function scoreNeed(features: readonly string[], weights: ReadonlyMap<string, number>): number {
  const sum = features.reduce((total, feature) => total + (weights.get(feature) ?? 0), weights.get('bias') ?? 0);
  return sum + (features.some((feature) => feature.startsWith('-')) ? LEAN.doubted : LEAN.undisputed);
}
