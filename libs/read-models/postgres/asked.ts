import { PostgresUnavailable } from '../../platform/postgres/errors.js';
import { ReadModelsUnavailable } from '../errors.js';

/** A server that is away is told as every fault of read models: ask again later. */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PostgresUnavailable) throw new ReadModelsUnavailable(error.message, { cause: error });
    throw error;
  }
}
