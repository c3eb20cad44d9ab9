import { EventStoreDouble } from '../../double/event-store-double.js';
import { median } from '../report/comparison.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// The double of an EventStoreDB node in a process of its own, which says what it has been asked.

const double = await EventStoreDouble.start();

/** How often each call has been made since the last time this was asked. */
function calls(): Readonly<Record<string, number>> {
  const counts = { ...double.calls.counts };
  double.calls.reset();
  return counts;
}

/** Bytes of the events of a type, data and metadata: the median. */
const bytesOf = (type: string): number =>
  median(
    double
      .events()
      .filter((event) => event.type === type)
      .map(({ data, metadata }) => data.byteLength + metadata.byteLength),
  );

serveParent({ url: double.url }, { calls, bytesOf, usage });
