export const REQUIRED_NODE_MAJOR = 24;

/** The message for a Node that is too old; undefined if it is new enough. */
export function tooOldNode(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= REQUIRED_NODE_MAJOR) return undefined;
  return `Sekisho runs on Node ${REQUIRED_NODE_MAJOR} or later; this is Node ${version}.`;
}
