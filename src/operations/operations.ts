import { createKey, getUsage, listKeys, revokeKey } from './account-operations.ts';
import { createBackend, planBackend } from './build-operations.ts';
import {
  applyChange,
  changeBackend,
  deployBackend,
  diffRevisions,
  getChange,
  getRevision,
  listRevisions,
  planChange,
  undoChange,
} from './change-operations.ts';
import { checkBackend, getApiDocument, readCode, writeFiles } from './code-operations.ts';
import { getConnection, getSchema, listRows, runSql } from './data-operations.ts';
import { callEndpoint } from './endpoint-operations.ts';
import type { Operation } from './operation.ts';
import {
  controlBackend,
  deleteProject,
  getLogs,
  getProject,
  getReceipt,
  listProjects,
  renameProject,
} from './project-operations.ts';
import { listSnapshots, takeSnapshot } from './snapshot-operations.ts';
import { listSecrets, setSecret, unsetSecret } from './secret-operations.ts';
import { cancelRun, getRun, listRuns } from './run-operations.ts';

/** All that can be asked of us. Routes, their documentation and tools are made from this list, in this order. */
export const OPERATIONS: readonly Operation[] = [
  planBackend,
  createBackend,
  listProjects,
  getProject,
  controlBackend,
  renameProject,
  deleteProject,
  planChange,
  getChange,
  applyChange,
  changeBackend,
  undoChange,
  deployBackend,
  listRevisions,
  getRevision,
  diffRevisions,
  readCode,
  writeFiles,
  checkBackend,
  getApiDocument,
  callEndpoint,
  getReceipt,
  getLogs,
  getSchema,
  listRows,
  runSql,
  getConnection,
  listSnapshots,
  takeSnapshot,
  listSecrets,
  setSecret,
  unsetSecret,
  listRuns,
  getRun,
  cancelRun,
  getUsage,
  listKeys,
  createKey,
  revokeKey,
];
