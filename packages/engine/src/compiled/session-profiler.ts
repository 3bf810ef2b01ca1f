import { KicError } from '@kic/core'
import type { EngineErrorCode } from '../error-code.ts'
import type { Span } from '../profile/profile.ts'
import type { OrtSession } from './onnx-runtime.ts'

interface Profiled {
  readonly prefix: string
  /** Runs so far, and runs before the measurement. */
  runs: number
  warmUp: number
}

/** Creates ONNX Runtime sessions that write profiles, and reads the profiles. */
export class SessionProfiler {
  readonly #fs = builtin('node:fs')
  readonly #folder = this.#fs.mkdtempSync(`${builtin('node:os').tmpdir()}/kic-profile-`)
  readonly #sessions = new Map<OrtSession, Profiled>()
  #made = 0

  /** Creates a session that writes a profile. */
  async session(
    create: (options: Readonly<Record<string, unknown>>) => Promise<OrtSession>,
  ): Promise<OrtSession> {
    const prefix = `${this.#made++}-`
    const session = await create({ enableProfiling: true, profileFilePrefix: `${this.#folder}/${prefix}` })
    this.#sessions.set(session, { prefix, runs: 0, warmUp: 0 })
    return session
  }

  ran(session: OrtSession): void {
    const profiled = this.#sessions.get(session)
    if (profiled !== undefined) profiled.runs++
  }

  /** Starts the measurement; earlier runs do not count. */
  start(): void {
    for (const profiled of this.#sessions.values()) profiled.warmUp = profiled.runs
  }

  /** Everything that has run since `start`. Call it before the sessions are released. */
  stop(): readonly Span[] {
    for (const session of this.#sessions.keys()) session.endProfiling()
    const files = this.#fs.readdirSync(this.#folder)
    return [...this.#sessions.values()].flatMap(({ prefix, warmUp }) => {
      const file = files.find((name) => name.startsWith(prefix))
      return file === undefined
        ? []
        : spansOf(this.#fs.readFileSync(`${this.#folder}/${file}`, 'utf8'), warmUp)
    })
  }

  /** Removes the files of ONNX Runtime. */
  dispose(): void {
    this.#fs.rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A module of Node.js, without an import that bundlers for browsers would follow. */
const builtin = <Id extends 'node:fs' | 'node:os'>(
  id: Id,
): ReturnType<typeof process.getBuiltinModule<Id>> => {
  const get: typeof process.getBuiltinModule | undefined = globalThis.process?.getBuiltinModule
  if (get !== undefined) return get(id)
  throw new KicError<EngineErrorCode>(
    'engine/profile-platform',
    'profile: the compiled engine must run in Node.js 20.16 or newer, because ONNX Runtime writes a file, received ' +
      'another platform. Profile there, or profile an eager engine.',
  )
}

/** An entry of ONNX Runtime's trace; times in microseconds. */
interface TraceEvent {
  readonly name: string
  readonly ts: number
  readonly dur: number
  readonly args: {
    readonly op_name?: string | undefined
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[] | undefined
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[] | undefined
  }
}

/** The operators of a trace after the warm-up runs, and the remaining time of each run. */
const spansOf = (trace: string, warmUp: number): readonly Span[] => {
  const events: readonly TraceEvent[] = JSON.parse(trace)
  const ran = events.filter(({ name }) => name === 'model_run').sort((a, b) => a.ts - b.ts)
  const last = ran[warmUp - 1]
  const start = last === undefined ? 0 : last.ts + last.dur
  const operators = events
    .filter(({ name, ts }) => name.endsWith('_kernel_time') && ts >= start)
    .map(({ dur, args }) => ({
      name: args.op_name ?? 'unknown',
      shapes: `${shapesOf(args.input_type_shape)} → ${shapesOf(args.output_type_shape)}`,
      ms: dur / 1000,
    }))
  const inside = operators.reduce((sum, { ms }) => sum + ms, 0)
  const whole = ran.slice(warmUp).reduce((sum, { dur }) => sum + dur / 1000, 0)
  return [...operators, { name: '(between operators)', shapes: '', ms: Math.max(0, whole - inside) }]
}

const shapesOf = (values: TraceEvent['args']['input_type_shape'] = []): string =>
  values.map((value) => `[${Object.values(value)[0]}]`).join(' ')
