import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'

/** What a machine has that decides how fast it computes. */
export interface Machine {
  readonly platform: string
  readonly node: string
  readonly processor: string
  /** Cores that this process may use. */
  readonly cores: number
  /** Bytes. */
  readonly memory: { readonly total: number; readonly free: number }
  /** Whether the processor has instructions that matter; absent where the system does not say. */
  readonly instructions?: Readonly<Record<Instruction, boolean>> | undefined
}

/** Vector instructions, and Linux's names of them. */
const INSTRUCTIONS = {
  AVX2: ['avx2'],
  'AVX-512': ['avx512f'],
  VNNI: ['avx512_vnni', 'avx_vnni'],
} as const

type Instruction = keyof typeof INSTRUCTIONS

/** This machine. */
export const machine = async (): Promise<Machine> => ({
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory: { total: totalmem(), free: freemem() },
  instructions: instructionsOf(await readFile('/proc/cpuinfo', 'utf8').catch(() => '')),
})

/** What Linux's /proc/cpuinfo says; `undefined` if it names no flags of x86. */
export const instructionsOf = (cpuinfo: string): Machine['instructions'] => {
  const line = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]
  if (line === undefined) return undefined
  const flags = new Set(line.split(/\s+/))
  const has = (instruction: Instruction): boolean => INSTRUCTIONS[instruction].some((flag) => flags.has(flag))
  return { AVX2: has('AVX2'), 'AVX-512': has('AVX-512'), VNNI: has('VNNI') }
}
