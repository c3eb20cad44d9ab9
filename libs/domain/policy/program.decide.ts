import type { Policy } from './policy.js';

export type ProgramCommand =
  | { readonly type: 'publish-policy'; readonly effectiveFrom: string; readonly changes: Partial<Policy> }
  | { readonly type: 'publish-agreement-version'; readonly version: string; readonly from: string; readonly acceptedUntil?: string }
  | { readonly type: 'publish-exchange-rates'; readonly month: string; readonly usdPerUnit: Readonly<Record<string, string>> }
  | { readonly type: 'activate-ruleset'; readonly ruleset: string }
  /** `at` on a manual log only: sets the clock before the days are started. */
  | { readonly type: 'tick'; readonly on: string; readonly at?: string };

export type ProgramRefusal =
  | { readonly code: 'ruleset-unknown' }
  | { readonly code: 'clock-goes-back' }
  | { readonly code: 'clock-is-the-systems' }
  | { readonly code: 'day-not-reached' }
  | { readonly code: 'malformed'; readonly path: string; readonly rule: 'range' | 'format' | 'enum' };
