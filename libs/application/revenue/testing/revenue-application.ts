import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partnerId } from '../../../domain/shared/ids.js';
import { openLocalReadModels } from '../../../read-models/composition/open-read-models.js';
import { ChangePartner } from '../../partners/partner.commands.js';
import { ChangeProgram } from '../../program/program.commands.js';
import { ProgramHistory } from '../../records/program-history.js';
import { context } from '../../testing/application.js';
import { opened } from '../../testing/opened.js';
import { ChangeRevenueHandler } from '../change-revenue.handler.js';
import { ImportRevenueHandler } from '../import/import-revenue.handler.js';
import { SpoolFolder } from '../../uploads/unlinked-file.js';
import { RecordRevenueHandler } from '../record-revenue.handler.js';
import { TrailingRevenueReading } from '../trailing-revenue-reading.js';

export const reseller = partnerId('reseller-1');

/**
 * The revenue commands over a log in memory, with its read models, a registered reseller and the
 * rates of two months.
 */
export async function revenueApplication() {
  const { log, clock, app, another } = await opened();
  const { readModels, close } = openLocalReadModels({
    log,
    report: () => undefined,
    project: true,
  });
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-revenue-'));
  const register = {
    type: 'register-partner',
    legalName: reseller,
    country: 'JP',
    model: 'indirect-reseller',
  } as const;
  await app.changePartner.execute(new ChangePartner(context(), reseller, register));
  const rates = (month: string, JPY: string) =>
    app.changeProgram.execute(
      new ChangeProgram(context(), { type: 'publish-exchange-rates', month, usdPerUnit: { JPY } }),
    );
  await rates('2026-11', '0.0067');
  const over = ({ decisions, states }: typeof app) => ({
    record: new RecordRevenueHandler(decisions, states, readModels, log, clock),
    change: new ChangeRevenueHandler(decisions, readModels, log, clock),
    import: new ImportRevenueHandler(
      decisions,
      states,
      log,
      clock,
      new SpoolFolder(folder),
      readModels,
    ),
    reading: new TrailingRevenueReading(log, states, new ProgramHistory(log), readModels, clock),
  });
  return {
    log,
    folder,
    rates,
    ...over(app),
    /** Another process on the same log. */
    another: async () => over(await another()),
    close: async () => {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}
