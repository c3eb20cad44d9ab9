import { addMonthsClamped } from '../../../libs/domain/shared/calendar.js';
import { malformed } from '../http/problems/problem.js';

/** `asOf` may lie in the past or up to one year ahead. Both dates are UTC. */
export function requireAsOfInRange(asOf: string | undefined, today: string): void {
  const latest = addMonthsClamped(today, 12);
  if (asOf !== undefined && asOf > latest)
    throw malformed({ path: '/asOf', code: 'range', expected: latest, bound: 'max' });
}
