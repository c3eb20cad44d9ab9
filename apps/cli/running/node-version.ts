export const REQUIRED_NODE_MAJOR = 24;

/** What to tell who runs this on an older Node; undefined: it is new enough. */
export function tooOldNode(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= REQUIRED_NODE_MAJOR) return undefined;
  return `Sekisho runs on Node ${REQUIRED_NODE_MAJOR} or later; this is Node ${version}.`;
}
