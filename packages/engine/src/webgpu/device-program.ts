import { defined, KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { OnnxRuntime, OrtSession, OrtTensor } from '../compiled/onnx-runtime.ts'
import { Program, type SessionOptions } from '../compiled/program.ts'
import { isCheck } from '../compiled/recorded-checks.ts'
import { checkShape, explained, hostTensor } from '../compiled/results.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { encodeModel } from '../onnx/encode-model.ts'
import { optimize } from '../optimize/optimize.ts'
import { callingLine } from '../record/calling-line.ts'
import type { Graph, Node } from '../record/graph.ts'
import { isLost, lostDevice } from './adapter-errors.ts'
import type { DeviceTensor, DeviceTensors, TensorOwner } from './device-tensor.ts'
import { type DistinctRows, distinctRowFeeds } from './lower/distinct-rows.ts'
import { lowerGraph } from './lower/lower-graph.ts'

/** What a run returns: outputs in host memory, and those that stay on the device. */
export interface DeviceResults {
  readonly host: HostTensors
  readonly device: DeviceTensors
}

/** A recorded graph to compile. */
export interface Source {
  /** Its name in a profile. */
  readonly work: string
  readonly graph: Graph
  /** Whether an output stays on the device. */
  readonly stays: (output: string) => boolean
}

/** What the host computes from feeds. */
interface HostPart {
  readonly distinct: readonly DistinctRows[]
  readonly host: Program | undefined
}

/** A recorded graph on the WebGPU provider. Owns its session. */
export class DeviceProgram {
  readonly #device: TensorOwner
  readonly #runtime: OnnxRuntime
  readonly #session: OrtSession
  readonly #hostPart: HostPart
  readonly #source: Source
  /** Results on the device that are not freed. */
  #results = 0
  #unwanted = false

  private constructor(
    device: TensorOwner,
    runtime: OnnxRuntime,
    session: OrtSession,
    hostPart: HostPart,
    source: Source,
  ) {
    this.#device = device
    this.#runtime = runtime
    this.#session = session
    this.#hostPart = hostPart
    this.#source = source
    device.counts.programs++
  }

  static async compile(
    device: TensorOwner,
    runtime: OnnxRuntime,
    { work, graph: recorded, stays }: Source,
    session: SessionOptions = {},
  ): Promise<DeviceProgram> {
    const { graph, distinct, hostGraph } = lowerGraph(recorded)
    const locations = graph.outputs.map(({ name }) => [name, stays(name) ? 'gpu-buffer' : 'cpu'])
    const options = { ...onDevice(session), preferredOutputLocation: Object.fromEntries(locations) }
    try {
      const made = await runtime.InferenceSession.create(encodeModel(graph), options)
      const host = hostGraph.outputs.length > 0 ? await hostProgram(runtime, hostGraph) : undefined
      return new DeviceProgram(device, runtime, made, { distinct, host }, { work, graph, stays })
    } catch (cause) {
      const missing = FALLS_BACK.test(String(cause))
        ? await missingOperator(runtime, graph, onDevice(session))
        : undefined
      if (missing !== undefined) throw unsupported(missing, cause)
      throw explained('could not compile the recorded function', graph, cause)
    }
  }

  /** Runs the graph with inputs in host memory or on the device. */
  async run(inputs: Readonly<Record<string, HostTensor | DeviceTensor>>): Promise<DeviceResults> {
    const { work, graph, stays } = this.#source
    const { distinct, host: program } = this.#hostPart
    const here = onHost(inputs)
    const computed = (await program?.run(here)) ?? {}
    const given = { ...inputs, ...distinctRowFeeds(distinct, { ...here, ...computed }) }
    const feeds: Record<string, OrtTensor> = {}
    for (const { name } of graph.inputs) {
      const tensor = given[name]
      if (tensor === undefined)
        throw new KicError<EngineErrorCode>(
          'engine/missing-feed',
          `run: every input that the function reads must be given, received no "${name}". Add it to the feeds.`,
        )
      if ('ort' in tensor) {
        feeds[name] = tensor.ort
        continue
      }
      feeds[name] = new this.#runtime.Tensor(tensor.dtype, tensor.data, tensor.shape)
      this.#device.counts.uploaded += tensor.data.byteLength
    }
    const fetches = Object.fromEntries(graph.outputs.map(({ name }) => [name, null]))
    let results: Readonly<Record<string, OrtTensor>>
    try {
      results = await this.#device.clock.timeAsync(work, () => this.#session.run(feeds, fetches))
    } catch (cause) {
      if (isLost(cause)) throw lostDevice(cause)
      throw explained('failed while running the recorded function', graph, cause)
    }
    const checks = Object.entries(computed).filter(([name]) => isCheck(name))
    const [host, device]: [Record<string, HostTensor>, Record<string, DeviceTensor>] = [
      Object.fromEntries(checks),
      {},
    ]
    for (const { name, value } of graph.outputs) {
      const result = defined(results[name])
      checkShape(graph, name, value, result.dims)
      if (stays(name)) {
        this.#results++
        device[name] = this.#device.own(result, value, () => {
          this.#results--
          if (this.#unwanted) void this.#releaseUnused()
        })
        continue
      }
      const tensor = hostTensor(name, result.data, value)
      host[name] = tensor
      this.#device.counts.downloaded += tensor.data.byteLength
    }
    return { host, device }
  }

  /** Frees the session when no result on the device is left: freeing one of a released session ends the process. */
  async release(): Promise<void> {
    this.#unwanted = true
    await this.#releaseUnused()
  }

  async #releaseUnused(): Promise<void> {
    if (this.#results > 0) return
    this.#unwanted = false
    this.#device.counts.programs--
    await this.#hostPart.host?.release()
    await this.#session.release()
  }
}

