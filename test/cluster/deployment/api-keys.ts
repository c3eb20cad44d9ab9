import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const keys = {
  'order-entry': 'clerk-of-the-cluster-run',
  operator: 'operator-of-the-cluster-run',
  auditor: 'auditor-of-the-cluster-run',
};
export type KeyRole = keyof typeof keys;

/** One file for every process: the same secret is the same principal in each. */
export function writeKeysFile(folder: string): string {
  const file = join(folder, 'api-keys.json');
  const entries = Object.entries(keys).map(([role, secret]) => ({
    id: role,
    sha256: createHash('sha256').update(secret).digest('hex'),
    roles: [role],
  }));
  writeFileSync(file, JSON.stringify({ keys: entries }));
  return file;
}
