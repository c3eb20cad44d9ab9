/** A report as JSON, with only one row and three of its columns. */
export const reportExample = {
  report: 'orders',
  schemaVersion: 1,
  position: '1042',
  asOf: '2026-11-22',
  knownAt: '1042',
  filters: { partnerId: 'kansai-cloud' },
  columns: [
    { name: 'position', type: 'position', nullable: false, unit: 'position in the log' },
    { name: 'orderId', type: 'text', nullable: false },
    { name: 'total', type: 'money', nullable: true, unit: 'of its currency' },
  ],
  items: [
    {
      position: '1042',
      orderId: '5b2c7f3e-8f1c-5d0a-9a34-0c7b7c2f6d11',
      total: { amount: '22500', currency: 'JPY' },
    },
  ],
  rowCount: 1,
  controlTotals: { total: [{ amount: '22500', currency: 'JPY' }] },
};

export const reportsExample = {
  items: [
    {
      name: 'orders',
      schemaVersion: 1,
      summary: 'Every accepted or refused order, in the order of the decisions',
      columns: [{ name: 'orderId', type: 'text', nullable: false, description: 'The order' }],
    },
  ],
};
