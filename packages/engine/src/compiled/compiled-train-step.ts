import { KicError } from '@kic/core'
import { type DropoutSite, trainingContext } from '../context.ts'
import type {
  HostTensor,
  HostTensors,
  OptimizerState,
  StepResult,
  StepSettings,
  TrainStepOptions,
} from '../contract.ts'
import { DropoutMasks } from '../dropout-masks.ts'
import { checkHostTensors, signature } from '../host-tensor.ts'
import { optimize } from '../optimize/optimize.ts'
import { type RowSum, splitRowSums } from '../optimize/scatter-rows.ts'
import { adamwScalars, clipFactor } from '../optimizer/adamw.ts'
import { sumOfSquares, updateAdamW } from '../optimizer/host-adamw.ts'
import type { Graph } from '../record/graph.ts'
import { record } from '../record/record.ts'
import { gradientName, valueAndGradients } from '../value-and-gradients.ts'
import { inputSpecs, prefixed, unprefixed } from './input-names.ts'
import type { PlacedArrays } from './placed-arrays.ts'
import type { Program } from './program.ts'
import type { ProgramCache } from './program-cache.ts'

/** What has to be known of a recorded step besides its program. */
interface StepPlan {
  readonly sites: readonly DropoutSite[]
  readonly rowSums: readonly RowSum[]
  readonly sparse: ReadonlySet<string>
  /** Trainable parameters that the loss reaches. */
  readonly reached: readonly string[]
}

/** Gradient and moments of one parameter. */
interface Slots {
  readonly gradient: HostTensor & { readonly data: Float32Array }
  readonly m: Float32Array
  readonly v: Float32Array
  /** Rows of `gradient` that are not zero; `undefined` when any may be. */
  touched: Set<number> | undefined
}

/** The training step of the compiled engine: a recorded forward and backward pass, and an update over host arrays. */
export class CompiledTrainStep {
  private readonly masks: DropoutMasks
  private readonly plans = new Map<string, StepPlan>()
  private readonly slots = new Map<string, Slots>()
  private readonly accumulated = new Map<string, Float32Array>()
  private readonly trainable: readonly string[]
  private readonly seedScalar = new Float32Array(1)
  private steps = 0
  private busy = false

  constructor(
    private readonly params: PlacedArrays,
    private readonly options: TrainStepOptions,
    private readonly cache: ProgramCache,
    private readonly compile: (graph: Graph) => Promise<Program>,
  ) {
    this.masks = new DropoutMasks(options.seed)
    this.trainable = params.names.filter((name) => options.trainable?.(name) ?? true)
    if (this.trainable.length === 0) {
      throw new KicError('engine/nothing-trainable', 'trainStep: no parameter is trainable')
    }
    for (const name of this.trainable) {
      const tensor = params.tensors.get(name)
      if (!(tensor?.data instanceof Float32Array)) {
        throw new KicError(
          'engine/trainable-dtype',
          `trainStep: the trainable parameter "${name}" is not float32`,
        )
      }
      const size = tensor.data.length
      this.slots.set(name, {
        gradient: { dtype: 'float32', shape: tensor.shape, data: new Float32Array(size) },
        m: new Float32Array(size),
        v: new Float32Array(size),
        touched: new Set(),
      })
    }
  }

  async run(
    microBatches: readonly HostTensors[],
    { learningRate, weights }: StepSettings,
  ): Promise<StepResult> {
    if (this.busy) {
      throw new KicError(
        'engine/concurrent-step',
        'trainStep: the previous step has not finished; await it first',
      )
    }
    if (microBatches.length === 0) throw new KicError('engine/no-batch', 'trainStep: no batch was given')
    this.busy = true
    try {
      const outputs: HostTensors[] = []
      const reached = new Set<string>()
      let loss = 0
      for (const [microBatch, batch] of microBatches.entries()) {
        const weight = weights?.[microBatch] ?? 1 / microBatches.length
        const result = await this.backward(batch, microBatch, weight)
        for (const name of result.reached) reached.add(name)
        if (microBatches.length > 1) this.accumulate(result.reached, microBatch === 0)
        loss += weight * (result.outputs.loss?.data[0] ?? Number.NaN)
        outputs.push(result.outputs)
      }
      const gradNorm = this.update([...reached], microBatches.length > 1, learningRate)
      return { loss, gradNorm, outputs }
    } finally {
      this.busy = false
    }
  }

