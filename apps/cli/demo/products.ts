/**
 * The products of the demonstration's price lists. Names and terms are Microsoft's; prices are
 * invented, in USD for a month and a unit.
 */
export interface Product {
  readonly productId: string;
  readonly title: string;
  readonly monthlyUsd: string;
  readonly segment?: 'nonprofit' | 'education';
  /** The largest number of seats in one order. The Business plans have such a limit. */
  readonly maxQuantity?: number;
}

/** Bought once, without a term. */
export interface Software {
  readonly productId: string;
  readonly title: string;
  readonly onceUsd: string;
}

export const subscriptions: readonly Product[] = [
  {
    productId: 'CFQ7TTC0LH18',
    title: 'Microsoft 365 Business Basic',
    monthlyUsd: '6.00',
    maxQuantity: 300,
  },
  {
    productId: 'CFQ7TTC0LDPB',
    title: 'Microsoft 365 Business Standard',
    monthlyUsd: '12.50',
    maxQuantity: 300,
  },
  {
    productId: 'CFQ7TTC0LCHC',
    title: 'Microsoft 365 Business Premium',
    monthlyUsd: '22.00',
    maxQuantity: 300,
  },
  {
    productId: 'CFQ7TTC0LH1G',
    title: 'Microsoft 365 Apps for Business',
    monthlyUsd: '8.25',
    maxQuantity: 300,
  },
  { productId: 'CFQ7TTC0LGZT', title: 'Microsoft 365 Apps for Enterprise', monthlyUsd: '12.00' },
  { productId: 'CFQ7TTC0LFLX', title: 'Microsoft 365 E3', monthlyUsd: '36.00' },
  { productId: 'CFQ7TTC0LFLZ', title: 'Microsoft 365 E5', monthlyUsd: '57.00' },
  { productId: 'CFQ7TTC0MBMD', title: 'Microsoft 365 F3', monthlyUsd: '8.00' },
  { productId: 'CFQ7TTC0LF8Q', title: 'Office 365 E1', monthlyUsd: '10.00' },
  { productId: 'CFQ7TTC0LF8R', title: 'Office 365 E3', monthlyUsd: '23.00' },
  { productId: 'CFQ7TTC0LF8S', title: 'Office 365 E5', monthlyUsd: '38.00' },
  { productId: 'CFQ7TTC0MM8R', title: 'Microsoft 365 Copilot', monthlyUsd: '30.00' },
  { productId: 'CFQ7TTC0LH16', title: 'Exchange Online (Plan 1)', monthlyUsd: '4.00' },
  { productId: 'CFQ7TTC0LH1P', title: 'Exchange Online (Plan 2)', monthlyUsd: '8.00' },
  { productId: 'CFQ7TTC0LH0N', title: 'Exchange Online Archiving', monthlyUsd: '3.00' },
  { productId: 'CFQ7TTC0LH14', title: 'SharePoint (Plan 1)', monthlyUsd: '5.00' },
  { productId: 'CFQ7TTC0LHSV', title: 'OneDrive for Business (Plan 1)', monthlyUsd: '5.00' },
  { productId: 'CFQ7TTC0JN4R', title: 'Microsoft Teams Essentials', monthlyUsd: '4.00' },
  { productId: 'CFQ7TTC0HL73', title: 'Microsoft Teams Rooms Pro', monthlyUsd: '40.00' },
  { productId: 'CFQ7TTC0LH0T', title: 'Microsoft Teams Phone Standard', monthlyUsd: '8.00' },
  { productId: 'CFQ7TTC0LHT4', title: 'Enterprise Mobility + Security E3', monthlyUsd: '10.60' },
  { productId: 'CFQ7TTC0LFJ1', title: 'Enterprise Mobility + Security E5', monthlyUsd: '16.40' },
  { productId: 'CFQ7TTC0LFLS', title: 'Microsoft Entra ID P1', monthlyUsd: '6.00' },
  { productId: 'CFQ7TTC0LFK5', title: 'Microsoft Entra ID P2', monthlyUsd: '9.00' },
  { productId: 'CFQ7TTC0LCH4', title: 'Microsoft Intune Plan 1', monthlyUsd: '8.00' },
  {
    productId: 'CFQ7TTC0JXTC',
    title: 'Microsoft Defender for Business',
    monthlyUsd: '3.00',
    maxQuantity: 300,
  },
  { productId: 'CFQ7TTC0LGV0', title: 'Microsoft Defender for Endpoint P2', monthlyUsd: '5.20' },
  {
    productId: 'CFQ7TTC0LHP3',
    title: 'Microsoft Defender for Office 365 (Plan 1)',
    monthlyUsd: '2.00',
  },
  { productId: 'CFQ7TTC0L3PB', title: 'Power BI Pro', monthlyUsd: '14.00' },
  { productId: 'CFQ7TTC0HL8W', title: 'Power BI Premium Per User', monthlyUsd: '24.00' },
  { productId: 'CFQ7TTC0LH2H', title: 'Power Apps Premium', monthlyUsd: '20.00' },
  { productId: 'CFQ7TTC0LSGZ', title: 'Power Automate Premium', monthlyUsd: '15.00' },
  { productId: 'CFQ7TTC0HDB1', title: 'Planner Plan 1', monthlyUsd: '10.00' },
  { productId: 'CFQ7TTC0HDB0', title: 'Planner and Project Plan 3', monthlyUsd: '30.00' },
  { productId: 'CFQ7TTC0HD33', title: 'Visio Plan 1', monthlyUsd: '5.00' },
  { productId: 'CFQ7TTC0HD32', title: 'Visio Plan 2', monthlyUsd: '15.00' },
  {
    productId: 'CFQ7TTC0J203',
    title: 'Windows 365 Business 2 vCPU 4 GB 128 GB',
    monthlyUsd: '31.00',
    maxQuantity: 300,
  },
  {
    productId: 'CFQ7TTC0HHS9',
    title: 'Windows 365 Enterprise 2 vCPU 8 GB 128 GB',
    monthlyUsd: '41.00',
  },
  { productId: 'CFQ7TTC0LFNZ', title: 'Windows 11 Enterprise E3', monthlyUsd: '7.00' },
  { productId: 'CFQ7TTC0LFF1', title: 'Dynamics 365 Sales Enterprise', monthlyUsd: '105.00' },
  {
    productId: 'CFQ7TTC0LFDZ',
    title: 'Dynamics 365 Customer Service Enterprise',
    monthlyUsd: '105.00',
  },
  {
    productId: 'CFQ7TTC0LFNG',
    title: 'Dynamics 365 Business Central Essentials',
    monthlyUsd: '80.00',
  },
  {
    productId: 'CFQ7TTC0LFNH',
    title: 'Dynamics 365 Business Central Premium',
    monthlyUsd: '110.00',
  },
  {
    productId: 'CFQ7TTC0LDFZ',
    title: 'Microsoft 365 Business Premium (Nonprofit Staff Pricing)',
    monthlyUsd: '5.50',
    segment: 'nonprofit',
    maxQuantity: 300,
  },
  {
    productId: 'CFQ7TTC0LFN3',
    title: 'Microsoft 365 E3 (Nonprofit Staff Pricing)',
    monthlyUsd: '9.00',
    segment: 'nonprofit',
  },
  {
    productId: 'CFQ7TTC0LFN5',
    title: 'Office 365 E3 (Nonprofit Staff Pricing)',
    monthlyUsd: '5.80',
    segment: 'nonprofit',
  },
  {
    productId: 'CFQ7TTC0L3P1',
    title: 'Power BI Pro (Nonprofit Staff Pricing)',
    monthlyUsd: '3.50',
    segment: 'nonprofit',
  },
  {
    productId: 'CFQ7TTC0LDZC',
    title: 'Office 365 A3 for faculty',
    monthlyUsd: '3.25',
    segment: 'education',
  },
  {
    productId: 'CFQ7TTC0LDZD',
    title: 'Office 365 A3 for students',
    monthlyUsd: '2.50',
    segment: 'education',
  },
  {
    productId: 'CFQ7TTC0LF7A',
    title: 'Microsoft 365 A3 for faculty',
    monthlyUsd: '5.75',
    segment: 'education',
  },
  {
    productId: 'CFQ7TTC0LF7B',
    title: 'Microsoft 365 A5 for faculty',
    monthlyUsd: '9.75',
    segment: 'education',
  },
  {
    productId: 'CFQ7TTC0LF7D',
    title: 'Microsoft 365 A5 for students',
    monthlyUsd: '6.00',
    segment: 'education',
  },
];

