/** The answers of the HTTP API as a client sees them. */

/** A body of which a test reads one or two fields. */
export type Loose = Readonly<Record<string, unknown>>;

export interface Evidence {
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
}
export interface Check {
  readonly rule: string;
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  readonly reason?: string;
  readonly lineIndex?: number;
  readonly message?: string;
  readonly partnerCenterCode?: string;
  readonly facts: Loose;
  readonly evidence: readonly Evidence[];
}
export interface Decision {
  readonly outcome: 'accepted' | 'refused';
  readonly judgedAt: string;
  readonly policyVersion: string;
  readonly ruleset: string;
  readonly checks: readonly Check[];
}
export interface OrderAnswer {
  readonly type?: string;
  readonly orderId: string;
  readonly status: string | number;
  readonly reasons?: readonly string[];
  readonly total?: { readonly amount: string; readonly currency: string };
  readonly decision: Decision;
}
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly {
    readonly path: string;
    readonly code: string;
    readonly message: string;
  }[];
}
export interface LogEvent<Data = Loose> {
  readonly position: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly stream: string;
  readonly revision: number;
  readonly recordedAt: string;
  readonly data: Data;
  readonly metadata: Loose;
}
export interface EventPage {
  readonly items: readonly LogEvent[];
  readonly nextAfter: string;
  readonly atHead: boolean;
}
export interface Page<Item = Loose> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}
