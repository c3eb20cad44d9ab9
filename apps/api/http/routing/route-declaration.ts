import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { KeyUse } from '../request/conditional-headers.js';
import type { Dto } from '../validation/json-schema.js';
import type { Permission } from './permissions.js';

/**
 * The declaration of a route, collected from its decorators. It becomes the route's configuration
 * in the HTTP server.
 */
export interface RouteDeclaration {
  /** `Controller.method`, for messages and the operation id of the document. */
  readonly name: string;
  permission?: Permission;
  body?: Dto;
  bodyOptional?: boolean;
  query?: Dto;
  path?: Dto;
  /** The route gets the body as bytes, of one of these media types, up to this size. */
  upload?: {
    readonly mediaTypes: readonly string[];
    readonly maxBytes: number;
    /** The body is never in memory completely. */ readonly isStreamed?: true;
  };
  idempotencyKey?: KeyUse;
  /** A refusal of this command is recorded, so the refusals of a caller are limited. */
  countsRefusals?: true;
  answers?: readonly AnswerDescription[];
  summary?: string;
  tag?: string;
  /** A read that returns an ETag and accepts preconditions. */
  isConditional?: true;
  /** `Prefer: return=minimal` shortens the answer. */
  isShortenable?: true;
  /** Files of the documentation pages, which are not part of the OpenAPI document. */
  undocumented?: boolean;
}

/**
 * The declaration of a controller's method, created on first use. The HTTP adapter passes it to the
 * server with the route.
 */
export function routeDeclaration(controller: object, method: string | symbol): RouteDeclaration {
  // method decorators get the controller's prototype
  const handler = (controller as Record<string | symbol, object>)[method];
  if (handler === undefined) throw new TypeError(`${String(method)} is not a method`);
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

/** Names the permission (`permissions.ts`) that a caller needs. */
export const Allow =
  (permission: Permission): MethodDecorator =>
  (target, method) => {
    routeDeclaration(target, method).permission = permission;
  };

/** Every command accepts an Idempotency-Key; with `required` it must have one. */
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

/** The read returns an ETag: 304 if If-None-Match names it, 412 if If-Match does not. */
export const Conditional = (): MethodDecorator => (target, method) => {
  routeDeclaration(target, method).isConditional = true;
};

/** Excludes the route from the OpenAPI document: files of the documentation pages. */
export const Undocumented = (): MethodDecorator => (target, method) => {
  routeDeclaration(target, method).undocumented = true;
};

/** `Prefer: return=minimal` shortens the answer (RFC 7240). */
export const Shortenable = (): MethodDecorator => (target, method) => {
  routeDeclaration(target, method).isShortenable = true;
};

/** One answer of a route, for the OpenAPI document. */
export interface AnswerDescription {
  readonly status: number;
  readonly description: string;
  /** An example answer. A test compares its shape with real answers. */
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
