import type { TrainingStage } from '@kic/classifier/in-memory'
import { type Language, type Messages, messagesFor } from '../messages.ts'

/** Texts that both pages have. */
type Shared = Pick<
  Messages,
  'privacy' | 'otherLanguage' | 'chooseFile' | 'dropFile' | 'notText' | 'encoding' | 'unusable' | 'confidence'
>

/** All texts of the training page, in one language. */
export interface TrainingMessages extends Shared {
  readonly title: string
  readonly lead: string
  readonly toCoding: string
  readonly offline: string
  readonly rows: string
  readonly rowsHint: string
  readonly tooLarge: string
  readonly textColumns: string
  readonly labelColumn: string
  readonly noLabels: string
  readonly passes: string
  readonly passesHint: string
  readonly start: (rows: number, labels: number) => string
  readonly training: string
  readonly starting: string
  readonly onGpu: (gpu: string) => string
  readonly onProcessor: string
  readonly stages: Readonly<Record<TrainingStage, string>>
  readonly step: (done: number, all: number) => string
  readonly timeLeft: (duration: string) => string
  readonly curve: (first: string, last: string, steps: number) => string
  readonly loss: string
  readonly steps: string
  readonly evaluated: (pass: string, accuracy: string) => string
  readonly stop: string
  readonly stopping: string
  readonly failed: (reason: string) => string
  readonly model: string
  readonly stopped: string
  readonly accuracy: string
  readonly accuracyOn: (rows: number) => string
  readonly noAccuracy: string
  readonly learnedFrom: (rows: number, labels: number) => string
  readonly tryIt: string
  readonly save: string
  readonly zip: string
  readonly folder: string
  readonly saved: (folder: string) => string
  readonly use: string
}

const en: Omit<TrainingMessages, keyof Shared> = {
  title: 'Train your own model',
  lead: 'Choose a file of coded texts. This page trains a small model on it, which you save as a folder.',
  toCoding: 'Back to the page that codes',
  offline: 'This page now works without a network.',
  rows: 'Coded rows',
  rowsHint:
    'A CSV, TSV or text file (UTF-8 or cp949) with a column of texts and a column of their codes or labels. Several hundred rows are a good start.',
  tooLarge: 'This file is larger than 64 MB. Use the kic command: npx @kic/cli train -i FILE.',
  textColumns: 'Columns of the text',
  labelColumn: 'Column of the label',
  noLabels: 'At least two different labels are needed, each with some texts.',
  passes: 'Passes over the rows',
  passesHint: 'More passes learn more, until the accuracy no longer rises.',
  start: (rows, labels) => `Train on ${rows} rows of ${labels} labels`,
  training: 'Training',
  starting: 'Starting…',
  onGpu: (gpu) => `Trains on this computer’s GPU by WebGPU (${gpu}).`,
  onProcessor:
    'This browser has no WebGPU, or no GPU for it. The page trains on the processor instead: the same model, but more slowly.',
  stages: {
    vocabulary: 'Learning the characters…',
    training: 'Learning the labels…',
    files: 'Writing the model…',
    calibration: 'Checking it on held-out rows…',
  },
  step: (done, all) => `Step ${done} of ${all}`,
  timeLeft: (duration) => `about ${duration} left`,
  curve: (first, last, steps) => `The loss went from ${first} to ${last} in ${steps} steps.`,
  loss: 'loss',
  steps: 'steps',
  evaluated: (pass, accuracy) => `Held-out rows coded right after pass ${pass}: ${accuracy}`,
  stop: 'Stop and keep what it learned',
  stopping: 'Stopping…',
  failed: (reason) => `The training failed: ${reason}`,
  model: 'Your model',
  stopped: 'Stopped before the end.',
  accuracy: 'Accuracy',
  accuracyOn: (rows) => `on ${rows} held-out rows, which it did not learn from`,
  noAccuracy: 'The held-out rows were too few to measure the accuracy.',
  learnedFrom: (rows, labels) => `Learned from ${rows} rows of ${labels} labels.`,
  tryIt: 'Try it',
  save: 'Save it',
  zip: 'Download as ZIP',
  folder: 'Save into a folder',
  saved: (folder) => `Saved as ${folder}.`,
  use: 'In a terminal, kic predict -m kic-model -i FILE codes files with it. The page that codes opens the folder, too.',
}

