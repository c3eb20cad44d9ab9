import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { type Application, context, seller } from '../../libs/application/testing/application.js';
import type { StreamName } from '../../libs/domain/shared/ids.js';
import type { Append, LoggedEvent } from '../../libs/event-log/event-log.js';
import { newEventId, randomCommandId } from '../../libs/event-log/identity.js';
import { place, today, type World } from './decision-world.js';

export const lapse = ({ app }: { readonly app: Application }) =>
  app.changePartner.execute(
    new ChangePartner(context(), seller, {
      type: 'end-fact',
      kind: 'membership',
      on: today,
      reason: 'lapsed',
    }),
  );

/** Appends as a process would that died before it validated the order. */
export async function raw(
  world: World,
  stream: StreamName,
  type: string,
  data: unknown,
  version = 1,
): Promise<LoggedEvent> {
  const commandId = randomCommandId();
  const event: Append['events'][number] = {
    id: newEventId({ commandId, index: 0, stream, type, version, data }),
    type,
    version,
    data,
    metadata: { commandId, index: 0, actor: 'test', correlationId: 'test' },
  };
  const { events } = await world.log.append({
    stream,
    expectedRevision: await world.log.revisionOf(stream),
    events: [event],
  });
  return events[0]!;
}

/** An accepted order that no process has answered; `stale`: it is invalid and must be voided. */
export async function orphan(world: World, stale: boolean): Promise<LoggedEvent> {
  const other = await world.process();
  other.log.barrier = async ({ name, moment, append }) => {
    if (name !== 'append' || append?.events[0]?.type !== 'OrderPlaced') return;
    if (moment === 'before' && stale) await lapse(await world.process({ isStarted: false }));
    if (moment === 'after') other.log.die();
  };
  other.log.lags = stale;
  await place(other.app, 'orphan').catch(() => undefined);
  const placed = (await world.events()).findLast(({ type }) => type === 'OrderPlaced');
  return placed!;
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 2_000; attempt += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('it did not come to pass');
}

export const voidsIn = async (world: World) =>
  (await world.events()).filter(({ type }) => type === 'OrderVoided');
