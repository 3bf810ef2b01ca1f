/** The place of a package in the house, and the things that it must not know. */
export interface Room {
  readonly floor: number
  readonly mustNotKnow?: string | undefined
}

/** Rooms by the label of who is in them. */
export type Rooms = Readonly<Record<string, Room>>

/**
 * The house: what is on a floor imports only what is on lower ones. The job of each is the `description` in its
 * package.json. A name that ends in `*` is for all that begin like it and have no room of their own.
 */
export const FLOORS: Rooms = {
  'tools/*': { floor: 10 },
  'examples/*': { floor: 9 },
  'tools/serve-check': { floor: 9 },

  cli: { floor: 8 },
  'tools/pack-check': { floor: 8 },

  classifier: { floor: 7, mustNotKnow: 'any particular classification or language' },
  'tools/chromium': { floor: 7 },
  stages: { floor: 7, mustNotKnow: 'what a stage computes' },
  server: { floor: 7, mustNotKnow: 'training, any particular classification' },

  predictor: { floor: 6, mustNotKnow: 'TensorFlow.js, training' },
  'model-*': { floor: 6, mustNotKnow: 'all but its own files' },
  tapt: { floor: 6, mustNotKnow: 'labels' },
  'negative-sampling': { floor: 6, mustNotKnow: 'where its encoder comes from' },

  trainer: { floor: 5, mustNotKnow: 'models, losses' },
  'hierarchical-fusion': { floor: 5, mustNotKnow: 'training' },
  'heads-*': { floor: 5, mustNotKnow: 'which encoder is below it' },
  'tools/tiny-models': { floor: 5 },

  roberta: { floor: 4, mustNotKnow: 'training, tokenizing' },
  losses: { floor: 4, mustNotKnow: 'models, training' },

  nn: { floor: 3, mustNotKnow: 'any particular model' },
  checkpoints: { floor: 3, mustNotKnow: 'any particular model' },
  ensemble: { floor: 3, mustNotKnow: 'where probabilities come from' },
  ngram: { floor: 3, mustNotKnow: 'TensorFlow.js' },
  'korean-answers': { floor: 3, mustNotKnow: 'tokens, tensors' },

  engine: { floor: 2, mustNotKnow: 'models, texts, labels' },
  tokenizer: { floor: 2, mustNotKnow: 'rows, labels, tensors' },
  data: { floor: 2, mustNotKnow: 'tokens, tensors' },
  scores: { floor: 2, mustNotKnow: 'what was scored' },

  safetensors: { floor: 1, mustNotKnow: 'TensorFlow.js, models' },
  classification: { floor: 1, mustNotKnow: 'texts; outside of its tables, any particular classification' },

  core: { floor: 0, mustNotKnow: 'TensorFlow.js' },
  'tools/hub-server': { floor: 0 },
}

/**
 * Files and folders of packages that may know the Korean classification and the Korean language, and why. Documents,
 * examples and tools may too.
 */
export const KOREAN: Readonly<Record<string, string>> = {
  'packages/classification/src/ksic.ts': 'the entry of the classification itself',
  'packages/classification/src/ksic/': 'the classification itself',
  'packages/korean-answers/': 'texts in Korean',
  'packages/cli/src/default-classification.ts':
    'the bundled model, the classification of kic ksic, and the rows of kic train and kic evaluate without files',
}

/** The room of a workspace, by its label. */
export const roomOf = (label: string, rooms: Rooms = FLOORS): Room | undefined => {
  const pattern = Object.keys(rooms).find((name) => name.endsWith('*') && label.startsWith(name.slice(0, -1)))
  return rooms[label] ?? (pattern === undefined ? undefined : rooms[pattern])
}
