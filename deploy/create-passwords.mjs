import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

// node deploy/create-passwords.mjs [FILE]
// Writes a random value for every password that docker-compose.yml requires to FILE (default: .env,
// which Compose reads), readable for its owner only. It keeps existing passwords, because databases
// were created with them, and prints none.
const PASSWORDS = [
  'POSTGRES_PASSWORD',
  'EVENTSTOREDB_PASSWORD',
  'EVENTSTOREDB_ADMIN_PASSWORD',
  'EVENTSTOREDB_OPS_PASSWORD',
  'GRAFANA_ADMIN_PASSWORD',
];

const file = process.argv[2] ?? '.env';
const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
const missing = PASSWORDS.filter(
  (name) => !new RegExp(`^\\s*(export\\s+)?${name}\\s*=\\s*\\S`, 'm').test(before),
);
if (missing.length > 0) {
  // Letters and digits only: two of them become part of a URL.
  const added = missing.map((name) => `${name}=${randomBytes(24).toString('hex')}\n`).join('');
  rmSync(`${file}.new`, { force: true });
  writeFileSync(
    `${file}.new`,
    `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${added}`,
    { mode: 0o600, flag: 'wx' },
  );
  renameSync(`${file}.new`, file);
}
console.log(
  missing.length > 0 ? `Added ${missing.join(', ')} to ${file}.` : `${file} has every password.`,
);
