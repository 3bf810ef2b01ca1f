import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Nodes by operator, of one of ONNX Runtime's execution providers. */
export type PlacedNodes = ReadonlyMap<string, ReadonlyMap<string, number>>

/** An entry of ONNX Runtime's trace. */
interface TraceEvent {
  readonly name: string
  readonly args?: { readonly provider?: string; readonly op_name?: string } | undefined
}

/** Counts the nodes in traces of sessions by provider; a node that ran several times in a session counts once. */
export const placedNodes = (traces: readonly (readonly TraceEvent[])[]): PlacedNodes => {
  const counts = new Map<string, Map<string, number>>()
  for (const trace of traces) {
    const seen = new Set<string>()
    for (const { name, args } of trace) {
      if (args?.provider === undefined || !name.endsWith('_kernel_time') || seen.has(name)) continue
      seen.add(name)
      const operators = counts.get(args.provider) ?? new Map<string, number>()
      const operator = args.op_name ?? 'unknown'
      operators.set(operator, (operators.get(operator) ?? 0) + 1)
      counts.set(args.provider, operators)
    }
  }
  return counts
}

/** One line on the nodes of each provider. */
export const formatPlacedNodes = (placed: PlacedNodes): string =>
  [...placed]
    .map(([provider, operators]) => {
      const nodes = [...operators.values()].reduce((a, b) => a + b, 0)
      return `${provider}: ${nodes} nodes of ${operators.size} operators`
    })
    .join('\n')

/** A folder for the traces of all sessions of an engine. ONNX Runtime writes them when sessions are released. */
export class TraceFolder {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  static async create(): Promise<TraceFolder> {
    return new TraceFolder(await mkdtemp(join(tmpdir(), 'kic-traces-')))
  }

  /** Options of a session that writes a trace. */
  get session() {
    return { enableProfiling: true, profileFilePrefix: join(this.#path, 'trace') }
  }

  /** Reads the traces of an engine that is disposed. */
  async read(): Promise<PlacedNodes> {
    // An engine releases its sessions after the current task.
    await setTimeout(100)
    const files = await readdir(this.#path)
    const traces = files.map(
      async (file): Promise<readonly TraceEvent[]> =>
        JSON.parse(await readFile(join(this.#path, file), 'utf8')),
    )
    return placedNodes(await Promise.all(traces))
  }

  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true })
  }
}
