import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ChangePartner } from '../../../libs/application/partners/partner.commands.js';
import type { PartnerCommand } from '../../../libs/domain/partner/partner.decide.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import { commandAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { AuthorizeDirectBill, ChangeDirectBill } from '../dto/partners.dto.js';
import { PartnerPath } from '../dto/paths.js';
import { Ctx, FromBody, FromPath } from '../http/routing/request-decorators.js';
import { RequestContext } from '../http/request/request-context.js';
import { FactRoute } from '../commands/fact-route.js';

type Change = Extract<PartnerCommand, { type: 'change-direct-bill' }>['change'];
const tag = 'Partners: direct bill';

/** The direct-bill authorization that SELLER-5 checks. */
@Controller('v1/partners/:partnerId/direct-bill-authorization')
export class DirectBillController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @FactRoute('Record Microsoft’s authorization of the partner, with its evidence', 'operate', tag)
  authorize(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: AuthorizeDirectBill,
  ): Promise<string> {
    return this.execute(
      ctx,
      path,
      { type: 'authorize-direct-bill', ...body },
      { status: 'authorized', from: body.from },
    );
  }

  @Post('restriction')
  @FactRoute('Restrict the authorization: no new purchases', 'operate', tag)
  restrict(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: ChangeDirectBill,
  ): Promise<string> {
    return this.change(ctx, path, 'restriction', 'restricted', body);
  }

  @Post('suspension')
  @FactRoute('Suspend the authorization: no new orders until it is restored', 'operate', tag)
  suspend(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: ChangeDirectBill,
  ): Promise<string> {
    return this.change(ctx, path, 'suspension', 'suspended', body);
  }

  @Post('revocation')
  @FactRoute('Revoke the authorization: no new orders', 'operate', tag)
  revoke(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: ChangeDirectBill,
  ): Promise<string> {
    return this.change(ctx, path, 'revocation', 'revoked', body);
  }

  @Post('restoration')
  @FactRoute('Restore the authorization', 'operate', tag)
  restore(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody() body: ChangeDirectBill,
  ): Promise<string> {
    return this.change(ctx, path, 'restoration', 'authorized', body);
  }

  private change(
    ctx: RequestContext,
    path: PartnerPath,
    change: Change,
    status: string,
    { on, reason }: ChangeDirectBill,
  ): Promise<string> {
    return this.execute(
      ctx,
      path,
      { type: 'change-direct-bill', change, on, reason },
      { status, from: on },
    );
  }

  /**
   * The authorization's status and its first day. `factId` is the id of the event that recorded it.
   */
  private async execute(
    ctx: RequestContext,
    { partnerId }: PartnerPath,
    change: PartnerCommand,
    body: object,
  ): Promise<string> {
    const outcome = await this.commands.execute(
      new ChangePartner(commandContext(ctx), asPartnerId(partnerId), change),
    );
    return commandAnswer(ctx, outcome, (did) => ({
      factId: did.kind === 'committed' ? did.events[0]?.id : did.held,
      ...body,
    }));
  }
}
