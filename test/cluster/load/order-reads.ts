import type { ServiceMember } from '../stand/services.js';
import type { Told } from './command.js';
import type { Ledger } from './ledger.js';
import { request } from './send.js';

/**
 * Whoever was told 201 reads the order from any process: with the position it is there and stands,
 * without it it is there.
 */
export class OrderReads {
  private turn = 0;

  constructor(
    private readonly apis: readonly ServiceMember[],
    private readonly ledger: Ledger,
  ) {}

  async read({ orderId, position }: Told, process: number): Promise<void> {
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
      // A read that nobody answers tells nothing: the process is down, and the load goes on.
    }
  }
}
