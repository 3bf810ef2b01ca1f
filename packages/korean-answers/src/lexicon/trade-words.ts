import { lines, words } from './words.ts'

/** Where wholesalers of any goods work. */
export const wholesalePlaces = words(`
  도매점 도매상 도매매장 도매시장 도매상가 사무실 사업장 창고 물류창고 물류센터 유통센터 영업소 유통회사 거래처 본사 지사 총판 특약점 유통업체 도매센터 도매단지 공동물류센터 도매점포 상회 상사
  무역업체
`)

/** How wholesalers of any goods sell: to shops and firms, not to consumers. */
export const wholesaleMethods = lines(`
  도매 / 도매판매 / 도매유통 / 유통 / 납품 / 거래처에 납품 / 거래처에 공급 / 업체에 납품 / 사업자에게 판매 / 사업자에게 도매 / 소매상에게 판매 / 소매점에 납품 / 소매업자에게 도매
  소상공인에게 판매 / 소상공인에게 도매 / 수입하여 도매 / 수입유통 / 대량 판매 / 구입하여 도매 / 기업에 공급 / 산업사용자에게 판매 / 소매업체에 공급 / 유통업체에 납품 / 사업체에 공급
  중간도매 / 대리점에 납품 / 총판 판매 / 온라인으로 도매 / 매입하여 도매 / 전국에 유통 / 도매상에게 판매 / 대량으로 납품 / 도매로 판매 / 창고에 보관 후 납품 / 계약에 의해 납품
`)

/** Where retailers of any goods work. */
export const retailPlaces = words(`
  매장 점포 상점 가게 상가 판매점 소매점 판매장 전문점 시장 전통시장 임대매장 직영점 소매매장 상설매장 무인매장 동네가게 상점가 대형매장 판매코너 점두
`)

/** How retailers of any goods sell: to consumers. */
export const retailMethods = lines(`
  소매 / 판매 / 소매판매 / 소비자에게 판매 / 소비자에게 소매 / 소비자에게 소매판매 / 일반소비자에게 판매 / 일반인에게 판매 / 소비자 대상 소매 / 개인에게 소매 / 직접판매 / 매장판매
  낱개로 판매 / 최종소비자에게 판매 / 개인소비자에게 판매 / 점포에서 판매 / 진열판매 / 소매로 판매 / 손님에게 소매 / 방문객에게 판매 / 매장에 진열하여 소매 / 가정용으로 판매
  상담하여 판매 / 구입하여 소매 / 대리점에서 받아 소매
`)