  /** Forward and backward: gradients, times `weight`, end in the slots. */
  private async backward(
    batch: HostTensors,
    microBatch: number,
    weight: number,
  ): Promise<{ outputs: HostTensors; reached: readonly string[] }> {
    checkHostTensors('trainStep', batch)
    const key = signature(batch)
    const params = Object.fromEntries(this.params.tensors)
    return this.cache.with(
      key,
      () => this.recordStep(key, params, batch),
      async (program) => {
        const plan = this.plans.get(key)
        if (plan === undefined) throw new KicError('engine/internal', 'trainStep: a program without a plan')
        this.seedScalar[0] = weight
        const feeds: Record<string, HostTensor> = {
          ...prefixed('param/', params),
          ...prefixed('feed/', batch),
          weight: { dtype: 'float32', shape: [], data: this.seedScalar },
        }
        plan.sites.forEach(({ rate, shape }, site) => {
          const size = shape.reduce((a, b) => a * b, 1)
          const data = this.masks.mask(rate, size, { step: this.steps, microBatch, site })
          feeds[`mask/${site}`] = { dtype: 'float32', shape, data }
        })
        const into: Record<string, HostTensor> = {}
        for (const name of plan.reached) {
          const slots = this.slots.get(name)
          if (slots !== undefined && !plan.sparse.has(gradientName(name)))
            into[gradientName(name)] = slots.gradient
        }
        for (const name of plan.reached) this.clear(name, plan.sparse.has(gradientName(name)))
        const results = await program.run(feeds, into)
        for (const sum of plan.rowSums) this.addRows(sum, results)
        const outputs = Object.fromEntries(
          Object.entries(results).filter(([name]) => !name.startsWith('grad.')),
        )
        return { outputs, reached: plan.reached }
      },
    )
  }

  private async recordStep(key: string, params: HostTensors, batch: HostTensors): Promise<Program> {
    const sites: DropoutSite[] = []
    const recorded = record(
      [
        ...inputSpecs('param/', params),
        ...inputSpecs('feed/', batch),
        { name: 'weight', dtype: 'float32', shape: [] },
      ],
      (inputs, recorder) => {
        const ctx = trainingContext((site, spec) => {
          sites[site] = spec
          return recorder.input({ name: `mask/${site}`, dtype: 'float32', shape: spec.shape })
        })
        return valueAndGradients(
          this.options.loss,
          unprefixed('param/', Object.keys(params), inputs),
          unprefixed('feed/', Object.keys(batch), inputs),
          ctx,
          this.trainable,
          inputs.weight,
        )
      },
    )
    const { graph, rowSums, sparse } = splitRowSums(recorded)
    const gradients = new Set(recorded.outputs.map(({ name }) => name))
    const reached = this.trainable.filter((name) => gradients.has(gradientName(name)))
    // Sites that the graph does not read need no mask.
    this.plans.set(key, { sites, rowSums, sparse, reached })
    return this.compile(optimize(graph))
  }

  /** Makes a gradient that only receives rows zero again: by its touched rows where they are known. */
  private clear(name: string, sparse: boolean): void {
    const slots = this.slots.get(name)
    if (slots === undefined) return
    if (!sparse) {
      slots.touched = undefined
      return
    }
    const { data } = slots.gradient
    const width = rowWidth(slots.gradient)
    if (slots.touched === undefined) data.fill(0)
    else for (const row of slots.touched) data.fill(0, row * width, (row + 1) * width)
    slots.touched = new Set()
  }

