import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { withDoorFixes } from '../operations/door-fix.ts';
import type { Operation } from '../operations/operation.ts';
import { runShape } from '../operations/run-shapes.ts';
import { fence, NOTICE } from './fence.ts';
import { describeRun } from './describe-run.ts';
import { holdsForeignText, NOTICE_FIELD, outputOf } from './tool-schemas.ts';

/** An operation's output as a tool's answer: for programs as it is, for models as text. Others' text is marked as such. */
export function answerOf(operation: Operation, given: Readonly<Record<string, unknown>>): CallToolResult {
  const output = withDoorFixes('mcp', given);
  const isForeign = holdsForeignText(operation);
  const structuredContent = outputOf(operation).parse(isForeign ? { [NOTICE_FIELD]: NOTICE, ...output } : output);
  return { content: [{ type: 'text', text: textOf(operation, output, isForeign) }], structuredContent };
}

function textOf(operation: Operation, output: Readonly<Record<string, unknown>>, isForeign: boolean): string {
  if (operation.output === runShape) return describeRun(output as z.output<typeof runShape>);
  const text = JSON.stringify(output);
  return isForeign ? fence(text) : text;
}
