import 'reflect-metadata';
import {
  registerDecorator,
  type ValidationArguments,
  type ValidationOptions,
} from 'class-validator';
import type { JsonSchema } from './json-schema.js';

/** The schema of a decorator of our own. */
export interface DecoratorSchema {
  /** Of the decorated value. */
  readonly property: JsonSchema;
  /** Of the object, if the decorator is also about neighbouring properties. */
  readonly object?: JsonSchema;
  /** It may be absent though no `@IsOptional()` says so. */
  readonly optional?: true;
}

const registry = new Map<string, (constraints: readonly unknown[]) => DecoratorSchema>();

/** The schema of a decorator of ours; undefined for another one. */
export const registeredSchema = (
  name: string,
  constraints: readonly unknown[],
): DecoratorSchema | undefined => registry.get(name)?.(constraints);

/** Adds a decorator; its `args` come first, class-validator's options (for `each`) last. */
export function schemaDecorator<Args extends readonly unknown[]>(
  name: string,
  meaning: (...args: Args) => DecoratorSchema,
  accepts: (value: unknown, args: Args, of: ValidationArguments) => boolean,
): (...args: [...Args, options?: ValidationOptions]) => PropertyDecorator {
  if (registry.has(name)) throw new TypeError(`the decorator "${name}" is there twice`);
  // Constraints come back from class-validator as they were given: they are the decorator's own
  // arguments.
  registry.set(name, (constraints) => meaning(...(constraints as unknown as Args)));
  const arity = meaning.length;
  return (...given) => {
    const args = given.slice(0, arity) as unknown as Args; // the rest is `options`
    const options = given[arity] as ValidationOptions | undefined;
    return (target, property) =>
      registerDecorator({
        name,
        target: target.constructor,
        propertyName: String(property),
        constraints: [...args],
        ...(options && { options }),
        validator: {
          validate: (value: unknown, of?: ValidationArguments) =>
            of !== undefined && accepts(value, args, of),
          defaultMessage: () => `$property is not what @${name} asks for`,
        },
      });
  };
}
