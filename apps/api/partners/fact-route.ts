import { applyDecorators } from '@nestjs/common';
import { Allow, Idempotent } from '../http/access/route-declaration.js';
import type { Access } from '../http/access/access.js';
import { Describe } from '../http/openapi/answers.js';
import { factExample } from './partner.examples.js';

/**
 * What every route about a dated fact says of itself: 201 with the fact's id, 200 when nothing
 * changes.
 */
export const FactRoute = (
  summary: string,
  access: Access = 'operate',
  tag = 'Partners: dated facts',
): MethodDecorator =>
  applyDecorators(
    Allow(access),
    Idempotent('accepted'),
    Describe({
      summary,
      tag,
      answers: [
        { status: 201, description: 'Recorded', example: factExample },
        { status: 200, description: 'No change needed: it already holds', example: factExample },
      ],
    }),
  );
