import { PostgresRefused, PostgresUnavailable } from '../../platform/postgres/errors.js';
import { ReadModelsUnavailable } from '../errors.js';

/**
 * A server that is away, or lets nobody in any more, is told as every fault of read models: they
 * cannot answer now.
 */
export async function withReadModelErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const away = error instanceof PostgresUnavailable || error instanceof PostgresRefused;
    if (away) throw new ReadModelsUnavailable(error.message, { cause: error });
    throw error;
  }
}
