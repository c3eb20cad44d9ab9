import { japanese as gate } from '../gate/texts/reason-texts.ja.js';
import type { DirectBillTexts } from './direct-bill-reasons.js';

export const japanese: DirectBillTexts = {
  'trailing-revenue-below-threshold': {
    title: '直近 12 か月の収益が基準額に達していません',
    message:
      'パートナーの直近 12 か月の収益[（{from} から {to} まで）]が、プログラムの基準額[ {threshold} {currency} ]に達していません[（収益 {total} {currency}、不足額 {shortfall} {currency}）]。記録されていない収益を記録するか、収益が基準額に達するまでお待ちください。',
  },
  'tenure-too-short': {
    title: '間接リセラーとしての継続期間が足りません',
    message:
      'パートナーの間接リセラーとしての継続期間が足りません[（必要な {requiredMonths} か月のうち {months} か月）][（{interruptedOn} から中断）][（{satisfiedOn} に充足見込み）]。期間が満ちるまで待つか、記録されていないメンバーシップやプロバイダーとのリレーションシップを記録してください。',
  },
  'support-plan-inactive': gate['support-plan-inactive'],
  'capability-not-assessed': {
    title: '能力が評価されていません',
    message:
      'パートナーの能力[（{capabilities}）]について、有効な第三者による評価がありません[（{assessedOn} の評価は {expiredOn} に失効）]。評価を受け、その結果を申請に記録してください。',
  },
  'capability-failed': {
    title: '能力の評価が不合格です',
    message:
      '第三者による評価[（{assessedOn}、{assessor}）]で、パートナーの能力[（{capabilities}）]が不合格となりました。改善したうえであらためて評価を受け、その結果を新しい申請に記録してください。',
  },
  'seller-membership-inactive': gate['seller-membership-inactive'],
  'seller-location-missing': {
    title: 'パートナーの地域に所在地がありません',
    message:
      'パートナーには、登録された市場が属する地域[（市場 {market}、地域 {regionGroup}）]の所在地の PartnerID がありません。その地域の所在地を登録し、記録してください。',
  },
  'service-missing': {
    title: 'パートナーのサービスが記録されていません',
    message:
      'パートナーのマネージド サービス、IP サービス、顧客向けソリューション アプリケーションのいずれも[ {date} の時点で]記録されていません。少なくとも一つを記録してください。',
  },
  'seller-signing-authority-missing': gate['seller-signing-authority-missing'],
};
