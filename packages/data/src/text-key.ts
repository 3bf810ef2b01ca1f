/**
 * What two texts have in common that are the same answer: NFKC, lower case, without white space and invisible
 * characters (Unicode's `Default_Ignorable_Code_Point`: zero-width spaces, fillers). '자동차 정비' and '자동차정비' share
 * one key. A text of nothing else has the key ''.
 */
export const textKey = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\p{White_Space}\p{Default_Ignorable_Code_Point}]+/gu, '')
