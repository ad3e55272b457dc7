import type { GateResult } from '../../domain/receipt.ts';
import { brief } from './model-text.ts';

const MOST_LINES = 6;
const LONGEST_LINE = 600;

/** What stands in the way, as the model reads it: of each failed gate the first errors, with file and line. */
export function gateReport(gates: readonly GateResult[], directory: string): string {
  const failed = gates.filter(({ status }) => status === 'failed');
  const passed = gates.filter(({ status }) => status === 'passed').map(({ gate }) => gate);
  const parts = failed.map(({ gate, summary, evidence }) => {
    const lines = evidence.filter((line) => !line.startsWith('Version ')).slice(0, MOST_LINES);
    return [`${gate}: ${cut(summary, directory)}`, ...lines.map((line) => `  ${cut(line, directory)}`)].join('\n');
  });
  return `${parts.join('\n')}\nPassed: ${passed.join(', ') || 'none'}.`;
}

/** The same for failures that differ only in numbers: durations, ports, lines. */
export function failureSignature(gates: readonly GateResult[]): string {
  const failed = gates.filter(({ status }) => status === 'failed');
  return failed.map(({ gate, summary }) => `${gate}:${brief(summary, 300).replace(/\d+/g, '#')}`).join('\n');
}

function cut(line: string, directory: string): string {
  const own = line.replaceAll(`file://${directory}/`, '').replaceAll(`${directory}/`, '');
  return own.length <= LONGEST_LINE ? own : `${own.slice(0, LONGEST_LINE - 1).toWellFormed()}…`;
}
