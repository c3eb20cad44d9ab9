import { startProjector } from '../../../apps/projector/projector.js';
import { readConfiguration } from '../../../libs/platform/configuration.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// The projector as `sekisho projector` starts it, in a separate process.

const projector = await startProjector(readConfiguration(process.env));
serveParent({ url: projector.url }, { usage }, () => projector.close());
