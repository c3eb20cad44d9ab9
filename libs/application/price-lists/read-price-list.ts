import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { PriceRow } from '../../domain/catalog/price-list.js';
import { chunkRows, DuplicateRows, headerFaults, parsePriceRow } from '../../domain/catalog/price-list-row.js';
import { canonicalJson } from '../../event-log/canonical.js';
import type { RejectedRow } from './price-list.command.js';

export interface ReadPriceList {
  readonly accepted: number;
  /** The first rejected rows; `rejectedCount` counts all of them. */
  readonly rejected: readonly RejectedRow[];
  readonly rejectedCount: number;
  /** Empty when any row was rejected. */
  readonly chunks: readonly (readonly PriceRow[])[];
  /** SHA-256 over the canonical rows, base64url: equal content is an equal digest, however the file was written. */
  readonly digest: string;
}

const REJECTED_TOLD_AT_MOST = 1_000;
export {};
