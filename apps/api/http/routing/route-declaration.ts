import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { KeyUse } from '../request/conditional-headers.js';
import type { Dto } from '../validation/json-schema.js';
import type { Permission } from './permissions.js';

/**
 * The declaration of a route, collected from its decorators. It becomes the route's configuration
 * in the HTTP server.
 */
export interface RouteDeclaration {
  /** `Controller.method`, for messages and the document's operation id. */
  readonly name: string;
  permission?: Permission;
  body?: Dto;
  bodyOptional?: boolean;
  query?: Dto;
  path?: Dto;
  /** The body is taken as bytes, of one of these media types, up to this size. */
  upload?: {
    readonly mediaTypes: readonly string[];
    readonly maxBytes: number;
    /** It is never in memory as a whole. */ readonly isStreamed?: true;
  };
  idempotencyKey?: KeyUse;
  /** A refusal of this command is recorded, and a caller has so many a minute. */
  countsRefusals?: true;
  answers?: readonly AnswerDescription[];
  summary?: string;
  tag?: string;
  /** A read that answers with the ETag of what it reads, and takes preconditions on it. */
  isConditional?: true;
  /** `Prefer: return=minimal` shortens its answer. */
  isShortenable?: true;
  /** Files of the documentation: served, but no part of the contract. */
  undocumented?: boolean;
}

/**
 * The declaration of a controller's method, made on first use. The HTTP adapter hands it to the
 * server with the route.
 */
export function routeDeclaration(controller: object, method: string | symbol): RouteDeclaration {
  // method decorators get the prototype of the controller
  const handler = (controller as Record<string | symbol, object>)[method];
  if (handler === undefined) throw new TypeError(`${String(method)} is no method`);
  const known = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as
    { sekisho?: RouteDeclaration } | undefined;
  if (known?.sekisho) return known.sekisho;
  const declaration: RouteDeclaration = {
    name: `${controller.constructor.name}.${String(method)}`,
  };
  Reflect.defineMetadata(
    FASTIFY_ROUTE_CONFIG_METADATA,
    { ...known, sekisho: declaration },
    handler,
  );
  return declaration;
}

/** Who may call the route: a permission of `permissions.ts`. */
export const Allow =
  (permission: Permission): MethodDecorator =>
  (target, method) => {
    routeDeclaration(target, method).permission = permission;
  };

/**
 * The command takes an Idempotency-Key (every command does); `required` refuses to run without one.
 */
export const Idempotent =
  (use: 'required' | 'accepted'): MethodDecorator =>
  (target, method) => {
    routeDeclaration(target, method).idempotencyKey = use;
  };

/**
 * Each refusal of this command appends an event, so a caller's refusals a minute are limited. The
 * controller reports each recorded refusal.
 */
export const CountsRefusals = (): MethodDecorator => (target, method) => {
  routeDeclaration(target, method).countsRefusals = true;
};

/** The read answers with an ETag: If-None-Match of it is 304, If-Match of another one 412. */
export const Conditional = (): MethodDecorator => (target, method) => {
  routeDeclaration(target, method).isConditional = true;
};

/** Served, but no part of the contract: files of the documentation pages. */
export const Undocumented = (): MethodDecorator => (target, method) => {
  routeDeclaration(target, method).undocumented = true;
};

/** The answer is shorter for a client that sends `Prefer: return=minimal` (RFC 7240). */
export const Shortenable = (): MethodDecorator => (target, method) => {
  routeDeclaration(target, method).isShortenable = true;
};

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
  /** The chapter of the document. */
  readonly tag: string;
  readonly answers: readonly AnswerDescription[];
}

/** Adds the route's texts and answers to the OpenAPI document. */
export const Describe =
  (description: RouteDescription): MethodDecorator =>
  (target, method) => {
    Object.assign(routeDeclaration(target, method), description);
  };
