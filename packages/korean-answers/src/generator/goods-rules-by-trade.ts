import { type GoodsRule, rule } from './goods-rule.ts'
import { housewares, processed } from './goods-stems.ts'

const clothes = '141 142 143 144'
const cosmetics =
  /화장|크림|로션|스킨|에센스|샴푸|린스|비누|세제|치약|향수|립스틱|방향제|염색약|헤어|마스크팩|선크림|앰플/
/** What farms raise for mills, seed shops, florists and stables: not the wholesaler of food. */
const raisedForIndustry =
  /종자|씨앗|종묘|묘목|모종|육묘|묘$|꽃|화훼|화초|화분|국화|장미|백합|카네이션|튤립|다육|선인장|관엽|분재|난초|란$|잔디|조경|정원수|관상|벼|볍씨|쌀|보리|밀$|식량|대두|대마|목초|그라스|작약|콩|팥|녹두|수수|옥수수|메밀|깨$|유채|땅콩|인삼|약초|약용|담배|목화|재배|농사/
/** Words of fishing and farming fish, not the fish. */
const caught = /어업|어선|조업|양식|종묘|치어|종패|잡이|채취|관상|부화|어장|접종|수산종자/
/** Furniture of offices, schools and halls: machines and office goods, not household goods. */
const furnitureOfFirms = /사무|회의|학교|강의|교회|강대상|관람|실험|캐비닛|파티션|서류함|도서관|병원용가구/
const twoWheelers = /오토바이|모터사이클|스쿠터|이륜차|이륜자동차|모페드|ATV|사이드카|사륜/
const disciplines =
  '물리학 화학 생물학 유전학 생리학 생태학 해부학 의학 약학 농학 원예학 수의학 축산학 임학 지질학 지리학 천문학 기상학 해양학 수학 통계학 기계공학 전기공학 전자공학 화학공학 토목공학 건축공학 재료공학 금속공학 섬유공학 식품공학 환경공학 항공공학 조선공학 생명공학 유체역학 열역학 곤충학 식물학 동물학 병리학'
const humanities =
  '경제학 경영학 법학 정치학 행정학 사회학 심리학 교육학 인류학 역사학 철학 언어학 문학 고고학 종교학 신학 윤리학 지역학 여성학 사회복지학 정책학 국제관계학 미학 민속학'

