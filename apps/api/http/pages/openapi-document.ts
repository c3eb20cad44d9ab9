import { problems } from '../problems/problems.js';
import { entityTagsPattern } from '../request/conditional-headers.js';
import { permissions } from '../routing/permissions.js';
import type { AnswerDescription } from '../routing/route-declaration.js';
import type { Route } from '../routing/route.js';
import type { JsonSchema } from '../validation/json-schema.js';

type Schemas = Readonly<Record<string, JsonSchema>>;

/**
 * The OpenAPI 3.1 document of the routes. Its request schemas are the objects that validate the
 * requests.
 */
export function openApiDocument(
  routes: readonly Route[],
  schemas: Schemas,
  version: string,
): JsonSchema {
  const documented = routes.filter(
    ({ method, declaration }) => method !== 'HEAD' && !declaration.undocumented,
  );
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of documented) {
    const path = route.url.replaceAll(/:([A-Za-z]+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sekisho',
      version,
      summary: 'Event-sourced order gate for Cloud Solution Provider partners',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(documented.map(({ declaration }) => declaration.tag ?? 'Service'))].map(
      (name) => ({ name }),
    ),
    paths,
    components: {
      schemas: { ...schemas, Problem: problemSchema },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or a JWT of the configured issuer.',
        },
      },
      responses: {
        Problem: {
          description: 'A problem document (RFC 9457).',
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      },
      headers: {
        LogPosition: {
          description:
            'The log position that this answer covers. A later read waits for it if it is given as minPosition.',
          schema: { type: 'string' },
        },
        ETag: { description: "The stream's revision.", schema: { type: 'string' } },
        IdempotencyReplayed: {
          description: 'The answer repeats the first answer to this Idempotency-Key.',
          schema: { type: 'string', enum: ['true'] },
        },
      },
    },
    'x-problems': Object.fromEntries(
      Object.entries(problems).map(([code, { status, title }]) => [
        code,
        { status, title: title.en },
      ]),
    ),
  };
}

function operation(route: Route, schemas: Schemas): JsonSchema {
  const { method, declaration } = route;
  const permission = declaration.permission ?? 'operate';
  const allowed = permissions[permission];
  return {
    operationId: route.operationId,
    summary: declaration.summary ?? declaration.name,
    tags: [declaration.tag ?? 'Service'],
    ...(allowed === 'everyone'
      ? { security: [] }
      : { security: [{ bearer: [] }], 'x-roles': allowed }),
    parameters: parameters(route, schemas),
    ...requestBody(declaration),
    responses: {
      ...Object.fromEntries(
        (
          declaration.answers ?? [{ status: method === 'GET' ? 200 : 201, description: 'Success' }]
        ).map(response),
      ),
      ...(declaration.isConditional && { 304: { description: 'The client’s copy is current' } }),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function parameters({ declaration, keyUse }: Route, schemas: Schemas): readonly JsonSchema[] {
  const { path, query, permission, isConditional = false, isShortenable = false } = declaration;
  const of = (
    dto: { readonly name: string } | undefined,
    place: 'path' | 'query',
  ): JsonSchema[] => {
    const { properties = {}, required = [] } = (dto && schemas[dto.name]) ?? {};
    return Object.entries(properties as Schemas).map(([name, schema]) => ({
      name,
      in: place,
      required: place === 'path' || (required as readonly string[]).includes(name),
      schema,
    }));
  };
  const header = (
    name: string,
    required: boolean,
    description: string,
    schema: JsonSchema,
  ): JsonSchema => ({
    name,
    in: 'header',
    required,
    description,
    schema,
  });
  const key = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]{1,255}$' };
  const tags = { type: 'string', pattern: entityTagsPattern };
  const ifMatch = header(
    'If-Match',
    false,
    'An ETag, a list of ETags, or *. If none is the current ETag, the answer is 412.',
    tags,
  );
  const ifNoneMatch = header(
    'If-None-Match',
    false,
    'ETags that must not be the current one, or * if the resource must not exist. Otherwise the answer is 412.',
    tags,
  );
  const ifChanged = header(
    'If-None-Match',
    false,
    'The ETag of the client’s copy. While it is the current ETag, the answer is 304.',
    tags,
  );
  return [
    ...of(path, 'path'),
    ...of(query, 'query'),
    ...(keyUse === 'none'
      ? []
      : [
          header(
            'Idempotency-Key',
            keyUse === 'required',
            'A repeated request with the same key gets the first answer.',
            key,
          ),
        ]),
    ...(keyUse === 'none' ? [] : [ifMatch, ifNoneMatch]),
    ...(isConditional ? [ifMatch, ifChanged] : []),
    ...(isShortenable
      ? [
          header('Prefer', false, 'return=minimal omits the checks of the decision (RFC 7240).', {
            type: 'string',
          }),
        ]
      : []),
    ...(permission === 'everyone'
      ? []
      : [
          header('Accept-Language', false, 'The language of messages: en or ja.', {
            type: 'string',
          }),
        ]),
  ];
}

function requestBody({ body, bodyOptional = false, upload }: Route['declaration']): JsonSchema {
  if (upload) {
    const content = Object.fromEntries(
      upload.mediaTypes.map((mediaType) => [mediaType, { schema: { type: 'string' } }]),
    );
    return { requestBody: { required: true, content } };
  }
  if (!body) return {};
  return {
    requestBody: {
      required: !bodyOptional,
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${body.name}` } } },
    },
  };
}

const response = ({
  status,
  description,
  example,
  mediaType = 'application/json',
}: AnswerDescription): [string, JsonSchema] => [
  String(status),
  {
    description,
    ...(status === 204
      ? {}
      : { content: { [mediaType]: { schema: {}, ...(example !== undefined && { example }) } } }),
  },
];

const problemSchema: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance'],
  properties: {
    type: {
      type: 'string',
      format: 'uri-reference',
      enum: Object.keys(problems).map((code) => `/problems/${code}`),
    },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: {
          path: { type: 'string', format: 'json-pointer' },
          code: {
            enum: [
              'required',
              'type',
              'unknown-field',
              'format',
              'pattern',
              'range',
              'length',
              'enum',
            ],
          },
          message: { type: 'string' },
          in: { enum: ['path', 'query', 'header'] },
        },
      },
    },
  },
};