/** Row numbers and checks are computed on the processor, because the host reads them. */
const hostProgram = (runtime: OnnxRuntime, graph: Graph): Promise<Program> =>
  Program.compile(
    runtime,
    optimize(graph),
    ({ dtype, data, shape }) => new runtime.Tensor(dtype, data, shape),
    { logSeverityLevel: 3, intraOpNumThreads: 1, interOpNumThreads: 1 },
  )

/** ONNX Runtime's refusal if the provider lacks an operator. */
const FALLS_BACK = /fallback to CPU EP/

/**
 * Session options under which nothing falls back to the CPU. ONNX Runtime may not move transposes, which would reach
 * booleans that the provider cannot transpose, nor merge a Pad into a Conv, which then ignores an uneven padding.
 */
const onDevice = (session: SessionOptions): SessionOptions => ({
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
  executionProviders: [{ name: 'webgpu', preferredLayout: 'NCHW' }],
  ...session,
  extra: {
    session: { disable_cpu_ep_fallback: '1' },
    optimization: { disable_specified_optimizers: 'TransposeOptimizer;Pad_Fusion' },
  },
})

const onHost = (inputs: Readonly<Record<string, HostTensor | DeviceTensor>>): HostTensors =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) => ('data' in value ? [[name, value]] : [])),
  )

/** ONNX Runtime does not say which operator the provider lacks, so each kind of node is tried alone. */
const missingOperator = async (
  runtime: OnnxRuntime,
  graph: Graph,
  options: SessionOptions,
): Promise<Node | undefined> => {
  const tried = new Set<string>()
  const constants = new Set(graph.constants.map(({ value }) => value.id))
  for (const node of graph.nodes) {
    const key = `${node.op} ${node.inputs.map((value) => value?.dtype)} ${node.outputs.map(({ dtype }) => dtype)}`
    if (tried.has(key)) continue
    tried.add(key)
    const given = node.inputs.flatMap((value, i) =>
      value && !constants.has(value.id) ? [{ name: `x${i}`, value }] : [],
    )
    const model = encodeModel({
      inputs: given.filter(({ value }, i) => given.findIndex((other) => other.value.id === value.id) === i),
      constants: graph.constants.filter(({ value }) => node.inputs.some((input) => input?.id === value.id)),
      nodes: [node],
      outputs: node.outputs.map((value, i) => ({ name: `y${i}`, value })),
    })
    try {
      await (await runtime.InferenceSession.create(model, options)).release()
    } catch {
      return node
    }
  }
  return undefined
}

const unsupported = (node: Node, cause: unknown): KicError =>
  new KicError<EngineErrorCode>(
    'engine/unsupported',
    `record: the WebGPU provider must have every operator of a function, received ${node.op} of ` +
      `${node.inputs.map((value) => value?.dtype).join(', ')} at ${callingLine(node.origin)}. Express it with other ` +
      "operations, or use selectEngine('compiled').",
    { cause },
  )
