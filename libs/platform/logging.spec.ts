import { describe, expect, it } from '@jest/globals';
import { createLogger, NestLog } from './logging.js';

const logged = (level: Parameters<typeof createLogger>[0]) => {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger(level, {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { logger, lines };
};

describe('the log', () => {
  it('is one JSON line an entry, with its level by name and its time in ISO form', () => {
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

  it('never holds a credential, whoever logs a request', () => {
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

  it("has Nest's own talk for debugging only, and its errors always", () => {
    const { logger, lines } = logged('info');
    const nest = new NestLog(logger);
    nest.log('Mapped {/v1/orders, POST} route', 'RouterExplorer');
    nest.error(new Error('broken'), 'ExceptionsHandler');
    expect(lines).toMatchObject([{ level: 'error', msg: 'broken', nest: 'ExceptionsHandler' }]);
  });
});
