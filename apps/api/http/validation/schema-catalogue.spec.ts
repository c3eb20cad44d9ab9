import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsDivisibleBy,
  IsEmail,
  IsEnum,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { SchemaCatalogue, UnlistedDecorator } from './schema-catalogue.js';
import { AmountIn, CalendarDate, Clearable, Guid, Line } from './decorators.js';

const schemaOf = (dto: new () => object): unknown => {
  const catalogue = new SchemaCatalogue();
  catalogue.add(dto);
  return catalogue.schemas[dto.name];
};

describe('a class’s schema', () => {
  class Inner {
    @AmountIn('currency') readonly amount!: string;
    @IsString() @Length(3, 3) readonly currency!: string;
  }
  class Outer {
    @IsInt() @Min(1) @Max(10) readonly count!: number;
    @IsOptional() @Matches(/^a+$/) readonly pattern?: string;
    @Clearable() @IsIn(['a', 'b']) readonly choice?: 'a' | 'b' | null;
    @IsArray() @Guid({ each: true }) readonly ids!: string[];
    @Clearable() @ValidateNested() @Type(() => Inner) readonly inner?: Inner | null;
    @IsOptional() @IsEnum({ X: 'x' }) readonly enumerated?: string;
  }
  it('has its bounds, its closed list of fields and its references', () => {
    expect(schemaOf(Outer)).toEqual({
      type: 'object',
      properties: {
        count: { type: 'integer', minimum: 1, maximum: 10 },
        pattern: { type: 'string', pattern: '^a+$' },
        choice: { type: ['string', 'null'], enum: ['a', 'b', null] },
        ids: { type: 'array', items: { type: 'string', format: 'uuid' } },
        inner: { anyOf: [{ $ref: '#/components/schemas/Inner' }, { type: 'null' }] },
        enumerated: { type: 'string', enum: ['x'] },
      },
      required: ['count', 'ids'],
      additionalProperties: false,
    });
    expect(schemaOf(Inner)).toMatchObject({
      'x-minor-digits-of': { amount: 'currency' },
      properties: { currency: { format: 'text', minLength: 3, maxLength: 3 } },
    });
  });
});

describe('a wrong declaration is reported by name', () => {
  class Unknown {
    @IsInt() @IsDivisibleBy(3) readonly three!: number;
  }
  class Mail {
    @IsEmail() readonly mail!: string;
  }
  class Sometimes {
    @ValidateIf(() => true) @CalendarDate() readonly on!: string;
  }
  class Flagged {
    @Matches(/a/i) readonly text!: string;
  }
  class Grouped {
    @IsString({ groups: ['a'] }) readonly text!: string;
  }
  class Untyped {
    @IsOptional() readonly text?: string;
  }
  class Bare {
    @ValidateNested() readonly inner!: object;
  }
  class Compared {
    @IsArray() @ArrayUnique((item: { id: string }) => item.id) readonly list!: object[];
  }
  class Torn {
    @Line(1, 2) @IsInt() readonly both!: string;
  }
  it.each<[string, new () => object, RegExp]>([
    ['a decorator outside the list', Unknown, /Unknown\.three: @isDivisibleBy\(3\)/],
    ['one that the project replaces by its own', Mail, /Mail\.mail: @isEmail/],
    ['a condition', Sometimes, /Sometimes\.on: @/],
    ['a flagged pattern', Flagged, /Flagged\.text: @matches/],
    ['a group', Grouped, /Grouped\.text: validation groups/],
    ['no type', Untyped, /Untyped\.text: no decorator says its type/],
    ['a nested object without its class', Bare, /Bare\.inner: @ValidateNested needs @Type/],
    ['a comparison of items', Compared, /Compared\.list: /],
  ])('for %s', (_what, dto, message) => {
    expect(() => schemaOf(dto)).toThrow(UnlistedDecorator);
    expect(() => schemaOf(dto)).toThrow(message);
  });
  it('for contradicting decorators', () =>
    expect(() => schemaOf(Torn)).toThrow(/Torn\.both: its decorators contradict each other/));
  it('for two classes with one name', () => {
    const other = class Unknown2 {
      readonly x = 1;
    };
    Object.defineProperty(other, 'name', { value: 'Mailbox' });
    const again = class {};
    Object.defineProperty(again, 'name', { value: 'Mailbox' });
    const catalogue = new SchemaCatalogue();
    catalogue.add(other);
    expect(() => catalogue.add(again)).toThrow(/two classes are called Mailbox/);
  });
});
