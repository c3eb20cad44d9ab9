/** Where class-transformer keeps what `@Type(() => Class)` said: the class of a nested property. */
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
