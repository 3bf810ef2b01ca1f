import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import type { EngineErrorCode } from '../error-code.ts'
import { encodeModel, nodeName } from '../onnx/encode-model.ts'
import { callingLine } from '../record/calling-line.ts'
import { type Graph, sameShape, type Value } from '../record/graph.ts'
import { fillsOutputs, type OnnxRuntime, type OrtSession, type OrtTensor } from './onnx-runtime.ts'
import type { SessionProfiler } from './session-profiler.ts'

/** Options of ONNX Runtime's session, under the names in its documentation. */
export type SessionOptions = Readonly<Record<string, unknown>>

/** A graph that ONNX Runtime has compiled. Owns its session. */
export class Program {
  readonly #graph: Graph
  readonly #session: OrtSession
  readonly #wrap: (tensor: HostTensor) => OrtTensor
  readonly #profiler: SessionProfiler | undefined
  readonly #fillsOutputs: boolean

  private constructor(
    graph: Graph,
    session: OrtSession,
    wrap: (tensor: HostTensor) => OrtTensor,
    profiler: SessionProfiler | undefined,
    fillsOutputs: boolean,
  ) {
    this.#graph = graph
    this.#session = session
    this.#wrap = wrap
    this.#profiler = profiler
    this.#fillsOutputs = fillsOutputs
  }

  static async compile(
    runtime: OnnxRuntime,
    graph: Graph,
    wrap: (tensor: HostTensor) => OrtTensor,
    options: SessionOptions,
    profiler?: SessionProfiler,
  ): Promise<Program> {
    const create = (more: SessionOptions): Promise<OrtSession> =>
      runtime.InferenceSession.create(encodeModel(graph), { ...options, ...more })
    try {
      return new Program(
        graph,
        await (profiler?.session(create) ?? create({})),
        wrap,
        profiler,
        fillsOutputs(runtime),
      )
    } catch (cause) {
      throw explained('could not compile the recorded function', graph, cause)
    }
  }

  /** Names of the inputs that the graph reads. */
  get inputs(): readonly string[] {
    return this.#graph.inputs.map(({ name }) => name)
  }

  /**
   * Runs the graph. An output with a tensor in `into` is written there; the others are returned in new arrays.
   */
  async run(
    feeds: Readonly<Record<string, HostTensor>>,
    into: Readonly<Record<string, HostTensor>> = {},
  ): Promise<Record<string, HostTensor>> {
    const inputs: Record<string, OrtTensor> = {}
    for (const { name } of this.#graph.inputs) {
      const tensor = feeds[name]
      if (tensor === undefined)
        throw new KicError<EngineErrorCode>(
          'engine/missing-feed',
          `run: every input that the function reads must be given, received no "${name}". Add it to the feeds.`,
        )
      inputs[name] = this.#wrap(tensor)
    }
    const fetches: Record<string, OrtTensor | null> = {}
    for (const { name } of this.#graph.outputs) {
      const target = into[name]
      fetches[name] = target === undefined || !this.#fillsOutputs ? null : this.#wrap(target)
    }
    let results: Readonly<Record<string, OrtTensor>>
    try {
      results = await this.#session.run(inputs, fetches)
    } catch (cause) {
      throw explained('failed while running the recorded function', this.#graph, cause)
    }
    this.#profiler?.ran(this.#session)
    const outputs: Record<string, HostTensor> = {}
    for (const { name, value } of this.#graph.outputs) {
      const target = into[name]
      this.#checkShape(name, value, results[name])
      if (target !== undefined && this.#fillsOutputs) {
        outputs[name] = target
        continue
      }
      const result = hostTensor(name, results[name]?.data, value)
      target?.data.set(result.data)
      outputs[name] = target ?? result
    }
    return outputs
  }

  /** A result of another shape than the recorded one would pass for correct numbers. */
  #checkShape(name: string, { id, shape }: Value, result: OrtTensor | undefined): void {
    if (result !== undefined && sameShape(result.dims, shape)) return
    const node = this.#graph.nodes.find(({ outputs }) => outputs.some((value) => value.id === id))
    const origin = node === undefined ? '' : ` by ${node.op} at ${callingLine(node.origin)}`
    throw new KicError<EngineErrorCode>(
      'engine/output-shape',
      `run: the output "${name}", computed${origin}, must have the recorded shape [${shape}], received ` +
        `${result === undefined ? 'nothing' : `[${result.dims}]`} from ONNX Runtime. This is a fault of @kic/engine: ` +
        "please report the function. Meanwhile, selectEngine('cpu') computes it.",
    )
  }

  release(): Promise<void> {
    return this.#session.release()
  }
}

const hostTensor = (name: string, data: unknown, { dtype, shape }: Value): HostTensor => {
  if (dtype === 'float32' && data instanceof Float32Array) return { dtype, shape, data }
  if (dtype === 'int32' && data instanceof Int32Array) return { dtype, shape, data }
  if (dtype === 'bool' && data instanceof Uint8Array) return { dtype, shape, data }
  throw new KicError<EngineErrorCode>(
    'engine/output-type',
    `run: the output "${name}" must be ${dtype} as recorded, received ${data?.constructor?.name ?? data} from ONNX ` +
      "Runtime. This is a fault of @kic/engine: please report the function. Meanwhile, selectEngine('cpu') computes it.",
  )
}

/** Adds to an error of ONNX Runtime the line that recorded the failing node. */
const explained = (what: string, graph: Graph, cause: unknown): KicError => {
  const message = cause instanceof Error ? cause.message : String(cause)
  const index = graph.nodes.findIndex((node, i) => new RegExp(`\\b${nodeName(node.op, i)}\\b`).test(message))
  const node = graph.nodes[index]
  const origin =
    node === undefined ? '' : ` The operator ${node.op} was recorded at ${callingLine(node.origin)}.`
  return new KicError<EngineErrorCode>('engine/onnxruntime', `ONNX Runtime ${what}: ${message}.${origin}`, {
    cause,
  })
}