const ko: typeof en = {
  title: '나만의 모형 학습하기',
  lead: '코드가 붙은 자료 파일을 고르면 이 페이지가 작은 모형을 학습하고, 그 모형을 폴더로 저장할 수 있습니다.',
  toCoding: '분류 페이지로 돌아가기',
  offline: '이제 이 페이지는 네트워크 없이도 작동합니다.',
  rows: '코드가 붙은 자료',
  rowsHint:
    '내용이 적힌 열과 코드(또는 이름표)가 적힌 열이 있는 CSV·TSV·텍스트 파일(UTF-8, cp949)을 고르세요. 수백 건이면 시작할 수 있습니다.',
  tooLarge: '64MB보다 큰 파일은 kic 명령을 쓰세요: npx @kic/cli train -i 파일',
  textColumns: '내용이 적힌 열',
  labelColumn: '코드가 적힌 열',
  noLabels: '서로 다른 코드가 둘 이상이고, 코드마다 내용이 몇 건씩 있어야 합니다.',
  passes: '자료를 반복하는 횟수',
  passesHint: '횟수가 많을수록 더 배우지만, 정확도가 더 오르지 않으면 충분합니다.',
  start: (rows, labels) => `${rows}건, 코드 ${labels}개로 학습하기`,
  training: '학습',
  starting: '시작하는 중…',
  onGpu: (gpu) => `이 컴퓨터의 GPU에서 WebGPU로 학습합니다(${gpu}).`,
  onProcessor:
    '이 브라우저에는 WebGPU나 쓸 수 있는 GPU가 없습니다. 대신 프로세서에서 학습합니다. 모형은 같지만 더 느립니다.',
  stages: {
    vocabulary: '글자를 배우는 중…',
    training: '코드를 배우는 중…',
    files: '모형을 쓰는 중…',
    calibration: '따로 둔 자료로 확인하는 중…',
  },
  step: (done, all) => `${all}단계 가운데 ${done}단계`,
  timeLeft: (duration) => `약 ${duration} 남음`,
  curve: (first, last, steps) => `손실이 ${steps}단계 동안 ${first}에서 ${last}(으)로 바뀌었습니다.`,
  loss: '손실',
  steps: '단계',
  evaluated: (pass, accuracy) => `${pass}회 반복 뒤 따로 둔 자료의 정확도: ${accuracy}`,
  stop: '멈추고 지금까지 배운 것을 남기기',
  stopping: '멈추는 중…',
  failed: (reason) => `학습하지 못했습니다: ${reason}`,
  model: '학습한 모형',
  stopped: '끝나기 전에 멈추었습니다.',
  accuracy: '정확도',
  accuracyOn: (rows) => `학습에 쓰지 않고 따로 둔 ${rows}건에서`,
  noAccuracy: '따로 둔 자료가 너무 적어 정확도를 잴 수 없습니다.',
  learnedFrom: (rows, labels) => `${rows}건, 코드 ${labels}개를 배웠습니다.`,
  tryIt: '시험해 보기',
  save: '저장하기',
  zip: 'ZIP으로 내려받기',
  folder: '폴더에 저장하기',
  saved: (folder) => `${folder}(으)로 저장했습니다.`,
  use: '터미널에서 kic predict -m kic-model -i 파일 명령으로 파일을 분류할 수 있고, 분류 페이지에서도 이 폴더를 열 수 있습니다.',
}

/** The texts of the training page. */
export const trainingMessages = (language: Language): TrainingMessages => {
  const { privacy, otherLanguage, chooseFile, dropFile, notText, encoding, unusable, confidence } =
    messagesFor(undefined, language)
  const shared = { privacy, otherLanguage, chooseFile, dropFile, notText, encoding, unusable, confidence }
  return { ...shared, ...{ ko, en }[language] }
}
