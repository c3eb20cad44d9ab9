import { createParamDecorator } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { earlyContext, RequestContext } from '../request/request-context.js';
import { malformed, ProblemException } from '../problems/problem.js';
import type { Dto } from '../validation/json-schema.js';
import type { ParameterReader, ParameterTexts } from '../validation/parameters.js';
import { hasBody, mediaTypeOf, UploadStream } from '../request/upload-stream.js';
import type { Route } from './route.js';
import { routeDeclaration } from './route-declaration.js';

/**
 * The JSON body, validated by the parameter's class. With `optional` the request may have no body.
 */
export const FromBody = (options: { readonly optional?: boolean } = {}): ParameterDecorator =>
  onParameter((dto, declaration) => {
    declaration.body = dto;
    if (options.optional) declaration.bodyOptional = true;
    return readBody();
  });

/**
 * The query, parsed and validated by the parameter's class. A route without it accepts no query.
 */
export const FromQuery = (): ParameterDecorator =>
  onParameter((dto, declaration) => {
    declaration.query = dto;
    return readQuery();
  });

/** The parameters of the path, validated by the parameter's class. */
export const FromPath = (): ParameterDecorator =>
  onParameter((dto, declaration) => {
    declaration.path = dto;
    return readPath();
  });

/** The bytes of the body as received. */
export const Upload =
  (mediaType: string, maxBytes = 64 * 1024 * 1024): ParameterDecorator =>
  (target, method, index) => {
    if (method !== undefined)
      routeDeclaration(target, method).upload = { mediaTypes: [mediaType], maxBytes };
    readUpload()(target, method, index);
  };

/** The body while it arrives, in one of these media types, as an `UploadStream`. */
export const StreamedUpload =
  (mediaTypes: readonly string[], maxBytes: number): ParameterDecorator =>
  (target, method, index) => {
    if (method !== undefined)
      routeDeclaration(target, method).upload = { mediaTypes, maxBytes, isStreamed: true };
    readStream()(target, method, index);
  };

/**
 * The caller and the headers: `RequestContext`. Headers that only commands use (Idempotency-Key,
 * If-Match) are parsed here.
 */
export const Ctx = (): ParameterDecorator => context();

/**
 * The class of a parameter is its declaration: the compiler writes it to the method's metadata
 * before the parameter's decorators run.
 */
function onParameter(
  declare: (dto: Dto, declaration: ReturnType<typeof routeDeclaration>) => ParameterDecorator,
): ParameterDecorator {
  return (target, method, index) => {
    if (method === undefined)
      throw new TypeError('only parameters of methods are read from a request');
    const types = Reflect.getMetadata('design:paramtypes', target, method) as
      readonly unknown[] | undefined;
    const dto = types?.[index];
    if (typeof dto !== 'function' || dto === Object) {
      throw new TypeError(
        `${target.constructor.name}.${String(method)}: parameter ${index} needs a DTO class as its type (imported as a value)`,
      );
    }
    declare(dto as Dto, routeDeclaration(target, method))(target, method, index);
  };
}

type Host = Parameters<Parameters<typeof createParamDecorator>[0]>[1];
const requestOf = (host: Host): FastifyRequest => host.getArgByIndex<FastifyRequest>(0);
const routeOf = ({ route }: FastifyRequest): Route => {
  if (!route) throw new TypeError('a controller ran without its route');
  return route;
};

const readBody = createParamDecorator((_data: unknown, host) => {
  const request = requestOf(host);
  const problems = routeOf(request).bodyProblems(request.body, earlyContext(request).bodyBytes);
  if (problems) throw malformed(...problems);
  return request.body ?? {};
});

const readQuery = createParamDecorator((_data: unknown, host) => read(requestOf(host), 'query'));
const readPath = createParamDecorator((_data: unknown, host) => read(requestOf(host), 'path'));

function read(request: FastifyRequest, where: 'query' | 'path'): object {
  const route = routeOf(request);
  // The query parser and the router return texts by name; Fastify's types do not say so.
  const texts = (where === 'query' ? request.query : request.params) as ParameterTexts;
  return valueOf(where === 'query' ? route.readQuery(texts) : route.readPath(texts));
}

function valueOf(read: ReturnType<ParameterReader>): object {
  if ('problems' in read) throw malformed(...read.problems);
  return read.value;
}

const readUpload = createParamDecorator((_data: unknown, host) => {
  const { body } = requestOf(host);
  if (!Buffer.isBuffer(body)) throw malformed({ path: '', code: 'required' });
  return body;
});

const readStream = createParamDecorator((_data: unknown, host) => {
  const request = requestOf(host);
  const { declaration, limits } = routeOf(request);
  if (!hasBody(request)) throw malformed({ path: '', code: 'required' });
  return new UploadStream(
    request.raw,
    mediaTypeOf(request.headers['content-type']),
    declaration.upload?.maxBytes ?? 0,
    limits.uploadFloor,
  );
});

const context = createParamDecorator((_data: unknown, host) => {
  const request = requestOf(host);
  const route = routeOf(request);
  const { body, upload, query } = route.declaration;
  if (!body && !upload) refuseBody(request.body);
  if (!query) valueOf(route.readQuery(request.query as ParameterTexts));
  return new RequestContext(request, host.getArgByIndex<FastifyReply>(1), route);
});

/**
 * An operation without a body accepts an empty object at most, because a body must not be ignored.
 */
function refuseBody(body: unknown): void {
  if (body === undefined) return;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw malformed({ path: '', code: 'type', expected: 'object' });
  const fields = Object.keys(body).slice(0, 100);
  if (fields.length > 0) {
    throw new ProblemException('malformed-request', {
      errors: fields.map((field) => ({
        path: `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        code: 'unknown-field',
      })),
    });
  }
}
