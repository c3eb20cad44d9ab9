import { describe, expect, it } from '@jest/globals';
import { createLogger, NestLog } from './logging.js';

const logged = (level: Parameters<typeof createLogger>[0]) => {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger(level, {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { logger, lines };
};

describe('createLogger', () => {
  it('writes one JSON line per entry, with the level by name and the time in ISO form', () => {
    const { logger, lines } = logged('info');
    logger.info({ route: '/v1/orders' }, 'request');
    logger.debug('not at this level');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        route: '/v1/orders',
        msg: 'request',
      },
    ]);
  });

  it('redacts credentials of a logged request', () => {
    const { logger, lines } = logged('info');
    logger.info(
      {
        headers: { authorization: 'Bearer s3cret' },
        request: { headers: { authorization: 'Bearer s3cret' } },
      },
      'x',
    );
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it("logs Nest's own messages at debug and its errors always", () => {
    const { logger, lines } = logged('info');
    const nest = new NestLog(logger);
    nest.log('Mapped {/v1/orders, POST} route', 'RouterExplorer');
    nest.error(new Error('broken'), 'ExceptionsHandler');
    expect(lines).toMatchObject([{ level: 'error', msg: 'broken', nest: 'ExceptionsHandler' }]);
  });
});