/** Those who trade, mend, let or study what others make. */
export const goodsRulesByTrade: Readonly<Record<string, readonly GoodsRule[]>> = {
  340: [rule(0.3, { makers: '291 292 281 272' })],
  451: [
    rule(0.12, { makers: '301', except: /엔진|부품|차체/ }),
    rule(0.04, {
      makers: '302',
      only: /캠핑|트레일러|카라반|특장|탑차|구급차|소방차/,
      except: /부품|차체|개조|주택|보트/,
    }),
  ],
  452: [
    rule(0.28, { makers: '303' }),
    rule(0.02, { makers: '221', only: /타이어|튜브/ }),
    rule(0.03, { makers: '304', except: /튜닝작업|개조/ }),
  ],
  453: [rule(0.1, { makers: '319', only: twoWheelers })],
  461: [
    rule(0.25, {
      makers: `011 012 031 ${processed} 132 141 151 152 162 172 201 202 222 241 242 281 285 291 292 320`,
    }),
  ],
  462: [
    rule(0.15, { makers: '011', only: raisedForIndustry, except: /재배|농사|농업|나물|김$/ }),
    rule(0.12, { makers: '012', except: /사육|농장|양돈|양계|축산|목장|란$|우유|원유|꿀|로열|화분|고기/ }),
    rule(0.05, { makers: '108' }),
  ],
  463: [
    rule(0.32, { makers: `${processed} 111 112 120`, except: /사료/ }),
    rule(0.04, { makers: '011', except: raisedForIndustry }),
    rule(0.04, { makers: '031 032', except: caught }),
  ],
  464: [
    rule(0.28, { makers: `${clothes} 152 212 320 331 332 333 334 339 274 273`, except: furnitureOfFirms }),
    rule(0.04, { makers: '151', only: /가방|백$|백팩|캐리어|지갑|파우치|케이스|벨트|홀더|안장|목줄/ }),
    rule(0.08, { makers: '204', only: cosmetics }),
    rule(0.06, { makers: '132 179 213 581', except: /원단|직물|신문/ }),
    rule(0.04, { makers: '284' }),
  ],
  465: [
    rule(0.4, { makers: '263 264 265 272 281 282 283 289 291 292 261 262 285' }),
    rule(0.05, {
      makers: '271',
      except: /휠체어|보청기|보조기|의[족수치안]|안경|렌즈|임플란트|인공|보철|교정|인레이|코르셋|주사기|골절/,
    }),
    rule(0.03, { makers: '311 312 313' }),
    rule(0.02, { makers: '320', only: furnitureOfFirms }),
  ],
  466: [
    rule(0.14, { makers: '161 233' }),
    rule(0.08, { makers: '251', except: /원자력|압력|과열|가스|저장|탱크|교량|수상|철탑/ }),
    rule(0.05, { makers: '162', only: /문|창|마루|몰딩|합판|보드|데크|난간|계단|루바|루버|건축|집성|각재/ }),
    rule(0.05, {
      makers: '231',
      only: /판유리|페어|복층|방화|강화|접합|망입|로이|반사|창|건축|블[럭록]|거울|스테인드/,
    }),
    rule(0.04, { makers: '232', only: /타일|벽돌|위생|변기|세면|욕조|기와|내화|토관|블록/ }),
    rule(0.04, { makers: '204', only: /페인트|도료|바니시|니스|퍼티|신나|락카|실란트|방수/ }),
    rule(0.04, { makers: '222', only: /장판|바닥|창호|샷시|새시|관$|파이프|타일|단열|욕조/ }),
    rule(0.05, { makers: '259', only: /볼트|너트|못|경첩|공구|렌치|망치|철물|자물쇠/ }),
  ],
  467: [
    rule(0.26, { makers: '131 133 192 202 203 205 241 242 171' }),
    rule(0.1, { makers: '201' }),
    rule(0.05, { makers: '132', only: /원단|직물/ }),
    rule(0.05, { makers: '172' }),
    rule(0.03, { makers: '051 061 072', except: /채굴|채광|채취|광업|탄광|굴착/ }),
  ],
  472: [
    rule(0.36, { makers: `${processed} 111 112 120` }),
    rule(0.06, { makers: '011', except: raisedForIndustry }),
    rule(0.04, { makers: '031 032', except: caught }),
  ],
  473: [rule(0.4, { makers: '263 264 265 285', except: /난로|화덕|곤로|연탄|버너|부분품/ })],
  474: [
    rule(0.35, { makers: `${clothes} 151 152` }),
    rule(0.06, { makers: '132 131', except: /텐트|천막|돛|낙하산|자루|포대|톤백|마대|그물|로프|어망|깃발/ }),
  ],
  475: [
    rule(0.26, {
      makers: '284 320 332 162 232',
      except: /자동차|차량|신호|항공|선박|파렛트|팔레트|내화|도가니|허니컴|애자|노즐|교회|강대상|관람석/,
    }),
    rule(0.01, { makers: '285', only: /난로|화덕|곤로|연탄|버너/ }),
    rule(0.1, { stems: housewares, before: '플라스틱제 스테인리스 유리 도자기 목제 주방용 가정용' }),
    rule(0.05, { makers: '259', only: /칼|가위|수저|냄비|공구|못|철물|볼트/ }),
    rule(0.04, { makers: '204', only: /페인트|도료|락카|실리콘|접착제|본드/ }),
  ],
  476: [
    rule(0.28, { makers: '333 334 581', except: /신문|출판|발행|놀이터|유원지/ }),
    rule(0.06, { makers: '179', only: /노트|봉투|용지|편지|스케치/ }),
    rule(0.03, { makers: '319', only: /자전거|유모차|킥보드/ }),
  ],
  477: [rule(0.06, { makers: '192 191', only: /휘발유|경유|등유|중유|연료유|벙커|가스|LPG|연탄|탄$/ })],
  478: [
    rule(0.14, {
      makers: '212 213 271',
      except: /자기공명|단층|감마|방사선|수술|병원|멸균|환자감시|인큐베이터|투석|마취|세동기/,
    }),
    rule(0.12, { makers: '273 274 331' }),
    rule(0.08, { makers: '204', only: cosmetics }),
    rule(0.02, { makers: '108', only: /애완|애견|반려|개사료|강아지|고양이|관상/ }),
    rule(0.03, { makers: '203', only: /비료|농약|살충제|제초제|살균제|퇴비/ }),
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
