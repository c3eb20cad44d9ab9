/** The API accepts at most 64 characters. */
export const OFFER_ID_LENGTH_AT_MOST = 64;

/** Spreadsheets strip the zeros that a SkuId begins with: `1` is `0001`. */
export const paddedSkuId = (skuId: string): string => skuId.padStart(4, '0');

/**
 * `ProductId:SkuId` as price lists have it: `CFQ7TTC0LCHC:1` is `CFQ7TTC0LCHC:0001`. Any other text
 * is returned unchanged.
 */
export function paddedOfferId(offerId: string): string {
  const [productId, skuId, ...more] = offerId.split(':');
  if (!productId || !skuId || more.length > 0) return offerId;
  const padded = `${productId}:${paddedSkuId(skuId)}`;
  return padded.length <= OFFER_ID_LENGTH_AT_MOST ? padded : offerId;
}
