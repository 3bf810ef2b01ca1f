import type { ModelInfo, PredictorInfo, UnusableReason } from '@kic/predictor'
import type { Side } from './marks.ts'

export type Language = 'ko' | 'en'

/** All texts of the page, in one language. */
export interface Messages {
  /** The language of the texts and names, as a tag for the page; `undefined` if it is unknown. */
  readonly textLanguage: string | undefined
  /** Letters or words, of which columns of texts have more than others. */
  readonly letters: RegExp
  readonly title: string
  readonly lead: string
  readonly privacy: string
  /** Switches to the other language, if there is one. */
  readonly otherLanguage: string | undefined
  readonly loading: string
  readonly loadFailed: (reason: string) => string
  readonly describe: string
  readonly placeholder: string
  readonly alternatives: string
  readonly novel: string
  readonly sets: string
  readonly coverage: string
  /** The size of a set. */
  readonly codes: (count: number) => string
  readonly moreCodes: (count: number) => string
  readonly setsMean: (coverage: string, on: string) => string
  readonly reasons: string
  readonly explaining: string
  /** A character to show marks on. */
  readonly sample: string
  /** Stands before an answer, and the parts of the text that speak for it. */
  readonly speaksFor: Readonly<Record<Side, string>>
  readonly noPart: string
  readonly examples: string
  readonly alike: (similarity: string) => string
  /** The confidence in a code without the strongest characters, and with them. */
  readonly without: (characters: readonly string[], code: string, left: string, before: string) => string
  readonly unusable: Readonly<Record<UnusableReason, string>>
  readonly many: string
  readonly manyHint: string
  readonly paste: string
  readonly codePasted: string
  readonly chooseFile: string
  readonly dropFile: string
  readonly notText: string
  readonly tooLarge: string
  readonly noText: string
  readonly encoding: (name: string) => string
  readonly whichColumns: string
  readonly start: string
  readonly cancel: string
  readonly working: (done: number, all: number) => string
  readonly results: (rows: number) => string
  readonly threshold: string
  readonly expectation: (automatic: string, accuracy: string) => string
  readonly counts: Readonly<Record<'automatic' | 'review' | 'person' | 'unusable', string>>
  readonly download: string
  readonly reviewTitle: (left: number) => string
  readonly reviewHelp: string
  readonly reviewDone: string
  readonly position: (at: number, all: number) => string
  readonly previous: string
  readonly next: string
  readonly otherCode: string
  readonly unknownCode: string
  readonly apply: string
  readonly firstRows: (shown: number, all: number) => string
  readonly text: string
  readonly status: string
  readonly confidence: string
  readonly levels: Readonly<Record<string, string>>
  readonly model: string
  /** The name of the model beside the page. */
  readonly ownModel: string
  readonly describeModel: (models: readonly ModelInfo['kind'][], classes: number) => string
  readonly otherModel: string
  readonly chooseFolder: string
  readonly dropFolder: string
  readonly noFolder: string
  /** The link to the page that trains. */
  readonly trainOwn: string
}

/** Descriptions of businesses in Korean, coded by KSIC: the bundled model. */
const ksic = { textLanguage: 'ko', letters: /[가-힣]/g }

