/** On a log without guards orders could be appended, but they cannot be validated yet. */
export class GateNotReady extends Error {
  override readonly name = 'GateNotReady';
}

/** The log's active ruleset belongs to another release, so this build cannot judge orders. */
export class UnknownRuleset extends Error {
  override readonly name = 'UnknownRuleset';
  constructor(readonly ruleset: string) {
    super(
      `this build does not know the ruleset ${ruleset} that is active in the log; run a release that does`,
    );
  }
}

/**
 * The ruleset 2026-11 accepts an order of any amount. An order whose amount does not fit an event
 * is not placed.
 */
export class OrderAmountTooLarge extends Error {
  override readonly name = 'OrderAmountTooLarge';
}
