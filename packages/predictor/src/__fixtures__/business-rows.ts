/** Descriptions of businesses and their groups. */
export const businessRows = [
  ['논에서 벼 재배', '011'],
  ['쌀 생산 농사', '011'],
  ['자동차 부품 도매', '453'],
  ['타이어 소매', '453'],
  ['김치찌개 국수 음식점', '561'],
  ['식당에서 국수 판매', '561'],
  ['컴퓨터 수리', '951'],
  ['자동차 수리 카센터', '952'],
].map(([text = '', label = '']) => ({ text, label }))
