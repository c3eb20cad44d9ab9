import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

// node create-keys.mjs KEY_FILE SECRETS_FILE METRICS_KEY_FILE
// Creates a key file (docs/configuration.md) with one random key for each role. An existing key
// file keeps its keys. The keys themselves are written to SECRETS_FILE, readable for its owner
// only; copy that file and delete it. The script never prints a key, because output is logged. The
// key with which Prometheus reads /metrics is written to METRICS_KEY_FILE.
const ROLES = ['order-entry', 'auditor', 'reporting', 'operator'];
const METRICS = { id: 'prometheus', roles: ['metrics'] };

const [keyFile, secretsFile, metricsKeyFile] = process.argv.slice(2);
if (metricsKeyFile === undefined) {
  console.error('Usage: node create-keys.mjs KEY_FILE SECRETS_FILE METRICS_KEY_FILE');
  process.exit(2);
}

const secret = () => randomBytes(32).toString('base64url');
const entry = (id, roles, key) => ({
  id,
  sha256: createHash('sha256').update(key).digest('hex'),
  roles,
});
const isNew = !existsSync(keyFile);
const before = isNew ? '' : readFileSync(keyFile, 'utf8');
const existing = isNew ? [] : JSON.parse(before).keys;

const secrets = Object.fromEntries(isNew ? ROLES.map((role) => [role, secret()]) : []);
const people = [
  ...existing.filter(({ id }) => id !== METRICS.id),
  ...Object.entries(secrets).map(([role, key]) => entry(role, [role], key)),
];

const known = existing.find(({ id }) => id === METRICS.id);
const needsMetricsKey = known === undefined || !existsSync(metricsKeyFile);
const metricsKey = secret();
// An earlier release gave Prometheus the auditor's role, which reads everything.
const prometheus = needsMetricsKey
  ? entry(METRICS.id, METRICS.roles, metricsKey)
  : { ...known, roles: METRICS.roles };

// The hashes are written last and in one step, so the next run completes an interrupted one.
if (isNew) replace(secretsFile, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
if (needsMetricsKey) replace(metricsKeyFile, metricsKey, 0o440);
const after = `${JSON.stringify({ keys: [...people, prometheus] }, null, 2)}\n`;
if (after !== before) replace(keyFile, after, 0o440);

if (isNew)
  console.log(
    `Created the keys of ${ROLES.join(', ')} in ${secretsFile}. Copy that file to a safe place and delete it here.`,
  );
else
  console.log(
    `${keyFile} exists and keeps its keys.${needsMetricsKey ? ' The metrics key is new.' : ''}`,
  );

function replace(file, content, mode) {
  // A draft that a crash left can have another mode.
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, content, { mode, flag: 'wx' });
  renameSync(`${file}.new`, file);
}
