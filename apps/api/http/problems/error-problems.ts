import type { DocumentPdfDiffers } from '../../../../libs/application/billing/document-pdf/kept-pdfs.js';
import type { DayEffectsPending } from '../../../../libs/application/days/day-effects.js';
import type * as decisionFailures from '../../../../libs/application/engine/commands/failures.js';
import type * as gateFailures from '../../../../libs/application/gate/failures.js';
import type * as importFailures from '../../../../libs/application/uploads/failures.js';
import type * as knownAtErrors from '../../../../libs/application/engine/time/known-at.js';
import type * as logErrors from '../../../../libs/event-log/errors.js';
import type { UnknownEvent } from '../../../../libs/event-log/catalogue/catalogue.js';
import type { SigningKeysUnavailable } from '../../../../libs/platform/authentication/signing-keys.js';
import type { ErasurePending, KeysUnavailable } from '../../../../libs/platform/keys/key-store.js';
import type * as postgresErrors from '../../../../libs/platform/postgres/errors.js';
import type * as readModelErrors from '../../../../libs/read-models/errors.js';
import type { FieldProblem } from '../validation/field-problem.js';
import { ProblemException } from './problem.js';
import type { ProblemCode } from './problems.js';

/** The error classes that a module exports. */
type ErrorsOf<Module> = {
  [Name in keyof Module]: Module[Name] extends abstract new (...args: never) => infer Instance
    ? Extract<Instance, Error>
    : never;
}[keyof Module];

/** The union of all errors that can end a request, discriminated by `name`. */
type RequestError =
  | ErrorsOf<typeof decisionFailures>
  | ErrorsOf<typeof gateFailures>
  | ErrorsOf<typeof importFailures>
  | ErrorsOf<typeof knownAtErrors>
  | ErrorsOf<typeof logErrors>
  | ErrorsOf<typeof postgresErrors>
  | ErrorsOf<typeof readModelErrors>
  | DayEffectsPending
  | DocumentPdfDiffers
  | ErasurePending
  | KeysUnavailable
  | SigningKeysUnavailable
  | UnknownEvent;

/**
 * The problem of each error of the layers below. The compiler checks that every name is the name of
 * an error class, and that no class is missing. It uses names instead of classes so that the
 * imports are types only and load none of those modules.
 */
const problemByName: Readonly<Record<RequestError['name'], ProblemCode | FieldProblem | 'defect'>> =
  {
    OutsideScope: 'outside-scope',
    KeyReused: 'idempotency-key-reused',
    RequestInFlight: 'request-in-flight',
    PreconditionFailed: 'precondition-failed',
    Contention: 'contention',
    ClockBehind: 'clock-behind',
    DayEffectsPending: 'day-effects-pending',
    DocumentPdfDiffers: 'document-pdf-differs',
    GateNotReady: 'not-ready',
    UnknownRuleset: 'ruleset-not-supported',
    UnknownEvent: 'ruleset-not-supported',
    // A command handler retries on these two. An error that still reaches this point cannot be
    // retried here.
    WrongRevision: 'contention',
    GuardMoved: 'contention',
    CommandConflict: 'defect',
    OrderAmountTooLarge: 'order-amount-too-large',
    // The request schemas allow only what JSON can express, so the event is too large.
    UnfitEvent: 'payload-too-large',
    LogUnavailable: 'log-unavailable',
    OutcomeUnknown: 'outcome-unknown',
    PositionNotReached: 'position-not-reached',
    ReadModelBehind: 'read-model-behind',
    ReadModelsUnavailable: 'read-models-unavailable',
    LeaseLost: 'read-models-unavailable',
    UnfitRow: 'defect',
    ErasurePending: 'erasure-pending',
    KeysUnavailable: 'store-unavailable',
    PostgresUnavailable: 'store-unavailable',
    PostgresRefused: 'store-unavailable',
    ProjectionStopped: 'projection-stopped',
    UnknownProjection: 'not-found',
    ImportInterrupted: 'shutting-down',
    TooManyImports: 'imports-waiting',
    SigningKeysUnavailable: 'authentication-unavailable',
    InvalidCursor: { path: '/cursor', code: 'format', expected: 'cursor', in: 'query' },
    InvalidLimit: { path: '/limit', code: 'range', expected: '1–500', in: 'query' },
    MalformedKnownAt: { path: '/knownAt', code: 'format', expected: 'known-at' },
    PositionAheadOfLog: { path: '/knownAt', code: 'range', expected: 'log-end' },
  };

/** Returns the problem document of an error; undefined for a defect. */
export function problemOfError(error: unknown): ProblemException | undefined {
  if (error instanceof ProblemException) return error;
  if (!isRequestError(error)) return undefined;
  const problem = problemByName[error.name];
  if (problem === 'defect') return undefined;
  if (typeof problem === 'object')
    return new ProblemException('malformed-request', { errors: [problem], cause: error });
  const revision =
    error.name === 'PreconditionFailed' && error.revision >= 0 ? error.revision : undefined;
  return new ProblemException(problem, {
    cause: error,
    ...(revision !== undefined && { extensions: { revision } }),
  });
}

const isRequestError = (error: unknown): error is RequestError =>
  error instanceof Error && Object.hasOwn(problemByName, error.name);
