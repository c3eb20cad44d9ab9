/**
 * ISO 4217: the currencies and the digits of their minor units, as `reference-data/currencies.csv`
 * lists them with source and date. Codes without a minor unit (metals, SDR, test codes) are not
 * money here. ANG and BGN are withdrawn, but still appear on lists and invoices of their time.
 */
const codesByMinorDigits: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
      COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR
      IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
      NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
      SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const minorDigitsByCode: ReadonlyMap<string, number> = new Map(
  Object.entries(codesByMinorDigits).flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, Number(digits)]),
  ),
);

export const currencies: readonly string[] = [...minorDigitsByCode.keys()].sort();

export const isCurrency = (code: string): boolean => minorDigitsByCode.has(code);

/**
 * The digits after the point of an amount in this currency: JPY 0, USD 2, KWD 3. Call `isCurrency`
 * first.
 */
export function minorDigits(currency: string): number {
  const digits = minorDigitsByCode.get(currency);
  if (digits === undefined)
    throw new RangeError(`${currency} is not an ISO 4217 currency with a minor unit`);
  return digits;
}
