import type { FieldProblem } from '../validation/field-problem.js';
import { ProblemException } from './problem.js';
import type { ProblemCode } from './problems.js';

/** What the layers below throw, by the error's name: they know no HTTP, this table does. */
const codes: Readonly<Record<string, ProblemCode>> = {
  OutsideScope: 'outside-scope',
  KeyReused: 'idempotency-key-reused',
  RequestInFlight: 'request-in-flight',
  PreconditionFailed: 'precondition-failed',
  Contention: 'contention',
  ClockBehind: 'clock-behind',
  DayEffectsPending: 'day-effects-pending',
  UnknownRuleset: 'ruleset-not-supported',
  UnknownEvent: 'ruleset-not-supported',
  // Handlers decide again when a stream has moved; one that gets this far had no way to.
  WrongRevision: 'contention',
  GuardMoved: 'contention',
  OrderAmountTooLarge: 'order-amount-too-large',
  // What the schemas let through JSON can carry, so it is the size.
  UnfitEvent: 'payload-too-large',
  LogUnavailable: 'log-unavailable',
  OutcomeUnknown: 'outcome-unknown',
  PositionNotReached: 'position-not-reached',
  ReadModelBehind: 'read-model-behind',
  ReadModelsUnavailable: 'read-models-unavailable',
  LeaseLost: 'read-models-unavailable',
  ErasurePending: 'erasure-pending',
  KeysUnavailable: 'store-unavailable',
  PostgresUnavailable: 'store-unavailable',
  PostgresRefused: 'store-unavailable',
  ProjectionStopped: 'projection-stopped',
  UnknownProjection: 'not-found',
  ImportInterrupted: 'shutting-down',
  TooManyImports: 'imports-waiting',
  SigningKeysUnavailable: 'authentication-unavailable',
};

export function knownProblem(error: unknown): ProblemException | undefined {
  if (error instanceof ProblemException) return error;
  if (!(error instanceof Error)) return undefined;
  const parameter = Object.hasOwn(parameterFaults, error.name)
    ? parameterFaults[error.name]
    : undefined;
  if (parameter)
    return new ProblemException('malformed-request', { errors: [parameter], cause: error });
  const code = Object.hasOwn(codes, error.name) ? codes[error.name] : undefined;
  return code && new ProblemException(code, { cause: error, ...extensionsOf(error) });
}

const parameterFaults: Readonly<Record<string, FieldProblem>> = {
  InvalidCursor: { path: '/cursor', code: 'format', expected: 'cursor', in: 'query' },
  InvalidLimit: { path: '/limit', code: 'range', expected: '1–500', in: 'query' },
  MalformedKnownAt: { path: '/knownAt', code: 'format', expected: 'known-at' },
  PositionAheadOfLog: { path: '/knownAt', code: 'range', expected: 'log-end' },
};

function extensionsOf(error: Error): { readonly extensions?: Readonly<Record<string, unknown>> } {
  const revision: unknown = Reflect.get(error, 'revision');
  return error.name === 'PreconditionFailed' && typeof revision === 'number' && revision >= 0
    ? { extensions: { revision } }
    : {};
}
