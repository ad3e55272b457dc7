import type { AccessPlan } from '../domain/access.ts';
import { TurboError } from '../domain/errors.ts';
import type { Finding, SchemaDesign, SchemaProposal } from '../domain/schema-design.ts';
import { planAccess, type AccessAsked, type Planner } from '../planner/planner.ts';
import { secretNotes } from '../scaffold/scaffold.ts';
import { accountStatements, checkProposal, proposalFromSql } from '../schema/schema.ts';

/** How often a planner may answer the objections to its design, the first answer included. */
const ROUNDS = 3;

export interface Designing extends AccessAsked {
  /** SQL of the user's own; it is checked, never changed, and there is one round. */
  readonly schemaSql: string | undefined;
  readonly planner: Planner;
  readonly signal: AbortSignal;
  /** Wraps each call to the planner, so that a run can keep the answer. */
  ask(round: number, propose: (signal: AbortSignal) => Promise<SchemaProposal>): Promise<SchemaProposal>;
  /** What Postgres says to a design that passed our own checks; not called for a plan, where nothing is made. */
  rehearse?(round: number, design: SchemaDesign): Promise<readonly Finding[]>;
  /** Told when a proposal was refused and another one is asked for. */
  refused?(round: number, findings: readonly Finding[]): Promise<void>;
}

export interface Designed {
  /** Who may do what; what it takes is a part of the design. */
  readonly access: AccessPlan;
  readonly proposal: SchemaProposal;
  readonly design: SchemaDesign;
  /** How long the check of the accepted proposal took. */
  readonly checkMs: number;
}

/**
 * Proposes, checks and rehearses until a design stands.
 * Rejects with `SCHEMA_DESIGN_FAILED`, or `SCHEMA_REFUSED` for the user's own SQL, the findings in the message.
 */
export async function designSchema(work: Designing): Promise<Designed> {
  if (work.schemaSql !== undefined) return designGivenSchema(work, work.schemaSql);

  let proposal = await work.ask(1, (signal) => work.planner.proposeSchema(work.prompt, signal));
  for (let round = 1; ; round += 1) {
    const { accepted, findings, checkMs } = await judgeProposal(work, round, proposal);
    if (accepted) return { ...accepted, checkMs };
    if (round === ROUNDS) throw designFailed(findings);

    await work.refused?.(round, findings);
    const objections = { proposal, findings };
    proposal = await work.ask(round + 1, (signal) => work.planner.proposeSchema(work.prompt, signal, objections));
  }
}

async function designGivenSchema(work: Designing, schemaSql: string): Promise<Designed> {
  const proposal = await work.ask(1, () => proposalFromSql(schemaSql));
  const { accepted, findings, checkMs } = await judge(work, 1, proposal, 'tell');
  if (!accepted) {
    throw new TurboError('SCHEMA_REFUSED', `The given schema was refused:\n${listOf(findings)}`, {
      phase: 'design',
      fix: 'Change the named statements; docs/schema.md lists what a schema may hold.',
    });
  }
  return { ...accepted, checkMs };
}

/** What was pasted stays as it stands where it can, and is brought into the house's form where it cannot. */
async function judgeProposal(work: Designing, round: number, proposal: SchemaProposal): ReturnType<typeof judge> {
  const asPasted = proposal.given === undefined ? undefined : await judge(work, round, proposal, 'tell');
  return asPasted?.accepted ? asPasted : judge(work, round, proposal, 'apply');
}

async function judge(
  work: Designing,
  round: number,
  proposal: SchemaProposal,
  houseRules: 'apply' | 'tell',
): Promise<{ accepted?: Omit<Designed, 'checkMs'>; findings: readonly Finding[]; checkMs: number }> {
  const startedAt = performance.now();
  const checked = await checkProposal(proposal, { houseRules });
  const checkMs = Math.round(performance.now() - startedAt);
  if (!checked.design) return { findings: checked.findings, checkMs };
  const { design, ...planned } = planAccess(checked.design, work);
  const statements = [...design.statements, ...accountStatements(planned.access, design.schema)];
  const objections = (await work.rehearse?.(round, { ...design, statements })) ?? [];
  if (objections.length > 0) return { findings: objections, checkMs };
  const findings = [...design.findings, ...secretNotes(design.schema)];
  const accepted = {
    access: planned.access,
    proposal: withDoubts(proposal, planned),
    design: { ...design, statements, findings },
  };
  return { accepted, findings, checkMs };
}

const MOST_QUESTIONS = 3;

/** What is unclear about who may do what stands beside what is unclear about the tables. */
function withDoubts(
  proposal: SchemaProposal,
  { warnings, questions }: Pick<ReturnType<typeof planAccess>, 'warnings' | 'questions'>,
): SchemaProposal {
  if (warnings.length + questions.length === 0) return proposal;
  return {
    ...proposal,
    warnings: [...proposal.warnings, ...warnings],
    questions: [...questions, ...(proposal.questions ?? [])].slice(0, MOST_QUESTIONS),
  };
}

function designFailed(findings: readonly Finding[]): TurboError {
  return new TurboError('SCHEMA_DESIGN_FAILED', `No sound schema was found:\n${listOf(findings)}`, {
    phase: 'design',
    fix: 'Name the things to keep and what belongs to each («users (name, email) who write posts (title, body)»), or pass a schema with --schema file.sql.',
  });
}

/** The findings that stand in the way, a line each; those that say the same of several statements are told once. */
function listOf(findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const alike = new Map<string, Finding[]>();
  for (const error of errors) {
    const said = `${error.message}\n${error.fix}`;
    alike.set(said, [...(alike.get(said) ?? []), error]);
  }
  const lines = [...alike.values()].slice(0, MOST_LISTED).map(([first, ...others]) => describe(first!, others.length));
  return [...lines, ...(alike.size > MOST_LISTED ? [`- and ${alike.size - MOST_LISTED} more`] : [])].join('\n');
}

/** Enough for whatever anyone mends in one go. */
const MOST_LISTED = 100;

function describe({ message, statement, fix }: Finding, others: number): string {
  const more = others > 0 ? ` … and in ${others} more` : '';
  const where = statement === undefined ? '' : `\n    in: ${statement}${more}`;
  return `- ${asSentence(message)}${fix === undefined ? '' : ` ${asSentence(fix)}`}${where}`;
}

function asSentence(text: string): string {
  return /[.!?:…]$/.test(text) ? text : `${text}.`;
}
