import { describe, expect, it } from '@jest/globals';
import { customerStream, partnerStream } from '../../domain/shared/streams.js';
import { context, seller, tenant } from '../testing/application.js';
import { opened } from '../testing/opened.js';
import { EndCspTenant, RegisterPartner } from './partner.commands.js';

const details = { legalName: 'Kansai Cloud', country: 'JP', model: 'indirect-reseller' } as const;
const register = (key?: string, country = 'JP') =>
  new RegisterPartner(context(key), seller, { ...details, country }, [tenant]);
const end = (key?: string) =>
  new EndCspTenant(context(key), seller, tenant, { on: '2026-12-01', reason: 'moved' });

const typesOf = async (world: Awaited<ReturnType<typeof opened>>) => ({
  partner: (await world.events(partnerStream(seller))).map(({ type }) => type),
  tenant: (await world.events(customerStream(tenant))).map(({ type }) => type),
});

describe('a partner’s CSP tenant', () => {
  it('is appended to the tenant’s stream first, then to the partner’s', async () => {
    const world = await opened();
    expect(await world.app.registerPartner.execute(register())).toMatchObject({
      kind: 'committed',
      revision: 1,
    });
    expect(await typesOf(world)).toEqual({
      partner: ['PartnerRegistered', 'PartnerCspTenantRegistered'],
      tenant: ['TenantCspAssociationRegistered'],
    });
    const [told] = await world.events(customerStream(tenant));
    const [registered] = await world.events(partnerStream(seller));
    expect(told?.position).toBeLessThan(registered?.position ?? -1);
    expect(told?.metadata.causationId).toBe(registered?.metadata.commandId);
  });

  it('is unchanged when it is registered again', async () => {
    const world = await opened();
    await world.app.registerPartner.execute(register());
    expect(await world.app.registerPartner.execute(register())).toMatchObject({
      kind: 'unchanged',
    });
    expect((await typesOf(world)).tenant.length).toBe(1);
  });

  it.each([
    ['before the append to the tenant', 'customer', 'before-append'],
    ['after the append to the tenant', 'customer', 'after-append'],
    ['before the append to the partner', 'partner', 'before-append'],
    ['after the append to the partner', 'partner', 'after-append'],
  ] as const)('is completed by a repeat after a crash %s', async (_when, kind, moment) => {
    let armed = false;
    const world = await opened((at, { stream }) => {
      if (!armed || at !== moment || !stream.startsWith(kind)) return;
      armed = false;
      throw new Error('crash');
    });
    armed = true;
    await expect(world.app.registerPartner.execute(register('key-1'))).rejects.toThrow('crash');
    const other = await world.another();
    expect(await other.registerPartner.execute(register('key-1'))).toMatchObject({
      kind: 'committed',
    });
    expect(await typesOf(world)).toEqual({
      partner: ['PartnerRegistered', 'PartnerCspTenantRegistered'],
      tenant: ['TenantCspAssociationRegistered'],
    });
  });

  it('appends nothing to the tenant when the partner is refused or the precondition fails', async () => {
    const world = await opened();
    expect(await world.app.registerPartner.execute(register(undefined, 'ZZ'))).toMatchObject({
      kind: 'refused',
    });
    const stale = new RegisterPartner({ ...context(), ifMatch: [3] }, seller, details, [tenant]);
    await expect(world.app.registerPartner.execute(stale)).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect((await typesOf(world)).tenant).toEqual([]);
  });

  it('ends at the partner first, then at the tenant; a repeat completes it after a crash in between', async () => {
    let armed = false;
    const world = await opened((at, { stream }) => {
      if (!armed || at !== 'before-append' || !stream.startsWith('customer')) return;
      armed = false;
      throw new Error('crash');
    });
    await world.app.registerPartner.execute(register());
    armed = true;
    await expect(world.app.endCspTenant.execute(end('key-2'))).rejects.toThrow('crash');
    expect((await typesOf(world)).partner.at(-1)).toBe('PartnerCspTenantEnded');
    expect((await typesOf(world)).tenant).toEqual(['TenantCspAssociationRegistered']);
    expect(await (await world.another()).endCspTenant.execute(end('key-2'))).toMatchObject({
      kind: 'committed',
      replayed: true,
    });
    expect((await typesOf(world)).tenant.at(-1)).toBe('TenantCspAssociationRegistrationEnded');
  });

  it('answers an end and its repeat with the position of the tenant’s event, the last one', async () => {
    const world = await opened();
    await world.app.registerPartner.execute(register());
    const { position } = await world.app.endCspTenant.execute(end('key-4'));
    expect(position).toBe((await world.events(customerStream(tenant))).at(-1)?.position);
    expect(await world.app.endCspTenant.execute(end('key-4'))).toMatchObject({
      replayed: true,
      position,
    });
  });

  it('stays blocked when it is registered again while an end is in progress', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const world = await opened(async (at, { stream }) => {
      const act = meanwhile;
      if (!act || at !== 'before-append' || !stream.startsWith('customer')) return;
      meanwhile = undefined;
      await act();
    });
    await world.app.registerPartner.execute(register());
    const other = await world.another();
    // At this moment the partner's end is appended and the tenant is still registered. So this
    // registration leaves the tenant as it is, and the partner lists it again.
    meanwhile = () => other.registerPartner.execute(register());
    await world.app.endCspTenant.execute(end());
    expect((await typesOf(world)).partner.slice(2)).toEqual([
      'PartnerCspTenantEnded',
      'PartnerCspTenantRegistered',
    ]);
    expect((await typesOf(world)).tenant).toEqual(['TenantCspAssociationRegistered']);
    expect(await world.app.endCspTenant.execute(end())).toMatchObject({ kind: 'committed' });
    expect((await typesOf(world)).tenant.at(-1)).toBe('TenantCspAssociationRegistrationEnded');
  });

  it('answers an end that another end overtakes with a position at which the tenant is free', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const world = await opened(async (at, { stream }) => {
      const act = meanwhile;
      if (!act || at !== 'before-append' || !stream.startsWith('customer')) return;
      meanwhile = undefined;
      await act();
    });
    await world.app.registerPartner.execute(register());
    const other = await world.another();
    meanwhile = () => other.endCspTenant.execute(end());
    const { kind, position } = await world.app.endCspTenant.execute(end());
    expect(kind).toBe('committed');
    expect(position).toBe((await world.events(customerStream(tenant))).at(-1)?.position);
  });

  it('ends a registration that is only at the tenant, for a partner that does not exist, and repeats the answer', async () => {
    const world = await opened();
    await world.app.associations.register(context(), seller, tenant);
    expect(await world.app.endCspTenant.execute(end('key-3'))).toMatchObject({
      kind: 'committed',
      replayed: false,
    });
    expect(await world.app.endCspTenant.execute(end('key-3'))).toMatchObject({
      kind: 'committed',
      replayed: true,
    });
    expect((await typesOf(world)).tenant.at(-1)).toBe('TenantCspAssociationRegistrationEnded');
  });

  it('is refused when there is nothing to end', async () => {
    const { app } = await opened();
    expect(await app.endCspTenant.execute(end())).toMatchObject({
      kind: 'refused',
      refusal: { code: 'partner-unknown' },
    });
  });
});
