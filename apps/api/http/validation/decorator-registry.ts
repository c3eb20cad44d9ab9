import 'reflect-metadata';
import {
  registerDecorator,
  type ValidationArguments,
  type ValidationOptions,
} from 'class-validator';
import type { JsonSchema } from './json-schema.js';

/** The schema of one of this project's own decorators. */
export interface DecoratorSchema {
  /** The schema of the decorated value. */
  readonly property: JsonSchema;
  /** The schema of the object, if the decorator also concerns other properties. */
  readonly object?: JsonSchema;
  /** The property may be absent without `@IsOptional()`. */
  readonly optional?: true;
}

const registry = new Map<string, (constraints: readonly unknown[]) => DecoratorSchema>();

/** The schema of an own decorator; undefined for any other decorator. */
export const registeredSchema = (
  name: string,
  constraints: readonly unknown[],
): DecoratorSchema | undefined => registry.get(name)?.(constraints);

/** Adds a decorator. Its own arguments come first, class-validator's options (for `each`) last. */
export function schemaDecorator<Args extends readonly unknown[]>(
  name: string,
  meaning: (...args: Args) => DecoratorSchema,
  accepts: (value: unknown, args: Args, of: ValidationArguments) => boolean,
): (...args: [...Args, options?: ValidationOptions]) => PropertyDecorator {
  if (registry.has(name)) throw new TypeError(`the decorator "${name}" is registered twice`);
  // class-validator returns the constraints unchanged, so they are the decorator's own arguments.
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
          defaultMessage: () => `$property does not match @${name}`,
        },
      });
  };
}
