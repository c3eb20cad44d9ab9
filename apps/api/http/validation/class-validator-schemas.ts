import type { JsonSchema } from './json-schema.js';
import { registeredSchema, type DecoratorSchema } from './decorator-registry.js';

type Constraints = readonly unknown[];

/**
 * The schema of a decorator, by its name in class-validator; undefined for a decorator that is not
 * listed.
 */
export function decoratorSchema(
  name: string,
  constraints: Constraints,
): DecoratorSchema | undefined {
  const property = Object.hasOwn(schemaByName, name)
    ? schemaByName[name]?.(constraints)
    : undefined;
  return property ? { property } : registeredSchema(name, constraints);
}

/** Whether the decorator describes the array itself, not its items. */
export const describesArray = (name: string): boolean =>
  name.startsWith('array') || name === 'isArray';

const safe = Number.MAX_SAFE_INTEGER;

const schemaByName: Readonly<Record<string, (constraints: Constraints) => JsonSchema | undefined>> =
  {
    isString: () => ({ type: 'string', format: 'text' }),
    isLength: ([min, max]) => ({
      type: 'string',
      minLength: min,
      ...(max !== undefined && { maxLength: max }),
    }),
    minLength: ([min]) => ({ type: 'string', minLength: min }),
    maxLength: ([max]) => ({ type: 'string', maxLength: max }),
    matches: ([pattern]) =>
      pattern instanceof RegExp && /^u?$/.test(pattern.flags)
        ? { type: 'string', pattern: pattern.source }
        : undefined,
    // class-validator accepts 1e300 as a whole number. Numbers that a double cannot hold exactly
    // are refused here.
    isInt: () => ({ type: 'integer', minimum: -safe, maximum: safe }),
    min: ([min]) => ({ type: 'number', minimum: min }),
    max: ([max]) => ({ type: 'number', maximum: max }),
    isBoolean: () => ({ type: 'boolean' }),
    isIn: ([values]) => oneOf(values),
    isEnum: ([, values]) => oneOf(values),
    isObject: () => ({ type: 'object' }),
    isArray: () => ({ type: 'array' }),
    arrayMinSize: ([min]) => ({ type: 'array', minItems: min }),
    arrayMaxSize: ([max]) => ({ type: 'array', maxItems: max }),
    arrayUnique: ([identifier]) =>
      identifier === undefined ? { type: 'array', uniqueItems: true } : undefined,
  };

function oneOf(values: unknown): JsonSchema | undefined {
  if (!Array.isArray(values) || values.length === 0) return undefined;
  const [type, ...others] = new Set(values.map((value: unknown) => typeof value));
  return others.length === 0 && (type === 'string' || type === 'boolean' || type === 'number')
    ? { type, enum: values }
    : undefined;
}
