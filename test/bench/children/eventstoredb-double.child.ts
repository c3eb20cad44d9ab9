import { EventStoreDouble } from '../../double/event-store-double.js';
import { median } from '../report/comparison.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// The double of an EventStoreDB node in a separate process, which counts its calls.

const double = await EventStoreDouble.start();

/** The number of each call since this was last asked. */
function calls(): Readonly<Record<string, number>> {
  const counts = { ...double.calls.counts };
  double.calls.reset();
  return counts;
}

/** The median size in bytes of the events of a type, data and metadata. */
const bytesOf = (type: string): number =>
  median(
    double
      .events()
      .filter((event) => event.type === type)
      .map(({ data, metadata }) => data.byteLength + metadata.byteLength),
  );

serveParent({ url: double.url }, { calls, bytesOf, usage });
