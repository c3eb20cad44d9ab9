import { type ApiDocument, isCommand } from './api-document.js';
import type { GeneratedRequest } from './generated-requests.js';
import type { RawAnswer } from './wire.js';

interface Problem {
  readonly type?: unknown;
  readonly status?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly instance?: unknown;
  readonly errors?: readonly {
    readonly path: string;
    readonly code: string;
    readonly message: string;
  }[];
}

/**
 * Internals that an answer must not disclose: stacks, files, statements, names of errors. No
 * generated input contains any of them.
 */
const internals = [
  /\n\s+at .+[:(]/, /node_modules/, /file:\/\//, /\.(?:ts|js|mjs):\d+/, /\bSQLITE|\bsqlite/, /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) \S+/, /\b\w*(?:Error|Exception):/,
  /ENOENT|EACCES|ECONN/, /\/dist\/|\/libs\/|\/apps\//, /fastify/i, /\bundefined\b|\[object /,
]; // prettier-ignore

/**
 * Rules that answer 400 though no schema can express them: the operation, the field and the code.
 */
const beyondTheSchema: readonly RegExp[] = [
  /^\S+ \/(on|to|value\/to|acceptedUntil) range$/, // an end before its start
  // later than today everywhere on earth
  /^CustomerAgreements\.\w+ \/(signedOn|observedOn|on) range$/,
  /^CustomerAgreements\.sign \/(country|language) enum$/, // no template for country and language
  // only as the segment matrix allows
  /^Customers\.put \/(qualifications|segment) (enum|range|format)$/,
  // not blank, not in the future; a part has the entry's currency and sign
  /^Revenue\.\w+ \/(recognizedOn|paidOn|source|reference|amount\/(amount|currency)) (range|format|enum)$/,
  // at most a year ahead; not after the end of the log
  /^(PlaceOrders\.check|Reports\.get|Reconciliations\.get|TrailingRevenue\.get|Qualification\.\w+|CustomerEligibility\.get) \/(asOf|knownAt) range$/,
  /^BillingRuns\.start \/period range$/, // a dry run at most a year ahead
  /^Program\.tick \/(on|at) (range|format)$/,
  /^\S+ \/marketCode enum$/,
  /^Program\.putExchangeRates \/usdPerUnit\/USD range$/, // one dollar is one dollar
  /^Program\.putPolicy \/supportPlans (range|length|enum|format)$/, // at least one
  /^\S+ \/cursor format$/,
  /^Customers\.put \/language format$/, // BCP 47, which a pattern cannot express completely
];

/** Finds what is wrong with an answer. The list is empty when nothing is. */
export class AnswerJudge {
  /** Every problem type that occurred: each must have a page. */
  readonly typesMet = new Set<string>();
  readonly statuses = new Map<number, number>();
  private readonly problemStatuses: ReadonlyMap<string, number>;

  constructor(
    { 'x-problems': problems }: Pick<ApiDocument, 'x-problems'>,
    private readonly secrets: readonly string[],
  ) {
    this.problemStatuses = new Map(
      Object.entries(problems).map(([code, { status }]) => [`/problems/${code}`, status]),
    );
  }

  findings(request: GeneratedRequest, answer: RawAnswer): readonly string[] {
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    const found = [...this.leaks(answer.text, request)];
    if (answer.status >= 500) found.push(`answered ${answer.status}`);
    const isUnchanged =
      answer.status === 304 && 'If-None-Match' in request.headers && answer.text === '';
    if (answer.status < 200 || (answer.status >= 300 && answer.status < 400 && !isUnchanged))
      found.push(`answered ${answer.status}`);
    if (isUnchanged && !Object.hasOwn(request.operation.responses, '304'))
      found.push('answered 304, which the document does not name');
    const problem = answer.status >= 400 ? this.problemOf(request, answer, found) : undefined;
    if (answer.status < 300) this.judgeSuccess(request, answer, found);
    this.judgeExpectation(request, answer, problem, found);
    return found;
  }

  private *leaks(text: string, { operation }: GeneratedRequest): Generator<string> {
    for (const secret of this.secrets)
      if (text.includes(secret)) yield 'tells a secret of the machine';
    // Our pages and documents, and events with clients' texts, may contain such words.
    if (/^\/(docs|openapi\.json|problems|metrics)/.test(operation.path)) return;
    for (const pattern of internals)
      if (pattern.test(text)) yield `tells of the inside: ${String(pattern.exec(text)?.[0])}`;
  }

  private problemOf(
    request: GeneratedRequest,
    { status, headers, text }: RawAnswer,
    found: string[],
  ): Problem | undefined {
    if (!String(headers['content-type']).startsWith('application/problem+json'))
      found.push(`${status} is no problem document but ${String(headers['content-type'])}`);
    if (request.method === 'HEAD') return undefined;
    const problem = parsed(text) as Problem | undefined;
    if (problem === undefined) {
      found.push(`${status} with a body that is no JSON`);
      return undefined;
    }
    const type = String(problem.type);
    this.typesMet.add(type);
    if (this.problemStatuses.get(type) !== status || problem.status !== status)
      found.push(`${status} with the type ${type} and the status ${String(problem.status)}`);
    for (const member of ['title', 'detail', 'instance'] as const)
      if (typeof problem[member] !== 'string' || problem[member] === '')
        found.push(`${type} without ${member}`);
    if (type === '/problems/malformed-request' && problem.errors) {
      if (problem.errors.length === 0) found.push('400 with an empty list of errors');
      for (const { path, code, message } of problem.errors) {
        if (
          typeof path !== 'string' ||
          typeof message !== 'string' ||
          !/^(required|type|unknown-field|format|pattern|range|length|enum)$/.test(code)
        )
          found.push(`400 with the error ${path} ${code}`);
      }
    }
    return problem;
  }

  private judgeSuccess(
    { operation, method }: GeneratedRequest,
    { status, headers, text }: RawAnswer,
    found: string[],
  ): void {
    if (!Object.hasOwn(operation.responses, String(status)))
      found.push(`answered ${status}, which the document does not name`);
    if (
      isCommand(operation) &&
      !/^\d+$/.test(String(headers['log-position'])) &&
      operation.id !== 'PlaceOrders.check'
    )
      found.push('a command without Log-Position');
    if (method === 'HEAD' || status === 204) return;
    if (
      /json/.test(String(headers['content-type'])) &&
      !/ndjson/.test(String(headers['content-type'])) &&
      parsed(text) === undefined
    )
      found.push('claims JSON and is none');
  }

  private judgeExpectation(
    { operation, expected, headers }: GeneratedRequest,
    { status }: RawAnswer,
    problem: Problem | undefined,
    found: string[],
  ): void {
    const promised = {
      unauthorized: 401,
      forbidden: 403,
      'media-type': 415,
      malformed: 400,
    } as const;
    if (expected === 'any') return;
    if (expected === 'no-address') {
      if (status !== 400 && status !== 414) found.push(`no address, but answered ${status}`);
      return;
    }
    if (expected !== 'well-formed') {
      if (status !== promised[expected]) found.push(`${expected}, but answered ${status}`);
      return;
    }
    if (status === 406 && 'accept' in headers) return;
    if ([401, 403, 405, 406, 413, 414, 415, 431].includes(status))
      found.push(`well-formed, but answered ${status}`);
    if (status !== 400 || problem?.type === '/problems/position-not-reached') return;
    const unforeseen = (problem?.errors ?? []).filter(
      ({ path, code }) =>
        !beyondTheSchema.some((known) => known.test(`${operation.id} ${path} ${code}`)),
    );
    if (problem && (unforeseen.length > 0 || !problem.errors))
      found.push(`well-formed, but malformed: ${JSON.stringify(problem.errors ?? problem)}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // reported as a finding
  }
}
