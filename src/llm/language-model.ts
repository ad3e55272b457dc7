/** Language models, asked one call at a time: budgeted, retried within a time, every answer's cost told. */
export { Budget } from './budget.ts';
export { converse, type Turn } from './converse.ts';
export { generateJson, type JsonRequest } from './generate-json.ts';
export { withLedger, type CallLedger, type FinishedCall, type LostCall } from './ledger.ts';
export {
  textOf,
  toolCallsOf,
  type AssistantMessage,
  type Json,
  type LanguageModel,
  type ModelAnswer,
  type ModelMessage,
  type ModelRequest,
  type ToolCall,
  type ToolDefinition,
  type ToolResult,
} from './model-call.ts';
export { DEFAULT_MODELS, type LanguageModelSettings } from './model-settings.ts';
export { openLanguageModel } from './open-language-model.ts';
export { recordingModel, replayingModel } from './recording.ts';
