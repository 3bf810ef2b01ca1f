import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/**
 * Runs the tests by a release of Node.js, which programs that the tests start find first, too.
 *
 * @param bin the folder of `node`
 * @param tests files or folders; none are all tests
 * @returns whether all passed
 */
export const runTests = (bin: string, tests: readonly string[]): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const child = spawn(join(bin, 'node'), [vitest, 'run', ...tests], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) },
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code === 0))
  })
