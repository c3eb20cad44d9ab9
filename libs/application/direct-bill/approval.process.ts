import type { LoggedEvent } from '../../event-log/event-log.js';
import type { LogProcess } from '../engine/processes/log-process.js';
import { APPROVAL_PROCESS, type AuthorizationStarts } from './start-authorization.js';

/** Makes sure that every approval starts its authorization, whatever handler died in between. */
export const approvalProcess = (authorizations: AuthorizationStarts): LogProcess => ({
  name: APPROVAL_PROCESS,
  types: ['DirectBillApplicationApproved'],
  take: async (approved: LoggedEvent) => {
    await authorizations.follow(approved);
  },
});
