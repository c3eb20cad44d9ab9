import type { ReasonText } from '../../gate/texts/reason-text.js';
import type { DirectBillReason } from '../direct-bill-reasons.js';

export type DirectBillTexts = Readonly<Record<DirectBillReason, ReasonText>>;
