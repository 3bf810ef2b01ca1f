import { defined, KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import { prefixed } from '../compiled/input-names.ts'
import type { ProgramCache } from '../compiled/program-cache.ts'
import { type RecordedStep, recordStep, seedFeeds, TOLD } from '../compiled/record-step.ts'
import { checkedResults, checkFeeds } from '../compiled/recorded-checks.ts'
import type { OptimizerState, StepResult, StepSettings, TrainStepOptions } from '../contract.ts'
import { DropoutMasks } from '../dropout-masks.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { checkHostTensors, signature, type TensorTypes } from '../host-tensor.ts'
import { accumulated, type MicroBatchLoss, type Seed, seedsOf } from '../micro-batch-shares.ts'
import { adamwScalars, clipFactor } from '../optimizer/adamw.ts'
import { restoredMoment } from '../optimizer/restored-moment.ts'
import { type RowName, rowNameOf } from '../range-rule.ts'
import { type Graph, sizeOf } from '../record/graph.ts'
import { StepTurn } from '../step-turn.ts'
import { trainableParameters } from '../trainable-parameters.ts'
import { gradientName } from '../value-and-gradients.ts'
import type { Device } from './device.ts'
import type { DeviceProgram, DeviceResults } from './device-program.ts'
import type { DeviceTensor, DeviceTensors } from './device-tensor.ts'
import { MaskPools, maskWindows } from './mask-windows.ts'
import type { PlacedOnDevice } from './placed-on-device.ts'
import { additions, factorGroups, factorsOf, squares, update } from './update-graphs.ts'

/** The arguments of a micro-batch besides its feeds. */
interface Run {
  readonly microBatch: number
  readonly seed: Seed
  readonly rowName: RowName
}

interface Outcome extends MicroBatchLoss {
  readonly outputs: HostTensors
}

const GRADIENT = gradientName('')

/**
 * The training step of the WebGPU engine. Parameters, gradients, sums and moments stay on the device; batches, masks and
 * scalars go up, and what the loss function reports comes down. Owns the moments and the pools of dropout masks.
 */
export class WebgpuTrainStep {
  readonly #device: Device
  readonly #params: PlacedOnDevice
  readonly #options: TrainStepOptions
  readonly #trainable: readonly string[]
  readonly #masks: MaskPools
  readonly #recorded = new Map<string, Pick<RecordedStep, 'checks' | 'sites'>>()
  readonly #backward: ProgramCache<DeviceProgram>
  /** Programs of the update; they depend on the parameters that a loss reaches. */
  readonly #others: ProgramCache<DeviceProgram>
  readonly #turn = new StepTurn()
  /** `<parameter>.m` and `<parameter>.v`; zero before the first update. */
  readonly #moments = new Map<string, DeviceTensor>()
  #steps = 0

  constructor(device: Device, params: PlacedOnDevice, options: TrainStepOptions) {
    this.#device = device
    this.#params = params
    this.#options = options
    this.#trainable = trainableParameters(options, (name) => params.types[name]?.dtype)
    this.#masks = new MaskPools(device, new DropoutMasks(options.seed))
    this.#backward = device.cache()
    this.#others = device.cache()
  }

  run(microBatches: readonly HostTensors[], settings: StepSettings): Promise<StepResult> {
    return this.#turn.take(microBatches, () => this.#step(microBatches, settings))
  }

  async #step(microBatches: readonly HostTensors[], settings: StepSettings): Promise<StepResult> {
    const seeds = seedsOf(microBatches.length, settings)
    const sums = new Map<string, DeviceTensor>()
    try {
      const outcomes: Outcome[] = []
      for (const [microBatch, batch] of microBatches.entries()) {
        const rowName = rowNameOf(settings, microBatches.length, microBatch)
        const seed = defined(seeds[microBatch])
        outcomes.push(await this.#runBackward(batch, { microBatch, seed, rowName }, sums))
      }
      const { loss, weight, factor } = accumulated(outcomes, seeds)
      const gradNorm = await this.#update(Object.fromEntries(sums), settings.learningRate, factor)
      return { loss, gradNorm, weight, outputs: outcomes.map(({ outputs }) => outputs) }
    } finally {
      for (const tensor of sums.values()) tensor.dispose()
    }
  }

  /** Runs forward and backward, and adds the gradients, times the seed, to `sums`. */
  async #runBackward(
    batch: HostTensors,
    { microBatch, seed, rowName }: Run,
    sums: Map<string, DeviceTensor>,
  ): Promise<Outcome> {
    checkHostTensors('trainStep', batch)
    const params = await this.#params.tensors()
    const key = signature(batch)
    const { host, device } = await this.#backward.with(
      key,
      () => {
        const { graph, checks, sites } = recordStep(this.#options.loss, this.#trainable, params, batch)
        this.#recorded.set(key, { checks, sites })
        const windowed = maskWindows(graph, sites)
        return this.#device.compile('forward and backward', windowed, (output) => output.startsWith(GRADIENT))
      },
      async (program) => {
        const { checks, sites } = this.#recordedStep(key)
        checkFeeds('trainStep', checks, batch, rowName)
        return program.run({
          ...prefixed('param/', params),
          ...prefixed('feed/', batch),
          ...seedFeeds(seed),
          ...(await this.#masks.inputs(sites, { step: this.#steps, microBatch })),
        })
      },
    )
    await this.#add(sums, device)
    const results = checkedResults('trainStep', this.#recordedStep(key).checks, host, rowName)
    const { [TOLD]: weights, ...outputs } = results
    return { loss: defined(outputs.loss?.data[0]), weights: weights?.data ?? [], outputs }
  }

  #recordedStep(key: string): Pick<RecordedStep, 'checks' | 'sites'> {
    const recorded = this.#recorded.get(key)
    if (recorded !== undefined) return recorded
    throw new KicError<EngineErrorCode>('engine/internal', 'trainStep: a program without its recording')
  }

  /** Adds gradients to their sums, and frees what is no longer needed. */
  async #add(sums: Map<string, DeviceTensor>, gradients: DeviceTensors): Promise<void> {
    const [first, second]: [Record<string, DeviceTensor>, Record<string, DeviceTensor>] = [{}, {}]
    for (const [output, gradient] of Object.entries(gradients)) {
      const name = output.slice(GRADIENT.length)
      const sum = sums.get(name)
      if (sum === undefined) sums.set(name, gradient)
      else [first[name], second[name]] = [sum, gradient]
    }
    if (Object.keys(second).length === 0) return
    try {
      const given = { ...prefixed('a/', first), ...prefixed('b/', second) }
      const { device } = await this.#run('additions', second, additions, given)
      for (const name of Object.keys(second)) {
        first[name]?.dispose()
        sums.set(name, defined(device[`sum/${name}`]))
      }
    } finally {
      for (const gradient of Object.values(second)) gradient.dispose()
    }
  }

  /** Runs a part of the update. */
  #run(
    what: string,
    types: TensorTypes,
    graph: (types: TensorTypes) => Graph,
    inputs: Readonly<Record<string, HostTensor | DeviceTensor>>,
  ): Promise<DeviceResults> {
    return this.#others.with(
      `${what} ${Object.keys(types)}`,
      () => this.#device.compile(what, graph(types), (output) => output !== 'squares'),
      (program) => program.run(inputs),
    )
  }

  /** Clips and updates; returns the gradient's norm. A gradient that is not finite leaves everything unchanged. */
  async #update(gradients: DeviceTensors, learningRate: number, factor: number): Promise<number> {
    const { host } = await this.#run('squares', gradients, squares, prefixed('g/', gradients))
    const norm = Math.sqrt(defined(host.squares?.data[0]))
    const gradNorm = factor === 0 ? 0 : factor * norm
    if (!Number.isFinite(gradNorm)) return gradNorm
    const { optimizer } = this.#options
    const names = Object.keys(gradients)
    const scalars: Record<string, number> = { scale: factor * clipFactor(gradNorm, optimizer.maxGradNorm) }
    for (const [group] of factorGroups(optimizer, names)) {
      const values = adamwScalars(optimizer, group, learningRate, this.#steps + 1)
      Object.assign(scalars, factorsOf(group, values))
    }
    await this.#startMoments()
    const params = await this.#params.tensors()
    const slot = (of: (name: string) => HostTensor | DeviceTensor | undefined) =>
      Object.fromEntries(names.map((name) => [name, defined(of(name))]))
    const { device } = await this.#run('update', gradients, (types) => update(optimizer, types), {
      ...prefixed(
        'p/',
        slot((name) => params[name]),
      ),
      ...prefixed(
        'm/',
        slot((name) => this.#moments.get(`${name}.m`)),
      ),
      ...prefixed(
        'v/',
        slot((name) => this.#moments.get(`${name}.v`)),
      ),
      ...prefixed('g/', gradients),
      ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalar(value)])),
    })
    for (const name of names) {
      this.#params.replace(name, defined(device[`new/p/${name}`]))
      this.#replaceMoment(`${name}.m`, defined(device[`new/m/${name}`]))
      this.#replaceMoment(`${name}.v`, defined(device[`new/v/${name}`]))
    }
    this.#steps++
    return gradNorm
  }

  #replaceMoment(name: string, tensor: DeviceTensor): void {
    this.#moments.get(name)?.dispose()
    this.#moments.set(name, tensor)
  }

  async #startMoments(): Promise<void> {
    if (this.#moments.size === 0) await this.#uploadMoments(this.#zeroMoments())
  }

  async #uploadMoments(moments: HostTensors): Promise<void> {
    for (const [name, tensor] of Object.entries(await this.#device.upload(moments))) {
      this.#replaceMoment(name, tensor)
    }
  }

  #zeroMoments(): HostTensors {
    const { types } = this.#params
    const zeros = this.#trainable.flatMap((name) => {
      const { shape } = defined(types[name])
      return ['m', 'v'].map((slot): [string, HostTensor] => {
        return [`${name}.${slot}`, { dtype: 'float32', shape, data: new Float32Array(sizeOf(shape)) }]
      })
    })
    return Object.fromEntries(zeros)
  }

  async state(): Promise<OptimizerState> {
    const step = this.#steps
    if (this.#moments.size === 0) return { step, moments: this.#zeroMoments() }
    return { step, moments: await this.#device.download(Object.fromEntries(this.#moments)) }
  }

  async restore({ step, moments }: OptimizerState): Promise<void> {
    // All are checked first: a state that does not fit must change nothing.
    const restored = Object.entries(this.#zeroMoments()).map(([name, { shape }]): [string, HostTensor] => {
      return [name, { dtype: 'float32', shape, data: restoredMoment(moments, name, sizeOf(shape)) }]
    })
    await this.#uploadMoments(Object.fromEntries(restored))
    this.#steps = step
  }

  dispose(): void {
    this.#backward.dispose()
    this.#others.dispose()
    for (const tensor of this.#moments.values()) tensor.dispose()
    this.#moments.clear()
    this.#masks.dispose()
  }
}

const scalar = (value: number): HostTensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) })
