import { hash32 } from '@kic/core'

/**
 * The key that equal answers share: NFKC, lower case, without white space and invisible characters (Unicode's
 * `Default_Ignorable_Code_Point`: zero-width spaces, fillers). '자동차 정비' and '자동차정비' have one key. A text without other
 * characters has the key ''.
 */
export const textKey = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\p{White_Space}\p{Default_Ignorable_Code_Point}]+/gu, '')

/**
 * 64 bits of a text's key as two int32, for columns where texts would fill memory. Among a million keys, two different
 * ones collide with odds of 1 in 37 million; those texts would merely be kept together.
 */
export const textKeyHash = (text: string): readonly [high: number, low: number] => {
  const key = textKey(text)
  return [hash32(key, 'high') | 0, hash32('low', key) | 0]
}
