import { describe, expect, it } from '@jest/globals';
import type { Sealed } from '../../domain/shared/sealed.js';
import { customerStream } from '../../domain/shared/streams.js';
import { ChangeCustomer, SignAgreement } from '../customers/customer.commands.js';
import { LogUnavailable } from '../../event-log/errors.js';
import { commandIdFrom } from '../../event-log/identity.js';
import { context, sign, tenant } from '../testing/application.js';
import { opened, TODAY } from '../testing/opened.js';
import { type ErasureReport, ErasureRetries } from './erasure-retries.js';
import { ErasurePending } from '../../platform/keys/key-store.js';
import { sealedFingerprint } from '../engine/commands/request-fingerprints.js';

const subject = `customer:${tenant}`;
const DELAYS = { firstRetryMs: 5, lastRetryMs: 10, lookEveryMs: 30_000 };
const signatory = { firstName: '花子', lastName: '山田', email: 'hanako@example.com' };

async function signed() {
  const world = await opened();
  await world.app.changeCustomer.execute(
    new ChangeCustomer(context(), tenant, {
      type: 'register-customer',
      legalName: 'Kobe Foods',
      country: 'JP',
    }),
  );
  await sign(world.app, TODAY);
  const event = (await world.events(customerStream(tenant))).at(-1)!;
  const sealed = (event.data as { signatory: Sealed }).signatory;
  return {
    ...world,
    event,
    sealed,
    place: { stream: event.stream, type: event.type, pointer: '/signatory' },
  };
}

describe('personal data', () => {
  it('is never readable in the log, and can only be opened at its own place', async () => {
    const { app, event, sealed, place } = await signed();
    expect(JSON.stringify(event)).not.toMatch(/hanako|花子|山田/);
    expect(await app.personalData.open(sealed, place)).toEqual(signatory);
    await expect(app.personalData.open(sealed, { ...place, pointer: '/other' })).rejects.toThrow();
  });

  it('can be compared without being opened', async () => {
    const { app, sealed, place } = await signed();
    const again = await app.personalData.seal(subject, place, signatory);
    const other = await app.personalData.seal(subject, place, { ...signatory, lastName: '田中' });
    expect(again.mac).toBe(sealed.mac);
    expect(again.box).not.toBe(sealed.box);
    expect(other.mac).not.toBe(sealed.mac);
  });

  it('cannot be opened after an erasure; a second erasure changes nothing', async () => {
    const { app, sealed, place, events } = await signed();
    expect(await app.erasures.erase(context(), subject)).toMatchObject({ kind: 'committed' });
    expect(await app.erasures.erase(context(), subject)).toMatchObject({ kind: 'unchanged' });
    expect(await app.personalData.open(sealed, place)).toBeUndefined();
    expect(
      (await events(customerStream(tenant))).filter(({ type }) => type === 'PersonalDataErased')
        .length,
    ).toBe(1);
  });

  it('gets a new key after an erasure', async () => {
    const { app, place, keys } = await signed();
    await app.erasures.erase(context(), subject);
    expect((await app.personalData.seal(subject, place, signatory)).generation).toBe(2);
    expect(await keys.generations(subject)).toEqual([2]);
  });

  it('is not erased for an unknown subject', async () => {
    const { app } = await opened();
    expect(await app.erasures.erase(context(), subject)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'customer-unknown' },
    });
  });

  it.each([
    ['marking the first key', 'destroy', 0],
    ['destroying the key', 'settle', 1],
  ] as const)(
    'is erased at the next start, in the name of its caller, after a crash after %s',
    async (_what, step, appended) => {
      const { app, keys, events, sealed, place, another } = await signed();
      const erased = async () =>
        (await events(customerStream(tenant))).filter(({ type }) => type === 'PersonalDataErased');
      const crash = async () => {
        throw new Error('crash');
      };
      Object.assign(keys, { [step]: crash });
      await expect(app.erasures.erase(context(), subject)).rejects.toThrow('crash');
      expect(await erased()).toHaveLength(appended);
      Reflect.deleteProperty(keys, step);
      await (await another()).erasures.finish();
      expect((await erased()).map(({ metadata }) => metadata.actor)).toEqual(['test']);
      expect(await app.personalData.open(sealed, place)).toBeUndefined();
      expect(await keys.unfinished()).toEqual([]);
    },
  );

  it('is not reported as erased while the store has parts of the key, and is erased later without a request', async () => {
    const { app, keys, events } = await signed();
    const destroy = keys.destroy.bind(keys);
    keys.destroy = async (names) => {
      await destroy(names);
      throw new ErasurePending('a backup reads the file');
    };
    const reports: ErasureReport[] = [];
    const retries = new ErasureRetries(app.erasures, (report) => void reports.push(report), DELAYS);
    await retries.start();
    const before = await events(customerStream(tenant));
    for (let time = 0; time < 2; time += 1)
      await expect(app.erasures.erase(context(), subject)).rejects.toThrow('a backup');
    expect(await events(customerStream(tenant))).toEqual(before);
    keys.destroy = destroy;
    while ((await keys.unfinished()).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await retries.stop();
    expect((await events(customerStream(tenant))).at(-1)?.type).toBe('PersonalDataErased');
    expect(await app.erasures.erase(context(), subject)).toMatchObject({ kind: 'unchanged' });
  });

  it('has a pending erasure while the log is unavailable', async () => {
    const { app, log, events, sealed, place } = await signed();
    const append = log.append.bind(log);
    log.append = async () => {
      throw new LogUnavailable('locked');
    };
    await expect(app.erasures.erase(context(), subject)).rejects.toMatchObject({
      name: 'ErasurePending',
      cause: { message: 'locked' },
    });
    log.append = append;
    expect(await app.personalData.open(sealed, place)).toBeUndefined();
    await app.erasures.finish();
    expect((await events(customerStream(tenant))).at(-1)?.type).toBe('PersonalDataErased');
  });

  it('is retried after every failure, and reported once', async () => {
    const { app, keys } = await signed();
    keys.unfinished = async () => {
      throw new Error('away');
    };
    const reports: ErasureReport[] = [];
    const retries = new ErasureRetries(app.erasures, (report) => void reports.push(report), DELAYS);
    await retries.start();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(reports).toEqual([{ kind: 'erasure-pending', reason: expect.stringContaining('away') }]);
    keys.unfinished = async () => [];
    while (reports.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(reports[1]).toEqual({ kind: 'erasure-finished' });
    await retries.stop();
  });

  it('is compared with a repeated request until it is erased', async () => {
    const { app } = await signed();
    const request = (lastName: string) => {
      const body = { ...signatory, lastName };
      const ctx = {
        actor: 'test',
        correlationId: 'test',
        commandId: commandIdFrom('key:test', 'sign-2'),
        fingerprint: sealedFingerprint('POST', '/agreements', body, subject),
      };
      return new SignAgreement(
        ctx,
        tenant,
        { signedOn: '2026-11-01', country: 'JP', language: 'ja-JP', method: 'partner-attested' },
        body,
      );
    };
    expect(await app.signAgreement.execute(request('佐藤'))).toMatchObject({ replayed: false });
    expect(await app.signAgreement.execute(request('佐藤'))).toMatchObject({
      replayed: true,
      erased: false,
    });
    await expect(app.signAgreement.execute(request('鈴木'))).rejects.toMatchObject({
      name: 'KeyReused',
    });
    await app.erasures.erase(context(), subject);
    expect(await app.signAgreement.execute(request('鈴木'))).toMatchObject({
      replayed: true,
      erased: true,
    });
  });
});
