import type { Random } from '@kic/core'
import { withJosa } from './josa.ts'

// Endings of words for premises; what ends otherwise is taken for a material or a tool.
const premises =
  /(장|소|점|집|원|실|관|사|센터|센타|업체|회사|가게|매장|시장|상가|현장|하우스|농장|공단|공사|학교|대학|학원|병원|의원|은행|금고|조합|협회|공장|식당|카페|샵|숍|마트|슈퍼|약국|상회|상사|청|서|부|처|국|단지|빌딩|아파트|건물|주택|항구|항만|터미널|공항|역|논|밭|산|바다|강|하천|호수|광산|갱|갱도|호텔|모텔|펜션|교회|절|성당|법원|법인|스튜디오|극장|클럽|랜드|파크|홀|터|방|당|온실|축사|양계장|돈사|어장|섬|항|리|촌|과|팀|단|소속|연구소|전문점|영업소|대리점|총판|부대|창고|타운|몰|바|펍|포차|호프|빠|집단|쇼핑몰|사이트|플랫폼|인터넷|온라인)$/

const isPremises = (word: string): boolean => premises.test(word)

/** A place or material with the particle that ties it to the next field: '공장에서', '철판을 가지고', '고무로'. */
export const placePhrase = (word: string, section: string, random: Random): string => {
  const chance = random.next()
  if (isPremises(word) || section !== 'C') {
    if (chance < 0.62) return `${word}에서`
    return chance < 0.9 ? word : isPremises(word) ? `${word}에` : `${withJosa(word, '을/를')} 갖추고`
  }
  if (chance < 0.24) return withJosa(word, '을/를')
  if (chance < 0.42) return `${withJosa(word, '을/를')} 가지고`
  if (chance < 0.56) return withJosa(word, '으로/로')
  if (chance < 0.66) return `${withJosa(word, '을/를')} 이용하여`
  if (chance < 0.72) return `${withJosa(word, '을/를')} 투입하여`
  return word
}
