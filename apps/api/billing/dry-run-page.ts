import type { DryRun } from '../../../libs/application/billing/runs/dry-run-id.js';
import type { DryRuns } from '../../../libs/application/billing/runs/dry-runs.js';
import { cursorOf, keyOf, limitOf } from '../../../libs/read-models/queries/cursor.js';
import type { ListQuery } from '../../../libs/read-models/read-models.js';
import { draftView } from './document.view.js';

type Key = readonly [after: string, payer: string, index: number];

/** A page of the documents of a dry run. The cursor is the place of its last document. */
export async function dryRunPage(dryRuns: DryRuns, run: DryRun, query: ListQuery) {
  const limit = limitOf(query);
  const start = keyOf(query.cursor, isKey);
  const items: object[] = [];
  let last: Key | undefined;
  let before = start?.[0] ?? '';
  for await (const { payer, drafts } of dryRuns.documents(run, before)) {
    for (const [index, draft] of drafts.entries()) {
      if (start?.[1] === payer && index <= start[2]) continue;
      if (items.length === limit) return { items, nextCursor: last ? cursorOf(last) : null };
      items.push(draftView(draft));
      last = [before, payer, index];
    }
    before = payer;
  }
  return { items, nextCursor: null };
}

const isKey = (key: unknown): key is Key =>
  Array.isArray(key) &&
  key.length === 3 &&
  typeof key[0] === 'string' &&
  typeof key[1] === 'string' &&
  Number.isSafeInteger(key[2]) &&
  Number(key[2]) >= 0;
