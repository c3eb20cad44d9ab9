import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The commands of a child, by name. */
export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

interface Asked {
  readonly id: number;
  readonly what: string;
  readonly argument: unknown;
}
type Reply =
  | { readonly ready: unknown }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: string };

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
}

/** A process of the bench, controlled by messages. It ends when the parent ends, in any way. */
export class Child<Ready = unknown> {
  private readonly waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >();
  private nextId = 0;

  /**
   * Resolves when the child is ready. `script`: a module in the caller's folder
   * (`import.meta.url`), or any path.
   */
  static start<Ready>(
    script: string | URL,
    { env = {}, nodeArgs = [] }: ChildOptions = {},
  ): Promise<Child<Ready>> {
    const path = script instanceof URL ? fileURLToPath(script) : script;
    const asked = (process.env['BENCH_NODE_ARGS'] ?? '').split(' ').filter(Boolean);
    const child = fork(path, {
      env: { ...process.env, ...env },
      execArgv: [...asked, ...nodeArgs],
      serialization: 'advanced',
    });
    return new Promise((resolve, reject) => {
      const fail = (code: number | null): void =>
        reject(new Error(`${path} ended (${code}) before it was ready`));
      child.once('exit', fail);
      child.once('message', (reply: Reply) => {
        child.off('exit', fail);
        if ('ready' in reply)
          // the child's script defines the message with which it is ready
          resolve(new Child<Ready>(child, reply.ready as Ready));
        else reject(new Error(`${path} could not start: ${JSON.stringify(reply)}`));
      });
    });
  }

  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {
    child.on('message', (reply: Reply) => this.received(reply));
    child.on('exit', (code) => this.fell(code));
  }

  ask<Answer = void>(what: string, argument?: unknown): Promise<Answer> {
    const id = this.nextId++;
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, what, argument } satisfies Asked);
    });
  }

  /** Asks the child to close its resources, and waits for its end. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.disconnect();
    await gone;
  }

  private received(reply: Reply): void {
    if ('ready' in reply) return;
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('value' in reply) waiting?.resolve(reply.value as never);
    else waiting?.reject(new Error(reply.failure));
  }

  private fell(code: number | null): void {
    for (const { reject } of this.waiting.values()) reject(new Error(`the child ended (${code})`));
  }
}

/** In a child: answers the parent until the parent goes, then closes. */
export function serveParent(
  ready: unknown,
  answers: Answers,
  close: () => Promise<void> | void = () => undefined,
): void {
  process.on('message', (asked: Asked) => {
    void answerTo(asked, answers).then((reply) => process.connected && process.send?.(reply));
  });
  process.once('disconnect', () => void Promise.resolve(close()).finally(() => process.exit(0)));
  process.send?.({ ready });
}

async function answerTo({ id, what, argument }: Asked, answers: Answers): Promise<Reply> {
  try {
    return { id, value: await answers[what]?.(argument as never) };
  } catch (error) {
    return { id, failure: String((error as { stack?: unknown }).stack ?? error) };
  }
}
