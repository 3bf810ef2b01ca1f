import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { KicError } from '@kic/core'

const run = promisify(execFile)

const QEMU = 'qemu-x86_64'
const PACKAGE = 'qemu-user'

/**
 * The command that runs a program of this architecture on another processor of it; installed by `apt-get` where it is
 * missing.
 *
 * @throws KicError `processors/no-emulator` with what to install
 */
export const findEmulator = async (say: (line: string) => void): Promise<string> => {
  if (await works()) return QEMU
  say(`installing ${PACKAGE}`)
  const [command = '', ...before] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  try {
    await run(command, [...before, 'update', '-qq'])
    await run(command, [...before, 'install', '-y', '-qq', '--no-install-recommends', PACKAGE])
  } catch (cause) {
    throw missing(cause)
  }
  if (!(await works())) throw missing()
  return QEMU
}

const works = (): Promise<boolean> =>
  run(QEMU, ['--version']).then(
    () => true,
    () => false,
  )

const missing = (cause?: unknown): KicError =>
  new KicError(
    'processors/no-emulator',
    `findEmulator: there must be a ${QEMU}, received none from apt-get. Install Debian's package ${PACKAGE} on a ` +
      'machine with an x86-64 processor.',
    { cause },
  )
