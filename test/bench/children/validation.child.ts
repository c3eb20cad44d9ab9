import { Controller, Module, Post } from '@nestjs/common';
import {
  Command,
  CommandBus,
  CommandHandler,
  CqrsModule,
  type ICommandHandler,
} from '@nestjs/cqrs';
import { PlaceOrderDto } from '../../../apps/api/dto/orders.dto.js';
import { createHttp } from '../../../apps/api/http/bootstrap.js';
import { RequestContext } from '../../../apps/api/http/request/request-context.js';
import { answer } from '../../../apps/api/http/response/answer.js';
import { Ctx, FromBody } from '../../../apps/api/http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../../../apps/api/http/routing/route-declaration.js';
import { openAuthentication } from '../../../libs/platform/authentication/authenticator.js';
import { createLogger } from '../../../libs/platform/logging.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// All steps between a socket and a command handler, but no handler: authentication, the order's
// class, the command bus.

class DoNothing extends Command<{ readonly status: string }> {
  constructor(readonly order: PlaceOrderDto) {
    super();
  }
}

@CommandHandler(DoNothing)
class DoNothingHandler implements ICommandHandler<DoNothing> {
  async execute({ order }: DoNothing): Promise<{ readonly status: string }> {
    return { status: `${order.lines.length} lines` };
  }
}

@Controller('v1')
class NothingController {
  constructor(private readonly commands: CommandBus) {}

  @Post('orders')
  @Allow('enter orders')
  @Idempotent('required')
  @Describe({
    summary: 'Validate an order',
    tag: 'Bench',
    answers: [{ status: 201, description: 'Valid' }],
  })
  async place(@Ctx() ctx: RequestContext, @FromBody() body: PlaceOrderDto): Promise<string> {
    return answer(ctx, await this.commands.execute(new DoNothing(body)), { status: 201 });
  }
}

@Module({
  imports: [CqrsModule.forRoot()],
  controllers: [NothingController],
  providers: [DoNothingHandler],
})
class NothingModule {}

const dataDir = process.env['DATA_DIR'] ?? '';
const host = '127.0.0.1';
const { authenticator } = openAuthentication({
  host,
  dataDir,
  authentication: {},
  announce: () => undefined,
});
const http = await createHttp(NothingModule, { authenticator, logger: createLogger('error') });
serveParent({ url: await http.listen(host, 0) }, { usage }, () => http.close());
