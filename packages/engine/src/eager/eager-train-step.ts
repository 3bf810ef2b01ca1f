import { defined } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { trainingContext } from '../context.ts'
import type { OptimizerState, StepResult, StepSettings, TrainStepOptions } from '../contract.ts'
import { DropoutMasks } from '../dropout-masks.ts'
import { checkHostTensors, toHost, toTensor } from '../host-tensor.ts'
import { accumulated, type MicroBatchLoss, type Seed, seedsOf } from '../micro-batch-shares.ts'
import { adamwScalars, clipFactor, updatesTouchedRows } from '../optimizer/adamw.ts'
import { restoredMoment } from '../optimizer/restored-moment.ts'
import { inTouchedRows, updatedAdamW } from '../optimizer/tensor-adamw.ts'
import { type RowName, rowNameOf } from '../range-rule.ts'
import { givenOf, withRefusals } from '../refused-operation.ts'
import { StepTurn } from '../step-turn.ts'
import { trainableParameters } from '../trainable-parameters.ts'
import { differentiated } from '../value-and-gradients.ts'
import type { PlacedTensors } from './placed-tensors.ts'
import { withRangeChecks } from './range-checks.ts'
import { readAll } from './read-all.ts'

interface Moments {
  readonly m: tf.Tensor
  readonly v: tf.Tensor
}

/** The output with the weights that a loss declares. */
const TOLD = 'told/weights'

/** The arguments of a micro-batch besides its feeds. */
interface Run {
  readonly seed: Seed
  readonly rowName: RowName
  /** Gradients so far. */
  readonly sums: Map<string, tf.Tensor>
}

/** The training step of the eager engines. Owns the optimizer's moments. */
export class EagerTrainStep {
  readonly #masks: DropoutMasks
  readonly #moments = new Map<string, Moments>()
  readonly #trainable: readonly string[]
  readonly #turn = new StepTurn()
  #steps = 0
  readonly #params: PlacedTensors
  readonly #options: TrainStepOptions
  readonly #on: <T>(body: () => T) => T

  constructor(
    params: PlacedTensors,
    options: TrainStepOptions,
    /** Runs synchronous tensor code on the engine's backend. */
    on: <T>(body: () => T) => T,
  ) {
    this.#params = params
    this.#options = options
    this.#on = on
    this.#masks = new DropoutMasks(options.seed)
    this.#trainable = trainableParameters(options, (name) => params.tensors[name]?.dtype)
    for (const name of this.#trainable) {
      const tensor = defined(params.tensors[name])
      this.#moments.set(name, { m: tf.keep(tf.zerosLike(tensor)), v: tf.keep(tf.zerosLike(tensor)) })
    }
  }

  run(microBatches: readonly HostTensors[], settings: StepSettings): Promise<StepResult> {
    return this.#turn.take(microBatches, () => this.#step(microBatches, settings))
  }

