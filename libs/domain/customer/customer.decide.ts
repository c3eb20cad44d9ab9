import type { EventId, PartnerId } from '../shared/ids.js';
import type { Dates } from '../program/partner.js';
import type { Money } from '../shared/money.js';
import type { Sealed } from '../shared/sealed.js';
import type { AgreementMethod, Qualification } from './customer.js';

export type CustomerCommand =
  | {
      readonly type: 'register-customer';
      readonly legalName: string;
      readonly country: string;
      /** Of the optional fields: left out, unchanged; `null`, cleared. */
      readonly marketCode?: string | null;
      readonly domain?: string | null;
      readonly language?: string | null;
      readonly qualifications?: readonly Qualification[];
      readonly creditLimit?: Money | null;
      /** Under a key with a partner scope a new customer records the relationship, from today. */
      readonly relationshipWith?: PartnerId;
    }
  | {
      readonly type: 'sign-agreement';
      readonly signedOn: string;
      readonly country: string;
      readonly language: string;
      readonly version?: string;
      readonly signatory: Sealed;
      readonly method: AgreementMethod;
    }
  | { readonly type: 'withdraw-agreement'; readonly on: string; readonly reason: string }
  | { readonly type: 'observe-csp-association'; readonly associated: boolean; readonly observedOn: string; readonly source: string }
  | { readonly type: 'register-csp-association'; readonly partnerId: PartnerId }
  | { readonly type: 'end-csp-association'; readonly partnerId: PartnerId; readonly on: string; readonly reason: string }
  | { readonly type: 'start-relationship'; readonly value: { readonly partnerId: PartnerId } & Dates }
  | {
      readonly type: 'end-relationship';
      readonly partnerId?: PartnerId;
      readonly factId?: EventId;
      readonly on: string;
      readonly reason: string;
    }
  | {
      readonly type: 'correct-relationship';
      readonly factId: EventId;
      readonly reason: string;
      readonly value: { readonly partnerId: PartnerId } & Dates;
    }
  | { readonly type: 'retract-relationship'; readonly factId: EventId; readonly reason: string }
  | { readonly type: 'close'; readonly on: string; readonly reason: string };

/** `malformed` is what only reference data or the record can tell to be malformed: the API answers it 400 with `path` and `rule`. */
export type CustomerRefusal =
  | { readonly code: 'customer-unknown' }
  | { readonly code: 'customer-closed' }
  | { readonly code: 'agreement-missing' }
  | { readonly code: 'agreement-version-unknown' }
  | { readonly code: 'fact-unknown' }
  | { readonly code: 'fact-not-open' }
  | { readonly code: 'fact-ambiguous'; readonly factIds: readonly EventId[] }
  | { readonly code: 'malformed'; readonly path: string; readonly rule: 'range' | 'format' | 'enum' };
