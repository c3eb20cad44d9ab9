import { PostgresRefused, PostgresUnavailable } from '../../platform/postgres/errors.js';
import { ReadModelsUnavailable } from '../errors.js';

/**
 * Reports an unavailable or refusing server as ReadModelsUnavailable, like other faults of read
 * models.
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
