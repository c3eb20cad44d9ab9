/**
 * Processor time of this process since its start in microseconds: of all its threads, and of the
 * main thread.
 */
export interface Usage {
  readonly allMicros: number;
  readonly mainMicros: number;
}

export function usage(): Usage {
  const all = process.cpuUsage();
  const main = process.threadCpuUsage();
  return { allMicros: all.user + all.system, mainMicros: main.user + main.system };
}