  private addRows({ output, indices, rows }: RowSum, results: HostTensors): void {
    const slots = this.slots.get(output.slice('grad.'.length))
    const [at, values] = [results[indices]?.data, results[rows]?.data]
    if (slots === undefined || !(at instanceof Int32Array) || !(values instanceof Float32Array)) {
      throw new KicError('engine/internal', `trainStep: the rows of "${output}" are missing`)
    }
    const { data } = slots.gradient
    const width = rowWidth(slots.gradient)
    for (let i = 0; i < at.length; i++) {
      const row = at[i] ?? 0
      if (row < 0 || (row + 1) * width > data.length) {
        throw new KicError(
          'engine/index-out-of-range',
          `trainStep: an index ${row} is outside of the ${data.length / width} rows of "${output.slice('grad.'.length)}"`,
        )
      }
      slots.touched?.add(row)
      const [to, from] = [row * width, i * width]
      for (let j = 0; j < width; j++) data[to + j] = (data[to + j] ?? 0) + (values[from + j] ?? 0)
    }
  }

  private accumulate(names: readonly string[], first: boolean): void {
    if (first) for (const sums of this.accumulated.values()) sums.fill(0)
    for (const name of names) {
      const gradient = this.slots.get(name)?.gradient.data
      if (gradient === undefined) continue
      let sums = this.accumulated.get(name)
      if (sums === undefined) {
        sums = new Float32Array(gradient.length)
        this.accumulated.set(name, sums)
      }
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (gradient[i] ?? 0)
    }
  }

  /** Clips and updates; returns the gradient's norm. A gradient that is not finite changes nothing. */
  private update(names: readonly string[], accumulated: boolean, learningRate: number): number {
    const gradientOf = (name: string): Float32Array => {
      const data = accumulated ? this.accumulated.get(name) : this.slots.get(name)?.gradient.data
      if (data === undefined) throw new KicError('engine/internal', `trainStep: no gradient of "${name}"`)
      return data
    }
    const gradNorm = Math.sqrt(names.reduce((sum, name) => sum + sumOfSquares(gradientOf(name)), 0))
    if (!Number.isFinite(gradNorm)) return gradNorm
    this.steps++
    const scale = clipFactor(gradNorm, this.options.optimizer.maxGradNorm)
    for (const name of names) {
      const [slots, parameter] = [this.slots.get(name), this.params.tensors.get(name)?.data]
      if (slots === undefined || !(parameter instanceof Float32Array)) continue
      const scalars = adamwScalars(this.options.optimizer, name, learningRate, this.steps)
      updateAdamW(parameter, gradientOf(name), slots.m, slots.v, scale, scalars)
    }
    return gradNorm
  }

  async state(): Promise<OptimizerState> {
    const moments: Record<string, HostTensor> = {}
    for (const [name, { gradient, m, v }] of this.slots) {
      moments[`${name}.m`] = { dtype: 'float32', shape: gradient.shape, data: m.slice() }
      moments[`${name}.v`] = { dtype: 'float32', shape: gradient.shape, data: v.slice() }
    }
    return { step: this.steps, moments }
  }

  async restore({ step, moments }: OptimizerState): Promise<void> {
    for (const [name, { m, v }] of this.slots) {
      for (const [slot, target] of [
        ['m', m],
        ['v', v],
      ] as const) {
        const data = moments[`${name}.${slot}`]?.data
        if (!(data instanceof Float32Array) || data.length !== target.length) {
          throw new KicError(
            'engine/optimizer-state',
            `restore: the state has no matching moment "${name}.${slot}"`,
          )
        }
      }
    }
    for (const [name, { m, v }] of this.slots) {
      const [first, second] = [moments[`${name}.m`]?.data, moments[`${name}.v`]?.data]
      if (first !== undefined) m.set(first)
      if (second !== undefined) v.set(second)
    }
    this.steps = step
  }
}

const rowWidth = ({ data, shape }: HostTensor): number => data.length / (shape[0] ?? 1)
