import { spawn } from 'node:child_process'
import { KicError } from '@kic/core'

export interface CommandOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv | undefined
  /** Default: five minutes. */
  readonly timeoutMs?: number | undefined
}

/**
 * Runs a program to its end and returns its standard output.
 *
 * @throws KicError `pack-check/command` with all it printed when it fails, or does not end in time.
 */
export const runCommand = (
  program: string,
  args: readonly string[],
  { cwd, env = process.env, timeoutMs = 300_000 }: CommandOptions,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] })
    const printed: string[] = []
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      printed.push(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => printed.push(text))
    const fail = (how: string, cause?: unknown): void =>
      reject(
        new KicError(
          'pack-check/command',
          `\`${[program, ...args].join(' ')}\` in ${cwd} ${how}:\n${printed.join('')}`,
          { cause },
        ),
      )
    child.on('error', (error) => fail(`did not start (${error.message})`, error))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output)
      else fail(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`)
    })
  })
