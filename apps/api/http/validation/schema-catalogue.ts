import { getMetadataStorage } from 'class-validator';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { type Dto, type JsonSchema, merge } from './json-schema.js';
import { decoratorSchema, describesArray } from './class-validator-schemas.js';
import { isClearable } from './decorators.js';

/**
 * A decorator without a schema. Requests would be validated less strictly than the class declares.
 */
export class UnlistedDecorator extends Error {
  override readonly name = 'UnlistedDecorator';
}

type Metadata = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/**
 * Converts DTO classes into JSON Schema 2020-12, once, at start. Ajv compiles these schemas, and
 * the OpenAPI document has them as components.
 */
export class SchemaCatalogue {
  /** `#/components/schemas` of the document. */
  readonly schemas: Record<string, JsonSchema> = {};
  private readonly classes = new Map<string, Dto>();

  /** Adds the class and its nested classes; returns the reference to it. */
  add(dto: Dto): string {
    const known = this.classes.get(dto.name);
    if (known && known !== dto)
      throw new TypeError(`two classes are called ${dto.name}; each schema needs its own name`);
    if (!known) {
      this.classes.set(dto.name, dto);
      this.schemas[dto.name] = this.schemaOf(dto);
    }
    return `#/components/schemas/${dto.name}`;
  }

  private schemaOf(dto: Dto): JsonSchema {
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    let object: JsonSchema = {};
    for (const [property, declared] of byProperty(dto)) {
      const described = new PropertySchema(dto, property, (nested) => this.add(nested));
      for (const metadata of declared) described.take(metadata);
      properties[property] = described.schema();
      if (!described.optional) required.push(property);
      object = merge(object, described.object, `${dto.name}.${property}`);
    }
    return {
      type: 'object',
      properties,
      ...(required.length > 0 && { required }),
      additionalProperties: false,
      ...object,
    };
  }
}

/**
 * The decorators in the order of declaration. They are stored property by property, for each
 * property from the last to the first.
 */
function byProperty(dto: Dto): ReadonlyMap<string, readonly Metadata[]> {
  const properties = new Map<string, Metadata[]>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    properties.set(metadata.propertyName, [
      ...(properties.get(metadata.propertyName) ?? []),
      metadata,
    ]);
  }
  return properties;
}

class PropertySchema {
  optional = false;
  object: JsonSchema = {};
  private value: JsonSchema = {};
  private items: JsonSchema | undefined;
  private readonly where: string;

  constructor(
    private readonly dto: Dto,
    private readonly property: string,
    private readonly nest: (dto: Dto) => string,
  ) {
    this.where = `${dto.name}.${property}`;
  }

  take(metadata: Metadata): void {
    // class-validator omits the groups without this option, although its types do not say so.
    if ((metadata.groups as readonly string[] | undefined)?.length)
      throw new UnlistedDecorator(`${this.where}: validation groups are not compiled`);
    if (metadata.type === 'nestedValidation')
      return this.describe({ $ref: this.nest(this.nestedClass()) }, metadata.each);
    const name = metadata.name ?? metadata.type;
    if (name === 'isOptional') {
      this.optional = true;
      return;
    }
    const constraints: readonly unknown[] = metadata.constraints ?? [];
    const described =
      metadata.type === 'customValidation' ? decoratorSchema(name, constraints) : undefined;
    if (!described)
      throw new UnlistedDecorator(
        `${this.where}: @${name}(${constraints.map(String).join(', ')}) is a decorator that the schema compiler does not know`,
      );
    this.describe(described.property, metadata.each && !describesArray(name));
    if (described.object)
      this.object = merge(this.object, about(this.property, described.object), this.where);
    if (described.optional) this.optional = true;
  }

  schema(): JsonSchema {
    const schema =
      this.items === undefined
        ? this.value
        : merge(this.value, { type: 'array', items: this.items }, this.where);
    if (schema['type'] === undefined && schema['$ref'] === undefined)
      throw new UnlistedDecorator(`${this.where}: no decorator says its type`);
    if (schema['type'] === 'array' && schema['items'] === undefined)
      throw new UnlistedDecorator(`${this.where}: no decorator says the type of its items`);
    return isClearable(this.dto.prototype as object, this.property) ? orNull(schema) : schema;
  }

  private describe(schema: JsonSchema, ofItems: boolean): void {
    if (ofItems) this.items = merge(this.items ?? {}, schema, this.where);
    else this.value = merge(this.value, withoutObjectBeside(this.value, schema), this.where);
  }

  private nestedClass(): Dto {
    const said = defaultMetadataStorage.findTypeMetadata(this.dto, this.property)?.typeFunction?.();
    if (typeof said !== 'function')
      throw new UnlistedDecorator(
        `${this.where}: @ValidateNested needs @Type(() => Class) beside it`,
      );
    return said as Dto; // class-transformer requires a class there
  }
}

/** `@IsObject` adds nothing to a nested class. */
const withoutObjectBeside = (before: JsonSchema, schema: JsonSchema): JsonSchema =>
  before['$ref'] !== undefined && schema['type'] === 'object' ? {} : schema;

/** The schema of the object, named after the decorated property. */
const about = (property: string, object: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(object).map(([keyword, neighbour]) => [keyword, { [property]: neighbour }]),
  );

function orNull(schema: JsonSchema): JsonSchema {
  if (schema['$ref'] !== undefined) return { anyOf: [schema, { type: 'null' }] };
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(Array.isArray(schema['enum']) && { enum: [...(schema['enum'] as unknown[]), null] }),
  };
}
