import { applyDecorators } from '@nestjs/common';
import type { Permission } from '../http/routing/permissions.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';

const factExample = { factId: '9d1f0a52-53a1-5b0f-8c83-2f6a0f3f7c42' };

/**
 * The declaration of a route that records a dated fact: 201 with the fact's id, or 200 if nothing
 * changes.
 */
export const FactRoute = (
  summary: string,
  permission: Permission = 'operate',
  tag = 'Partners: dated facts',
): MethodDecorator =>
  applyDecorators(
    Allow(permission),
    Idempotent('accepted'),
    Describe({
      summary,
      tag,
      answers: [
        { status: 201, description: 'Recorded', example: factExample },
        {
          status: 200,
          description: 'No change needed: it is already recorded',
          example: factExample,
        },
      ],
    }),
  );
