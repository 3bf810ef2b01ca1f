import { expectTypeOf, it } from 'vitest'
import type {
  Classifier,
  ClassifierConfig,
  ClassifierLoss,
  FitOptions,
  LabelledRow,
  TrainClassifierOptions,
} from './index.ts'

it('takes rows with one label or labels by level, and options that may be undefined', () => {
  expectTypeOf<{ text: string; label: string }>().toExtend<LabelledRow>()
  expectTypeOf<{ text: string; labels: { group: string }; weight: number }>().toExtend<LabelledRow>()
  expectTypeOf<{ text: string }>().not.toExtend<LabelledRow>()
  expectTypeOf<{ output: string }>().toExtend<TrainClassifierOptions>()
  expectTypeOf<{ output: string; epochs: undefined; from: undefined }>().toExtend<TrainClassifierOptions>()
  expectTypeOf<{ output: string; loss: 'hinge' }>().not.toExtend<TrainClassifierOptions>()
  expectTypeOf<ClassifierLoss>().toExtend<TrainClassifierOptions['loss']>()
})

it('has a config whose defaults are filled in, and a classifier that answers texts in their order', () => {
  expectTypeOf<ClassifierConfig['epochs']>().toEqualTypeOf<number>()
  expectTypeOf<ClassifierConfig['learningRate']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<FitOptions['classWeights']>().toEqualTypeOf<ArrayLike<number> | undefined>()
  expectTypeOf<Classifier['predict']>().toBeCallableWith(['the striker scored twice'])
})
