/**
 * Processor time of this process since it began, in microseconds: all its threads, and the main
 * thread alone.
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
