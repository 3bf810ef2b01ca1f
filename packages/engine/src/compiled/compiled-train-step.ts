import { defined, KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { DropoutSite } from '../context.ts'
import type { OptimizerState, StepResult, StepSettings, TrainStepOptions } from '../contract.ts'
import { DropoutMasks } from '../dropout-masks.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { checkHostTensors, signature } from '../host-tensor.ts'
import { accumulated, type MicroBatchLoss, type Seed, seedsOf } from '../micro-batch-shares.ts'
import { optimize } from '../optimize/optimize.ts'
import { type RowSum, splitRowSums } from '../optimize/scatter-rows.ts'
import { adamwScalars, clipFactor, updatesTouchedRows } from '../optimizer/adamw.ts'
import { LiveRows, onlyRows, type TableRows } from '../optimizer/live-rows.ts'
import { OptimizerMemory } from '../optimizer/optimizer-memory.ts'
import { restoredMoment } from '../optimizer/restored-moment.ts'
import { type RowName, rowNameOf } from '../range-rule.ts'
import { type Graph, sizeOf } from '../record/graph.ts'
import { StepTurn } from '../step-turn.ts'
import { trainableParameters } from '../trainable-parameters.ts'
import { gradientName } from '../value-and-gradients.ts'
import type { HostClock } from './host-clock.ts'
import { prefixed } from './input-names.ts'
import type { PlacedArrays } from './placed-arrays.ts'
import type { Program } from './program.ts'
import type { ProgramCache } from './program-cache.ts'
import { recordStep, seedFeeds, TOLD } from './record-step.ts'
import { checkedResults, checkFeeds, type RecordedChecks } from './recorded-checks.ts'

/** What a recorded step needs besides its program. */
interface StepPlan {
  readonly sites: readonly DropoutSite[]
  readonly rowSums: readonly RowSum[]
  /** The arrays that the graph writes row numbers and rows to, by output; the same at every step. */
  readonly rows: HostTensors
  readonly sparse: ReadonlySet<string>
  /** Trainable parameters that the loss reaches. */
  readonly reached: readonly string[]
  readonly checks: RecordedChecks
}

/** The arguments of a micro-batch besides its feeds. */
interface Run {
  readonly seed: Seed
  readonly rowName: RowName
}
interface Outcome extends MicroBatchLoss {
  readonly outputs: HostTensors
  readonly reached: readonly string[]
}

/** A gradient as ONNX Runtime fills it. */
interface Gradient {
  readonly tensor: HostTensor
  /** Rows that are not zero; `undefined` if any row may be. */
  touched: Set<number> | undefined
}

/** The training step of the compiled engine: a recorded forward and backward pass, and an update over host arrays. */
export class CompiledTrainStep {
  readonly #masks: DropoutMasks
  readonly #plans = new Map<string, StepPlan>()
  readonly #memory: OptimizerMemory
  readonly #gradients = new Map<string, Gradient>()
  /** Tables of which an update changes only the rows with a gradient. */
  readonly #tables: ReadonlySet<string>
  /** The rows that have ever had a gradient, for other tables whose gradients are rows. */
  readonly #live = new Map<string, LiveRows>()
  readonly #trainable: readonly string[]
  readonly #turn = new StepTurn()
  #steps = 0
  readonly #params: PlacedArrays
  readonly #options: TrainStepOptions
  readonly #cache: ProgramCache<Program>
  readonly #compile: (graph: Graph) => Promise<Program>
  readonly #clock: HostClock

  constructor(
    params: PlacedArrays,
    options: TrainStepOptions,
    cache: ProgramCache<Program>,
    compile: (graph: Graph) => Promise<Program>,
    clock: HostClock,
  ) {
    this.#params = params
    this.#options = options
    this.#cache = cache
    this.#compile = compile
    this.#clock = clock
    this.#masks = new DropoutMasks(options.seed)
    this.#trainable = trainableParameters(options, (name) => params.tensors.get(name)?.dtype)
    this.#tables = new Set(this.#trainable.filter((name) => updatesTouchedRows(options.optimizer, name)))
    const sizes = new Map<string, number>()
    for (const name of this.#trainable) {
      const tensor = defined(params.tensors.get(name))
      if (this.#tables.has(name)) checkTable(name, tensor)
      sizes.set(name, tensor.data.length)
    }
    this.#memory = new OptimizerMemory(sizes)
    for (const name of this.#trainable) this.#moveIn(name)
  }

  /** Another training step may have taken over the parameters since. */
  #checkOwnership(): void {
    for (const name of this.#trainable) {
      if (this.#params.tensors.get(name)?.data === this.#memory.slots(name).parameter) continue
      throw new KicError<EngineErrorCode>(
        'engine/parameters-taken',
        `trainStep: parameters must belong to one training step, received "${name}", which a later one has taken or ` +
          'which is disposed. Use the later step, or place the parameters again.',
      )
    }
  }

  /** Moves a parameter next to its moments, where both ONNX Runtime and the update reach it. */
  #moveIn(name: string): void {
    const tensor = this.#params.tensors.get(name)
    if (tensor === undefined) return
    const { parameter, gradient } = this.#memory.slots(name)
    parameter.set(tensor.data)
    this.#params.tensors.set(name, { ...tensor, data: parameter })
    this.#gradients.set(name, { tensor: { ...tensor, data: gradient }, touched: new Set() })
  }

  run(microBatches: readonly HostTensors[], settings: StepSettings): Promise<StepResult> {
    return this.#turn.take(microBatches, () => this.#step(microBatches, settings))
  }

  async #step(microBatches: readonly HostTensors[], settings: StepSettings): Promise<StepResult> {
    const seeds = seedsOf(microBatches.length, settings)
    this.#checkOwnership()
    // The rows of tables are summed over the micro-batches.
    for (const name of this.#tables) clear(defined(this.#gradients.get(name)), true)
    const outcomes: Outcome[] = []
    const reached = new Set<string>()
    for (const [microBatch, batch] of microBatches.entries()) {
      const rowName = rowNameOf(settings, microBatches.length, microBatch)
      const seed = defined(seeds[microBatch])
      const outcome = await this.#backward(batch, microBatch, { seed, rowName })
      if (microBatches.length > 1) {
        this.#clock.time('accumulation', () => {
          const whole = outcome.reached.filter((name) => !this.#tables.has(name))
          for (const name of whole) this.#memory.accumulate(name, !reached.has(name))
        })
      }
      for (const name of outcome.reached) reached.add(name)
      outcomes.push(outcome)
    }
    const { loss, weight, factor } = accumulated(outcomes, seeds)
    const source = microBatches.length > 1 ? 'sum' : 'gradient'
    const gradNorm = this.#clock.time('AdamW', () =>
      this.#update([...reached], source, settings.learningRate, factor),
    )
    return { loss, gradNorm, weight, outputs: outcomes.map(({ outputs }) => outputs) }
  }

  /** Runs forward and backward; the slots then hold the gradients, times the seed. */
  async #backward(batch: HostTensors, microBatch: number, { seed, rowName }: Run): Promise<Outcome> {
    checkHostTensors('trainStep', batch)
    const key = signature(batch)
    const params = Object.fromEntries(this.#params.tensors)
    return this.#cache.with(
      key,
      () => this.#recordStep(key, params, batch),
      async (program) => {
        const plan = this.#plans.get(key)
        if (plan === undefined)
          throw new KicError<EngineErrorCode>('engine/internal', 'trainStep: a program without a plan')
        checkFeeds('trainStep', plan.checks, batch, rowName)
        const feeds: Record<string, HostTensor> = {
          ...prefixed('param/', params),
          ...prefixed('feed/', batch),
          ...seedFeeds(seed),
        }
        this.#clock.time('dropout masks', () => {
          plan.sites.forEach(({ rate, shape }, site) => {
            const size = shape.reduce((a, b) => a * b, 1)
            const data = this.#masks.mask(rate, size, { step: this.#steps, microBatch, site })
            feeds[`mask/${site}`] = { dtype: 'float32', shape, data }
          })
        })
        const into: Record<string, HostTensor> = { ...plan.rows }
        for (const name of plan.reached) {
          const gradient = this.#gradients.get(name)
          if (gradient === undefined) continue
          const sparse = plan.sparse.has(gradientName(name))
          if (!sparse) into[gradientName(name)] = gradient.tensor
          if (this.#tables.has(name)) continue
          clear(gradient, sparse)
          this.#followRows(name, sparse)
        }
        const results = checkedResults('trainStep', plan.checks, await program.run(feeds, into), rowName)
        this.#clock.time('embedding rows', () => {
          for (const sum of plan.rowSums) this.#addRows(sum, results)
        })
        const outputs = Object.fromEntries(
          Object.entries(results).filter(([name]) => !name.startsWith('grad.') && name !== TOLD),
        )
        const loss = defined(outputs.loss?.data[0])
        return { loss, weights: results[TOLD]?.data ?? [], outputs, reached: plan.reached }
      },
    )
  }

  async #recordStep(key: string, params: HostTensors, batch: HostTensors): Promise<Program> {
    const { graph: recorded, checks, sites } = recordStep(this.#options.loss, this.#trainable, params, batch)
    const { graph, rowSums, sparse } = splitRowSums(recorded)
    const gradients = new Set(recorded.outputs.map(({ name }) => name))
    const reached = this.#trainable.filter((name) => gradients.has(gradientName(name)))
    for (const name of reached) if (this.#tables.has(name)) checkSparse(name, sparse)
    // Sites that the graph does not read need no mask.
    const rows = rowBuffers(graph, rowSums)
    this.#plans.set(key, { sites, rowSums, rows, sparse, reached, checks })
    return this.#compile(optimize(graph))
  }

  /** Starts or stops tracking a parameter's live rows. */
  #followRows(name: string, sparse: boolean): void {
    if (!sparse) this.#live.delete(name)
    else if (!this.#live.has(name)) {
      const { gradient, m, v } = this.#memory.slots(name)
      const width = rowWidth({ data: gradient, shape: defined(this.#params.tensors.get(name)).shape })
      // Single rows can be updated only if each starts at a whole vector.
      if (width % 4 === 0) this.#live.set(name, LiveRows.ofMoments(m, v, width))
    }
  }

  #addRows({ output, indices, rows }: RowSum, results: HostTensors): void {
    const gradient = this.#gradients.get(output.slice('grad.'.length))
    const [at, values] = [results[indices]?.data, results[rows]?.data]
    if (gradient === undefined || !(at instanceof Int32Array) || !(values instanceof Float32Array)) {
      throw new KicError<EngineErrorCode>('engine/internal', `trainStep: the rows of "${output}" are missing`)
    }
    const { data } = gradient.tensor
    const width = rowWidth(gradient.tensor)
    const live = this.#live.get(output.slice('grad.'.length))
    for (let i = 0; i < at.length; i++) {
      const row = at[i] ?? 0
      if (row < 0 || (row + 1) * width > data.length) {
        throw new KicError<EngineErrorCode>(
          'engine/index-out-of-range',
          `trainStep: an index must be in [0, ${data.length / width}), the rows of "${output.slice('grad.'.length)}", ` +
            `received ${row}. Correct the ids.`,
        )
      }
      const [to, from] = [row * width, i * width]
      let isZero = true
      for (let j = 0; j < width; j++) {
        const value = values[from + j] ?? 0
        if (value === 0) continue
        isZero = false
        data[to + j] = (data[to + j] ?? 0) + value
      }
      if (isZero) continue
      gradient.touched?.add(row)
      live?.add(row)
    }
  }

  /** Clips and updates; returns the gradient's norm. A gradient that is not finite leaves everything unchanged. */
  #update(
    names: readonly string[],
    source: 'gradient' | 'sum',
    learningRate: number,
    factor: number,
  ): number {
    const norm = Math.sqrt(
      names.reduce(
        (sum, name) =>
          sum + this.#memory.sumOfSquares(name, this.#sourceOf(name, source), this.#rowsOf(name)),
        0,
      ),
    )
    const gradNorm = factor === 0 ? 0 : factor * norm
    if (!Number.isFinite(gradNorm)) return gradNorm
    this.#steps++
    const scale = factor * clipFactor(gradNorm, this.#options.optimizer.maxGradNorm)
    for (const name of names) {
      const scalars = adamwScalars(this.#options.optimizer, name, learningRate, this.#steps)
      this.#memory.update(name, this.#sourceOf(name, source), scale, scalars, this.#rowsOf(name))
    }
    return gradNorm
  }

  /** The rows that an update changes; `undefined` for all. */
  #rowsOf(name: string): TableRows | undefined {
    if (!this.#tables.has(name)) return this.#live.get(name)
    const { tensor, touched = [] } = defined(this.#gradients.get(name))
    return onlyRows(touched, rowWidth(tensor))
  }

  #sourceOf(name: string, source: 'gradient' | 'sum'): 'gradient' | 'sum' {
    return this.#tables.has(name) ? 'gradient' : source
  }

  async state(): Promise<OptimizerState> {
    const moments: Record<string, HostTensor> = {}
    for (const [name, { tensor }] of this.#gradients) {
      const { m, v } = this.#memory.slots(name)
      moments[`${name}.m`] = { ...tensor, data: m.slice() }
      moments[`${name}.v`] = { ...tensor, data: v.slice() }
    }
    return { step: this.#steps, moments }
  }

  async restore({ step, moments }: OptimizerState): Promise<void> {
    const restored = this.#trainable.map((name) => {
      const { m, v } = this.#memory.slots(name)
      return {
        m,
        v,
        first: restoredMoment(moments, `${name}.m`, m.length),
        second: restoredMoment(moments, `${name}.v`, v.length),
      }
    })
    // Only after all checks: a state that does not fit must change nothing.
    for (const { m, v, first, second } of restored) {
      m.set(first)
      v.set(second)
    }
    this.#steps = step
    this.#live.clear()
  }
}

/** Arrays for the outputs that row sums read. */
const rowBuffers = (graph: Graph, rowSums: readonly RowSum[]): HostTensors => {
  const read = new Set(rowSums.flatMap(({ indices, rows }) => [indices, rows]))
  return Object.fromEntries(
    graph.outputs.flatMap(({ name, value: { dtype, shape } }): [string, HostTensor][] => {
      if (!read.has(name)) return []
      const size = sizeOf(shape)
      return dtype === 'int32'
        ? [[name, { dtype, shape, data: new Int32Array(size) }]]
        : [[name, { dtype: 'float32', shape, data: new Float32Array(size) }]]
    }),
  )
}

/** @throws KicError `engine/touched-rows` unless a row is a number of whole vectors. */
const checkTable = (name: string, { shape, data }: HostTensor): void => {
  if (shape.length >= 2 && rowWidth({ shape, data }) % 4 === 0) return
  throw touchedRows(`have rows of a multiple of 4 elements, received "${name}" of shape [${shape}]`)
}

/** @throws KicError `engine/touched-rows` for a gradient that is not a sum of rows. */
const checkSparse = (name: string, sparse: ReadonlySet<string>): void => {
  if (sparse.has(gradientName(name))) return
  throw touchedRows(`be read only by looking up rows, received "${name}", whose gradient has every row`)
}

const touchedRows = (rule: string): KicError =>
  new KicError<EngineErrorCode>(
    'engine/touched-rows',
    `trainStep: a parameter whose optimizer setting is rows: 'touched' must ${rule}. Leave that setting out.`,
  )

/** Zeroes a gradient that receives only rows; if its touched rows are known, only those. */
const clear = (gradient: Gradient, sparse: boolean): void => {
  if (!sparse) {
    gradient.touched = undefined
    return
  }
  const { data } = gradient.tensor
  const width = rowWidth(gradient.tensor)
  if (gradient.touched === undefined) data.fill(0)
  else for (const row of gradient.touched) data.fill(0, row * width, (row + 1) * width)
  gradient.touched = new Set()
}

const rowWidth = ({ data, shape }: Pick<HostTensor, 'data' | 'shape'>): number =>
  data.length / (shape[0] ?? 1)