export const software: readonly Software[] = [
  {
    productId: 'DG7GMGF0D8H4',
    title: 'Windows Server 2025 Standard - 16 Core License Pack',
    onceUsd: '1176.00',
  },
  {
    productId: 'DG7GMGF0D8H3',
    title: 'Windows Server 2025 Datacenter - 16 Core License Pack',
    onceUsd: '6771.00',
  },
  { productId: 'DG7GMGF0D8H5', title: 'Windows Server 2025 - 1 User CAL', onceUsd: '46.00' },
  {
    productId: 'DG7GMGF0FLR2',
    title: 'SQL Server 2022 Standard - 2 Core License Pack',
    onceUsd: '3945.00',
  },
  {
    productId: 'DG7GMGF0FKX9',
    title: 'SQL Server 2022 Enterprise - 2 Core License Pack',
    onceUsd: '15123.00',
  },
  { productId: 'DG7GMGF0PN5J', title: 'Office LTSC Standard 2024', onceUsd: '430.00' },
  { productId: 'DG7GMGF0PN5D', title: 'Office LTSC Professional Plus 2024', onceUsd: '640.00' },
  { productId: 'DG7GMGF0PN4K', title: 'Project Standard 2024', onceUsd: '680.00' },
  { productId: 'DG7GMGF0PN49', title: 'Visio Professional 2024', onceUsd: '580.00' },
  { productId: 'DG7GMGF0L4TL', title: 'Windows 11 Pro Upgrade', onceUsd: '172.00' },
];
