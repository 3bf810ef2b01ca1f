import type { HeaderWords } from '../table/header-words.ts'

/**
 * What the headers of Statistics Korea's tables call their columns, for `words` of `parseClassification`. Its workbooks have a
 * column of codes and one of names for each level.
 */
export const ksicTableWords: Partial<HeaderWords> = {
  code: ['코드', '분류코드', '분류 코드'],
  name: ['항목명', '항목', '명칭', '분류명'],
  parent: ['상위코드', '상위 코드', '상위분류코드'],
  level: ['단계', '분류단계'],
  english: ['영문', '영문명', '영문항목명'],
  levels: ['대분류', '중분류', '소분류', '세분류', '세세분류'],
}
