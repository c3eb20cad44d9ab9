import { describe, expect, it } from '@jest/globals';
import type { PartnerEvent } from '../../../domain/partner/partner.js';
import { partnerStream } from '../../../domain/shared/streams.js';
import { commandIdFrom } from '../../../event-log/identity.js';
import { ChangePartner } from '../../partners/partner.commands.js';
import { type Application, context, seller } from '../../testing/application.js';
import { opened } from '../../testing/opened.js';
import { partnerFold } from '../../records/folds.js';
import type { CommandContext } from './command-context.js';
import { decided } from './decision.js';

const register = {
  type: 'register-partner',
  legalName: 'Kansai Cloud',
  country: 'JP',
  model: 'indirect-reseller',
} as const;
const membership = {
  type: 'start-fact',
  fact: { kind: 'membership', value: { from: '2026-01-01' } },
} as const;

const change = (
  app: Application,
  command: ChangePartner['change'],
  ctx: CommandContext = context(),
) => app.changePartner.execute(new ChangePartner(ctx, seller, command));

describe('committing a decision', () => {
  it('answers a repeated key with the first answer, also from another process', async () => {
    const { app, another } = await opened();
    const first = await change(app, register, context('key-1', register));
    const again = await change(await another(), register, context('key-1', register));
    expect(first).toMatchObject({ kind: 'committed', replayed: false });
    expect(again).toMatchObject({ kind: 'committed', replayed: true, revision: 0 });
    expect(again.kind === 'committed' && again.events).toEqual(
      first.kind === 'committed' && first.events,
    );
  });

  it('refuses a key that was used for another request', async () => {
    const { app } = await opened();
    await change(app, register, context('key-1', register));
    await expect(change(app, membership, context('key-1', membership))).rejects.toMatchObject({
      name: 'KeyReused',
    });
  });

  it('refuses a key that was used for personal data of another person', async () => {
    const { app } = await opened();
    const by = (subject: string): CommandContext => {
      const { fingerprint: _plain, ...identity } = context('key-1');
      return { ...identity, fingerprint: { kind: 'sealed', subject, request: 'the same' } };
    };
    await change(app, register, by(`partner:${seller}`));
    expect(await change(app, register, by(`partner:${seller}`))).toMatchObject({
      replayed: true,
      erased: false,
    });
    await expect(change(app, register, by('partner:somebody-else'))).rejects.toMatchObject({
      name: 'KeyReused',
    });
  });

  it('answers a repeated key before it checks a precondition', async () => {
    const { app } = await opened();
    await change(app, register, { ...context('key-1', register), ifNoneMatch: 'any' });
    const again = await change(app, register, {
      ...context('key-1', register),
      ifNoneMatch: 'any',
    });
    expect(again).toMatchObject({ replayed: true });
  });

  it('does not record a key for an outcome without an event', async () => {
    const { app } = await opened();
    expect(await change(app, membership, context('key-1', membership))).toMatchObject({
      kind: 'refused',
      refusal: { code: 'partner-unknown' },
    });
    await change(app, register);
    expect(await change(app, membership, context('key-1', membership))).toMatchObject({
      kind: 'committed',
      replayed: false,
    });
  });

  it('refuses the same command while it is in progress', async () => {
    const { app } = await opened();
    const [first, second] = await Promise.allSettled([
      change(app, register, context('key-1', register)),
      change(app, register, context('key-1', register)),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { name: 'RequestInFlight' } });
  });

  it.each([
    ['the current revision', { ifMatch: [0] }, 'committed'],
    ['a list with the current revision', { ifMatch: [7, 0] }, 'committed'],
    ['a later revision', { ifMatch: [1] }, 'stale'],
    ['no revision', { ifMatch: [] }, 'stale'],
    ['that it exists', { ifMatch: 'any' }, 'committed'],
    ['that it does not exist', { ifNoneMatch: 'any' }, 'stale'],
    ['not the current revision', { ifNoneMatch: [0, 1] }, 'stale'],
    ['not an earlier revision', { ifNoneMatch: [1] }, 'committed'],
    ['both, and the first fails', { ifMatch: [1], ifNoneMatch: [1] }, 'stale'],
    ['both, and the second fails', { ifMatch: [0], ifNoneMatch: [0] }, 'stale'],
  ] as const)('checks a precondition: %s', async (_what, precondition, expected) => {
    const { app } = await opened();
    await change(app, register);
    const asked = change(app, membership, { ...context(), ...precondition });
    if (expected === 'stale')
      await expect(asked).rejects.toMatchObject({ name: 'PreconditionFailed', revision: 0 });
    else expect(await asked).toMatchObject({ kind: expected });
  });

  it('reports that a record does not exist before it checks If-Match', async () => {
    const { app } = await opened();
    expect(await change(app, membership, { ...context(), ifMatch: [7] })).toMatchObject({
      refusal: { code: 'partner-unknown' },
    });
  });

  it('decides again when another process appended first, and appends nothing twice', async () => {
    const { app, another, events } = await opened();
    const other = await another();
    await change(app, register);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, day) =>
        change(day % 2 === 0 ? app : other, {
          type: 'start-fact',
          fact: {
            kind: 'membership',
            value: { from: `2026-01-${String(day + 1).padStart(2, '0')}` },
          },
        }),
      ),
    );
    expect(outcomes.every(({ kind }) => kind === 'committed')).toBe(true);
    expect((await events(partnerStream(seller))).length).toBe(21);
  });

  it('fails after eight attempts and appends nothing', async () => {
    const { app, another, events } = await opened();
    const other = await another();
    await change(app, register);
    let day = 0;
    const outpaced = app.decisions.commit(context(), partnerFold(seller), async () => {
      day += 1;
      await change(other, {
        type: 'start-fact',
        fact: { kind: 'membership', value: { from: `2026-01-${String(day).padStart(2, '0')}` } },
      });
      return decided<PartnerEvent>([
        { type: 'PartnerModelStarted', data: { model: 'direct-bill', from: '2027-01-01' } },
      ]);
    });
    await expect(outpaced).rejects.toMatchObject({ name: 'Contention', attempts: 8 });
    expect(
      (await events(partnerStream(seller))).some(({ type }) => type === 'PartnerModelStarted'),
    ).toBe(false);
  });

  it('refuses commands if the clock is more than 60 s behind the log', async () => {
    const { app, setNow } = await opened();
    await change(app, register);
    setNow('2026-11-22T08:59:00.000Z');
    expect(await change(app, membership)).toMatchObject({ kind: 'committed' });
    setNow('2026-11-22T08:58:59.999Z');
    await expect(change(app, membership)).rejects.toMatchObject({ name: 'ClockBehind' });
  });

  it('records the actor, the command and the cause', async () => {
    const { app, events } = await opened();
    await change(app, register, {
      ...context('key-1', register),
      actor: 'key:ops',
      traceparent: '00-1-2-01',
    });
    const [event] = await events(partnerStream(seller));
    expect(event?.metadata).toMatchObject({
      commandId: commandIdFrom('key:test', 'key-1'),
      index: 0,
      actor: 'key:ops',
      traceparent: '00-1-2-01',
      fingerprint: expect.any(String),
    });
  });
});