  async #step(microBatches: readonly HostTensors[], settings: StepSettings): Promise<StepResult> {
    const seeds = seedsOf(microBatches.length, settings)
    const sums = new Map<string, tf.Tensor>()
    try {
      const outcomes: (MicroBatchLoss & { readonly outputs: HostTensors })[] = []
      for (const [microBatch, batch] of microBatches.entries()) {
        const rowName = rowNameOf(settings, microBatches.length, microBatch)
        const seed = defined(seeds[microBatch])
        const { [TOLD]: weights, ...outputs } = await readAll(
          this.#backward(batch, microBatch, { seed, rowName, sums }),
        )
        outcomes.push({ loss: defined(outputs.loss?.data[0]), weights: weights?.data ?? [], outputs })
      }
      const { loss, weight, factor } = accumulated(outcomes, seeds)
      const gradNorm = await this.#update(sums, settings.learningRate, factor)
      return { loss, gradNorm, weight, outputs: outcomes.map(({ outputs }) => outputs) }
    } finally {
      for (const tensor of sums.values()) tensor.dispose()
    }
  }

  /** Runs forward and backward, adds the gradients, times the seed, to `sums`, and returns the other outputs. */
  #backward(
    batch: HostTensors,
    microBatch: number,
    { seed: { share, told }, rowName, sums }: Run,
  ): Record<string, tf.Tensor> {
    checkHostTensors('trainStep', batch)
    return this.#on(() =>
      tf.tidy(() => {
        const feeds = Object.fromEntries(Object.entries(batch).map(([name, feed]) => [name, toTensor(feed)]))
        const ctx = trainingContext((site, { rate, shape }) => {
          const size = shape.reduce((a, b) => a * b, 1)
          const data = this.#masks.mask(rate, size, { step: this.#steps, microBatch, site })
          // A copy, because the cpu backend keeps the given array.
          return tf.tensor(data.slice(), [...shape], 'float32')
        })
        const { loss, params } = { loss: this.#options.loss, params: this.#params.tensors }
        const seedOf = (weight: tf.Tensor | undefined) =>
          told === 1 && weight !== undefined ? weight : tf.scalar(share)
        const { outputs, gradients, weights } = withRefusals(
          'trainStep',
          () => [...givenOf(params), ...givenOf(batch)],
          () =>
            withRangeChecks('trainStep', feeds, batch, rowName, () =>
              differentiated(loss, params, feeds, ctx, this.#trainable, seedOf),
            ),
        )
        for (const [name, tensor] of Object.entries(gradients)) {
          const parameter = name.slice('grad.'.length)
          const sum = sums.get(parameter)
          sums.set(parameter, tf.keep(sum === undefined ? tensor.clone() : sum.add(tensor)))
          sum?.dispose()
        }
        const results = { ...outputs, ...(weights && { [TOLD]: weights }) }
        return Object.fromEntries(
          Object.entries(results).map(([name, tensor]) => [name, tf.keep(tensor.clone())]),
        )
      }),
    )
  }

  /** Clips and updates; returns the gradient's norm. A gradient that is not finite leaves everything unchanged. */
  async #update(
    gradients: ReadonlyMap<string, tf.Tensor>,
    learningRate: number,
    factor: number,
  ): Promise<number> {
    const squares = this.#on(() =>
      tf.tidy(() => tf.stack([...gradients.values()].map((g) => g.square().sum()))),
    )
    const norm = Math.sqrt(Float64Array.from(await squares.data()).reduce((a, b) => a + b, 0))
    const gradNorm = factor === 0 ? 0 : factor * norm
    squares.dispose()
    if (!Number.isFinite(gradNorm)) return gradNorm
    this.#steps++
    const scale = factor * clipFactor(gradNorm, this.#options.optimizer.maxGradNorm)
    for (const [name, gradient] of gradients) {
      const [p, moments] = [this.#params.tensors[name], this.#moments.get(name)]
      if (p === undefined || moments === undefined) continue
      const scalars = adamwScalars(this.#options.optimizer, name, learningRate, this.#steps)
      const updated = this.#on(() =>
        tf.tidy(() => {
          const before = { p, ...moments }
          const after = updatedAdamW(before, gradient, scale, scalars)
          const touched = updatesTouchedRows(this.#options.optimizer, name)
          const result = touched ? inTouchedRows(before, after, gradient) : after
          return { p: tf.keep(result.p), m: tf.keep(result.m), v: tf.keep(result.v) }
        }),
      )
      this.#params.replace(name, updated.p)
      tf.dispose([moments.m, moments.v])
      this.#moments.set(name, { m: updated.m, v: updated.v })
    }
    return gradNorm
  }

  async state(): Promise<OptimizerState> {
    const moments: Record<string, HostTensor> = {}
    for (const [name, { m, v }] of this.#moments) {
      moments[`${name}.m`] = await toHost(m)
      moments[`${name}.v`] = await toHost(v)
    }
    return { step: this.#steps, moments }
  }

  async restore({ step, moments }: OptimizerState): Promise<void> {
    for (const [name, { m }] of this.#moments) {
      for (const slot of ['m', 'v']) restoredMoment(moments, `${name}.${slot}`, m.size)
    }
    for (const [name, old] of this.#moments) {
      const [m, v] = [moments[`${name}.m`], moments[`${name}.v`]]
      if (m === undefined || v === undefined) continue
      const restored = this.#on(() => ({ m: tf.keep(toTensor(copied(m))), v: tf.keep(toTensor(copied(v))) }))
      tf.dispose([old.m, old.v])
      this.#moments.set(name, restored)
    }
    this.#steps = step
  }

  dispose(): void {
    for (const { m, v } of this.#moments.values()) tf.dispose([m, v])
    this.#moments.clear()
  }
}

const copied = (tensor: HostTensor): HostTensor => ({ ...tensor, data: tensor.data.slice() })
