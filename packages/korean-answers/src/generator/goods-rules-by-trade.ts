import { type GoodsRule, rule } from './goods-rule.ts'
import { housewares, processed } from './goods-stems.ts'

const clothes = '141 142 143 144'
const cosmetics =
  /화장|크림|로션|스킨|에센스|샴푸|린스|비누|세제|치약|향수|립스틱|방향제|염색약|헤어|마스크팩|선크림|앰플/
const disciplines =
  '물리학 화학 생물학 유전학 생리학 생태학 해부학 의학 약학 농학 원예학 수의학 축산학 임학 지질학 지리학 천문학 기상학 해양학 수학 통계학 기계공학 전기공학 전자공학 화학공학 토목공학 건축공학 재료공학 금속공학 섬유공학 식품공학 환경공학 항공공학 조선공학 생명공학 유체역학 열역학 곤충학 식물학 동물학 병리학'
const humanities =
  '경제학 경영학 법학 정치학 행정학 사회학 심리학 교육학 인류학 역사학 철학 언어학 문학 고고학 종교학 신학 윤리학 지역학 여성학 사회복지학 정책학 국제관계학 미학 민속학'

/** Those who trade, mend, let or study what others make. */
export const goodsRulesByTrade: Readonly<Record<string, readonly GoodsRule[]>> = {
  340: [rule(0.3, { makers: '291 292 281 272' })],
  451: [rule(0.15, { makers: '301' })],
  452: [rule(0.3, { makers: '303' })],
  461: [
    rule(0.25, {
      makers: `011 012 031 ${processed} 132 141 151 152 162 172 201 202 222 241 242 281 285 291 292 320`,
    }),
  ],
  462: [rule(0.25, { makers: '011 012', except: /재배|사육|농사|양돈|양계|축산|농장/ })],
  463: [rule(0.4, { makers: `${processed} 111 112 120` })],
  464: [
    rule(0.3, { makers: `${clothes} 151 152 212 320 331 332 333 334 339 274` }),
    rule(0.08, { makers: '204', only: cosmetics }),
    rule(0.08, { makers: '132 179 213 581', except: /원단|직물|신문/ }),
  ],
  465: [rule(0.45, { makers: '263 264 265 272 281 291 292 261 262 285 273' })],
  466: [
    rule(0.4, { makers: '161 162 231 232 233 251' }),
    rule(0.05, { makers: '259', only: /볼트|너트|못|경첩|공구|렌치|망치|철물|자물쇠/ }),
  ],
  467: [
    rule(0.3, { makers: '131 133 192 202 203 205 241 242 171' }),
    rule(0.1, { makers: '201' }),
    rule(0.05, { makers: '132', only: /원단|직물/ }),
    rule(0.05, { makers: '172' }),
  ],
  472: [
    rule(0.4, { makers: `${processed} 111 112 120` }),
    rule(0.06, { makers: '011', except: /재배|농사/ }),
  ],
  473: [rule(0.4, { makers: '263 264 265 285' })],
  474: [rule(0.35, { makers: `${clothes} 151 152` }), rule(0.06, { makers: '132 131' })],
  475: [
    rule(0.3, { makers: '284 320 332 162 232' }),
    rule(0.1, { stems: housewares, before: '플라스틱제 스테인리스 유리 도자기 목제 주방용 가정용' }),
    rule(0.05, { makers: '259', only: /칼|가위|수저|냄비|공구|못|철물|볼트/ }),
  ],
  476: [
    rule(0.3, { makers: '333 334 581', except: /신문|출판|발행/ }),
    rule(0.06, { makers: '179', only: /노트|봉투|용지|편지|스케치/ }),
  ],
  477: [rule(0.06, { makers: '192 191' })],
  478: [
    rule(0.14, { makers: '212 213 271' }),
    rule(0.12, { makers: '273 274 331' }),
    rule(0.08, { makers: '204', only: cosmetics }),
    rule(0.04, { makers: '108' }),
  ],
  479: [rule(0.15, { makers: '141 107 152 144 151 334' })],
  701: [
    rule(0.2, { stems: disciplines, after: '연구 연구개발 연구소 실험연구' }),
    rule(0.12, { makers: '212 261 263 271 282 292 303 202', after: '연구개발 기술연구 개발연구' }),
  ],
  702: [rule(0.2, { stems: humanities, after: '연구 연구소 연구조사' })],
  762: [rule(0.2, { makers: '142 333 332 334 320' })],
  763: [rule(0.25, { makers: '291 292 272 263' })],
  941: [
    rule(0.15, {
      makers: '107 132 152 162 181 202 222 259 262 284 292 320 332',
      after: '협회 제조업협회 공업협동조합 협동조합 산업협회 생산자협회 판매업협회',
    }),
  ],
  951: [rule(0.3, { makers: '263 264' })],
  952: [rule(0.12, { makers: '303' })],
  953: [rule(0.3, { makers: '265 274 285 141 151 152 332 320' })],
}