/** 0 → nothing, 1 → "1 network", 2 → "2 networks" */
const counted = (count: number, what: string): string =>
  count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`

const en: Messages = {
  ...ksic,
  title: 'Korean industry codes',
  lead: 'Describe a business in Korean; its codes of the Korean Standard Industrial Classification (rev. 10) appear as you type.',
  privacy: 'Everything is computed in this browser. Nothing you enter leaves it.',
  otherLanguage: '한국어',
  loading: 'Loading the model…',
  loadFailed: (reason) => `The model could not be loaded: ${reason}`,
  describe: 'What does the business do?',
  placeholder: '카센터에서 자동차부분정비 타이어오일교환',
  alternatives: 'It could also be',
  novel: 'This text is unlike those that the model was calibrated on. Have a person look at it.',
  sets: 'Codes that may be right',
  coverage: 'Share of texts whose list has the right code',
  codes: (count) => (count === 1 ? '1 code' : `${count} codes`),
  moreCodes: (count) => `${count} more`,
  setsMean: (coverage, on) =>
    `At each level, the lists of at least ${coverage} of texts like the calibration rows have the right code. Calibration rows: ${on}.`,
  reasons: 'Why this code',
  explaining: 'Looking for the reasons…',
  sample: 'abc',
  speaksFor: { first: 'Solid line below: for', second: 'Dashed line above: for' },
  noPart: 'no part of the text',
  examples: 'Coded texts most like it',
  alike: (similarity) => `${similarity} alike`,
  without: (characters, code, left, before) =>
    `Without the characters ${characters.join(', ')}, the confidence in ${code} is ${left} instead of ${before}. The thicker a line, the more its characters count.`,
  unusable: {
    empty: 'Nothing to code: the text is empty.',
    'no-letters': 'Nothing to code: the text has no letters.',
    'other-language': 'Not coded: the model reads Korean.',
    'unknown-words': 'Not coded: no part of the text is in the model’s vocabulary.',
  },
  many: 'Many at once',
  manyHint: 'Paste one description per line, or choose a CSV or text file (UTF-8 or cp949).',
  paste: 'Descriptions, one per line',
  codePasted: 'Code these lines',
  chooseFile: 'Choose a file',
  dropFile: 'or drop one here',
  notText: 'This file is not text in UTF-8 or cp949.',
  tooLarge: 'This file is larger than 64 MB. Use the kic command: npx @kic/cli predict -i FILE.',
  noText: 'The file has no rows.',
  encoding: (name) => `Read as ${name}.`,
  whichColumns: 'Columns that describe the business',
  start: 'Code all rows',
  cancel: 'Cancel',
  working: (done, all) => `${done} of ${all} coded`,
  results: (rows) => `${rows} rows coded`,
  threshold: 'Review answers with a confidence below',
  expectation: (automatic, accuracy) =>
    `At this threshold, the model codes ${automatic} of its validation rows automatically; ${accuracy} of these codes are right.`,
  counts: {
    automatic: 'coded automatically',
    review: 'to review',
    person: 'coded by you',
    unusable: 'unusable',
  },
  download: 'Download as CSV',
  reviewTitle: (left) => `Review: ${left} left`,
  reviewHelp: 'Keys 1 to 5 choose a code and move on; the left and right arrow keys move.',
  reviewDone: 'Nothing is left to review.',
  position: (at, all) => `${at} of ${all}`,
  previous: 'Previous',
  next: 'Next',
  otherCode: 'Another group code (three digits)',
  unknownCode: 'The classification has no such group.',
  apply: 'Use it',
  firstRows: (shown, all) => `The first ${shown} of ${all} rows`,
  text: 'text',
  status: 'status',
  confidence: 'confidence',
  levels: { section: 'section', division: 'division', group: 'group' },
  model: 'Model',
  ownModel: 'The model of this page',
  describeModel: (models, classes) => {
    const networks = models.filter((kind) => kind === 'network').length
    const kinds = [counted(networks, 'network'), counted(models.length - networks, 'n-gram model')]
    const all = kinds.filter((kind) => kind !== '').join(' and ')
    return `${models.length > 1 ? `an ensemble of ${all}` : all}, ${classes} classes`
  },
  otherModel:
    'Use a model of your own: choose the folder that kic train, kic ensemble create or npm start wrote. This page reads it from your disk and uploads nothing. Reload the page to return to its own model.',
  chooseFolder: 'Choose a model folder',
  dropFolder: 'or drop one here',
  noFolder: 'a folder with files must be chosen.',
  trainOwn: 'Or train a small model on your own coded rows, in this browser.',
}

const ko: Messages = {
  ...ksic,
  title: '한국표준산업분류 코드 찾기',
  lead: '사업 내용을 적으면 한국표준산업분류(제10차) 코드가 바로 나타납니다.',
  privacy: '모든 계산은 이 브라우저 안에서 이루어지며, 입력한 내용은 밖으로 나가지 않습니다.',
  otherLanguage: 'English',
  loading: '모형을 불러오는 중…',
  loadFailed: (reason) => `모형을 불러오지 못했습니다: ${reason}`,
  describe: '어떤 사업을 하나요?',
  placeholder: '카센터에서 자동차부분정비 타이어오일교환',
  alternatives: '다른 가능성',
  novel: '모형을 보정한 자료와 닮지 않은 내용이므로 사람이 확인해야 합니다.',
  sets: '맞을 수 있는 코드',
  coverage: '맞는 코드가 목록에 있을 비율',
  codes: (count) => `${count}개`,
  moreCodes: (count) => `${count}개 더 보기`,
  setsMean: (coverage, on) =>
    `보정 자료와 같은 내용이라면 각 단계에서 ${coverage} 이상의 목록에 맞는 코드가 들어 있습니다. 보정 자료: ${on}.`,
  reasons: '이 코드로 분류한 근거',
  explaining: '근거를 찾는 중…',
  sample: '가나',
  speaksFor: { first: '아래 실선:', second: '위 점선:' },
  noPart: '뚜렷한 근거 없음',
  examples: '가장 비슷한 분류 사례',
  alike: (similarity) => `유사도 ${similarity}`,
  without: (characters, code, left, before) =>
    `${characters.map((one) => `‘${one}’`).join(', ')} 글자가 없으면 ${code}의 확신도는 ${before} 대신 ${left}입니다. 선이 굵을수록 영향이 큽니다.`,
  unusable: {
    empty: '내용이 비어 있습니다.',
    'no-letters': '글자가 없어 분류할 수 없습니다.',
    'other-language': '한국어가 아니어서 분류하지 않았습니다.',
    'unknown-words': '모형이 아는 말이 없어 분류하지 않았습니다.',
  },
  many: '여러 건 한꺼번에',
  manyHint: '한 줄에 하나씩 붙여 넣거나 CSV·텍스트 파일(UTF-8, cp949)을 고르세요.',
  paste: '사업 내용, 한 줄에 하나',
  codePasted: '이 줄들을 분류하기',
  chooseFile: '파일 고르기',
  dropFile: '또는 여기에 끌어다 놓기',
  notText: 'UTF-8이나 cp949로 된 텍스트 파일이 아닙니다.',
  tooLarge: '64MB보다 큰 파일은 kic 명령을 쓰세요: npx @kic/cli predict -i 파일',
  noText: '분류할 줄이 없습니다.',
  encoding: (name) => `${name}(으)로 읽었습니다.`,
  whichColumns: '사업 내용이 적힌 열',
  start: '모두 분류하기',
  cancel: '그만두기',
  working: (done, all) => `${all}건 가운데 ${done}건 분류`,
  results: (rows) => `${rows}건을 분류했습니다`,
  threshold: '이 확신도보다 낮으면 사람이 확인',
  expectation: (automatic, accuracy) =>
    `검증 자료에서 이 기준으로 ${automatic}를 자동으로 분류했고, 그중 소분류의 ${accuracy}가 맞았습니다.`,
  counts: { automatic: '자동 분류', review: '확인 필요', person: '직접 분류', unusable: '분류 불가' },
  download: 'CSV로 내려받기',
  reviewTitle: (left) => `확인하기: ${left}건 남음`,
  reviewHelp: '숫자 1~5로 코드를 고르면 다음으로 넘어가고, 왼쪽·오른쪽 화살표로 이동합니다.',
  reviewDone: '확인할 것이 없습니다.',
  position: (at, all) => `${all}건 중 ${at}번째`,
  previous: '이전',
  next: '다음',
  otherCode: '다른 소분류 코드(세 자리)',
  unknownCode: '분류에 없는 소분류 코드입니다.',
  apply: '쓰기',
  firstRows: (shown, all) => `${all}건 가운데 처음 ${shown}건`,
  text: '내용',
  status: '상태',
  confidence: '확신도',
  levels: { section: '대분류', division: '중분류', group: '소분류' },
  model: '모형',
  ownModel: '이 페이지의 모형',
  describeModel: (models, classes) => {
    const networks = models.filter((kind) => kind === 'network').length
    const ngrams = models.length - networks
    const kinds = [
      networks > 0 ? `신경망 ${networks}개` : '',
      ngrams > 0 ? `n-그램 모형 ${ngrams}개` : '',
    ].filter((kind) => kind !== '')
    return `${kinds.join(', ')}${models.length > 1 ? '의 앙상블' : ''}, 분류 항목 ${classes}개`
  },
  otherModel:
    '직접 만든 모형을 쓰려면 kic train, kic ensemble create, npm start가 저장한 폴더를 고르세요. 이 페이지가 디스크에서 바로 읽으며, 아무것도 전송하지 않습니다. 새로 고치면 이 페이지의 모형으로 돌아갑니다.',
  chooseFolder: '모형 폴더 고르기',
  dropFolder: '또는 여기에 끌어다 놓기',
  noFolder: '파일이 있는 폴더를 골라야 합니다.',
  trainOwn: '또는 코드가 붙은 자료로 이 브라우저에서 작은 모형을 직접 학습하기',
}

/** Texts and labels of any other model. */
const own: Messages = {
  ...en,
  textLanguage: undefined,
  // Words: a column of labels has as many letters as some texts.
  letters: /\p{L}+/gu,
  title: 'Classify texts',
  lead: 'Enter a text; its label appears as you type.',
  otherLanguage: undefined,
  describe: 'Text',
  placeholder: '',
  unusable: {
    ...en.unusable,
    'other-language': 'Not coded: the text is not in the model’s language.',
  },
  manyHint: 'Paste one text per line, or choose a CSV or text file (UTF-8 or cp949).',
  paste: 'Texts, one per line',
  whichColumns: 'Columns of the text',
  otherCode: 'Another label',
  unknownCode: 'The model has no such label.',
  sets: 'Labels that may be right',
  coverage: 'Share of texts whose list has the right label',
  codes: (count) => (count === 1 ? '1 label' : `${count} labels`),
  setsMean: (coverage, on) =>
    `The lists of at least ${coverage} of texts like the calibration rows have the right label. Calibration rows: ${on}.`,
  reasons: 'Why this label',
  levels: {},
}

/** The page's messages for a model. Only the bundled one, and others of its classification, are spoken of in Korean. */
export const messagesFor = (info: PredictorInfo | undefined, language: Language): Messages =>
  info === undefined || info.classification.name.startsWith('KSIC') ? { ko, en }[language] : own
