import type { ReasonTexts } from './reason-text.js';

export const japanese: ReasonTexts = {
  'seller-unknown': {
    title: '販売パートナーが登録されていません',
    message:
      'パートナー[「{partnerId}」]は登録されていません。partnerId を確認するか、運用担当者にパートナーの登録を依頼してください。',
  },
  'seller-membership-inactive': {
    title: '販売パートナーのメンバーシップが有効ではありません',
    message:
      '販売パートナーには[ {date} の時点で]有効な Microsoft AI Cloud パートナー プログラムのメンバーシップがありません。メンバーシップを更新し、記録してください。',
  },
  'seller-location-missing': {
    title: '顧客の地域に販売パートナーの所在地がありません',
    message:
      '販売パートナーには、顧客の市場が属する地域[（市場 {market}、地域 {regionGroup}）]の所在地の PartnerID がありません。その地域の所在地を登録するか、所在地のあるパートナーを通じて販売してください。',
  },
  'seller-signing-authority-missing': {
    title: '販売パートナーの署名権限者が記録されていません',
    message:
      '販売パートナーを代表して法的契約に署名できる人が[ {date} の時点で]記録されていません。署名権限者を記録してください。',
  },
  'provider-relationship-missing': {
    title: '間接プロバイダーとのリレーションシップがありません',
    message:
      '間接リセラーは、顧客の地域の間接プロバイダー[「{providerId}」]との有効なリレーションシップを持っていません。リレーションシップを記録するか、リレーションシップのあるプロバイダーを指定してください。',
  },
  'provider-not-authorized': {
    title: '間接プロバイダーが公認されていません',
    message:
      '販売パートナーの間接プロバイダー[（{providerIds}）]は、注文日の時点で Microsoft に公認されていません。公認を記録するか、別のプロバイダーを通じて購入してください。',
  },
  'provider-ambiguous': {
    title: '間接プロバイダーが一つに決まりません',
    message:
      '販売パートナーには公認の間接プロバイダーが複数あります[（{providerIds}）]。providerId でそのうちの一つを指定してください。',
  },
  'direct-bill-not-authorized': {
    title: '直接請求が承認されていません',
    message:
      '販売パートナーには[ {date} の時点で]直接請求の承認がありません。直接請求を申請するか、Microsoft による承認の記録を運用担当者に依頼してください。',
  },
  'direct-bill-restricted': {
    title: '直接請求の承認が制限されています',
    message:
      '販売パートナーの直接請求の承認は[ {since} から]制限されており、新規の購入はできません。プログラムの要件を再び満たし、承認を回復してください。',
  },
  'direct-bill-suspended': {
    title: '直接請求の承認が停止されています',
    message:
      '販売パートナーの直接請求の承認は[ {since} から]停止されています。プログラムの要件を再び満たし、承認を回復してください。',
  },
  'direct-bill-revoked': {
    title: '直接請求の承認が取り消されています',
    message:
      '販売パートナーの直接請求の承認は[ {since} に]取り消されました。間接リセラーとして販売するか、あらためて承認を申請してください。',
  },
  'support-plan-inactive': {
    title: '有効なサポート プランがありません',
    message:
      '販売パートナーには[ {date} の時点で]プログラムが求めるサポート プラン[（{plans}）]の有効なものがありません。購入または更新し、記録してください。',
  },
  'seller-is-provider': {
    title: '間接プロバイダーは販売パートナーになれません',
    message:
      '販売パートナー[「{partnerId}」]は間接プロバイダーであり、販売元のパートナーにはなりません。partnerId にリセラーを、providerId にプロバイダーを指定してください。',
  },
  'market-unknown': {
    title: '顧客の国は CSP の市場ではありません',
    message:
      '顧客の国[（{country}）]では CSP オファーは販売されていません。顧客の国と市場コードを確認してください。',
  },
  'market-outside-region': {
    title: '顧客の市場が販売パートナーの地域外です',
    message:
      '顧客の市場[（{market}）]は、販売パートナーの所在地がない地域[（{regionGroup}）]にあります。その地域のパートナーを通じて販売してください。',
  },
  'currency-not-allowed': {
    title: '使用できない通貨です',
    message:
      '注文の通貨[（{currency}）]は、販売パートナーの所在地の通貨でも、顧客の市場の通貨でもありません。使用できる通貨[（{allowed}）]で注文してください。',
  },
  'customer-unknown': {
    title: '顧客が登録されていません',
    message:
      'テナント[ {tenantId} ]の顧客は登録されていません。tenantId を確認するか、先に顧客を登録してください。',
  },
  'customer-closed': {
    title: '顧客のアカウントは閉鎖されています',
    message:
      '顧客のアカウントは[ {on} から]閉鎖されています。この顧客のために注文することはできません。',
  },
  'agreement-missing': {
    title: 'Microsoft 顧客契約がありません',
    message:
      '顧客は Microsoft 顧客契約[（{country}）]に同意していません。契約への署名を受けて記録してから、もう一度注文してください。',
  },
  'agreement-not-yet-effective': {
    title: '顧客契約はまだ発効していません',
    message:
      '顧客契約の署名日[（{signedOn}）]は注文日より後です。署名日以降にもう一度注文してください。',
  },
  'agreement-withdrawn': {
    title: '顧客契約への同意は撤回されています',
    message:
      'Microsoft 顧客契約への同意は[ {withdrawnOn} に]撤回されています。あらためて契約への署名を受け、記録してください。',
  },
  'agreement-version-superseded': {
    title: '顧客契約のバージョンは受け付けられません',
    message:
      '顧客が同意した顧客契約のバージョン[（{version}）]は、署名日に有効でなかったか、すでに受け付けが終了しています[（署名日 {signedOn}、有効になった日 {from}）][（最終日 {acceptedUntil}）]。現行のバージョンへの署名を受け、記録してください。',
  },
  'agreement-wrong-market': {
    title: '顧客契約が別の市場のものです',
    message:
      '顧客契約[（国 {agreementCountry}、言語 {language}）]は、顧客の国[（{country}）]とそこで提供される言語のものではありません。現在の国の契約への署名を受け、記録してください。',
  },
  'agreement-not-offered-in-market': {
    title: '顧客の市場では顧客契約が提供されていません',
    message:
      '顧客の市場[（{country}）]には Microsoft 顧客契約のひな形がないため、その市場の顧客のために注文することはできません。顧客の国と市場コードを確認してください。',
  },
  'tenant-csp-associated': {
    title: 'テナントは CSP に関連付けられています',
    message:
      'テナントは CSP に関連付けられています[（パートナー「{partnerId}」の CSP テナント）][（{observedOn} に確認）]。このテナントにオンライン サービスを販売することはできません。購入側は CSP に関連付けられていないテナントを使用してください。',
  },
  'tenant-association-unverified': {
    title: 'テナントの関連付けが確認されていません',
    message:
      'テナントが CSP に関連付けられているかどうかについて、有効期間内の確認がありません[（最後の確認は {observedOn}、{ageDays} 日前）][。有効なのは {maxAgeDays} 日以内の確認です]。関連付けを調べ、結果を記録してください。',
  },
  'customer-relationship-missing': {
    title: '販売パートナーと顧客のリレーションシップがありません',
    message:
      '販売パートナー[「{partnerId}」]と顧客との間に有効なリレーションシップがありません。リレーションシップを記録してから、もう一度注文してください。',
  },
  'price-list-missing': {
    title: '当月の価格表が公開されていません',
    message:
      '顧客の市場[（{market}）]の、注文月[（{month}）]の価格表が公開されていません。運用担当者に公開を依頼してから、もう一度注文してください。',
  },
  'offer-not-on-price-list': {
    title: 'オファーが価格表にありません',
    message:
      'オファー[「{offerId}」]は[ {date} の時点で]、注文の通貨[（{currency}）]では当月の価格表にありません。価格表にあるオファーか、別の通貨を選んでください。',
  },
  'offer-term-not-available': {
    title: '期間または課金プランを利用できません',
    message:
      'オファー[「{offerId}」]は、この期間と課金プラン[（{term}、{billingPlan}）]では販売されていません。価格表にある組み合わせを選んでください。',
  },
  'offer-quantity-out-of-range': {
    title: '数量がオファーの範囲外です',
    message:
      '数量[ {quantity} ]は、オファー[「{offerId}」]について価格表が認める範囲の外です[（最小 {min}）][（最大 {max}）]。数量を変更してください。',
  },
  'order-amount-too-large': {
    title: '注文の金額が大きすぎます',
    message:
      '注文の金額[（通貨 {currency}）]の整数部が、記録できる上限の 15 桁を超えています[（オファー {offerId}、数量 {quantity}、単価 {unitPrice}）]。数量を減らすか、注文を分けてください。',
  },
  'offer-segment-not-eligible': {
    title: 'オファーは別のセグメント向けです',
    message:
      '顧客はオファー[「{offerId}」]を購入できません。別のセグメント[（{segments}）]向けです[（この顧客が購入できるもの：{mayBuy}）]。顧客のセグメントのオファーを選ぶか、顧客の資格を記録してください。',
  },
  'credit-limit-exceeded': {
    title: '与信限度額を超えます',
    message:
      'この注文は顧客の与信限度額[（{limit}）]に収まりません[。注文後の債務は {exposure} になります][。債務を計算できません（{unknown}）]。請求書の支払いを受けるか、限度額を引き上げるか、注文の数量を減らしてください。価格や税率が不足している場合は公開してください。',
  },
  'exchange-rate-missing': {
    title: 'その月の為替レートが公開されていません',
    message:
      '顧客の債務に複数の通貨があり、[{month} の][ {currency} の]為替レートが公開されていないため、与信限度額を判定できません。レートを公開してから、もう一度注文してください。',
  },
};
