import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../../../../libs/platform/authentication/authenticator.js';
import type { Principal } from '../../../../libs/platform/authentication/principal.js';
import { earlyContext } from '../request/request-context.js';
import { permits } from '../routing/permissions.js';

const LOOK_EVERY_MS = 1_000;

/**
 * Answers without a time limit: live streams and exports. Each is ended when its credential is
 * withdrawn, expires or loses a permission. The connection is cut, so that no client takes a
 * partial export for a complete one.
 */
export class OpenAnswers {
  private readonly open = new Map<FastifyReply, FastifyRequest>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly onEnded: (request: FastifyRequest) => void,
  ) {}

  add(request: FastifyRequest, reply: FastifyReply): void {
    this.open.set(reply, request);
    reply.raw.once('close', () => this.remove(reply));
    this.timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  private remove(reply: FastifyReply): void {
    this.open.delete(reply);
    if (this.open.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    for (const [reply, request] of [...this.open]) {
      if (await this.isStillOpen(request)) continue;
      this.onEnded(request);
      reply.raw.destroy();
    }
    this.isLooking = false;
  }

  /**
   * A credential that can no longer be verified counts as withdrawn: a new request with it would be
   * refused too.
   */
  private async isStillOpen(request: FastifyRequest): Promise<boolean> {
    const { principal: before } = earlyContext(request);
    const permission = request.route?.declaration.permission ?? 'operate';
    try {
      const now = await this.authenticator.principalOf(request.headers.authorization);
      return now !== undefined && permits(permission, now.roles) && sameScope(before, now);
    } catch {
      return false;
    }
  }
}

const sameScope = ({ partnerIds: before }: Principal, { partnerIds: now }: Principal): boolean =>
  JSON.stringify(before) === JSON.stringify(now);
