const revenueId = '0b9c7c5e-3b0c-5d0e-9f1d-6c2a4f1e8a77';
const usd = (amount: string) => ({ amount, currency: 'USD' });

export const recordedExample = { revenueId, usdAmount: usd('8375.00') };
export const reversedExample = {
  revenueId,
  amount: { amount: '250000', currency: 'JPY' },
  usdAmount: usd('1675.00'),
  on: '2026-12-05',
};
export const reviewedExample = { revenueId, outcome: 'under-review', on: '2026-12-01' };
export const paidExample = {
  revenueId,
  amount: { amount: '1000000', currency: 'JPY' },
  usdAmount: usd('6700.00'),
  paidOn: '2026-12-20',
};
export const importedExample = {
  importId: '5a1d0c5e-8f5e-5c43-8a2b-0d6b3a7f4e10',
  rows: 48210,
  accepted: 48210,
  rejected: [],
  repeats: [
    { row: 17, of: 3, same: true },
    { row: 212, of: 'log', same: false },
  ],
  repeatedCount: 2,
};

export const trailingRevenueExample = {
  asOf: '2026-11-22',
  knownAt: '1042',
  window: { from: '2025-11-23', to: '2026-11-22' },
  total: usd('231750.40'),
  billed: usd('231750.40'),
  paid: usd('198020.10'),
  threshold: usd('300000.00'),
  shortfall: usd('68249.60'),
  share: '0.7725',
  meetsThreshold: false,
  months: [{ month: '2025-12', amount: usd('18210.00') }],
  excluded: [{ reason: 'perpetual-software', amount: usd('4120.00') }],
  policyVersion: '0001-01-01@2',
};
