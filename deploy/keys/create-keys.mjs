import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

// node create-keys.mjs KEY_FILE [METRICS_KEY_FILE]
// Makes a key file (docs/configuration.md) with one random key a role and prints the keys, this once; a file that is there stays.
// METRICS_KEY_FILE gets the key that Prometheus reads /metrics with, and is never printed.
const ROLES = ['order-entry', 'auditor', 'reporting', 'operator'];
const METRICS = { id: 'prometheus', roles: ['auditor'] };

const [keyFile, metricsKeyFile] = process.argv.slice(2);
if (keyFile === undefined) {
  console.error('Usage: node create-keys.mjs KEY_FILE [METRICS_KEY_FILE]');
  process.exit(2);
}

const secret = () => randomBytes(32).toString('base64url');
const entry = (id, roles, key) => ({ id, sha256: createHash('sha256').update(key).digest('hex'), roles });
const isNew = !existsSync(keyFile);
const keys = isNew ? [] : JSON.parse(readFileSync(keyFile, 'utf8')).keys;

const printed = Object.fromEntries(isNew ? ROLES.map((role) => [role, secret()]) : []);
for (const [role, key] of Object.entries(printed)) keys.push(entry(role, [role], key));

const wantsMetricsKey = metricsKeyFile !== undefined && !(existsSync(metricsKeyFile) && keys.some(({ id }) => id === METRICS.id));
const metricsKey = secret();
const all = wantsMetricsKey ? [...keys.filter(({ id }) => id !== METRICS.id), entry(METRICS.id, METRICS.roles, metricsKey)] : keys;

// The hashes last and in one step: what a crash leaves behind is made anew by the next run.
if (wantsMetricsKey) replace(metricsKeyFile, metricsKey, 0o444);
if (isNew || wantsMetricsKey) replace(keyFile, `${JSON.stringify({ keys: all }, null, 2)}\n`, 0o440);

if (isNew) console.log(`Keys, one a role. They are shown here and never again:\n${JSON.stringify(printed, null, 2)}`);
else console.log(`${keyFile} is there and stays as it is${wantsMetricsKey ? ', but for a new key to read the metrics with' : ''}.`);

function replace(file, content, mode) {
  writeFileSync(`${file}.new`, content, { mode });
  renameSync(`${file}.new`, file);
}
