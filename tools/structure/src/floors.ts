/** Where something is in the house, and what it must not know. */
export interface Room {
  readonly floor: number
  readonly mustNotKnow?: string
}

/**
 * The house: what is on a floor imports only what is on lower ones. What each is for is the `description` of its
 * package.json. A name that ends in `*` is for all that begin like it and have no room of their own.
 */
export const FLOORS: Readonly<Record<string, Room>> = {
  'tools/*': { floor: 9 },
  'examples/*': { floor: 8 },
  cli: { floor: 7 },
  'tools/chromium': { floor: 7 },
  classifier: { floor: 6 },
  stages: { floor: 6, mustNotKnow: 'what a stage computes' },
  predictor: { floor: 5, mustNotKnow: 'TensorFlow.js, training' },
  'model-mini': {
    floor: 5,
    mustNotKnow: 'all but its own files; what builds it are development dependencies',
  },
  tapt: { floor: 5, mustNotKnow: 'labels' },
  'negative-sampling': { floor: 5, mustNotKnow: 'where its encoder comes from' },
  trainer: { floor: 4, mustNotKnow: 'models, losses' },
  'hierarchical-fusion': { floor: 4, mustNotKnow: 'training' },
  'heads-*': { floor: 4, mustNotKnow: 'which encoder is below it' },
  'tools/tiny-models': { floor: 4 },
  roberta: { floor: 3, mustNotKnow: 'training, tokenizing' },
  checkpoints: { floor: 3, mustNotKnow: 'any particular model' },
  nn: { floor: 2, mustNotKnow: 'any particular model' },
  losses: { floor: 2, mustNotKnow: 'models, training' },
  ensemble: { floor: 2, mustNotKnow: 'where probabilities come from' },
  ngram: { floor: 2, mustNotKnow: 'tensors' },
  engine: { floor: 1, mustNotKnow: 'models, texts, labels' },
  tokenizer: { floor: 1, mustNotKnow: 'rows, labels, tensors' },
  data: { floor: 1, mustNotKnow: 'tokens, tensors' },
  scores: { floor: 1, mustNotKnow: 'what was scored' },
  'korean-answers': { floor: 1, mustNotKnow: 'tokens, tensors' },
  core: { floor: 0, mustNotKnow: 'TensorFlow.js' },
  safetensors: { floor: 0, mustNotKnow: 'TensorFlow.js' },
  classification: { floor: 0, mustNotKnow: 'texts; which classification, outside of its tables' },
  'tools/hub-server': { floor: 0 },
}

/** The room of a workspace, by its label. */
export const roomOf = (label: string): Room | undefined => {
  const patterns = Object.keys(FLOORS).filter(
    (name) => name.endsWith('*') && label.startsWith(name.slice(0, -1)),
  )
  return FLOORS[label] ?? FLOORS[patterns[0] ?? '']
}
