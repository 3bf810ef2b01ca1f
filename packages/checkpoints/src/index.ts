export type { CheckpointsErrorCode } from './error-code.ts'
export type {
  PickleDict,
  PickleGlobal,
  PickleList,
  PickleStorage,
  PickleTensor,
  PickleTuple,
  PickleValue,
} from './pickle/pickle-value.ts'
export { readPickle } from './pickle/read-pickle.ts'
export { parseWeightMap } from './weight-map.ts'
