import type { Role } from '../support/service.js';

/** The served OpenAPI document as a list of operations. References are resolved on demand. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}
export interface Operation {
  readonly id: string;
  /** In upper case. */
  readonly method: string;
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly roles: readonly Role[] | 'everyone';
  readonly parameters: readonly Parameter[];
  readonly body?: {
    readonly mediaType: string;
    readonly required: boolean;
    readonly schema: Schema;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly example?: unknown }>> }>
  >;
}
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly 'x-problems': Readonly<Record<string, { readonly status: number }>>;
}
interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Operation['responses'];
  readonly security?: readonly unknown[];
  readonly 'x-roles'?: readonly Role[];
}

export function operationsOf({ paths }: ApiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationOf(method, path, operation)),
  );
}

function operationOf(method: string, path: string, operation: DocumentedOperation): Operation {
  const [content] = Object.entries(operation.requestBody?.content ?? {});
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    roles: operation['x-roles'] ?? 'everyone',
    parameters: operation.parameters ?? [],
    responses: operation.responses,
    ...(content &&
      operation.requestBody && {
        body: {
          mediaType: content[0],
          required: operation.requestBody.required,
          schema: content[1].schema,
        },
      }),
  };
}

/** Follows one reference into the document's schemas. */
export function resolved(schema: Schema, { components }: Pick<ApiDocument, 'components'>): Schema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  const found = components.schemas[reference.replace('#/components/schemas/', '')];
  if (!found) throw new Error(`${reference} leads nowhere`);
  return found;
}

export const isCommand = ({ method }: Pick<Operation, 'method'>): boolean =>
  method !== 'GET' && method !== 'HEAD';

export async function fetchDocument(url: string): Promise<ApiDocument> {
  const response = await fetch(`${url}/openapi.json`);
  return (await response.json()) as ApiDocument;
}
