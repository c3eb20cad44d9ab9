import { randomUUID } from 'node:crypto';
import { Body, Controller, Headers, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import pg from 'pg';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// A minimal service: NestJS, one INSERT into PostgreSQL for each order, unique by its key, and an
// answer. No gate.

const CONNECTIONS = 64;
const INSERT =
  'INSERT INTO plain_orders (id, idempotency_key, placed_at, body) VALUES ($1, $2, now(), $3)';
const pool = new pg.Pool({ connectionString: process.env['BENCH_POSTGRES_URL'], max: CONNECTIONS });
await pool.query(
  'CREATE TABLE plain_orders (id uuid PRIMARY KEY, idempotency_key text NOT NULL UNIQUE, placed_at timestamptz NOT NULL, body jsonb NOT NULL)',
);

@Controller('v1')
class PlainOrdersController {
  @Post('orders')
  async place(@Headers('idempotency-key') key: string, @Body() order: object): Promise<object> {
    const orderId = randomUUID();
    await pool.query({
      name: 'insert',
      text: INSERT,
      values: [orderId, key, JSON.stringify(order)],
    });
    return { orderId, status: 'accepted', ...order };
  }
}

@Module({ controllers: [PlainOrdersController] })
class PlainOrdersModule {}

const app = await NestFactory.create(PlainOrdersModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
serveParent(
  { url: (await app.getUrl()).replace('localhost', '127.0.0.1') },
  { usage },
  async () => {
    await app.close();
    await pool.end();
  },
);
