import { type GoodsRule, rule } from './goods-rule.ts'
import { housewares } from './goods-stems.ts'

const made = (share: number, before: string, except?: RegExp): GoodsRule =>
  rule(share, except === undefined ? { stems: housewares, before } : { stems: housewares, before, except })
const metals =
  '나트륨 칼슘 마그네슘 알루미늄 아연 철 구리 동 니켈 코발트 망간 바륨 리튬 은 납 주석 크롬 스트론튬 티타늄'
const acids =
  '염화 황산 질산 탄산 인산 초산 불화 브롬화 요오드화 수산화 과산화 황화 규산 붕산 산화 크롬산 몰리브덴산'

/** Makers of materials and of simple goods: what a thing is made of decides its group. */
export const goodsRulesByMaterial: Readonly<Record<string, readonly GoodsRule[]>> = {
  132: [
    rule(0.06, {
      stems: '커버 덮개 깃발 주머니 자루 방석 쿠션 커튼 침구 보자기 행주 걸레',
      before: '섬유제 직물제 면제 천제',
    }),
  ],
  162: [made(0.12, '목제 나무제 목재 원목', /튜브|필터|관|벨트/)],
  179: [
    rule(0.08, {
      stems: '접시 쟁반 필터 깔개 라벨 테이프 튜브 받침 표지 장식품 끈',
      before: '종이제 판지제',
    }),
  ],
  221: [made(0.1, '고무제 경화고무제 실리콘고무제', /그릇|접시|젓가락|수저|액세서리|상패/)],
  222: [made(0.12, '플라스틱제 합성수지제 PVC제 아크릴제')],
  231: [made(0.08, '유리제 강화유리제', /벨트|사다리|옷걸이|쓰레기통|필터|국자|주걱|빗/)],
  232: [made(0.1, '도자제 도기제 자기제 점토제', /벨트|사다리|옷걸이|쓰레기통|필터|빗|매트/)],
  233: [
    rule(0.1, {
      stems: '블록 판 관 파이프 패널 기둥 벽돌 타일 화분 경계석 맨홀 장식품',
      before: '시멘트제 콘크리트제 석고제 플라스터제',
    }),
  ],
  239: [
    rule(0.08, {
      stems: '판 장식품 조각품 블록 타일 제품 가공품',
      before: '석제 대리석제 화강석제 흑연제 석면제 암면제 운모제',
    }),
  ],
  241: [
    rule(0.08, {
      stems: '봉 관 선 판 코일 형강 각관 튜브 스트립 박판 후판',
      before: '철강제 강철 합금강 스테인리스강 탄소강 특수강 냉간압연 열간압연',
    }),
  ],
  242: [
    rule(0.1, {
      stems: '봉 관 선 판 코일 박 괴 튜브 분말 스트립 압연품 압출품 합금',
      before: '알루미늄 구리 동 황동 청동 아연 니켈 주석 납 티타늄 마그네슘 몰리브덴',
    }),
  ],
  243: [
    rule(0.1, {
      stems: '주물 주조품 주물부품 밸브주물 기계주물 관이음쇠주물',
      before: '주철 선철 주강 가단주철 알루미늄 구리 동합금 아연 청동 마그네슘',
    }),
  ],
  251: [
    rule(0.1, {
      stems: '문 창문 문틀 창틀 난간 계단 탱크 지붕판 천장판 벽판 구조물 골조 셔터 울타리 용기',
      before: '금속제 철제 철강제 알루미늄제 스테인리스제',
    }),
  ],
  259: [
    made(0.12, '금속제 철제 철강제 알루미늄제 스테인리스제 구리제', /관$|파이프|판$|봉$|액세서리|패널|튜브/),
  ],
  151: [
    rule(0.1, {
      stems: '가방 지갑 벨트끈 케이스 커버 상자 줄 끈 마구 안장',
      before: '가죽제 인조가죽제 합성가죽제',
    }),
  ],
  201: [
    rule(0.14, { stems: metals, before: acids }),
    rule(0.06, {
      stems: '에틸렌 프로필렌 벤젠 톨루엔 페놀 메탄 에탄 부탄 아세톤 크레졸 나프탈렌 안트라센 아닐린 글리콜',
      after: '유도체 화합물 염 산 알코올 에스테르',
    }),
  ],
}
