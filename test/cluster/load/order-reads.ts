import type { ServiceMember } from '../deployment/services.js';
import type { CommandAnswer } from './command.js';
import type { Ledger } from './ledger.js';
import { request } from './send.js';

/**
 * Reads an order after its 201 from any process. With the position the order must be placed;
 * without it, it must exist.
 */
export class OrderReads {
  private turn = 0;

  constructor(
    private readonly apis: readonly ServiceMember[],
    private readonly ledger: Ledger,
  ) {}

  async read({ orderId, position }: CommandAnswer, process: number): Promise<void> {
    if (orderId === undefined || position === undefined) return;
    const { member, url } = this.apis[process % this.apis.length]!;
    const withPosition = this.turn++ % 2 === 0;
    const path = `/v1/orders/${orderId}${withPosition ? `?minPosition=${position}` : ''}`;
    try {
      const { status, body, text } = await request(url + path, 'order-entry');
      this.ledger.reads.push({
        process: member.name,
        orderId,
        withPosition,
        atMs: Date.now(),
        httpStatus: status,
        ...(status === 200
          ? { orderStatus: String(body['status']) }
          : { text: text.slice(0, 300) }),
      });
    } catch {
      // The process is down: the read proves nothing and the load continues.
    }
  }
}
