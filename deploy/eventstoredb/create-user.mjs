import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';

// Creates the service's own user in EventStoreDB, or sets its password again, and allows it to read
// $all, which every process follows. The user is in no group: it can append and read, but cannot
// administer the server or change users. The script can run any number of times.
const NODES = variable('EVENTSTOREDB_NODES').split(',');
const CA_FILE = variable('EVENTSTOREDB_CA_FILE');
const ADMIN_PASSWORD = variable('EVENTSTOREDB_ADMIN_PASSWORD');
const USER = 'sekisho';
const PASSWORD = variable('EVENTSTOREDB_PASSWORD');
const ATTEMPTS = 60;

const ca = readFileSync(CA_FILE);
await eventually('the user', setPassword);
await eventually('the right to read $all', allowReadingAll);
console.log(`EventStoreDB has the user ${USER}, which can read $all.`);

async function setPassword(node) {
  const user = { loginName: USER, fullName: 'Sekisho', groups: [], password: PASSWORD };
  const created = await post(node, '/users/', user);
  if (created === 201) return;
  // 409: it exists.
  const changed =
    created === 409
      ? await post(node, `/users/${USER}/command/reset-password`, { newPassword: PASSWORD })
      : created;
  if (changed !== 200) throw new Error(`the node answered ${changed}`);
}

async function allowReadingAll() {
  const client = EventStoreDBClient.connectionString(
    `esdb://admin:${encodeURIComponent(ADMIN_PASSWORD)}@${NODES.join(',')}?tls=true&tlsCAFile=${CA_FILE}`,
  );
  try {
    const { metadata } = await client.getStreamMetadata('$all');
    const readers = [metadata?.acl?.readRoles ?? '$admins'].flat();
    if (readers.includes(USER)) return;
    await client.setStreamMetadata('$all', {
      ...metadata,
      acl: { ...metadata?.acl, readRoles: [...readers, USER] },
    });
  } finally {
    await client.dispose();
  }
}

/** Tries one node after the other until one succeeds, because only the leader can. */
async function eventually(what, act) {
  for (let attempt = 0; ; attempt++) {
    const node = NODES[attempt % NODES.length];
    try {
      return await act(node);
    } catch (error) {
      if (attempt >= ATTEMPTS)
        throw new Error(`${what} could not be set at ${node}`, { cause: error });
      await wait(2_000);
    }
  }
}

function post(node, path, body) {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      ca,
      auth: `admin:${ADMIN_PASSWORD}`,
      headers: { 'content-type': 'application/json' },
      timeout: 5_000,
    };
    const sent = request(`https://${node}${path}`, options, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    sent.once('timeout', () => sent.destroy(new Error('the node does not answer')));
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
  });
}

function variable(name) {
  const value = process.env[name];
  if (value) return value;
  console.error(`${name} is not set.`);
  process.exit(2);
}
