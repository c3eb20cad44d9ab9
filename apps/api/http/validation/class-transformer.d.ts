/** The storage of class-transformer for `@Type(() => Class)`: the class of a nested property. */
declare module 'class-transformer/cjs/storage.js' {
  export const defaultMetadataStorage: {
    findTypeMetadata(
      target: unknown,
      property: string,
    ):
      | { readonly reflectedType: unknown; readonly typeFunction: (() => unknown) | undefined }
      | undefined;
  };
}
