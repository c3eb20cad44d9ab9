import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { EventLog } from '../../libs/event-log/event-log.js';
import { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { eventLogContract, type FaultPlace, type LogUnderTest } from './event-log.contract.js';

eventLogContract('sqlite', { guards: 'atomic', shared: true, canFail: true }, sqliteLog);
eventLogContract('memory with guards', { guards: 'atomic' }, memoryLog('atomic'));
eventLogContract('memory without guards', { guards: 'none' }, memoryLog('none'));

function memoryLog(guards: 'atomic' | 'none') {
  return async (clock: () => number): Promise<LogUnderTest> => {
    const log = new MemoryEventLog({ guards, clock });
    return { log, dispose: () => log.close() };
  };
}

async function sqliteLog(clock: () => number): Promise<LogUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'sekisho-log-'));
  const file = join(directory, 'log.db');
  const faults = new Faults();
  const opened: EventLog[] = [
    await SqliteEventLog.open({
      file,
      clock,
      onConnection: (database) => faults.install(database),
    }),
  ];
  return {
    log: opened[0]!,
    openSecond: async () => {
      const second = await SqliteEventLog.open({ file, clock });
      opened.push(second);
      return second;
    },
    fail: (where) => faults.begin(where),
    dispose: async () => {
      for (const log of opened) await log.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Makes a connection fail inside a transaction: SQLite aborts an insert, or the COMMIT fails. */
class Faults {
  private where: FaultPlace | undefined;
  private database: DatabaseSync | undefined;

  install(database: DatabaseSync): void {
    this.database = database;
    const execute = database.exec.bind(database);
    database.exec = (sql) => {
      if (sql === 'COMMIT' && this.where === 'at-commit') throw fsyncFailed();
      execute(sql);
      if (sql === 'COMMIT' && this.where === 'after-commit') throw fsyncFailed();
      if (sql === 'BEGIN IMMEDIATE') this.trap(execute);
    };
  }

  begin(where: FaultPlace): { readonly repair: () => void } {
    this.where = where;
    return {
      repair: () => {
        this.where = undefined;
        // The failed connection was dropped, and its temporary trigger with it.
        if (this.database?.isOpen) this.database.exec('DROP TRIGGER IF EXISTS temp.fault');
      },
    };
  }

  private trap(execute: (sql: string) => void): void {
    if (typeof this.where !== 'object') return;
    execute(`CREATE TEMP TRIGGER IF NOT EXISTS fault BEFORE INSERT ON main.events
      WHEN new.type_id = (SELECT type_id FROM main.types WHERE name = '${this.where.atType}')
      BEGIN SELECT RAISE(ABORT, 'injected'); END`);
  }
}

/** SQLITE_IOERR_FSYNC, as node:sqlite throws it. */
const fsyncFailed = (): Error =>
  Object.assign(new Error('injected'), { code: 'ERR_SQLITE_ERROR', errcode: 1034 });
