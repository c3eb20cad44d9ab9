import { expect } from '@jest/globals';
import { interruption } from '../../apps/cli/demo/qualification-steps.js';
import { fallsBelowOn } from '../../apps/cli/demo/single-entries.js';
import { plainFigures } from '../../apps/cli/demo/testing/plain-figures.js';
import { addDays } from '../../libs/domain/shared/calendar.js';

const usd = (cents: bigint): { readonly amount: string; readonly currency: string } => ({
  amount: String(cents).replace(/(\d\d)$/, '.$1'),
  currency: 'USD',
});

/**
 * The answers to the reads of apps/cli/demo/partner-reads.ts, in the same order, in the month in
 * which the demonstration began.
 */
export function expectDemonstratedPartners(
  reads: readonly unknown[],
  csv: readonly string[],
  month: string,
): void {
  const { asOf } = reads[0] as { readonly asOf: string };
  const revenueOf = (partnerId: string) => {
    const { total, paid, excluded } = plainFigures(partnerId, month, asOf);
    return {
      total,
      paid,
      excluded: Object.entries(excluded).map(([reason, cents]) => ({ reason, amount: usd(cents) })),
    };
  };
  const [above, falling] = [revenueOf('sakura-systems'), revenueOf('nordlicht-it')];
  const fallsOn = fallsBelowOn(month);
  const { on, resumed } = interruption(month);

  const paid = { total: usd(above.total), paid: usd(above.paid), meetsThreshold: true };
  const expected = [
    { ...paid, excluded: expect.arrayContaining(above.excluded) },
    { total: usd(falling.total), meetsThreshold: true, belowThresholdFrom: fallsOn },
    { asOf: fallsOn, meetsThreshold: false },
    { status: 'accruing', since: resumed },
    {
      asOf: addDays(resumed, -1),
      status: 'interrupted',
      interruptedOn: on,
      reason: 'provider-relationship',
    },
    {
      eligible: false,
      checks: expect.arrayContaining([
        expect.objectContaining({ rule: 'DIRECT-4', outcome: 'fail' }),
      ]),
    },
    { eligible: true },
  ];
  expect(reads).toHaveLength(expected.length);
  for (const [index, read] of reads.entries()) expect(read).toMatchObject(expected[index] ?? {});
  expect(above.excluded).toHaveLength(6);

  const rowOf = (partnerId: string): string | undefined =>
    csv.find((line) => line.startsWith(`${partnerId},`));
  expect(rowOf('sakura-systems')).toContain(`株式会社さくらシステムズ`);
  expect(rowOf('nordlicht-it')).toContain(`,true,${fallsOn},`);
  expect(rowOf('thames-cloud')).toContain(',false,');
}
