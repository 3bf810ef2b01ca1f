import { labelsOf } from '@kic/classification'
import { ksic10Occurring } from '@kic/classification/ksic'
import { defined, KicError } from '@kic/core'
import type { KoreanAnswersErrorCode } from '../error-code.ts'

/** Rows by section in the competition's training file of one million, as published. */
export const publishedSectionSizes: Readonly<Record<string, number>> = {
  A: 1064,
  B: 424,
  C: 105_192,
  D: 756,
  E: 2255,
  F: 35_050,
  G: 246_472,
  H: 98_038,
  I: 187_425,
  J: 10_862,
  K: 10_378,
  L: 40_140,
  M: 28_434,
  N: 17_701,
  O: 2965,
  P: 46_610,
  Q: 36_087,
  R: 29_751,
  S: 100_396,
}

/** Rows of the groups whose number was published: the five largest and the five smallest. */
export const publishedGroupSizes: Readonly<Record<string, number>> = {
  561: 123_719,
  562: 49_762,
  493: 49_119,
  961: 43_047,
  492: 39_184,
  '080': 4,
  120: 4,
  652: 3,
  '061': 2,
  '051': 2,
}

/**
 * How often the other groups occur, relative to their section: rough guesses from the number of Korean establishments,
 * group and weight in turn.
 */
const guesses = `
011 220 012 120 014 330 020 200 031 90 032 104 062 12 071 330 072 74
101 1900 102 2300 103 3300 104 1300 105 500 106 2300 107 9000 108 700 111 900 112 500 131 400 132 3000 133 900
134 2300 139 1300 141 9000 142 250 143 900 144 1600 151 1700 152 1500 161 1000 162 1700 163 90 171 350 172 2100
179 1500 181 8500 182 30 191 12 192 120 201 500 202 600 203 450 204 2600 205 90 211 130 212 450 213 300 221 1200
222 8500 231 700 232 900 233 1400 239 1900 241 1100 242 800 243 1100 251 8200 252 25 259 14000 261 500 262 2600
263 250 264 900 265 350 266 15 271 2600 272 2000 273 350 274 45 281 2900 282 180 283 600 284 1400 285 900 289 900
291 7500 292 9500 301 40 302 350 303 3700 304 40 311 1300 312 120 313 110 319 180 320 4500 331 900 332 120 333 350
334 250 339 4600 340 3000
351 560 352 90 353 106 360 180 370 420 381 620 382 200 383 780 390 55
411 5200 412 1900 421 5200 422 4800 423 3800 424 12500 425 650 426 1000
451 7000 452 9500 453 2500 461 6500 462 3500 463 20000 464 26000 465 18000 466 14500 467 18000 468 900 471 24000
472 25000 473 8500 474 24000 475 12500 476 9000 477 8500 478 21000 479 10500
491 30 494 4700 495 8 501 250 502 60 511 35 512 12 521 1200 529 3440 551 11800 559 2144
581 1700 582 2300 591 1500 592 260 601 40 602 160 611 700 612 320 620 2500 631 1100 639 280
641 4300 642 260 649 1600 651 700 653 90 661 750 662 2700 681 14500 682 25640
701 1100 702 280 711 3300 712 3100 713 2700 714 110 715 2300 716 25 721 6300 729 1100 731 1400 732 1700 733 3100
739 1900 741 350 742 2300 743 350 751 3300 752 2700 753 850 759 2900 761 1400 762 1700 763 1800 764 50
841 1500 842 480 843 160 844 760 845 65 851 2700 852 1300 853 180 854 70 855 24500 856 17300 857 560
861 900 862 15500 863 650 869 1700 871 3000 872 14337 901 2100 902 2200 911 9200 912 16251
941 1300 942 250 949 14500 951 1900 952 13500 953 4600 969 21300
`

const sectionOf = (group: string): string => labelsOf(ksic10Occurring, 'group', group).section ?? ''

/**
 * Expected rows by group in one million: the published figures of sections and of ten groups hold, the rest of each
 * section is shared out by guesses.
 */
const publishedSizes = (): ReadonlyMap<string, number> => {
  const sizes = new Map(Object.entries(publishedGroupSizes))
  const weights = new Map<string, number>()
  for (const [, group, weight] of guesses.matchAll(/(\d{3}) (\d+)/g)) {
    if (group !== undefined) weights.set(group, Number(weight))
  }
  for (const [section, rows] of Object.entries(publishedSectionSizes)) {
    const known = [...sizes].filter(([group]) => sectionOf(group) === section)
    const rest = [...weights].filter(([group]) => sectionOf(group) === section)
    const knownRows = known.reduce((sum, [, size]) => sum + size, 0)
    const restWeight = rest.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [group, weight] of rest) sizes.set(group, ((rows - knownRows) * weight) / restWeight)
  }
  return sizes
}

/** How the rows are shared out among the groups. */
export interface QuotaOptions {
  readonly rows: number
  /** Between the published imbalance, 1, and equal shares, 0: the exponent on the published sizes. */
  readonly balance: number
  /** Every group gets at least so many rows. */
  readonly minPerGroup: number
}

/**
 * Rows by group: every group its minimum, the others in proportion to the published sizes to the power of `balance`, by
 * largest remainders. They sum to `rows`.
 *
 * @throws KicError `korean-answers/bad-quota` for rows that do not reach for the minimum and for a balance outside 0 to 1.
 */
export const groupQuotas = ({ rows, balance, minPerGroup }: QuotaOptions): ReadonlyMap<string, number> => {
  const sizes = publishedSizes()
  const groups = [...sizes.keys()].sort()
  const least = groups.length * minPerGroup
  if (
    !Number.isInteger(rows) ||
    !Number.isInteger(minPerGroup) ||
    minPerGroup < 0 ||
    rows < least ||
    rows < 1
  )
    throw new KicError<KoreanAnswersErrorCode>(
      'korean-answers/bad-quota',
      `groupQuotas: rows must be a whole number, at least ${groups.length} groups × minPerGroup, received rows ${rows} ` +
        `and minPerGroup ${minPerGroup}: ask for more rows or set minPerGroup to 0`,
    )
  if (!(balance >= 0 && balance <= 1))
    throw new KicError<KoreanAnswersErrorCode>(
      'korean-answers/bad-quota',
      `groupQuotas: balance must lie between 0 and 1, received ${balance}`,
    )
  const weights = groups.map((group) => (sizes.get(group) ?? 0) ** balance)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  // The minimum is part of a group's share, so it only costs the groups above it: raise, and share out what is left.
  const raised = weights.map((weight) => Math.max((rows * weight) / total, minPerGroup))
  const surplus = raised.reduce((sum, share) => sum + share - minPerGroup, 0)
  const scale = surplus === 0 ? 0 : (rows - least) / surplus
  const exact = raised.map((share) => minPerGroup + (share - minPerGroup) * scale)
  const quotas = exact.map(Math.floor)
  const missing = rows - quotas.reduce((sum, quota) => sum + quota, 0)
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  for (const { index } of byRemainder.slice(0, missing)) quotas[index] = defined(quotas[index]) + 1
  return new Map(groups.map((group, index) => [group, defined(quotas[index])]))
}
