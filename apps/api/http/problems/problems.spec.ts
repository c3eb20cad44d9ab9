import { describe, expect, it } from '@jest/globals';
import type { PriceListRefusal } from '../../../../libs/application/price-lists/price-list.command.js';
import type { CustomerRefusal } from '../../../../libs/domain/customer/customer.decide.js';
import type { ProgramRefusal } from '../../../../libs/domain/program/program.decide.js';
import type { PartnerRefusal } from '../../../../libs/domain/partner/partner.decide.js';
import { problemOfError } from './error-problems.js';
import { problemDocument, ProblemException } from './problem.js';
import { isProblemCode, type ProblemCode, problems } from './problems.js';
import { type Refusal, refusalProblem } from './refusals.js';

/** A refusal code without a problem is a compile error. */
const codeOf: (
  refusal: PartnerRefusal | CustomerRefusal | ProgramRefusal | PriceListRefusal,
) => ProblemCode | 'malformed' = ({ code }) => code;
void codeOf;

describe('the table of problems', () => {
  it.each(Object.entries(problems))(
    'has a status and texts in both languages for %s',
    (code, { status, title, what, remedy }) => {
      expect(code).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      for (const text of [title, what, remedy]) {
        expect(text.en.length).toBeGreaterThan(5);
        expect(text.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      }
    },
  );
  it('has its own codes and no others', () => {
    expect(isProblemCode('contention')).toBe(true);
    expect(isProblemCode('toString')).toBe(false);
  });
});

describe('the problem of a refusal', () => {
  it('keeps the members of the refusal', () => {
    const refusal: Refusal & { factIds: string[] } = { code: 'fact-ambiguous', factIds: ['a'] };
    expect(
      problemDocument('fact-ambiguous', refusalProblem(refusal).details, 'ja', '/x'),
    ).toMatchObject({
      status: 422,
      factIds: ['a'],
      title: 'その日に有効な事実が複数あります',
    });
  });
  it('names the field of a malformed value', () => {
    const { code, details } = refusalProblem({ code: 'malformed', path: '/on', rule: 'range' });
    expect([code, details.errors]).toEqual(['malformed-request', [{ path: '/on', code: 'range' }]]);
  });
});

describe('the problem of an error of a lower layer', () => {
  const named = (name: string, members: object = {}): Error =>
    Object.assign(new Error('inner'), { name, ...members });
  it.each<[string, ProblemCode, number]>([
    ['KeyReused', 'idempotency-key-reused', 422],
    ['RequestInFlight', 'request-in-flight', 409],
    ['PreconditionFailed', 'precondition-failed', 412],
    ['Contention', 'contention', 409],
    ['ClockBehind', 'clock-behind', 503],
    ['GateNotReady', 'not-ready', 503],
    ['UnknownEvent', 'ruleset-not-supported', 503],
    ['UnfitEvent', 'payload-too-large', 413],
    ['LogUnavailable', 'log-unavailable', 503],
    ['OutcomeUnknown', 'outcome-unknown', 503],
    ['PositionNotReached', 'position-not-reached', 400],
    ['ReadModelBehind', 'read-model-behind', 503],
    ['ProjectionStopped', 'projection-stopped', 503],
    ['InvalidCursor', 'malformed-request', 400],
    ['MalformedKnownAt', 'malformed-request', 400],
    ['PositionAheadOfLog', 'malformed-request', 400],
  ])('%s is %s (%i)', (name, code, status) => {
    const problem = problemOfError(named(name))!;
    expect([problem.code, problems[code].status]).toEqual([code, status]);
    expect(problemDocument(problem.code, problem.details, 'en', '/').detail).not.toContain('inner');
  });
  it('contains the current revision when a precondition failed', () =>
    expect(
      problemOfError(named('PreconditionFailed', { revision: 4 }))!.details.extensions,
    ).toEqual({
      revision: 4,
    }));
  it.each([named('TypeError'), named('constructor'), 'text', undefined])(
    'is undefined for %s, which is a defect',
    (error) => expect(problemOfError(error)).toBeUndefined(),
  );
  it('is the error itself if it is already a problem', () =>
    expect(problemOfError(new ProblemException('forbidden'))!.code).toBe('forbidden'));
});
