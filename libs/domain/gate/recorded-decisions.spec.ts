import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Judgement } from './rulebook.js';
import { rulesets } from './rulesets.js';
import { acceptedDirectOrder, acceptedOrder } from './testing/accepted-order.js';
import { partnerOwnedOrder, refusedFor, refusedForMuch } from './testing/stories.js';
import { type Contents, World } from './testing/world.js';

/**
 * One line of `recorded/<ruleset>.ndjson`: the events of the log, the request, and the decision.
 */
interface Recorded {
  readonly story: string;
  readonly world: Contents;
  readonly judgement: Judgement;
}

const fileOf = (ruleset: string): string =>
  join(import.meta.dirname, 'recorded', `${ruleset}.ndjson`);

// `RECORD_RULESET=<name>` writes the file of a ruleset before its release. Never run it for a
// released one: its decisions are in logs.
const recording = process.env['RECORD_RULESET'];
if (recording) {
  const stories: readonly (readonly [string, World])[] = [
    ['accepted', acceptedOrder],
    ['accepted-direct-bill', acceptedDirectOrder],
    ...Object.entries(refusedFor),
    ['many-reasons', refusedForMuch],
    ['partner-owned', partnerOwnedOrder],
  ];
  const lines = stories.map(([story, world]) =>
    JSON.stringify({ story, world: world.contents, judgement: world.judge(recording) }),
  );
  writeFileSync(fileOf(recording), `${lines.join('\n')}\n`);
}

describe.each(rulesets.map(({ name }) => name))(
  'the released ruleset %s repeats its recorded decisions',
  (name) => {
    const recorded = readFileSync(fileOf(name), 'utf8')
      .trimEnd()
      .split('\n')
      // Only the code above writes this file.
      .map((line) => JSON.parse(line) as Recorded);

    it.each(recorded.map((decided) => [decided.story, decided] as const))(
      '%s',
      (_story, { world, judgement }) => {
        expect(new World(world).judge(name)).toEqual(judgement);
      },
    );
  },
);
