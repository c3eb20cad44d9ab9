import { routeDeclaration } from '../access/route-declaration.js';

/** One answer of a route, as the document shows it. */
export interface AnswerDescription {
  readonly status: number;
  readonly description: string;
  /** As the service gives it: it is shown, and a test compares its shape with real answers. */
  readonly example?: unknown;
  readonly mediaType?: string;
}

export interface RouteDescription {
  readonly summary: string;
  /** The chapter it stands in. */
  readonly tag: string;
  readonly answers: readonly AnswerDescription[];
}

/** What the document says of a route beside what its declaration already tells. */
export const Describe =
  (description: RouteDescription): MethodDecorator =>
  (target, method) => {
    Object.assign(routeDeclaration(target, method), description);
  };
