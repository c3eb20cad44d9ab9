import type { Policy } from '../program/policy.js';
import { type DirectBillStatus, latestOn } from '../partner/partner.js';
import { addDays, addMonthsClamped, daysBetween } from '../shared/calendar.js';

/**
 * A change of a partner's authorization, in the log's order; on a day the latest `from` wins, then
 * the last in the log.
 */
export interface AuthorizationEntry {
  readonly status: DirectBillStatus;
  readonly from: string;
  /** An authorization began: its anniversaries count from here. A restoration begins none. */
  readonly starts: boolean;
  /** Recorded by the yearly re-check, not by an operator. */
  readonly byReCheck: boolean;
}
export type AuthorizationHistory = readonly AuthorizationEntry[];

export type ReCheckStep = 'restrict' | 'suspend' | 'revoke';

/** The effect of a step on an authorization. */
export const statusAfter = {
  restrict: 'restricted',
  suspend: 'suspended',
  revoke: 'revoked',
} as const satisfies Record<ReCheckStep, DirectBillStatus>;

/** The policy in force on a date. */
export type ReCheckPolicy = (date: string) => Pick<Policy, 'suspendAfterDays' | 'revokeAfterDays'>;

/**
 * The steps that are due on a day if the partner falls short of the rules as of that day; none: it
 * is not checked. On every anniversary a full authorization is restricted; after the policy's days
 * an authorization that is still restricted is suspended, then revoked. The result depends only on
 * the partner's record and the day: a late process takes the days in order.
 */
export function dueOn(
  day: string,
  history: AuthorizationHistory,
  policyOn: ReCheckPolicy,
): readonly ReCheckStep[] {
  const steps: ReCheckStep[] = [];
  let assumed = history;
  for (const step of inOrder) {
    if (!isDue[step](day, assumed, policyOn)) continue;
    steps.push(step);
    assumed = [...assumed, entryOf(step, day)];
  }
  return steps;
}

/** Days that come after one and reach through another. */
export interface Days {
  readonly after: string;
  readonly through: string;
}

/**
 * Whether some of these days may bring a step to a partner, by its record alone: never no where
 * `dueOn` has a step. Of a restriction the record does not say whether it is the re-check's, so
 * every one may be followed.
 */
export const mayBringReCheck = (
  record: readonly Pick<AuthorizationEntry, 'status' | 'from'>[],
  days: Days,
): boolean =>
  record.some(({ status, from }) =>
    status === 'authorized' ? hasAnniversaryIn(from, days) : from <= days.through,
  );

function hasAnniversaryIn(from: string, { after, through }: Days): boolean {
  for (let year = yearOf(after); year <= yearOf(through); year += 1) {
    const years = year - yearOf(from);
    const anniversary = addMonthsClamped(from, 12 * years);
    if (years > 0 && after < anniversary && anniversary <= through) return true;
  }
  return false;
}

const yearOf = (date: string): number => Number(date.slice(0, 4));

/** The record of a step that was taken. */
export const entryOf = (step: ReCheckStep, on: string): AuthorizationEntry => ({
  status: statusAfter[step],
  from: on,
  starts: false,
  byReCheck: true,
});

const inOrder: readonly ReCheckStep[] = ['restrict', 'suspend', 'revoke'];

const isDue: Readonly<
  Record<
    ReCheckStep,
    (day: string, history: AuthorizationHistory, policyOn: ReCheckPolicy) => boolean
  >
> = {
  restrict: (day, history) =>
    statusOn(history, day) === 'authorized' && isAnniversary(day, history),
  suspend: (day, history, policyOn) => {
    const days = (date: string): number => policyOn(date).suspendAfterDays;
    return statusOn(history, day) === 'restricted' && hasJustPassed(days, day, history);
  },
  revoke: (day, history, policyOn) => {
    const status = statusOn(history, day);
    const days = (date: string): number => policyOn(date).revokeAfterDays;
    return (status === 'restricted' || status === 'suspended') && hasJustPassed(days, day, history);
  },
};

const statusOn = (history: AuthorizationHistory, day: string): DirectBillStatus | undefined =>
  latestOn(history, day)?.status;

function isAnniversary(day: string, history: AuthorizationHistory): boolean {
  const start = latestOn(
    history.filter(({ starts }) => starts),
    day,
  );
  if (!start) return false;
  const years = yearOf(day) - yearOf(start.from);
  return years > 0 && addMonthsClamped(start.from, 12 * years) === day;
}

/**
 * A step is due once: a policy that shortens the days makes it due on its own first day, if they
 * have passed by then.
 */
function hasJustPassed(
  days: (date: string) => number,
  day: string,
  history: AuthorizationHistory,
): boolean {
  const restrictedOn = restrictedByReCheckOn(history, day);
  if (restrictedOn === undefined) return false;
  const has = (date: string): boolean =>
    restrictedOn <= date && daysBetween(restrictedOn, date) >= days(date);
  return has(day) && !has(addDays(day, -1));
}

/**
 * The day of the re-check's restriction that is still in force: nothing has restored the
 * authorization since.
 */
function restrictedByReCheckOn(history: AuthorizationHistory, day: string): string | undefined {
  const inOrderOfDays = history
    .filter(({ from }) => from <= day)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)); // stable
  let since: string | undefined;
  for (const { status, from, byReCheck } of inOrderOfDays) {
    if (status === 'authorized') since = undefined;
    else if (status === 'restricted' && byReCheck) since ??= from;
  }
  return since;
}
