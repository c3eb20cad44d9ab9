import type { Customer } from '../../customer/customer.js';

export type Observation = Customer['observations'][number];

/**
 * The observation of a tenant that counts on a date: the latest up to it, and on the same day the
 * one that says "associated". A tenant may have thousands of observations, so the result is cached
 * with the list.
 */
export function decidingObservation(
  observations: readonly Observation[],
  latestDate: string,
): Observation | undefined {
  const known = answers.get(observations);
  if (known?.latestDate === latestDate) return known.deciding;

  const deciding = find(observations, latestDate);
  answers.set(observations, { latestDate, deciding });
  return deciding;
}

const answers = new WeakMap<
  readonly Observation[],
  { readonly latestDate: string; readonly deciding: Observation | undefined }
>();

function find(observations: readonly Observation[], latestDate: string): Observation | undefined {
  let deciding: Observation | undefined;
  for (const observation of observations) {
    if (observation.observedOn <= latestDate && (!deciding || overrules(observation, deciding)))
      deciding = observation;
  }
  return deciding;
}

export const overrules = (later: Observation, earlier: Observation): boolean =>
  later.observedOn > earlier.observedOn ||
  (later.observedOn === earlier.observedOn && (later.associated || !earlier.associated));
