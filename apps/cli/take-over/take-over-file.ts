import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { registerCommand } from '../../api/customers/customer-registration.js';
import { ProblemException } from '../../api/http/problems/problem.js';
import type { FieldProblem } from '../../api/http/validation/field-problem.js';
import { Validators } from '../../api/http/validation/validators.js';
import type { RecordToTakeOver } from '../../../libs/application/take-over/record-to-take-over.js';
import { type FileLine, Lines, TOO_LONG } from '../../../libs/application/uploads/lines.js';
import { paddedOfferId } from '../../../libs/domain/catalog/offer-id.js';
import { partnerId, subscriptionId, tenantId } from '../../../libs/domain/shared/ids.js';
import { importedSubscriptionIdOf } from '../../../libs/event-log/identity.js';
import { readJson } from '../../../libs/platform/json/read-json.js';
import {
  classOfKind,
  type CustomerLine,
  kinds,
  type PartnerLine,
  type SubscriptionLine,
  type TakeOverLine,
} from './take-over-lines.js';

/** Why a line cannot be read, or which of its fields are wrong. */
export interface LineFault {
  readonly line: number;
  readonly problems: readonly FieldProblem[] | 'json' | 'kind' | 'too-long';
}

export interface TakeOverFile {
  readonly records: readonly RecordToTakeOver[];
  readonly faults: readonly LineFault[];
  /** SHA-256 over the file's bytes. */
  readonly digest: string;
}

/** Reads NDJSON. Empty lines are skipped and not counted. */
export async function readTakeOverFile(
  file: string,
  read: (bytes: number) => void,
): Promise<TakeOverFile> {
  const validators = new Validators();
  for (const kind of kinds) validators.add(classOfKind[kind]);
  validators.ready();

  const hash = createHash('sha256');
  const records: RecordToTakeOver[] = [];
  const faults: LineFault[] = [];
  let count = 0;
  const take = (bytes: FileLine): void => {
    if (bytes !== TOO_LONG && bytes.length === 0) return;
    count += 1;
    const line = parsedLine(bytes, validators);
    if ('problems' in line) faults.push({ line: count, problems: line.problems });
    else records.push({ line: count, ...line.record });
  };
  const lines = new Lines('blanks');
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(piece);
    read(piece.length);
    for (const line of lines.in(piece)) take(line);
  }
  take(lines.rest());
  return { records, faults, digest: hash.digest('hex') };
}

type ParsedLine =
  { readonly record: WithoutLine<RecordToTakeOver> } | { readonly problems: LineFault['problems'] };
type WithoutLine<R> = R extends unknown ? Omit<R, 'line'> : never;

function parsedLine(bytes: FileLine, validators: Validators): ParsedLine {
  if (bytes === TOO_LONG) return { problems: 'too-long' };
  const json = readJson(bytes);
  if ('fault' in json) return { problems: 'json' };
  const kind = kindOf(json.value);
  if (kind === undefined) return { problems: 'kind' };
  const problems = validators.of(classOfKind[kind])(json.value);
  if (problems) return { problems };
  try {
    // The schema of its class has accepted it.
    return { record: recordOf(json.value as TakeOverLine) };
  } catch (error) {
    // The fields of a customer contradict each other.
    if (!(error instanceof ProblemException)) throw error;
    return { problems: error.details.errors ?? [] };
  }
}

function kindOf(value: unknown): keyof typeof classOfKind | undefined {
  const kind: unknown =
    typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  return kinds.find((known) => known === kind);
}

function recordOf(line: TakeOverLine): WithoutLine<RecordToTakeOver> {
  switch (line.kind) {
    case 'partner':
      return partnerOf(line);
    case 'customer':
      return customerOf(line);
    case 'subscription':
      return subscriptionOf(line);
  }
}

const partnerOf = ({
  kind,
  partnerId: id,
  cspTenantIds = [],
  ...details
}: PartnerLine): WithoutLine<RecordToTakeOver> => ({
  kind,
  partnerId: partnerId(id),
  details,
  cspTenantIds: [...new Set(cspTenantIds.map(tenantId))],
});

const customerOf = ({
  kind,
  tenantId: id,
  agreements = [],
  relationships = [],
  ...registration
}: CustomerLine): WithoutLine<RecordToTakeOver> => ({
  kind,
  tenantId: tenantId(id),
  registration: registerCommand(registration),
  agreements,
  relationships: relationships.map(({ partnerId: partner, ...dates }) => ({
    partnerId: partnerId(partner),
    ...dates,
  })),
});

function subscriptionOf({
  kind,
  subscriptionId: id,
  ...stated
}: SubscriptionLine): WithoutLine<RecordToTakeOver> {
  const { providerId: provider, ...rest } = stated;
  const subscription = {
    ...rest,
    tenantId: tenantId(stated.tenantId),
    partnerId: partnerId(stated.partnerId),
    ...(provider !== undefined && { providerId: partnerId(provider) }),
    offerId: paddedOfferId(stated.offerId),
  };
  const { vendorId, offerId, term, billingPlan, termStart, termEnd } = subscription;
  const identity =
    vendorId === undefined
      ? [
          subscription.tenantId,
          subscription.partnerId,
          offerId,
          term,
          billingPlan,
          termStart,
          termEnd,
        ]
      : [vendorId];
  return {
    kind,
    subscriptionId: id === undefined ? importedSubscriptionIdOf(identity) : subscriptionId(id),
    subscription,
  };
}
